"""Sealing the people of contracts (家庭信息加密): before the command is made. A name in the clear goes no further.

A person is known again within a house while she is named in the same way: by name and telephone (a pupil by her
guardian's), else by name and identity number (her own, else her guardian's), else, and where the name is masked or none
at all, within the one contract. The mark by which that is found is a keyed digest beside her data key
(``sealed/marks.py``), written in the transaction of the fact and gone with the key.

The one rule: rather does one person stand twice than two as one; and nobody who was erased comes back with the next
export.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import select

from mingjing_funds.codec import CONTRACTS
from mingjing_funds.domain.contract import ContractSigned
from mingjing_funds.domain.family import Family, FamilyNamed, Member, Person
from mingjing_funds.intake.directory import own
from mingjing_funds.intake.naming import Naming
from mingjing_funds.projections.contracts import contracts_table
from mingjing_funds.sources.family import PersonSaid
from mingjing_kernel.identifiers import new_id
from mingjing_kernel.log import Outcome
from mingjing_kernel.log.envelope import Result
from mingjing_kernel.sealed.keys import Keys
from mingjing_kernel.sealed.marks import PERSON, Mark, Marks
from mingjing_kernel.sealed.mask import is_masked
from mingjing_kernel.sealed.redact import is_name
from mingjing_kernel.sealed.refusals import SealedValueErased
from mingjing_kernel.sealed.ring import SUBJECTS_MAX, SubjectKey, subject_keys

DIGITS_MIN = 7
"""Of a number by which somebody is known again: less is 无, 0, or an extension."""
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Named:
    """A sealed family, and the marks that make its people known once the log says who they are."""

    family: Family
    marks: tuple[Mark, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class _Whom:
    """One person on the way to her seal."""

    naming: Naming
    member: Member
    said: PersonSaid = field(repr=False)
    description: str = field(repr=False)


async def named(host: Any, keys: Keys, namings: Sequence[Naming | None]) -> list[Named | None]:
    """The family of each contract; ``None`` where nobody is named, or stands there already, or was erased.

    One look-up and one commit of new keys for some hundred contracts.
    """
    marks = keys.marks()
    people = [list(_people(marks, naming)) if naming else [] for naming in namings]
    subjects = await _subjects(marks, [whom for some in people for whom in some])
    standing = await _standing(host, [naming.contract_id for naming in namings if naming])
    told = [
        some if naming and _is_news(some, subjects, standing.get(naming.contract_id)) else []
        for naming, some in zip(namings, people, strict=True)
    ]
    ring = await _keys(keys, [subjects[whom.description] for some in told for whom in some])
    return [_sealed(some, subjects, ring) if some else None for some in told]


async def remember(marks: Marks, named: Sequence[Named | None], connection: Any, results: Sequence[Result]) -> None:
    """In the log's own transaction: whoever was named anew is known from now on."""
    new = [
        mark
        for one, result in zip(named, results, strict=True)
        if one is not None and isinstance(result, Outcome) and not result.repeated and _names(result)
        for mark in one.marks
    ]
    await marks.remember_within(connection, new)


async def corrected(keys: Keys, subject: str, said: PersonSaid, contracts: Sequence[UUID]) -> dict[UUID, Person]:
    """A person's particulars as they are right, sealed for each contract that names her.

    Raises ``SealedValueErased``: whoever was erased is not taken in again by a correction.
    """
    key = (await keys.ring().keys_for([subject])).get(subject)
    if key is None:
        raise SealedValueErased
    return {id: _person(key, said, CONTRACTS.stream(id)) for id in contracts}


async def remember_corrected(
    marks: Marks, subject: str, said: PersonSaid, connection: Any, results: Sequence[Result]
) -> None:
    """She is found by what is right, and known again by what her institution says, which may stay wrong for a while."""
    if isinstance(results[0], Outcome) and not results[0].repeated:
        await marks.replace_within(connection, subject, list(_marks(subject, said)))


def _names(outcome: Outcome) -> bool:
    return any(isinstance(event, ContractSigned | FamilyNamed) for event in outcome.events)


def _people(marks: Marks, naming: Naming) -> Iterator[_Whom]:
    guardian = naming.family.guardian
    for member, said in ((Member.PUPIL, naming.family.pupil), (Member.GUARDIAN, guardian)):
        if said:
            numbers = (said.id_number, guardian.id_number) if is_name(said.name) else ()
            phone = guardian.phone if is_name(said.name) else ""
            anchor = _anchor(marks, phone, numbers, naming.contract_no)
            description = marks.described(naming.house, member.value, anchor, name=said.name)
            yield _Whom(naming, member, said, description)


