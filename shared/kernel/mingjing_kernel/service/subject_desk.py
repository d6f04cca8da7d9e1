"""What the addresses of a service have in common where they speak of its subjects: who they are, what is kept of them.

The one rule: whoever may not see a subject is told what he is told of nobody.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from pydantic import BaseModel, Field
from sqlalchemy import ColumnElement, FromClause

from mingjing_kernel.broker.parking import ReasonNeeded
from mingjing_kernel.clock import shanghai_date
from mingjing_kernel.http import Kit
from mingjing_kernel.identity import Scope
from mingjing_kernel.log.envelope import Envelope, Outcome
from mingjing_kernel.policy import in_force
from mingjing_kernel.sealed.data_policy import RETENTION_PERIODS
from mingjing_kernel.sealed.guesses import Guesses
from mingjing_kernel.sealed.holding import Look, record_of
from mingjing_kernel.sealed.keys import Keys
from mingjing_kernel.sealed.opening import Retained, subject_id
from mingjing_kernel.sealed.refusals import SubjectUnknown
from mingjing_kernel.sealed.subject import SUBJECT, Command
from mingjing_kernel.sealed.subjects import retained, subjects_in


class SubjectRecord(BaseModel):
    """What a person may know: who read her sealed fields, when and why; what holds her data, and until when."""

    subject: str
    looks: list[Look]
    holds: dict[str, str] = Field(description="Legal holds that apply: id and case")
    retained_until: date | None
    retention_rule: str
    erased_at: datetime | None


@dataclass(frozen=True, slots=True)
class SubjectDesk:
    """The subjects of one service, as far as a caller may see them."""

    kit: Kit
    subjects: FromClause

    async def row(self, scope: Scope, subject: str) -> Mapping[str, Any] | None:
        """Where the subject's data stands."""
        found = await self._seen(scope, self.subjects.c.subject == subject)
        return found[0] if found else None

    async def standing(self, scope: Scope, subject: str) -> Mapping[str, Any]:
        """The same. Raises ``SubjectUnknown``, for one that the caller may not see, too."""
        row = await self.row(scope, subject)
        if row is None:
            raise SubjectUnknown(subject=subject)
        return row

    async def among(self, scope: Scope, subjects: Sequence[str]) -> Sequence[Mapping[str, Any]]:
        """Those of the subjects that the caller may see."""
        return await self._seen(scope, self.subjects.c.subject.in_(subjects)) if subjects else []

    async def record(self, subject: str, row: Mapping[str, Any]) -> SubjectRecord:
        """What a person may know of the use of her data."""
        rule = await self.retained(row)
        return SubjectRecord(
            subject=subject,
            looks=await record_of(self.kit.log, subject),
            holds=row["holds"],
            retained_until=rule.until if rule else None,
            retention_rule=rule.rule if rule else "",
            erased_at=row["erased_at"],
        )

    async def retained(self, row: Mapping[str, Any] | None) -> Retained | None:
        """Until when a retention rule keeps the data, today's numbers being in force."""
        numbers = await in_force(self.kit.log, RETENTION_PERIODS, shanghai_date(self.kit.now()))
        return retained(row, numbers)

    async def note(self, subject: str, command: Command, written: Envelope) -> Outcome:
        """Put something on the subject's own record."""
        return await self.kit.log.handle(SUBJECT, subject_id(subject), command, written)

    async def _seen(self, scope: Scope, condition: ColumnElement[bool]) -> Sequence[Mapping[str, Any]]:
        await self.kit.up_to_date()
        wanted = subjects_in(scope, self.subjects).where(condition)
        async with self.kit.connection() as connection:
            found: Sequence[Mapping[str, Any]] = (await connection.execute(wanted)).mappings().all()
        return found


class OwnRecords:
    """People who ask without signing in who looked at their data: they name the telephone that they gave.

    Make one a router factory. A wrong telephone and a record that is not there are answered alike, and few are
    answered at all, so that neither can be guessed.
    """

    def __init__(self, kit: Kit, subjects: FromClause) -> None:
        self._desk = SubjectDesk(kit, subjects)
        self._keys = Keys(kit)
        self._guesses = Guesses(kit.now)

    async def is_hers(self, subject: str, phone: str) -> bool:
        """Whether the telephone is the subject's; each wrong one counts against the subject, whoever tries it."""
        return await self.hers([subject], phone) is not None

    async def hers(self, subjects: Sequence[str], phone: str) -> str | None:
        """Which of several subjects a telephone is of. Who is right counts against nobody; who is wrong counts against
        each of them, and one that was guessed at too often today is not looked at.
        """
        asked = [subject for subject in subjects if self._guesses.begin(subject)]
        marks = self._keys.marks()
        found = [subject for subject in asked if await marks.is_equal(subject, "phone", phone)]
        for subject in asked:
            (self._guesses.right if found else self._guesses.wrong)(subject)
        return found[0] if found else None

    async def of(self, subject: str) -> SubjectRecord:
        """The record of a subject whose telephone was named."""
        return await self._desk.record(subject, await self._desk.standing(Scope.system(), subject))


def require_reason(written: Envelope) -> None:
    """Raise ``ReasonNeeded`` where a request says nothing about why."""
    if not written.reason.strip():
        raise ReasonNeeded
