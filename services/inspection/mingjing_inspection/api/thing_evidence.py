"""Photos of a finding or a rectification as they are shown: their hashes stand in it, their bytes come as evidence.

The one rule: a photo that a visit brought is not sent a second time; whatever belongs to the visit that a finding came
from counts, too. Ask first whether the caller sees the thing.
"""

from __future__ import annotations

from collections.abc import Sequence

from mingjing_inspection.api.visit_evidence import PhotoEvidence, photo_evidence
from mingjing_inspection.projections.evidence import EVIDENCE_LISTS
from mingjing_kernel.evidence.facts import Thing
from mingjing_kernel.http import Kit


async def photos_of(kit: Kit, photos: Sequence[str], things: Sequence[Thing], at: int | None) -> list[PhotoEvidence]:
    """What became of each, in the order of ``photos``, as it stood after position ``at``."""
    known: dict[str, dict[str, str]] = {}
    if photos:
        async with kit.connection() as connection:
            for thing in things:
                rows = EVIDENCE_LISTS.of_thing(thing.kind, thing.id, at)
                shown = rows.selected_columns
                found = await connection.execute(rows.where(shown.sha256.in_(photos)))
                known |= {
                    str(row["evidence_id"]): {"sha256": row["sha256"], "stage": row["stage"]}
                    for row in found.mappings()
                }
    return photo_evidence(photos, known)
