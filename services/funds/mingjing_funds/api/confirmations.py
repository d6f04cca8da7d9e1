"""A family's word about lessons (家长确认), without an account: by a code that only the guardian is sent.

One rule: a code is shown to nobody who could answer in her place. It is sealed under the guardian's own key, opened on
record by whoever sends it to her, found by its keyed digest alone, good for a while and for one answer a lesson.
"""

from __future__ import annotations

import secrets
from datetime import date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from fastapi import Depends, Response
from pydantic import BaseModel, Field

from mingjing_funds import acts
from mingjing_funds.api.acting import because, contract_seen, require_contract
from mingjing_funds.api.families import OpeningBody
from mingjing_funds.api.people import Words
from mingjing_funds.codec import CONTRACTS
from mingjing_funds.domain import contract as c
from mingjing_funds.domain import lesson
from mingjing_funds.domain.contract_refusals import ConfirmationCodeExpired, ConfirmationCodeUnknown
from mingjing_funds.domain.rating import ContractUnpaid
from mingjing_funds.policy.family_rules import CONFIRMATION
from mingjing_funds.projections.confirmation_codes import CodeFound, code_found
from mingjing_kernel.clock import shanghai_date
from mingjing_kernel.http import Accepted, Kit, accepted
from mingjing_kernel.http.router import Router
from mingjing_kernel.identity import Dimensions, Scope
from mingjing_kernel.log import Envelope
from mingjing_kernel.policy import Numbers, in_force
from mingjing_kernel.readable import READABLE, as_typed
from mingjing_kernel.sealed import Sealed
from mingjing_kernel.sealed.keys import Keys
from mingjing_kernel.sealed.opening import Why

CODE_CHARACTERS = 16
"""Eighty bits: nobody guesses one, however many are out."""
LESSONS_MAX = 50
"""That a family can look through at once."""
ASKED_AT_MOST = "10/minute"
_FIELD = "confirmation_code"


class ConfirmationRequest(BaseModel):
    """Lessons that were delivered. The caller chooses ``request_id``: a repeated request sends no second code."""

    request_id: UUID
    lesson_nos: list[str] = Field(min_length=1, max_length=LESSONS_MAX)


class CodeBody(BaseModel):
    """What the guardian was sent."""

    code: str = Field(min_length=CODE_CHARACTERS, max_length=40)


class AnswerBody(CodeBody):
    """Her word: these lessons were held, those she disputes."""

    held: list[str] = Field(default_factory=list, max_length=LESSONS_MAX)
    disputed: list[str] = Field(default_factory=list, max_length=LESSONS_MAX)
    reason: Words = Field(default="", max_length=1_000)


class LessonAsked(BaseModel):
    """A lesson as the family sees it."""

    lesson_no: str
    held_on: date
    units: int
    is_gift: bool
    standing: str
    waits: bool = Field(description="Whether she has not answered yet")


class LookAnswer(BaseModel):
    """What the code is about; nobody is named."""

    contract_no: str
    course: str
    lessons: list[LessonAsked]
    expires_at: datetime


class NewCode(NamedTuple):
    """A code as a command carries it: never in the clear."""

    digest: str
    sealed: Sealed[str] | None
    expires_at: datetime
    numbers: Numbers


class CodeOpened(BaseModel):
    """The code in the clear, for whoever sends it to the guardian."""

    code: str


def make_router(kit: Kit) -> Router:
    """Asking, sending, looking, answering."""
    router = Router(tags=["lesson 课时"])
    keys = Keys(kit)
    _asking(router, kit, keys)
    _sending(router, kit, keys)
    _answering(router, kit, keys)
    return router


