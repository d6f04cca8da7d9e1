"""The sites of a licence that was just granted 许可场所: its premises were checked and both officers signed (R5).

One rule: what a licence was granted for needs no second approval; every further address takes one of its own.
"""

from __future__ import annotations

from typing import Any, Protocol
from uuid import UUID

import structlog
from msgspec.structs import replace

from mingjing_kernel.identifiers import derived_id
from mingjing_kernel.log import Envelope, Log, Outcome, Work, command_digest
from mingjing_kernel.refusal import Refusal
from mingjing_registry.codec import INSTITUTIONS, SITES
from mingjing_registry.domain.application import SiteCheck
from mingjing_registry.domain.division import Division
from mingjing_registry.domain.institution import Known
from mingjing_registry.domain.licence import LicenceApproved
from mingjing_registry.domain.site import Place, RecordSite
from mingjing_registry.intake.row_commands import site_id_of
from mingjing_registry.sources.addresses import place

_log = structlog.get_logger("mingjing.granted_sites")


class HasLog(Protocol):
    """Whoever can write."""

    @property
    def log(self) -> Log:
        """The log."""


async def approve_premises(
    writer: HasLog, institution_id: UUID, granted: Outcome, county: Division, written: Envelope
) -> int:
    """Approve what passed its check; the log's position after it. The same grant sent again does it once."""
    grants = [event for event in granted.events if isinstance(event, LicenceApproved)]
    state, _ = await writer.log.state(INSTITUTIONS, institution_id)
    if not grants or not isinstance(state, Known) or state.application.content is None:
        return granted.position
    checks = (state.application.check_of(one.address) for one in state.application.content.premises)
    works = [_approved(institution_id, check, grants[0], county, written) for check in checks if check and check.passed]
    position = granted.position
    for work, result in zip(works, await writer.log.handle_many(works) if works else (), strict=True):
        if isinstance(result, Outcome):
            position = max(position, result.position)
        elif isinstance(result, Refusal):  # an address that somebody else is about stays with its own approval
            address, why = work.command.place.address, type(result).__name__
            _log.warning("premises.not_approved", institution=str(institution_id), address=address, why=why)
        else:
            raise result
    return position


def _approved(
    institution_id: UUID, check: SiteCheck, grant: LicenceApproved, county: Division, written: Envelope
) -> Work:
    located: Place = place(check.address, county, _silently)
    command = RecordSite(
        institution_id=institution_id,
        place=located,
        area_m2=check.area_m2,
        register="",
        signed_by=grant.signed_by,
        site_check_reference=check.reference,
        on=grant.on,
    )
    id = site_id_of(institution_id, located.address)
    aside = replace(
        written,
        command_id=derived_id("granted-site", written.command_id, id),
        digest=command_digest(SITES.stream(id), command),
        expected_version=None,
    )
    return Work(SITES, id, command, aside)


def _silently(_problem: Any) -> None:
    """What is odd about the address was said when it was checked."""
