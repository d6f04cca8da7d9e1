"""Marks of a subject (识别标记): masked text for screens, and the blind index by which an equal value is found.

They lie beside the data key and not in the log, and go with it: a masked number left behind would still be somebody's.
So does the mark of a whole person, by which a service knows her again: once she is erased, nothing says who she was.
The one rule: a mark is never the value and never leads back to it without the index key.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias

from sqlalchemy import Column, MetaData, String, Table, any_, literal, select, text
from sqlalchemy.dialects.postgresql import ARRAY

from mingjing_kernel.sealed.blind import BlindIndex
from mingjing_kernel.sealed.mask import Mask, Masked, mask_id_number, mask_name, mask_phone
from mingjing_kernel.sealed.ring import SUBJECTS_MAX, Begin

FOUND_MAX = 200
NAMES_AT_ONCE: Final = 5_000
Field: TypeAlias = Literal["name", "phone", "id_number"]
PERSON: Final = "person"
"""The mark of a whole person: of a description (``described``), where the others are of one field. It shows nothing."""
IN_PART: Final = "in-part"
"""Of a description by that part of an identity number which a list leaves open: whoever is in it may be the same."""
ON_ROSTER: Final = "on-roster"
"""Of a description by what another list says of somebody, as far as this record says it, too."""
SEX: Final = "sex"
"""As a list states it: one who is said to be a man is not the woman of the same description."""
Trait: TypeAlias = Literal["person", "in-part", "on-roster", "sex"]
TRAITS: Final[tuple[Trait, ...]] = ("person", "in-part", "on-roster", "sex")
"""Marks that show nothing and are told to nobody; they only say who may be whom."""
MASKS: Final[Mapping[str, Mask]] = {
    "name": mask_name, "phone": mask_phone, "id_number": mask_id_number,
    **dict.fromkeys(TRAITS, lambda _: Masked("")),
}  # fmt: skip

subject_marks = Table(
    "subject_marks",
    MetaData(),
    Column("subject", String, primary_key=True),
    Column("field", String, primary_key=True),
    Column("masked", String, nullable=False),
    Column("blind", String, nullable=False),
)
_REMEMBER = """
    INSERT INTO subject_marks (subject, field, masked, blind)
    SELECT r.subject, r.field, r.masked, r.blind
    FROM unnest(CAST({0} AS text[]), CAST({1} AS text[]), CAST({2} AS text[]), CAST({3} AS text[]))
        AS r (subject, field, masked, blind)
    JOIN subject_keys k ON k.subject = r.subject
    ORDER BY r.subject, r.field
    ON CONFLICT (subject, field) DO UPDATE SET masked = EXCLUDED.masked, blind = EXCLUDED.blind
    WHERE subject_marks.blind <> EXCLUDED.blind"""
"""Only beside a key that is there: who was erased meanwhile leaves no mark."""


def create_subject_marks(schema: str, role: str) -> list[str]:
    """Statements for a service's migration. Whoever shreds a key shreds its marks in the same statement."""
    return [
        f"""CREATE TABLE "{schema}".subject_marks (
            subject text COLLATE "C" NOT NULL REFERENCES "{schema}".subject_keys ON DELETE CASCADE,
            field text NOT NULL,
            masked text NOT NULL,
            blind text NOT NULL,
            PRIMARY KEY (subject, field))""",
        f'CREATE INDEX subject_marks_blind ON "{schema}".subject_marks (blind)',
        f'GRANT SELECT, INSERT, UPDATE, DELETE ON "{schema}".subject_marks TO "{role}"',
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One field of one subject; ``value`` is in the clear and goes no further than here."""

    subject: str
    field: Field | Trait
    value: str

    def __repr__(self) -> str:
        """Without the value."""
        return f"Mark({self.subject!r}, {self.field!r})"


class Marks:
    """Keeps and asks the marks of one service."""

    def __init__(self, begin: Begin, index: BlindIndex) -> None:
        self._begin = begin
        self._index = index

    async def remember(self, marks: Sequence[Mark]) -> None:
        """Keep masked text and blind index of each, once its subject has a key."""
        if marks:
            async with self._begin() as connection:
                names = ("subjects", "fields", "masked", "blinds")
                statement = text(_REMEMBER.format(*(f":{name}" for name in names)))
                await connection.execute(statement, dict(zip(names, self._columns(marks), strict=True)))

    async def remember_within(self, connection: Any, marks: Sequence[Mark]) -> None:
        """The same in the log's own transaction (an asyncpg connection): known as soon as the log says so."""
        if marks:
            await connection.execute(_REMEMBER.format("$1", "$2", "$3", "$4"), *self._columns(marks))

    async def replace_within(self, connection: Any, subject: str, marks: Sequence[Mark]) -> None:
        """The same where the person's particulars were put right: what is not said any more finds her no more."""
        await connection.execute("DELETE FROM subject_marks WHERE subject = $1 AND field <> $2", subject, PERSON)
        await self.remember_within(connection, marks)

    def _columns(self, marks: Sequence[Mark]) -> tuple[list[str], list[str], list[str], list[str]]:
        """Subjects, fields, masked texts, blind indexes."""
        latest = {(mark.subject, mark.field): mark.value for mark in marks}  # one statement writes a row once
        masked = [str(MASKS[field](value)).replace("\0", "\ufffd") for (_, field), value in latest.items()]
        blinds = [self.blind(field, value) for (_, field), value in latest.items()]
        return [subject for subject, _ in latest], [field for _, field in latest], masked, blinds

    def described(self, *parts: str, name: str) -> str:
        """By what somebody is known again, for ``PERSON``: her name within ``parts`` (``blind`` those that are secret).

        Whoever is described otherwise is another person to us: rather one stands twice than two as one.
        """
        return "\x1f".join((*parts, self._index.name(name)))

    async def recognised(self, descriptions: Iterable[str]) -> dict[str, str]:
        """The subject that each of up to ``SUBJECTS_MAX`` descriptions was remembered for; nobody who was erased."""
        blinds = {self.blind(PERSON, one): one for one in descriptions}
        if len(blinds) > SUBJECTS_MAX:
            raise ValueError(f"{len(blinds)} descriptions at once; the limit is {SUBJECTS_MAX}")
        found: dict[str, str] = {}
        if blinds:
            c = subject_marks.c
            known = c.blind == any_(literal(list(blinds), ARRAY(String)))
            for row in await self._rows((c.field == PERSON) & known, 2 * SUBJECTS_MAX):
                found.setdefault(blinds[row.blind], row.subject)
        return found

    async def masked(self, subjects: Iterable[str]) -> dict[str, dict[str, str]]:
        """The masked text of up to ``SUBJECTS_MAX`` subjects, by subject and field; nothing for who was erased."""
        wanted = list(dict.fromkeys(subjects))
        if len(wanted) > SUBJECTS_MAX:
            raise ValueError(f"{len(wanted)} subjects at once; the limit is {SUBJECTS_MAX}")
        found: dict[str, dict[str, str]] = {}
        if wanted:
            c = subject_marks.c
            rows = await self._rows(c.subject.in_(wanted) & c.field.not_in(TRAITS), SUBJECTS_MAX * len(MASKS))
            for row in rows:
                found.setdefault(row.subject, {})[row.field] = row.masked
        return found

    async def blinds(self, subjects: Iterable[str]) -> dict[str, dict[str, str]]:
        """The blind indexes of up to ``SUBJECTS_MAX`` subjects, by subject and field: for a service's own comparing.
        Nothing for who was erased.
        """
        wanted = list(dict.fromkeys(subjects))
        if len(wanted) > SUBJECTS_MAX:
            raise ValueError(f"{len(wanted)} subjects at once; the limit is {SUBJECTS_MAX}")
        found: dict[str, dict[str, str]] = {}
        if wanted:
            c = subject_marks.c
            for row in await self._rows(c.subject.in_(wanted) & c.field.not_in(TRAITS), SUBJECTS_MAX * len(MASKS)):
                found.setdefault(row.subject, {})[row.field] = row.blind
        return found

    async def find(self, field: Field, value: str) -> list[str]:
        """The subjects whose sealed field is equal to a value, ``FOUND_MAX`` at most."""
        c = subject_marks.c
        rows = await self._rows((c.blind == self.blind(field, value)) & (c.field == field), FOUND_MAX)
        return [row.subject for row in rows]

    async def names_known(self, said: Iterable[str]) -> frozenset[str]:
        """Which of some words are the name of anybody whom this service knows: for masking, and for nothing else. A
        word is compared by its blind index, ``NAMES_AT_ONCE`` in a query; who was erased is known no more.
        """
        words = list(dict.fromkeys(said))
        found: set[str] = set()
        c = subject_marks.c
        for start in range(0, len(words), NAMES_AT_ONCE):
            blinds = await asyncio.to_thread(self._blinds_of, words[start : start + NAMES_AT_ONCE])
            known = c.blind == any_(literal(list(blinds), ARRAY(String)))
            statement = select(c.blind).where(known & (c.field == "name")).distinct()
            async with self._begin() as connection:
                found |= {blinds[row.blind] for row in (await connection.execute(statement)).all()}
        return frozenset(found)

    def _blinds_of(self, names: Sequence[str]) -> dict[str, str]:
        return {self.blind("name", name): name for name in names}

    async def is_equal(self, subject: str, field: Field, value: str) -> bool:
        """Whether the subject's sealed field is equal to a value: for who names her own number."""
        c = subject_marks.c
        rows = await self._rows((c.subject == subject) & (c.field == field), 1)
        return any(row.blind == self.blind(field, value) for row in rows)

    def blind(self, field: str, value: str) -> str:
        """The blind index of a value of this field."""
        match field:
            case "name":
                return self._index.name(value)
            case "phone":
                return self._index.phone(value)
            case "id_number":
                return self._index.id_number(value)
            case _:
                return self._index.of(field, value)

    async def _rows(self, condition: Any, limit: int) -> Sequence[Any]:
        statement = select(subject_marks).where(condition).order_by(subject_marks.c.subject).limit(limit)
        async with self._begin() as connection:
            return (await connection.execute(statement)).all()
