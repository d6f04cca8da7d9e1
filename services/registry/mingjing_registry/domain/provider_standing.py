"""Which facts of an institution end its place on the county's list of after-school providers (X12).

One rule: these are matters of fact that somebody else decided with due process; nobody judges them a second time.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from mingjing_registry.domain.blacklisted import InstitutionBlacklisted
from mingjing_registry.domain.licence import (
    LicenceCancelled,
    LicenceExpired,
    LicenceRecorded,
    LicenceRevoked,
    LicenceSuspended,
)

_CAUSES: Mapping[type, str] = MappingProxyType({
    InstitutionBlacklisted: "blacklisted",
    LicenceSuspended: "licence-suspended",
    LicenceRevoked: "licence-revoked",
    LicenceCancelled: "licence-cancelled",
    LicenceExpired: "licence-expired",
})  # fmt: skip
STANDING_FACTS = (*_CAUSES, LicenceRecorded)


def lost_by(event: object) -> str:
    """What the fact means for the provider's standing; empty: nothing."""
    if isinstance(event, LicenceRecorded):
        return "" if event.standing == "licensed" else f"licence-{event.standing}"
    return _CAUSES.get(type(event), "")
