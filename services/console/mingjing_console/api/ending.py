"""Sign-ins ended, people locked and let in again, over HTTP (撤销登录、锁定、解锁).

One rule: what is ended here is refused by every service as soon as it has heard of it, on the very next request.
"""

from __future__ import annotations

from uuid import UUID

from fastapi import Depends, Path, Response
from msgspec.structs import replace

from mingjing_console.acts import END_CLIENT, END_SIGN_INS, LOCK_PERSON, UNLOCK_PERSON
from mingjing_console.api.models import TEXT_MAX, LockBody, ReasonBody, RevocationBody
from mingjing_console.api.on_record import on_record
from mingjing_console.api.permission import allow_administering
from mingjing_console.codec import PEOPLE
from mingjing_console.domain.person_commands import LockPerson, RevokeAccess, UnlockPerson
from mingjing_console.domain.person_refusals import ClientIsNoPerson, NothingNamed
from mingjing_console.ending import SIGNED_OUT
from mingjing_kernel.access.facts import Revoked
from mingjing_kernel.access.noted import person_id
from mingjing_kernel.access.terms import ANY
from mingjing_kernel.http import Accepted, Kit, accepted
from mingjing_kernel.http.router import Router
from mingjing_kernel.identity import UNDIVIDED, Dimensions, Principal, Scope
from mingjing_kernel.log import Envelope


def make_router(kit: Kit) -> Router:
    """Revoke, sign out."""
    router = Router(tags=["sign-in 登录"])

    @router.put("/revocations/{revocation_id}", status_code=201, summary="撤销登录 end sign-ins")
    async def revoke_access(
        revocation_id: UUID,
        body: RevocationBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """One session, one token, everything of a person: one's own, or as administrator. Everything of a client, by
        an administrator of the whole county and all its departments.
        """
        person, value = _whose(body)
        is_own = person == written.actor and not written.on_behalf_of and body.what in ("session", "person")
        if not is_own:
            async with on_record(kit, written, person, "revoke-access"):
                await _allow_ending(kit, scope, body.what, person)
        command = RevokeAccess(
            person=person,
            revocation_id=revocation_id,
            what=body.what,
            value=value,
            revoked_by=written.on_behalf_of or written.actor,
            reason=body.reason,
            at=kit.now(),
        )
        grounds = replace(written, reason=body.reason)
        return accepted(response, await kit.log.handle(PEOPLE, person_id(person), command, grounds))

    @router.post("/sign-out", status_code=201, summary="退出登录 end the session that asks")
    async def sign_out(
        response: Response,
        caller: Principal = Depends(kit.caller),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """The session of the token that is shown; where it names none, that token; where neither, all until now."""
        session = caller.session
        what, value = ("person", caller.subject)
        if session.session_id:
            what, value = "session", session.session_id
        elif session.token_id:
            what, value = "token", session.token_id
        command = RevokeAccess(
            person=caller.subject,
            revocation_id=written.command_id,
            what=what,  # type: ignore[arg-type]
            value=value,
            revoked_by=caller.subject,
            reason=SIGNED_OUT,
            at=kit.now(),
        )
        return accepted(response, await kit.log.handle(PEOPLE, person_id(caller.subject), command, written))

    return router


def _whose(body: RevocationBody) -> tuple[str, str]:
    """Under which subject it is written down, and what ends; a client is its own."""
    if body.what == "client" and body.person:
        raise ClientIsNoPerson
    person = body.value if body.what == "client" else body.person
    value = body.person if body.what == "person" else body.value
    if not person.strip() or not value.strip():
        raise NothingNamed
    return person, value


async def _allow_ending(kit: Kit, scope: Scope, what: Revoked, person: str) -> None:
    if what == "client":
        # A county's people sign in through the same few clients, whatever their department.
        scope.require(END_CLIENT, Dimensions(ANY, kit.settings.county_code, UNDIVIDED))
    else:
        allow_administering(kit, scope, END_SIGN_INS, (await kit.log.state(PEOPLE, person_id(person)))[0])


def make_lock_router(kit: Kit) -> Router:
    """Lock, unlock."""
    router = Router(tags=["sign-in 登录"])

    @router.post("/locks/{person}", status_code=201, summary="锁定 let nobody in under this subject")
    async def lock_person(
        body: LockBody,
        response: Response,
        person: str = Path(max_length=TEXT_MAX),
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """By an administrator of the place where the person works."""
        async with on_record(kit, written, person, "lock-person"):
            allow_administering(kit, scope, LOCK_PERSON, (await kit.log.state(PEOPLE, person_id(person)))[0])
        command = LockPerson(
            person=person,
            locked_until=body.locked_until,
            locked_by=written.on_behalf_of or written.actor,
            reason=body.reason,
            at=kit.now(),
        )
        grounds = replace(written, reason=body.reason)
        return accepted(response, await kit.log.handle(PEOPLE, person_id(person), command, grounds))

    @router.post("/locks/{person}/unlocking", status_code=201, summary="解锁 let the person in again")
    async def unlock_person(
        body: ReasonBody,
        response: Response,
        person: str = Path(max_length=TEXT_MAX),
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """The way back."""
        async with on_record(kit, written, person, "unlock-person"):
            allow_administering(kit, scope, UNLOCK_PERSON, (await kit.log.state(PEOPLE, person_id(person)))[0])
        command = UnlockPerson(
            person=person,
            unlocked_by=written.on_behalf_of or written.actor,
            reason=body.reason,
            at=kit.now(),
        )
        grounds = replace(written, reason=body.reason)
        return accepted(response, await kit.log.handle(PEOPLE, person_id(person), command, grounds))

    return router
