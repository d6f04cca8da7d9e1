"""Who may do what, for those who administer and audit; what one may do oneself; what was ever said about a person."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec
from fastapi import Depends

from mingjing_console.api.models import (
    GrantItem,
    Happened,
    HeldGrant,
    History,
    Me,
    OwnGrant,
    PersonItem,
    SubstitutionItem,
)
from mingjing_console.codec import PEOPLE
from mingjing_console.domain.person_refusals import PersonUnknown
from mingjing_console.projections.grants import grants_in
from mingjing_console.projections.people import READERS, people_in
from mingjing_console.projections.substitutions import substitutions_in
from mingjing_kernel.access.noted import person_id as id_of
from mingjing_kernel.http import (
    Asked,
    AsOf,
    Column,
    Kit,
    Listing,
    Page,
    answer_list,
    asked,
    position_of,
)
from mingjing_kernel.http.router import Router
from mingjing_kernel.identity import UNDIVIDED, Principal, Scope

FACTS_MAX = 1_000
"""Of one person's history on one page."""
GRANT_COLUMNS = (
    Column("name", "姓名", "Name"),
    Column("person", "身份标识", "Subject"),
    Column("role", "角色", "Role"),
    Column("department", "部门", "Department"),
    Column("region", "区划", "Region"),
    Column("category", "类别", "Category"),
    Column("organisation", "单位", "Organisation"),
    Column("valid_from", "生效", "From", "moment"),
    Column("valid_until", "截止", "Until", "moment"),
    Column("manner", "方式", "Manner"),
    Column("given_by", "授权人", "Given by"),
    Column("reason", "理由", "Reason"),
    Column("legal_basis", "依据", "Basis"),
    Column("taken_by", "收回人", "Taken by"),
    Column("taken_reason", "收回理由", "Reason for taking"),
    Column("taken_at", "收回时间", "Taken at", "moment"),
)
PERSON_COLUMNS = (
    Column("name", "姓名", "Name"),
    Column("person", "身份标识", "Subject"),
    Column("department", "部门", "Department"),
    Column("region", "区划", "Region"),
    Column("is_locked", "已锁定", "Locked"),
    Column("locked_until", "锁定至", "Locked until", "moment"),
)
SUBSTITUTION_COLUMNS = (
    Column("person", "被代理人", "Person"),
    Column("substitute", "代理人", "Substitute"),
    Column("valid_from", "开始", "From", "moment"),
    Column("valid_until", "截止", "Until", "moment"),
    Column("named_by", "登记人", "Named by"),
    Column("reason", "理由", "Reason"),
    Column("dismissed_by", "终止人", "Dismissed by"),
    Column("dismissed_at", "终止时间", "Dismissed at", "moment"),
)


def make_router(kit: Kit) -> Router:
    """The lists."""
    router = Router(tags=["access 权限"])

    @router.get("/grants", response_model=Page[GrantItem], summary="授权列表 grants")
    async def grants(
        person: str | None = None,
        role: str | None = None,
        scope: Scope = Depends(kit.scope),
        asked: Asked = Depends(asked),
        as_of: AsOf | None = Depends(kit.as_of),
    ) -> Any:
        """By person; what was taken back stands in the list with its date."""
        statement = grants_in(scope, person=person, role=role, at=await position_of(kit, as_of))
        rows = statement.selected_columns
        listing = Listing(name="grants", statement=statement, keys=(rows.person, rows.grant_id), columns=GRANT_COLUMNS)
        return await answer_list(listing, asked, kit.connection, GrantItem)

    @router.get("/people", response_model=Page[PersonItem], summary="人员列表 people")
    async def people(
        scope: Scope = Depends(kit.scope),
        asked: Asked = Depends(asked),
        as_of: AsOf | None = Depends(kit.as_of),
    ) -> Any:
        """Everybody of whom the log knows."""
        statement = people_in(scope, at=await position_of(kit, as_of))
        rows = statement.selected_columns
        listing = Listing(name="people", statement=statement, keys=(rows.person,), columns=PERSON_COLUMNS)
        return await answer_list(listing, asked, kit.connection, PersonItem)

    @router.get("/substitutions", response_model=Page[SubstitutionItem], summary="代理列表 substitutions")
    async def substitutions(
        scope: Scope = Depends(kit.scope),
        asked: Asked = Depends(asked),
        as_of: AsOf | None = Depends(kit.as_of),
    ) -> Any:
        """The latest first."""
        statement = substitutions_in(scope, at=await position_of(kit, as_of))
        rows = statement.selected_columns
        listing = Listing(
            name="substitutions",
            statement=statement,
            keys=(rows.valid_from, rows.substitution_id),
            columns=SUBSTITUTION_COLUMNS,
            is_descending=True,
        )
        return await answer_list(listing, asked, kit.connection, SubstitutionItem)

    return router


def make_person_router(kit: Kit) -> Router:
    """One person: oneself, and what was said about anybody."""
    router = Router(tags=["access 权限"])

    @router.get("/me", summary="本人权限 what I may do now")
    async def me(caller: Principal = Depends(kit.caller)) -> Me:
        """The grants in force at this moment, and for whom the caller may act."""
        standing, now = await kit.directory.current(), kit.now()
        is_first = caller.subject in kit.settings.first_administrators and not standing.has_administrator(now)
        return Me(
            person=caller.subject,
            name=caller.name,
            on_behalf_of=caller.on_behalf_of,
            grants=[
                OwnGrant(
                    role=grant.role.value,
                    department=grant.department,
                    region=grant.region,
                    category=grant.category,
                    organisation=grant.organisation,
                    until=grant.until,
                )
                for grant in caller.grants
            ],
            held=[
                HeldGrant(
                    grant_id=given.grant_id,
                    role=given.role,
                    department=given.department,
                    region=given.region,
                    category=given.category,
                    organisation=given.organisation,
                    valid_from=given.valid_from,
                    valid_until=given.valid_until,
                    until=given.valid_until,
                    manner=given.manner,
                )
                for given in standing.held_by(caller.on_behalf_of or caller.subject)
                if standing.in_force(given, now)
            ],
            may_act_for=[one.person for one in standing.substitutes_for(caller.subject, now)],
            is_first_administrator=is_first,
        )

    @router.get("/people/{person_id}/history", summary="授权沿革 everything said about a person's access")
    async def history(
        person_id: UUID,
        caller: Principal = Depends(kit.caller),
        as_of: AsOf | None = Depends(kit.as_of),
    ) -> History:
        """For the person herself, and for those who administer or audit where she works."""
        facts = await kit.log.history(PEOPLE, person_id, await position_of(kit, as_of))
        department, region = PEOPLE.decider.fold(fact.event for fact in facts).home
        may_see = person_id == id_of(caller.subject) or caller.scope.allows(
            role=READERS, department=department, region=region, category=UNDIVIDED
        )
        if not facts or not may_see:
            raise PersonUnknown
        shown = [
            Happened(
                position=fact.position,
                recorded_at=fact.recorded_at,
                type=fact.type,
                actor=fact.meta.actor,
                on_behalf_of=fact.meta.on_behalf_of,
                reason=fact.meta.reason,
                fact=msgspec.to_builtins(fact.event),
            )
            for fact in facts[-FACTS_MAX:]
        ]
        return History(person_id=person_id, facts=shown, is_cut=len(facts) > FACTS_MAX)

    return router
