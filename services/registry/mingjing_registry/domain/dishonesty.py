"""Weight of the market regulator's dishonesty list (B2) in licensing: whoever is on it is looked at with more care.

One rule: it hinders no approval by itself. It is weighed, and no approval is given to it on a mere commitment.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from mingjing_registry.domain.check import Check, Outcome

DISHONESTY_RULE = "B2"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dishonesty:
    """An entry in force, as its source has it."""

    source: str
    authority: str
    document_number: str
    listed_on: date


def dishonesty(code: str, entry: Dishonesty | None, *, is_mirrored: bool) -> Check:
    """What the list says of a credit code. ``is_mirrored``: whether any list was ever taken over here."""
    if entry is not None:
        values = {
            "authority": entry.authority or entry.source,
            "document_number": entry.document_number or "—",
            "listed_on": entry.listed_on.isoformat(),
        }
        return Check(rule=DISHONESTY_RULE, outcome=Outcome.FAIL, finding="on-dishonesty-list", values=values)
    if not code:
        return Check(rule=DISHONESTY_RULE, outcome=Outcome.UNKNOWN, finding="no-credit-code")
    if not is_mirrored:
        return Check(rule=DISHONESTY_RULE, outcome=Outcome.UNKNOWN, finding="no-dishonesty-list")
    return Check(rule=DISHONESTY_RULE, outcome=Outcome.PASS, finding="not-on-dishonesty-list")
