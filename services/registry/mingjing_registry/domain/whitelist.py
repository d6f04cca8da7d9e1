"""Whitelist 白名单: who is on it follows from the facts, and nobody edits it by hand (S1:189, L05).

One rule: WHITE ⇔ registered ∧ licence in force ∧ not closed down ∧ no effective blacklist ∧ custody account active ∧
annual check not failed. A suspension is a state of the licence, so it needs no condition of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from mingjing_registry.domain.licence import Cancelled, Expired, Licence, Licensed, Rectifying, Revoked, Suspended


class Standing(StrEnum):
    """Why an institution is on the list, or what keeps it off; the first that applies is the reason."""

    NOT_REGISTERED = "not-registered"
    LICENCE_REVOKED = "licence-revoked"
    LICENCE_CANCELLED = "licence-cancelled"
    LICENCE_SUSPENDED = "licence-suspended"
    LICENCE_EXPIRED = "licence-expired"
    LICENCE_ABSENT = "licence-absent"
    UNDER_RECTIFICATION = "under-rectification"
    CLOSED_DOWN = "closed-down"
    BLACKLISTED = "blacklisted"
    CUSTODY_INACTIVE = "custody-inactive"
    ANNUAL_CHECK_FAILED = "annual-check-failed"
    CONDITIONS_MET = "conditions-met"


@dataclass(frozen=True, slots=True, kw_only=True)
class WhitelistEntered:
    """On the whitelist from this day; carries what the public list shows."""

    name: str
    uscc: str
    licence_number: str
    expires_on: date | None
    category: str
    department: str
    region: str
    custody_bank: str
    custody_account_name: str
    reason: Standing
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class WhitelistLeft:
    """Off the whitelist from this day, for this reason."""

    reason: Standing
    on: date


RECTIFYING = frozenset({Standing.ANNUAL_CHECK_FAILED, Standing.UNDER_RECTIFICATION})
"""Off the list under rectification 整改: the licence is in force, and what keeps it off can be put right."""
BLACKLIST_ENDED = "blacklist-ended"
"""What is shown in place of ``BLACKLISTED`` once the listing is over: its removal ends every publication of it."""


def standing_of(
    *,
    registered: bool,
    licence: Licence,
    custody_active: bool,
    check_failed: bool,
    blacklisted: bool = False,
    closed: bool = False,
) -> Standing:
    """The first condition that is not met, or ``CONDITIONS_MET``."""
    if not registered:
        return Standing.NOT_REGISTERED
    if not isinstance(licence, Licensed):
        return _OFF.get(type(licence), Standing.LICENCE_ABSENT)
    if closed:
        return Standing.CLOSED_DOWN
    if blacklisted:
        return Standing.BLACKLISTED
    if not custody_active:
        return Standing.CUSTODY_INACTIVE
    return Standing.ANNUAL_CHECK_FAILED if check_failed else Standing.CONDITIONS_MET


_OFF: dict[type[Licence], Standing] = {
    Revoked: Standing.LICENCE_REVOKED,
    Cancelled: Standing.LICENCE_CANCELLED,
    Suspended: Standing.LICENCE_SUSPENDED,
    Expired: Standing.LICENCE_EXPIRED,
    Rectifying: Standing.UNDER_RECTIFICATION,
}