def _asking(router: Router, kit: Kit, keys: Keys) -> None:
    @router.post(
        "/contracts/{contract_id}/confirmation-requests", status_code=201, summary="请求家长确认 ask the family"
    )
    async def ask(
        contract_id: UUID,
        body: ConfirmationRequest,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """The clock of her silence runs from today. The code is not in the answer: it goes to the guardian."""
        await kit.up_to_date()
        async with kit.connection() as connection:
            here = await contract_seen(connection, scope, contract_id, acts.ASK_CONFIRMATION)
        scope.require(acts.ASK_CONFIRMATION, here)
        issued = await new_code(kit, keys, contract_id, here)
        command = lesson.AskConfirmation(
            request_id=body.request_id,
            lesson_nos=tuple(body.lesson_nos),
            code_digest=issued.digest,
            code=issued.sealed,
            expires_at=issued.expires_at,
            working_days=issued.numbers["silence"],
            policy_version=f"lesson-confirmation/{issued.numbers.version}",
            asked_on=shanghai_date(kit.now()),
        )
        return accepted(response, await kit.log.handle(CONTRACTS, contract_id, command, written))


def _sending(router: Router, kit: Kit, keys: Keys) -> None:
    @router.post(
        "/contracts/{contract_id}/confirmation-requests/{request_id}/code",
        summary="取确认码发送家长 open the code to send it",
    )
    async def open_code(
        contract_id: UUID,
        request_id: UUID,
        body: OpeningBody,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> CodeOpened:
        """For whoever sends it to the guardian's telephone; on her record before it is in his hands."""
        async with kit.connection() as connection:
            await require_contract(connection, scope, contract_id, acts.OPEN_FAMILY)
        code = await _issued(kit, contract_id, request_id)
        opened = await keys.vault().open(
            {_FIELD: code},
            stream=CONTRACTS.stream(contract_id),
            why=Why(purpose=body.purpose, explanation=body.explanation),
            envelope=because(written, body.explanation),
        )
        return CodeOpened(code=opened[_FIELD])


def _answering(router: Router, kit: Kit, keys: Keys) -> None:
    limit = [Depends(kit.throttled(ASKED_AT_MOST))]

    @router.post("/confirmations/look", summary="凭确认码查看课时 what a code is about", dependencies=limit)
    async def look(body: CodeBody) -> LookAnswer:
        """Without signing in. Nobody is named: whoever has the code knows whose lessons they are."""
        found = await _found(kit, keys, body.code)
        contract, code = await _standing(kit, found)
        if kit.now() >= code.expires_at:
            raise ConfirmationCodeExpired
        lessons = contract.delivery.lessons
        return LookAnswer(
            contract_no=contract.terms.contract_no,
            course=contract.terms.course,
            lessons=[_shown(no, lessons[no], contract) for no in code.lesson_nos],
            expires_at=code.expires_at,
        )

    @router.post(
        "/confirmations", status_code=201, summary="凭确认码确认或提出异议 confirm or dispute", dependencies=limit
    )
    async def answer_lessons(
        body: AnswerBody, response: Response, written: Envelope = Depends(kit.written_by_visitor)
    ) -> Accepted:
        """Without signing in. A lesson is answered once; the same answer again is no news."""
        found = await _found(kit, keys, body.code)
        command = lesson.AnswerLessons(
            request_id=found.request_id,
            held=tuple(body.held),
            disputed=tuple(body.disputed),
            reason=body.reason,
            answered_at=kit.now(),
            answered_on=shanghai_date(kit.now()),
        )
        return accepted(response, await kit.log.handle(CONTRACTS, found.contract_id, command, keys.keyed(written)))


def _shown(no: str, seen: c.LessonSeen, contract: c.Signed | c.Paid) -> LessonAsked:
    return LessonAsked(
        lesson_no=no,
        held_on=seen.held_on,
        units=seen.units,
        is_gift=seen.is_gift,
        standing=seen.standing.value,
        waits=no in contract.life.asked,
    )


async def _found(kit: Kit, keys: Keys, code: str) -> CodeFound:
    await kit.up_to_date()
    async with kit.connection() as connection:
        found = await code_found(connection, _digest(keys, code))
    if found is None:
        raise ConfirmationCodeUnknown
    return found


async def new_code(kit: Kit, keys: Keys, contract_id: UUID, here: Dimensions) -> NewCode:
    """A code that nobody has seen yet, for the guardian of a contract; good for as long as the policy says."""
    today = shanghai_date(kit.now())
    numbers = await in_force(kit.log, CONFIRMATION, today, str(here.region), str(here.category))
    code = "".join(secrets.choice(READABLE) for _ in range(CODE_CHARACTERS))
    return NewCode(
        digest=_digest(keys, code),
        sealed=await _sealed(kit, keys, contract_id, code),
        expires_at=kit.now() + timedelta(days=numbers["code-days"]),
        numbers=numbers,
    )


async def paid_contract(kit: Kit, keys: Keys, code: str) -> tuple[UUID, c.Terms, UUID]:
    """The contract whose guardian has this code, and its institution: for what else she may say by it.

    Raises ``ConfirmationCodeUnknown``, ``ConfirmationCodeExpired``, ``ContractUnpaid``.
    """
    found = await _found(kit, keys, code)
    contract, issued = await _standing(kit, found)
    if kit.now() >= issued.expires_at:
        raise ConfirmationCodeExpired
    if not isinstance(contract, c.Paid) or contract.terms.institution_id is None:
        raise ContractUnpaid
    return found.contract_id, contract.terms, contract.terms.institution_id


async def _standing(kit: Kit, found: CodeFound) -> tuple[c.Signed | c.Paid, lesson.CodeOut]:
    """The contract, and the code as it stands there: a newer one may have replaced it."""
    contract, _ = await kit.log.state(CONTRACTS, found.contract_id)
    code = contract.life.codes.get(found.request_id) if isinstance(contract, c.Signed | c.Paid) else None
    if code is None:
        raise ConfirmationCodeUnknown
    return contract, code


async def _sealed(kit: Kit, keys: Keys, contract_id: UUID, code: str) -> Sealed[str] | None:
    """Under the guardian's key; ``None`` where the contract names no guardian, or one who was erased."""
    contract, _ = await kit.log.state(CONTRACTS, contract_id)
    guardian = contract.family.guardian if isinstance(contract, c.Signed | c.Paid) else None
    if guardian is None:
        return None
    key = (await keys.ring().keys_for([guardian.subject])).get(guardian.subject)
    return key.seal(code, stream=CONTRACTS.stream(contract_id), field=_FIELD) if key else None


async def _issued(kit: Kit, contract_id: UUID, request_id: UUID) -> Sealed[str]:
    """The sealed code of a request, from the log: nothing else keeps it."""
    contract, _ = await kit.log.state(CONTRACTS, contract_id)
    code = contract.life.codes.get(request_id) if isinstance(contract, c.Signed | c.Paid) else None
    if code is None or code.sealed is None:
        raise ConfirmationCodeUnknown
    return code.sealed


def _digest(keys: Keys, code: str) -> str:
    """As the code is found: without the dashes and the small letters that somebody types."""
    return keys.index().of("confirmation-code", as_typed(code))
