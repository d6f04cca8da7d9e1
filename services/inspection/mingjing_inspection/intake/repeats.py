"""Repeats 疑似重复: complaints that a new one may repeat, by the same person or about the same matter.

One rule: a person is compared by her blind index and nothing else, and only what the caller may see is told.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from mingjing_inspection.domain.complainant import complaint_of
from mingjing_inspection.matching.recent import Alike, Heard, Recent
from mingjing_inspection.projections.complaints import complaints_in
from mingjing_kernel.http import Kit
from mingjing_kernel.identity import Scope
from mingjing_kernel.sealed.keys import Keys

SHOWN_MAX = 5
"""Of each kind."""
CALLED_MAX = 10
"""Latest complaints of one person that are compared."""
ASKED_MAX = 40
"""Of the same matter are looked up in the lists: some may be hidden from the caller."""


class Repeat(StrEnum):
    """How a complaint may be repeated."""

    DUPLICATE = "DUPLICATE"
    """同一人、同一事"""
    SAME_PERSON = "SAME_PERSON"
    """同一人，另一件事"""
    SAME_MATTER = "SAME_MATTER"
    """同一机构、同一事项，他人反映"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeated:
    """One earlier complaint, and what it has in common with the new one."""

    kind: Repeat
    row: Mapping[str, Any]
    alike: Alike


async def repeats(
    kit: Kit, keys: Keys, scope: Scope, recent: Recent, one: Heard, phone: str, numbers: Mapping[str, int]
) -> list[Repeated]:
    """``phone`` is the complainant's, in the clear and only here."""
    same_person = await _by_person(keys, phone)
    days, alike_from = numbers["same-person-days"], numbers["text-alike"]
    matter, _ = recent.like(one, numbers["same-matter-days"], alike_from, ASKED_MAX)
    longest = timedelta(days=max(days, numbers["same-matter-days"]))
    rows = await _seen(kit, scope, [*same_person, *(each.complaint_id for each in matter)], one, longest)
    called = sorted((id for id in same_person if id in rows), key=lambda id: rows[id]["received_at"], reverse=True)
    mine = recent.beside(one, called[:CALLED_MAX])
    found = [_mine(each, rows[each.complaint_id], one, days, alike_from) for each in mine]
    theirs = [each for each in matter if each.complaint_id in rows and each.complaint_id not in same_person]
    others = [Repeated(kind=Repeat.SAME_MATTER, row=rows[each.complaint_id], alike=each) for each in theirs]
    found.sort(key=lambda each: (each.kind is not Repeat.DUPLICATE, -each.row["received_at"].timestamp()))
    return [*found[:SHOWN_MAX], *others[:SHOWN_MAX]]


def is_same(alike: Alike, gap: timedelta, days: int, percent: int) -> bool:
    """Whether two complaints of one person are of the same matter."""
    if abs(gap) > timedelta(days=days) or alike.is_about_somebody_else:
        return False
    return alike.text_alike >= percent or (alike.is_same_institution and alike.is_same_concern)


def _mine(each: Alike, row: Mapping[str, Any], one: Heard, days: int, percent: int) -> Repeated:
    same = is_same(each, one.received_at - row["received_at"], days, percent)
    return Repeated(kind=Repeat.DUPLICATE if same else Repeat.SAME_PERSON, row=row, alike=each)


async def _by_person(keys: Keys, phone: str) -> list[UUID]:
    """By telephone; a name alone is many people's."""
    if not phone.strip():
        return []
    subjects = await keys.marks().find("phone", phone)
    return [id for subject in subjects if (id := complaint_of(subject)) is not None]


async def _seen(
    kit: Kit, scope: Scope, ids: Sequence[UUID], one: Heard, longest: timedelta
) -> dict[UUID, Mapping[str, Any]]:
    """Those that the caller may see, within the longest time that counts."""
    if not ids:
        return {}
    statement = complaints_in(scope)
    rows = statement.selected_columns
    wanted = statement.where(
        rows.complaint_id.in_(ids),
        rows.received_at >= one.received_at - longest,
        rows.received_at <= one.received_at + longest,
    )
    async with kit.connection() as connection:
        found = (await connection.execute(wanted)).mappings().all()
    return {UUID(int=row["complaint_id"].int): row for row in found}
