"""Grants over HTTP: given by an administrator (or by the first, while there is none), delegated by their holder, taken
back. The same request sent again changes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from fastapi import Depends, Response
from msgspec.structs import replace

from mingjing_console.acts import TAKE_GRANT
from mingjing_console.api.beginning import Giving, way_of
from mingjing_console.api.models import DelegationBody, GrantBody, GrantsBody, NewGrant, ReasonBody
from mingjing_console.api.on_record import on_record
from mingjing_console.api.permission import allow_giving, movable_from, reach_of
from mingjing_console.codec import PEOPLE
from mingjing_console.domain.person import NOWHERE, Person
from mingjing_console.domain.person_commands import GiveGrant, TakeGrant
from mingjing_console.domain.person_refusals import GrantUnknown
from mingjing_console.projections.grants import one_grant
from mingjing_kernel.access.facts import GrantGiven, Manner
from mingjing_kernel.access.noted import person_id
from mingjing_kernel.access.terms import Terms
from mingjing_kernel.http import Accepted, Kit, accepted
from mingjing_kernel.http.router import Router
from mingjing_kernel.identifiers import derived_id
from mingjing_kernel.identity import Grant, Role, Scope
from mingjing_kernel.identity.apart import conflicts
from mingjing_kernel.log import Envelope, Outcome, Work


def make_router(kit: Kit) -> Router:
    """Give, delegate, take."""
    router = Router(tags=["grant 授权"])

    @router.put("/grants/{grant_id}", status_code=201, summary="授权 give a grant")
    async def give_grant(
        grant_id: UUID,
        body: GrantBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """By an administrator whose own grant covers it, never to himself."""
        new = NewGrant(grant_id=grant_id, **body.model_dump())
        async with on_record(kit, written, body.person, "give-grant"):
            way = await way_of(kit, written, [new])
            work = await _work(kit, new, scope, written, way.manner)
            return accepted(response, await _given(kit, [work], way))

    @router.post("/grants", status_code=201, summary="批量授权 give several grants, all or none")
    async def give_grants(
        body: GrantsBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """For a new department, or an installation's first hour. One that is refused takes all down with it."""
        way = await way_of(kit, written, body.grants)
        async with on_record(kit, written, written.actor, "give-grants"):
            works = [await _work(kit, new, scope, written, way.manner, new.grant_id) for new in body.grants]
            return accepted(response, await _given(kit, works, way))

    @router.put(
        "/grants/{grant_id}/delegations/{delegation_id}", status_code=201, summary="转授 delegate a part of one's own"
    )
    async def delegate_grant(
        grant_id: UUID,
        delegation_id: UUID,
        body: DelegationBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """By the holder; never wider, never longer, and over when the holder's own grant is."""
        source = (await kit.directory.current()).grants.get(grant_id)
        command = _delegation(kit, body, delegation_id, source, written)
        grounds = replace(written, reason=body.reason, legal_basis=body.legal_basis or written.legal_basis)
        async with on_record(kit, written, body.person, "delegate-grant"):
            return accepted(response, await kit.log.handle(PEOPLE, person_id(body.person), command, grounds))

    @router.post("/grants/{grant_id}/taking", status_code=201, summary="收回授权 take a grant back")
    async def take_grant(
        grant_id: UUID,
        body: ReasonBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """By an administrator who may give it, by whoever delegated it, or laid down by its holder."""
        holder = await _holder(kit, grant_id, scope, written)
        command = TakeGrant(
            person=holder,
            grant_id=grant_id,
            taken_by=written.on_behalf_of or written.actor,
            reason=body.reason,
            legal_basis=body.legal_basis,
            at=kit.now(),
        )
        grounds = replace(written, reason=body.reason, legal_basis=body.legal_basis or written.legal_basis)
        return accepted(response, await kit.log.handle(PEOPLE, person_id(holder), command, grounds))

    return router


async def _given(kit: Kit, works: Sequence[Work], way: Giving) -> Outcome:
    """The outcome of the last one."""
    if len(works) == 1 and way.manner == "given":  # nothing else must hold at its commit
        return await kit.log.handle(works[0].aggregate, works[0].id, works[0].command, works[0].envelope)
    results = await kit.log.handle_many(works, settle=way.settle)
    return next(one for one in reversed(results) if isinstance(one, Outcome))


async def _work(
    kit: Kit, new: NewGrant, scope: Scope, written: Envelope, manner: Manner, part: UUID | None = None
) -> Work:
    terms = new.terms()
    if manner != "first-administrator":
        allow_giving(scope, terms)
    now = kit.now()
    person: Person = (await kit.log.state(PEOPLE, person_id(new.person)))[0]
    home = (
        new.home_department or person.home[0] or new.department,
        new.home_region or person.home[1] or new.region,
    )
    command = GiveGrant(
        person=new.person,
        name=new.name,
        home_department=home[0],
        home_region=home[1],
        movable_from=NOWHERE if manner == "first-administrator" else movable_from(scope, person, home),
        grant_id=new.grant_id,
        terms=terms,
        valid_from=new.valid_from or now,
        valid_until=new.valid_until,
        manner=manner,
        source=None,
        given_by=written.on_behalf_of or written.actor,
        hands=hands_of(written),
        apart=apart_from(terms),
        reason=new.reason,
        legal_basis=new.legal_basis,
        at=now,
    )
    command_id = written.command_id if part is None else derived_id("give-grants", written.command_id, part)
    grounds = replace(written, command_id=command_id, reason=new.reason, legal_basis=new.legal_basis)
    return Work(PEOPLE, person_id(new.person), command, grounds)


def _delegation(
    kit: Kit, body: DelegationBody, delegation_id: UUID, source: GrantGiven | None, written: Envelope
) -> GiveGrant:
    now, terms = kit.now(), body.terms()
    return GiveGrant(
        person=body.person,
        name=body.name,
        home_department=body.home_department,
        home_region=body.home_region,
        movable_from=None,
        grant_id=delegation_id,
        terms=terms,
        valid_from=body.valid_from or now,
        valid_until=body.valid_until,
        manner="delegated",
        source=source,
        # The holder in person: a substitute's own time may end before that of the grant.
        given_by="" if written.on_behalf_of else written.actor,
        hands=hands_of(written),
        apart=apart_from(terms),
        reason=body.reason,
        legal_basis=body.legal_basis,
        at=now,
    )


async def _holder(kit: Kit, grant_id: UUID, scope: Scope, written: Envelope) -> str:
    """Whose grant it is. Raises ``GrantUnknown`` for who may not even know of it."""
    await kit.up_to_date()
    async with kit.connection() as connection:
        row = (await connection.execute(one_grant(grant_id))).mappings().one_or_none()
    if row is None:
        raise GrantUnknown
    theirs = {row["person"], *([row["given_by"]] if row["manner"] == "delegated" else [])}
    if written.actor in theirs and not written.on_behalf_of:
        return str(row["person"])
    terms = {name: row[name] for name in ("role", "department", "region", "category", "organisation")}
    if not scope.may(TAKE_GRANT, reach_of(Terms(**terms))):
        raise GrantUnknown
    return str(row["person"])


def hands_of(written: Envelope) -> frozenset[str]:
    """Everybody whose act it is: the caller, and the person for whom he acts."""
    return frozenset(filter(None, (written.actor, written.on_behalf_of)))


def apart_from(terms: Terms) -> frozenset[str]:
    """The roles that must not meet this one over the same things, asked of the kernel's one rule."""
    own = _grant(Role(terms.role), terms)
    return frozenset(role.value for role in Role if conflicts((own, _grant(role, terms))))


def _grant(role: Role, terms: Terms) -> Grant:
    return Grant(role, terms.department, terms.region, terms.category, organisation=terms.organisation)
