"""Recent complaints 近期投诉: what a new one may repeat, in memory, column by column.

The one rule: no word and no person is kept, only whom a complaint is about, when, its concern and the signature of its
text. Of more than there is room for, the oldest go.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import numpy as np
import numpy.typing as npt

from mingjing_inspection.domain.concern import Concern
from mingjing_inspection.matching.signature import SIZE, Signature, alike, begins_alike, head_of

ROOM_MAX: Final = 1_000_000
"""Complaints: about 100 MB."""
SECONDS_MAX: Final = (1 << 32) - 1
"""Of the epoch, in the year 2106."""
ROOM_FIRST: Final = 1_024
NOBODY: Final = -1
UNHEARD: Final = -2
"""The code of an institution that no complaint here is about."""
_CONCERNS: Final = tuple(Concern)
_LOW: Final = (1 << 64) - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """One complaint, as far as it is kept."""

    complaint_id: UUID
    institution_id: UUID | None
    received_at: datetime
    concern: Concern
    signature: Signature


@dataclass(frozen=True, slots=True, kw_only=True)
class Alike:
    """A complaint that may be of the same matter; ``text_alike`` in per cent."""

    complaint_id: UUID
    text_alike: int
    is_same_institution: bool
    is_same_concern: bool
    is_about_somebody_else: bool = False
    """Both are known to be about somebody, and not about the same one."""


class Recent:
    """The latest complaints of one service."""

    def __init__(self, room: int = ROOM_MAX) -> None:
        self._room = room
        self._count = 0
        """How many were heard; row ``n`` lies at ``n % room``."""
        self._codes: dict[UUID, int] = {}
        self._make(min(ROOM_FIRST, room))

    def __len__(self) -> int:
        return min(self._count, self._room)

    @property
    def forgotten(self) -> int:
        """How many were heard and are kept no more."""
        return max(0, self._count - self._room)

    def add(self, heard: Heard) -> None:
        """One more."""
        if self._count >= len(self._seconds) and len(self._seconds) < self._room:
            self._grow(min(2 * len(self._seconds), self._room))
        row = self._count % self._room
        self._high[row], self._low[row] = heard.complaint_id.int >> 64, heard.complaint_id.int & _LOW
        self._about[row] = self._code(heard.institution_id)
        self._seconds[row] = _second(int(heard.received_at.timestamp()))
        self._concern[row] = _CONCERNS.index(heard.concern)
        self._signs[row], self._heads[row] = heard.signature, head_of(heard.signature)
        self._count += 1

    def attribute(self, complaint_id: UUID, institution_id: UUID) -> None:
        """A person said whom it is about."""
        row = self._row(complaint_id)
        if row is not None:
            self._about[row] = self._code(institution_id)

    def like(self, one: Heard, days: int, percent: int, limit: int) -> tuple[list[Alike], int]:
        """Those of the same matter within so many days before and after, the most alike first; and how many there are.

        The same matter is the same institution and the same concern, or a text that is alike enough where nobody
        knows yet whom one of the two is about.
        """
        code = self._codes.get(one.institution_id, UNHEARD) if one.institution_id else NOBODY
        rows = self._candidates(one, days, code)
        same = self._about[rows] == code if code != NOBODY else np.zeros(len(rows), bool)
        concern = self._concern[rows] == _CONCERNS.index(one.concern)
        likeness = np.rint(100 * alike(self._signs[rows], one.signature)).astype(np.int64)
        wanted = (same & concern) | (likeness >= percent)
        rows, likeness, same, concern = rows[wanted], likeness[wanted], same[wanted], concern[wanted]
        rank = likeness + 100 * same + 50 * concern
        order = np.lexsort((-self._seconds[rows].astype(np.int64), -rank))[: limit + 1]
        found = [
            Alike(
                complaint_id=self._id(int(rows[at])),
                text_alike=int(likeness[at]),
                is_same_institution=bool(same[at]),
                is_same_concern=bool(concern[at]),
            )
            for at in order
        ]
        return [each for each in found if each.complaint_id != one.complaint_id][:limit], len(rows)

    def _candidates(self, one: Heard, days: int, code: int) -> npt.NDArray[np.int64]:
        """Those near in time: all of the same institution, and of those where somebody is unknown the ones whose texts
        may be alike, by the first eight bytes of their signatures: of two texts that share half, 1 in 30 is missed.
        """
        kept, moment = len(self), int(one.received_at.timestamp())
        reach = int(timedelta(days=days).total_seconds())
        seconds, about = self._seconds[:kept], self._about[:kept]
        near = (seconds >= _second(moment - reach)) & (seconds <= _second(moment + reach))
        may_be = near if code == NOBODY else near & (about == NOBODY)
        rows = np.flatnonzero(may_be)
        rows = rows[begins_alike(self._heads[rows], one.signature)]
        if code == NOBODY:
            return rows
        return np.concatenate((np.flatnonzero(near & (about == code)), rows))

    def beside(self, one: Heard, ids: Sequence[UUID]) -> list[Alike]:
        """How alike a few named complaints are to one, of those that are kept."""
        code = self._codes.get(one.institution_id, UNHEARD) if one.institution_id else NOBODY
        found = []
        for id in ids:
            row = self._row(id)
            if row is None:
                continue
            here = int(self._about[row])
            percent = round(100 * float(alike(self._signs[row : row + 1], one.signature)[0]))
            found.append(
                Alike(
                    complaint_id=id,
                    text_alike=percent,
                    is_same_institution=code != NOBODY and here == code,
                    is_about_somebody_else=NOBODY not in (code, here) and here != code,
                    is_same_concern=_CONCERNS[self._concern[row]] is one.concern,
                )
            )
        return found

    def _code(self, institution_id: UUID | None) -> int:
        return NOBODY if institution_id is None else self._codes.setdefault(institution_id, len(self._codes))

    def _row(self, id: UUID) -> int | None:
        low = np.flatnonzero(self._low[: len(self)] == np.uint64(id.int & _LOW))
        here = [int(row) for row in low if int(self._high[row]) == id.int >> 64]
        return here[-1] if here else None

    def _id(self, row: int) -> UUID:
        return UUID(int=int(self._high[row]) << 64 | int(self._low[row]))

    def _make(self, room: int) -> None:
        self._high, self._low = np.zeros(room, np.uint64), np.zeros(room, np.uint64)
        self._about, self._seconds = np.full(room, NOBODY, np.int32), np.zeros(room, np.uint32)
        self._concern, self._signs = np.zeros(room, np.uint8), np.zeros((room, SIZE), np.uint8)
        self._heads = np.zeros(room, np.uint64)

    def _grow(self, room: int) -> None:
        kept, count = self._columns(), len(self._seconds)
        self._make(room)
        for new, old in zip(self._columns(), kept, strict=True):
            new[:count] = old

    def _columns(self) -> tuple[npt.NDArray[Any], ...]:
        return self._high, self._low, self._about, self._seconds, self._concern, self._signs, self._heads


def _second(second: int) -> int:
    """Within what is kept of a moment."""
    return min(max(0, second), SECONDS_MAX)
