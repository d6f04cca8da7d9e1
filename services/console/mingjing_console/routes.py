"""The addresses of the pages: gather what is needed, hand it to the page."""

from __future__ import annotations

import asyncio
from uuid import UUID

from fastapi import Depends, Query, Request
from starlette.responses import Response

from mingjing_console import session
from mingjing_console.access_routes import make_access_pages
from mingjing_console.acting import signed_in
from mingjing_console.audit_routes import make_audit_pages
from mingjing_console.checklist_routes import make_checklist_pages
from mingjing_console.complain_routes import make_complain_pages
from mingjing_console.complaint_file_routes import make_complaint_file_pages
from mingjing_console.complaint_routes import make_complaint_pages
from mingjing_console.confirm_routes import make_confirm_pages
from mingjing_console.custody_routes import make_custody_pages
from mingjing_console.finding_routes import make_finding_pages
from mingjing_console.funds_routes import make_fund_pages
from mingjing_console.gateway import Answer, Gateway
from mingjing_console.grid_routes import make_grid_pages
from mingjing_console.group_routes import make_group_pages
from mingjing_console.import_routes import make_import_pages
from mingjing_console.kept_pages import keep
from mingjing_console.lead_routes import make_lead_pages
from mingjing_console.office_routes import HAPPENINGS, make_office_pages
from mingjing_console.operation_routes import make_operation_forms
from mingjing_console.pages import draws, institution, lookup, overview, people, standing
from mingjing_console.pages.shell import DESK_SCRIPT_PATH, ICON_PATH, STYLE_PATH, WORK_STYLE_PATH, asset, page
from mingjing_console.part_routes import make_part_pages
from mingjing_console.phone_routes import make_phone_pages
from mingjing_console.rating_code_routes import make_rating_code_pages
from mingjing_console.replay_routes import make_replay_pages
from mingjing_console.roster_routes import make_roster_pages
from mingjing_console.round_routes import make_round_pages
from mingjing_console.routing_routes import make_routing_pages
from mingjing_console.signing_in import SignIn, make_sign_in
from mingjing_console.suggestion_routes import make_suggestion_pages
from mingjing_console.task_routes import make_task_pages
from mingjing_console.track_routes import make_track_pages
from mingjing_console.words import SERVICE
from mingjing_kernel.http import Kit
from mingjing_kernel.http.router import Router
from mingjing_kernel.http.throttle import client_address

HITS_MAX = 20
WHITELIST_ROWS = 50
SEARCH_CHARACTERS_MIN = 2
NOTHING = Answer(0)


def make_pages(kit: Kit) -> Router:
    """For everybody, and more for whoever has signed in."""
    sign = SignIn(kit)
    pages = Router(dependencies=[Depends(sign.visiting)])
    _public(pages, kit)
    _doors(pages, kit)
    pages.include_router(make_office_pages(kit))
    pages.include_router(make_import_pages(kit))
    pages.include_router(make_roster_pages(kit))
    pages.include_router(make_checklist_pages(kit))
    pages.include_router(make_grid_pages(kit))
    pages.include_router(make_custody_pages(kit))
    _official(pages, kit)
    pages.include_router(make_access_pages(kit))
    pages.include_router(make_audit_pages(kit))
    pages.include_router(make_complain_pages(kit))
    pages.include_router(make_confirm_pages(kit))
    pages.include_router(make_round_pages(kit))
    pages.include_router(make_part_pages(kit))
    pages.include_router(make_lead_pages(kit))
    pages.include_router(make_operation_forms(kit))
    pages.include_router(make_finding_pages(kit))
    pages.include_router(make_task_pages(kit))
    pages.include_router(make_complaint_pages(kit))
    pages.include_router(make_complaint_file_pages(kit))
    pages.include_router(make_replay_pages(kit))
    pages.include_router(make_fund_pages(kit))
    pages.include_router(make_rating_code_pages(kit))
    pages.include_router(make_track_pages(kit))
    pages.include_router(make_suggestion_pages(kit))
    pages.include_router(make_group_pages(kit))
    pages.include_router(make_phone_pages(kit))
    pages.include_router(make_routing_pages(kit))
    router = Router()
    _files(router)
    router.include_router(pages)
    router.include_router(make_sign_in(sign))
    return router


