"""What can go wrong when the command line calls the running services as one of the development issuer's people.

The one rule: a service that is away is a sentence, never a defect.
"""

from __future__ import annotations

from collections.abc import Iterable

from mingjing.installation import ISSUER
from mingjing_kernel.refusal import Refusal

ISSUER_VARIABLE = "MINGJING_ISSUER_URL"


class ServiceAway(Refusal):
    """A service does not answer: it starts again, or was ended."""

    sentence = "The service {service} does not answer: {reason}."
    remedy = "It may be starting again. Look with mingjing status, then try again; what was done is not done twice."
    status = 503


class NoDevelopmentIssuer(Refusal):
    """People of a real issuer sign in by themselves; the command line has no part in it."""

    sentence = "This needs the development issuer, but {variable} names another one."
    remedy = "Unset {variable} and start again; with your own issuer use the console or the services' HTTP interface."
    status = 503


def need_issuer(members: Iterable[str]) -> None:
    """Raises ``NoDevelopmentIssuer`` where the development issuer is not among the running members."""
    if ISSUER not in members:
        raise NoDevelopmentIssuer(variable=ISSUER_VARIABLE)