def _anchor(marks: Marks, phone: str, id_numbers: Sequence[str], contract_no: str) -> str:
    if _is_number(phone):
        return f"phone {marks.blind('phone', phone)}"
    id_number = next(filter(_is_number, id_numbers), "")
    return f"id {marks.blind('id_number', id_number)}" if id_number else f"contract {contract_no}"


def _is_number(text: str) -> bool:
    return len(re.sub(r"[^0-9]", "", text)) >= DIGITS_MIN and not is_masked(text)


async def _subjects(marks: Marks, people: Sequence[_Whom]) -> dict[str, str]:
    """Each description's subject: whoever is remembered, or a new one, which says nothing."""
    wanted = {whom.description: whom.member for whom in people}
    found: dict[str, str] = {}
    for some in _batches(list(wanted)):
        found |= await marks.recognised(some)
    return {one: found.get(one) or f"{member.value}-{new_id()}" for one, member in wanted.items()}


async def _standing(host: Any, contracts: Sequence[UUID]) -> dict[UUID, tuple[tuple[str, str], bool]]:
    """Whom contracts that stand name already, and whether one of them was erased."""
    rows, found = contracts_table.c, dict[UUID, tuple[tuple[str, str], bool]]()
    async with host.connection() as connection:
        for some in _batches(contracts):
            wanted = select(rows.contract_id, rows.pupil, rows.guardian).where(rows.contract_id.in_(some))
            stand = (await connection.execute(wanted)).all()
            subjects = {subject for _, *pair in stand for subject in pair} - {""}
            kept: set[str] = set()
            for those in _batches(sorted(subjects)):
                kept |= set(await connection.scalars(_kept(those)))
            for id, pupil, guardian in stand:
                found[own(id)] = (pupil, guardian), not {pupil, guardian} - {""} <= kept
    return found


def _kept(subjects: Sequence[str]) -> Any:
    return select(subject_keys.c.subject).where(subject_keys.c.subject.in_(subjects))


def _is_news(
    people: Sequence[_Whom], subjects: Mapping[str, str], standing: tuple[tuple[str, str], bool] | None
) -> bool:
    """Whether a contract must be told of these people; the decider has the last word."""
    if standing is None:
        return True
    stand, is_erased = standing
    return not is_erased and any(subjects[whom.description] not in stand for whom in people)


async def _keys(keys: Keys, subjects: Sequence[str]) -> dict[str, SubjectKey]:
    wanted, found = list(dict.fromkeys(subjects)), dict[str, SubjectKey]()
    for some in _batches(wanted):
        found |= await keys.ring().keys_for(some, make=True)
    return found


def _sealed(people: Sequence[_Whom], subjects: Mapping[str, str], ring: Mapping[str, SubjectKey]) -> Named:
    sealed: dict[Member, Person] = {}
    marks: list[Mark] = []
    for whom in people:
        key = ring[subjects[whom.description]]
        sealed[whom.member] = _person(key, whom.said, CONTRACTS.stream(whom.naming.contract_id))
        marks += _marks(key.subject, whom.said)
        marks.append(Mark(subject=key.subject, field=PERSON, value=whom.description))
    return Named(Family(pupil=sealed.get(Member.PUPIL), guardian=sealed.get(Member.GUARDIAN)), tuple(marks))


def _person(key: SubjectKey, said: PersonSaid, stream: str) -> Person:
    """A person under her own key, as one contract names her."""
    return Person(
        name=key.seal(said.name, stream=stream, field="name") if said.name else None,
        phone=key.seal(said.phone, stream=stream, field="phone") if said.phone else None,
        id_number=key.seal(said.id_number, stream=stream, field="id_number") if said.id_number else None,
    )


def _marks(subject: str, said: PersonSaid) -> Iterator[Mark]:
    """By what she is found and how she is shown; a number that came masked finds nobody."""
    if said.name:
        yield Mark(subject=subject, field="name", value=said.name)
    if _is_number(said.phone):
        yield Mark(subject=subject, field="phone", value=said.phone)
    if _is_number(said.id_number):
        yield Mark(subject=subject, field="id_number", value=said.id_number)


def _batches(items: Sequence[Item]) -> Iterator[Sequence[Item]]:
    for start in range(0, len(items), SUBJECTS_MAX):
        yield items[start : start + SUBJECTS_MAX]