def _public(router: Router, kit: Kit) -> None:
    @router.get("/")
    async def look_up(request: Request, q: str = Query(default="", max_length=100)) -> Response:
        asked = q.strip()
        found = None
        if len(asked) >= SEARCH_CHARACTERS_MIN:
            wanted: dict[str, str | int] = {"search": asked, "limit": HITS_MAX}
            answer = await _gateway(kit, request).get("registry", "/public/institutions", wanted)
            found = lookup.results(asked, answer)
            keep(request.scope, answer)
        content = [lookup.search_form(asked), found, None if found else lookup.advice()]
        return page(lookup.TITLE, content, person=_name(request))

    @router.get("/whitelist")
    async def whitelist(request: Request, after: str = Query(default="", max_length=2_000)) -> Response:
        wanted: dict[str, str | int] = {"limit": WHITELIST_ROWS} | ({"after": after} if after else {})
        answer = await _gateway(kit, request).get("registry", "/whitelist", wanted)
        keep(request.scope, answer)
        content = [lookup.search_form(""), lookup.whitelist(answer, "按名称排列 by name"), draws.pointer()]
        return page(lookup.WHITELIST_TITLE, content, person=_name(request))


def _doors(router: Router, kit: Kit) -> None:
    @router.get("/s/{site_id}")
    async def door(request: Request, site_id: str) -> Response:
        """What the code at a site's door leads to: is this door approved, and whose is it."""
        gateway = _gateway(kit, request)
        found = await gateway.get("registry", f"/public/sites/{_id(site_id)}")
        keep(request.scope, found)
        if found.status == 404:
            return page(("门牌核对", "At the door"), institution.no_such_door(), person=_name(request), status=404)
        if not found.is_there:
            content = lookup.trouble(found)
            return page(("门牌核对", "At the door"), content, person=_name(request), status=found.status or 503)
        told_id = str(found.body["institution_id"])
        told = await gateway.get("registry", f"/public/institutions/{told_id}")
        keep(request.scope, found, told)
        shown = institution.published(told.body) if told.is_there else lookup.trouble(told)
        content = [institution.at_door(found.body), shown, institution.complain_about(f"site={site_id}", told_id)]
        return page((found.body["name"], ""), content, person=_name(request))


def _id(text: str) -> UUID:
    """A paper code may be torn: whatever is no id is the id of nothing."""
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)


def _files(router: Router) -> None:
    @router.get(STYLE_PATH)
    async def style() -> Response:
        return asset(STYLE_PATH)

    @router.get(WORK_STYLE_PATH)
    async def work_style() -> Response:
        return asset(WORK_STYLE_PATH)

    @router.get(DESK_SCRIPT_PATH)
    async def desk_script() -> Response:
        return asset(DESK_SCRIPT_PATH)

    @router.get(ICON_PATH)
    async def icon() -> Response:
        return asset(ICON_PATH)


def _official(router: Router, kit: Kit) -> None:
    @router.get("/institutions/{institution_id}")
    async def one(
        request: Request,
        institution_id: UUID,
        as_of: str = Query(default="", max_length=10),
        earlier: str = Query(default="", max_length=2_000),
        at: int = Query(default=0, ge=0, lt=10**18),
    ) -> Response:
        gateway = _gateway(kit, request)
        gathered = await _gather(gateway, str(institution_id))
        told = gathered.published
        keep(request.scope, told)
        if not told.is_there and gathered.registered.is_there:
            told = gathered.registered  # never licensed, so not published; officials see it all the same
        if not told.is_there:
            title = ("没有这家机构", "No such institution")
            return page(title, lookup.trouble(told), person=_name(request), status=told.status or 503)
        # What is published and where the money is are of today: they do not stand on a page about another day.
        is_past = bool(as_of and gateway.token)
        complain = institution.complain_about(f"institution={institution_id}", str(institution_id))
        content = [] if is_past else [institution.published(told.body), None if gateway.token else complain]
        if gateway.token:
            content.append(
                standing.record(str(institution_id), await _record(gateway, institution_id, as_of, earlier, at))
            )
            content.append(people.of_institution(str(institution_id)))
            if not is_past:
                content.append(institution.for_officials(str(institution_id), gathered))
        title = (told.body["name"], "")
        return page(title, content, person=_name(request), is_wide=bool(gateway.token))

    @router.get("/overview")
    async def county(request: Request) -> Response:
        gateway = signed_in(kit, request)
        content = overview.overview(await _county(gateway))
        return page(overview.TITLE, content, person=_name(request), is_wide=True)


