"""A family and its own data (家庭信息): opened for a purpose on record, put right, and shown to the family itself.

One rule: who names the number of a contract and the telephone that its guardian gave is that guardian; a wrong number
and a wrong telephone are answered alike, and few are answered at all, so that neither can be guessed.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Self
from uuid import UUID

from fastapi import Depends, Response
from msgspec.structs import replace
from pydantic import BaseModel, Field, model_validator
from sqlalchemy import or_, select

from mingjing_funds import acts
from mingjing_funds.api.acting import because, require_contract
from mingjing_funds.api.people import NamedGuardian, Words
from mingjing_funds.codec import CONTRACTS
from mingjing_funds.domain import contract as c
from mingjing_funds.domain.contract_refusals import FamilyUnknown
from mingjing_funds.domain.family import CorrectFamily, Member, Person
from mingjing_funds.intake.directory import own
from mingjing_funds.intake.families import corrected, remember_corrected
from mingjing_funds.intake.numbered import contract_id as id_of
from mingjing_funds.projections.contract_numbers import with_number
from mingjing_funds.projections.contracts import contracts_in
from mingjing_funds.projections.subjects import SUBJECTS
from mingjing_funds.sources.family import PersonSaid
from mingjing_kernel.http import Accepted, Kit, accepted
from mingjing_kernel.http.router import Router
from mingjing_kernel.identifiers import derived_id
from mingjing_kernel.identity import Act, Scope
from mingjing_kernel.log import Envelope, Outcome, Work
from mingjing_kernel.refusal import Invalid, NotFound, Refusal
from mingjing_kernel.sealed.keys import Keys
from mingjing_kernel.sealed.opening import Why
from mingjing_kernel.sealed.purpose import Purpose
from mingjing_kernel.sealed.redact import redacted
from mingjing_kernel.service.subject_desk import OwnRecords, SubjectRecord

ASKED_AT_MOST = "10/minute"
"""By one caller: a telephone has 10,000 endings, and nobody types that fast."""
SAME_NUMBER_MAX = 10
"""Institutions that gave one number: as many are asked whose family it is, unless she names hers."""
CONTRACTS_MAX = 500
"""Of one person with one institution: as many are put right at once."""


class NotYourContract(NotFound):
    """No contract has this number, or its guardian gave another telephone."""

    sentence = "There is no contract under this number and telephone."
    remedy = (
        "Check both: the number is on your contract, the telephone is the one that you gave the institution. "
        "Name the institution as well: others may have given the same number."
    )
    field = "contract_no"


class NothingRight(Invalid):
    """A correction that leaves nothing would be an erasure."""

    sentence = "A correction says what is right: a name, a telephone or an identity number."
    remedy = "Write what is right. Whoever wants nothing kept asks for erasure."
    rule = "PIPL arts. 46, 47"
    field = "person"


class OpeningBody(BaseModel):
    """Why somebody must know who it is."""

    purpose: Purpose
    explanation: Words = Field(max_length=1_000, description="Which case it is, in words")


class PersonOpened(BaseModel):
    """A person in the clear, once, on record."""

    name: str = ""
    phone: str = ""
    id_number: str = ""


class OwnRecordBody(BaseModel):
    """What a guardian knows of her contract."""

    contract_no: str = Field(max_length=80)
    phone: str = Field(max_length=40)
    institution: str = Field(
        default="",
        max_length=200,
        description="Its name, credit code or id. Several may have given the number: then hers alone is looked at",
    )


class CorrectionBody(BaseModel):
    """What is right, in full, and who asked for it; what is left empty is not kept."""

    person: NamedGuardian
    reason: Words = Field(max_length=1_000)

    @model_validator(mode="after")
    def _says_no_name(self) -> Self:
        """What the person was or is called stands in her sealed fields, not in the reason."""
        self.reason = redacted(self.reason, [self.person.name])
        return self


def make_router(kit: Kit) -> Router:
    """For families, and for the staff who deal with them."""
    router = Router(prefix="/contracts", tags=["contract 培训合同"])
    keys = Keys(kit)
    _own(router, kit)
    _opening(router, kit, keys)
    _correcting(router, kit, keys)
    return router


def _own(router: Router, kit: Kit) -> None:
    own_records = OwnRecords(kit, SUBJECTS)

    @router.post(
        "/own-record",
        summary="查询本人信息的查看记录 who looked at my data",
        dependencies=[Depends(kit.throttled(ASKED_AT_MOST))],
    )
    async def own_record(body: OwnRecordBody) -> list[SubjectRecord]:
        """Without signing in: who opened a guardian's name and telephone, or the pupil's name, when, for which purpose,
        and how long they are kept. The guardian's record first.
        """
        asked: dict[str, c.Signed | c.Paid | None] = {}
        for id_ in await _contracts(kit, body.contract_no.strip(), body.institution.strip()):
            contract = await _standing(kit, id_)
            guardian = contract.family.guardian if contract else None
            asked[guardian.subject if guardian else CONTRACTS.stream(id_)] = contract
        hers = await own_records.hers(list(asked), body.phone)
        contract = asked[hers] if hers else None
        if hers is None or contract is None:
            raise NotYourContract
        pupil = contract.family.pupil
        subjects = [hers, *([pupil.subject] if pupil else [])]
        return [await own_records.of(subject) for subject in subjects]


def _opening(router: Router, kit: Kit, keys: Keys) -> None:
    @router.post("/{contract_id}/family/{member}", summary="查看家庭信息 open who the contract names, for a purpose")
    async def open_member(
        contract_id: UUID,
        member: Member,
        body: OpeningBody,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> PersonOpened:
        """On the person's record before it is in your hands; counted, and reviewed by somebody else."""
        person = await _seen(kit, scope, contract_id, member, acts.OPEN_FAMILY)
        opened = await keys.vault().open(
            person.fields,
            stream=CONTRACTS.stream(contract_id),
            why=Why(purpose=body.purpose, explanation=body.explanation),
            envelope=because(written, body.explanation),
        )
        return PersonOpened(**opened)


