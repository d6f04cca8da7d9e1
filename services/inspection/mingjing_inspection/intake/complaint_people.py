"""Who is told from whom (投诉人数): the people behind complaints, as far as they can be told apart.

One rule: by the blind index of the telephone, else of the name; nobody is opened for it, and whoever left neither
counts for none.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar
from uuid import UUID

from mingjing_inspection.domain.complainant import subject_of
from mingjing_kernel.sealed.keys import Keys
from mingjing_kernel.sealed.ring import SUBJECTS_MAX

T = TypeVar("T")


async def people_of(keys: Keys, complaint_ids: Sequence[UUID]) -> dict[UUID, str]:
    """By what each is told from another; empty where nothing is known."""
    found: dict[UUID, str] = dict.fromkeys(complaint_ids, "")
    for some in batches(complaint_ids, SUBJECTS_MAX):
        blinds = await keys.marks().blinds(subject_of(one) for one in some)
        for one in some:
            known = blinds.get(subject_of(one), {})
            found[one] = known.get("phone") or known.get("name") or ""
    return found


def told_apart(people: Iterable[str]) -> int:
    """How many persons these are."""
    return len({*people} - {""})


def batches(items: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """So many at a time."""
    for start in range(0, len(items), size):
        yield items[start : start + size]
