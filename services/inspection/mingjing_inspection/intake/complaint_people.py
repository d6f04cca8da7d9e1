"""Who is told from whom (投诉人数): the people behind complaints, as far as they can be told apart.

One rule: by the blind index of the telephone, else of the name; nobody is opened for it, and whoever left neither
counts for none.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from uuid import UUID

from mingjing_inspection.domain.complainant import subject_of
from mingjing_kernel.sealed.keys import Keys
from mingjing_kernel.sealed.ring import SUBJECTS_MAX


async def people_of(keys: Keys, complaint_ids: Sequence[UUID]) -> dict[UUID, str]:
    """By what each is told from another; empty where nothing is known."""
    found: dict[UUID, str] = dict.fromkeys(complaint_ids, "")
    for some in _batches(complaint_ids):
        blinds = await keys.marks().blinds(subject_of(one) for one in some)
        for one in some:
            known = blinds.get(subject_of(one), {})
            found[one] = known.get("phone") or known.get("name") or ""
    return found


def _batches(ids: Sequence[UUID]) -> Iterator[Sequence[UUID]]:
    for start in range(0, len(ids), SUBJECTS_MAX):
        yield ids[start : start + SUBJECTS_MAX]
