"""Placing sites (教学点定位): where one stands, looked up in the grids in force; by a form, or by the first visit.

One rule: a report gives a site its position however it came, at once or in a bundle; a later visit overrules nothing.
"""

from __future__ import annotations

from uuid import UUID

from msgspec.structs import replace

from mingjing_inspection.codec import PREMISES_KNOWN
from mingjing_inspection.domain.premises import Premises
from mingjing_inspection.domain.site_place import PlaceSite, Source
from mingjing_inspection.domain.visit import Outcome, ReportVisit
from mingjing_inspection.intake.grid_book import GridBook
from mingjing_kernel.clock import shanghai_date
from mingjing_kernel.http import Kit
from mingjing_kernel.identifiers import derived_id
from mingjing_kernel.log import Envelope, Work
from mingjing_kernel.log import Outcome as Recording
from mingjing_kernel.refusal import Refusal

ACCURACY_METRES_MAX = 50
"""Of a position that a visit gives to a site: a worse one may lie in the next grid."""


async def place_by_visit(
    kit: Kit, book: GridBook, visit_id: UUID, visit: ReportVisit, premises: Premises, written: Envelope
) -> int:
    """A site that nobody has placed stands where its visit was made; the log's position after it, 0 where nothing
    follows: the device admits a made-up position, does not know it well enough, or nothing was found there.
    ``premises`` are as the report found them.
    """
    seen = visit.observation.position
    if seen.is_mock or seen.accuracy_metres > ACCURACY_METRES_MAX or visit.observation.outcome is Outcome.NOT_FOUND:
        return 0
    if visit.site_id in premises.places:
        return 0
    where = (seen.longitude_e7, seen.latitude_e7)
    command = await placing(kit, book, visit.site_id, where, seen.accuracy_metres, visit_id)
    id = derived_id("place-by-visit", visit_id)
    grounds = replace(written, command_id=id, digest=id.bytes * 2, expected_version=None)
    (done,) = await kit.log.handle_many([Work(PREMISES_KNOWN, visit.institution_id, command, grounds)])
    if isinstance(done, Recording):
        return done.position
    if not isinstance(done, Refusal):
        raise done
    return 0  # The report stands all the same; the site is placed by the next visit, or by a form.


async def placing(
    kit: Kit, book: GridBook, site_id: UUID, where: tuple[int, int], accuracy_metres: int, visit_id: UUID | None = None
) -> PlaceSite:
    """The command that places a site, with the grid in force there."""
    now = kit.now()  # a version that nobody's list shows yet looks every site up by itself
    grids = await book.on(shanghai_date(now))
    return PlaceSite(
        site_id=site_id,
        longitude_e7=where[0],
        latitude_e7=where[1],
        accuracy_metres=accuracy_metres,
        source=Source.VISIT if visit_id else Source.FORM,
        grid=grids.index.at(*where) if grids else "",
        version_id=grids.version_id if grids else None,
        visit_id=visit_id,
        placed_at=now,
    )
