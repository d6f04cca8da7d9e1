"""Substitutions over HTTP (代理): who stands in for whom, recorded by the person herself or by an administrator."""

from __future__ import annotations

from uuid import UUID

from fastapi import Depends, Response
from msgspec.structs import replace

from mingjing_console.acts import DISMISS_SUBSTITUTE, NAME_SUBSTITUTE
from mingjing_console.api.giving import hands_of
from mingjing_console.api.models import ReasonBody, SubstitutionBody
from mingjing_console.api.on_record import on_record
from mingjing_console.api.permission import allow_administering, allow_lending
from mingjing_console.codec import PEOPLE
from mingjing_console.domain.person import Person
from mingjing_console.domain.person_commands import DismissSubstitute, NameSubstitute
from mingjing_console.domain.person_refusals import RolesKeptApart, SubstitutionUnknown
from mingjing_console.projections.substitutions import one_substitution
from mingjing_kernel.access.noted import person_id
from mingjing_kernel.http import Accepted, Kit, accepted
from mingjing_kernel.http.router import Router
from mingjing_kernel.identity import UNDIVIDED, Dimensions, Scope
from mingjing_kernel.identity.apart import conflicts
from mingjing_kernel.log import Envelope


def make_router(kit: Kit) -> Router:
    """Name a substitute, dismiss one."""
    router = Router(tags=["substitution 代理"])

    @router.put("/substitutions/{substitution_id}", status_code=201, summary="登记代理 name a substitute")
    async def name_substitute(
        substitution_id: UUID,
        body: SubstitutionBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """By the person who will be away, or by an administrator who could give all that is lent; never by the
        substitute.
        """
        person: Person = (await kit.log.state(PEOPLE, person_id(body.person)))[0]
        async with on_record(kit, written, body.person, "name-substitute"):
            if not _is_own(body.person, written):
                allow_administering(kit, scope, NAME_SUBSTITUTE, person)
                allow_lending(scope, person, kit.now())
            await _keep_apart(kit, body)
        department, region = person.home
        now = kit.now()
        command = NameSubstitute(
            person=body.person,
            substitution_id=substitution_id,
            substitute=body.substitute,
            home_department=department,
            home_region=region or kit.settings.county_code,
            valid_from=body.valid_from or now,
            valid_until=body.valid_until,
            named_by=written.on_behalf_of or written.actor,
            hands=hands_of(written),
            reason=body.reason,
            legal_basis=body.legal_basis,
            at=now,
        )
        grounds = replace(written, reason=body.reason, legal_basis=body.legal_basis or written.legal_basis)
        async with on_record(kit, written, body.person, "name-substitute"):
            return accepted(response, await kit.log.handle(PEOPLE, person_id(body.person), command, grounds))

    @router.post("/substitutions/{substitution_id}/ending", status_code=201, summary="终止代理 dismiss a substitute")
    async def dismiss_substitute(
        substitution_id: UUID,
        body: ReasonBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """By the person, by the substitute who lays it down, or by an administrator."""
        person = await _person_of(kit, substitution_id, scope, written)
        command = DismissSubstitute(
            person=person,
            substitution_id=substitution_id,
            dismissed_by=written.on_behalf_of or written.actor,
            reason=body.reason,
            at=kit.now(),
        )
        grounds = replace(written, reason=body.reason)
        return accepted(response, await kit.log.handle(PEOPLE, person_id(person), command, grounds))

    return router


async def _keep_apart(kit: Kit, body: SubstitutionBody) -> None:
    """Raise ``RolesKeptApart`` when the substitute would hold, with what is lent, roles that must not meet."""
    standing, now = await kit.directory.current(), kit.now()
    held = standing.grants_of(body.substitute, now)
    lent = standing.grants_of(body.person, now)
    for found in conflicts((*held, *lent)):
        raise RolesKeptApart(role=found.first.role.value, other=found.second.role.value)


async def _person_of(kit: Kit, substitution_id: UUID, scope: Scope, written: Envelope) -> str:
    await kit.up_to_date()
    async with kit.connection() as connection:
        row = (await connection.execute(one_substitution(substitution_id))).mappings().one_or_none()
    if row is None:
        raise SubstitutionUnknown
    is_theirs = _is_own(row["person"], written) or _is_own(row["substitute"], written)
    where = Dimensions(row["department"], row["region"], UNDIVIDED)
    if not is_theirs and not scope.may(DISMISS_SUBSTITUTE, where):
        raise SubstitutionUnknown
    return str(row["person"])


def _is_own(person: str, written: Envelope) -> bool:
    return person == written.actor and not written.on_behalf_of