def _correcting(router: Router, kit: Kit, keys: Keys) -> None:
    @router.post("/{contract_id}/family/{member}/correction", status_code=201, summary="更正家庭信息 put it right")
    async def correct(
        contract_id: UUID,
        member: Member,
        body: CorrectionBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """At the person's request (PIPL art. 46), on every contract that names her. What stood before stays sealed in
        the log until it is erased; the vendor is to put its own table right.
        """
        subject = (await _seen(kit, scope, contract_id, member, acts.CORRECT_FAMILY)).subject
        said = PersonSaid(**body.person.model_dump())
        if not said:
            raise NothingRight
        every = await _naming(kit, scope, subject, contract_id)
        people = await corrected(keys, subject, said, every)
        works = [
            Work(CONTRACTS, id, _command(kit, member, people[id], body, written), _envelope(keys, written, body, at))
            for at, id in enumerate(every)
        ]
        results = await kit.log.handle_many(works, settle=partial(remember_corrected, keys.marks(), subject, said))
        trouble = next((result for result in results if not isinstance(result, Outcome | Refusal)), results[0])
        if not isinstance(trouble, Outcome):
            raise trouble
        return accepted(response, trouble)


def _command(kit: Kit, member: Member, person: Person, body: CorrectionBody, written: Envelope) -> CorrectFamily:
    by, at = written.actor, kit.now()
    return CorrectFamily(member=member, person=person, reason=body.reason, corrected_by=by, corrected_at=at)


def _envelope(keys: Keys, written: Envelope, body: CorrectionBody, at: int) -> Envelope:
    """The request's own id is that of the contract that it names."""
    named = keys.keyed(because(written, body.reason))
    return named if not at else replace(named, command_id=derived_id("correction", written.command_id, at))


async def _seen(kit: Kit, scope: Scope, contract_id: UUID, member: Member, act: Act) -> Person:
    """One of the people of a contract that the caller may do this to. Raises ``FamilyUnknown``."""
    await kit.up_to_date()
    async with kit.connection() as connection:
        await require_contract(connection, scope, contract_id, act)
    contract = await _standing(kit, contract_id)
    person = contract.family.member(member) if contract else None
    if contract is None or person is None:
        raise FamilyUnknown(contract_no=contract.terms.contract_no if contract else "")
    return person


async def _standing(kit: Kit, contract_id: UUID) -> c.Signed | c.Paid | None:
    contract, _ = await kit.log.state(CONTRACTS, contract_id)
    return contract if isinstance(contract, c.Signed | c.Paid) else None


async def _contracts(kit: Kit, number: str, institution: str) -> list[UUID]:
    """The contracts with a number, whoever chose their ids: several institutions may give the same one."""
    await kit.up_to_date()
    async with kit.connection() as connection:
        found = [own(id_) for id_ in await connection.scalars(with_number(number, institution).limit(SAME_NUMBER_MAX))]
    nobodys = derived_id("contract-of", number, institution) if institution else id_of(number)
    return found or [nobodys]


async def _naming(kit: Kit, scope: Scope, subject: str, first: UUID) -> Sequence[UUID]:
    """Every contract that names a person now, the one that was asked for first: all of one house."""
    mine = contracts_in(scope).subquery("mine")
    rows = mine.c
    wanted = (
        select(rows.contract_id)
        .where(or_(rows.pupil == subject, rows.guardian == subject), rows.contract_id != first)
        .order_by(rows.contract_id)
        .limit(CONTRACTS_MAX)
    )
    async with kit.connection() as connection:
        return [first, *(own(id) for id in await connection.scalars(wanted))]