async def _record(gateway: Gateway, institution_id: UUID, as_of: str, earlier: str, at: int) -> standing.Record:
    path = f"/institutions/{institution_id}"
    then: dict[str, str | int] = {"as_of": as_of} if as_of else {}
    page_of = then | {"limit": HAPPENINGS} | ({"after": earlier} if earlier else {})
    found = await asyncio.gather(
        gateway.get("registry", path, then, position=at),
        gateway.get("registry", f"{path}/dossier", then, position=at),
        gateway.get("registry", "/sites", then | {"institution_id": str(institution_id)}, position=at),
        gateway.get("registry", f"{path}/timeline", page_of, position=at),
    )
    may = papers = checks = None
    if not as_of:
        may, papers, checks = await asyncio.gather(
            gateway.get("registry", f"{path}/available-actions"),
            gateway.get("registry", f"{path}/documents"),
            gateway.get("registry", f"{path}/admission-checks"),
        )
    return standing.Record(
        registered=found[0],
        dossier=found[1],
        sites=found[2],
        timeline=found[3],
        actions=may,
        documents=papers,
        checks=checks,
        as_of=as_of,
    )


async def _gather(gateway: Gateway, institution_id: str) -> institution.Gathered:
    path = f"/institutions/{institution_id}"
    its = {"institution_id": institution_id}
    published = gateway.get("registry", f"/public{path}")
    if not gateway.token:
        return institution.Gathered(
            published=await published,
            registered=NOTHING,
            timeline=NOTHING,
            balances=NOTHING,
            accounts=NOTHING,
            alerts=NOTHING,
            findings=NOTHING,
            rectifications=NOTHING,
        )
    found = await asyncio.gather(
        published,
        gateway.get("registry", path),
        gateway.every("inspection", f"{path}/timeline"),
        gateway.get("funds", "/accounts/balances", its),
        gateway.every("funds", "/accounts", its),
        gateway.every("funds", "/alerts", its),
        gateway.every("inspection", "/findings", its),
        gateway.every("inspection", "/rectifications", its),
    )
    return institution.Gathered(
        published=found[0],
        registered=found[1],
        timeline=found[2],
        balances=found[3],
        accounts=found[4],
        alerts=found[5],
        findings=found[6],
        rectifications=found[7],
    )


async def _county(gateway: Gateway) -> overview.County:
    services = tuple(SERVICE)
    found = await asyncio.gather(
        gateway.get("registry", "/ledger/totals"),
        gateway.every("registry", "/institutions", {"is_white": "true"}),
        gateway.get("inspection", "/totals"),
        gateway.every("inspection", "/tasks"),
        gateway.every("funds", "/alerts"),
        gateway.get("funds", "/accounts/balances"),
        gateway.get("inspection", "/overdue-notices", {"is_mine": "true", "is_read": "false"}),
        *(gateway.get(service, "/health") for service in services),
        *(gateway.get(service, "/log/checkpoint") for service in services),
    )
    rest = found[7:]
    return overview.County(
        ledger=found[0],
        whitelisted=found[1],
        totals=found[2],
        tasks=found[3],
        alerts=found[4],
        balances=found[5],
        notices=found[6],
        health=dict(zip(services, rest[: len(services)], strict=True)),
        checkpoints=dict(zip(services, rest[len(services) :], strict=True)),
    )


def _gateway(kit: Kit, request: Request) -> Gateway:
    return Gateway(kit, session.token_of(request), client_address(request, kit.settings.trusted_proxies))


def _name(request: Request) -> str:
    return session.name_of(request)
