"""The addresses of fund pages: alerts, custody accounts, contracts, breaks, refunds and payment orders.

One rule: a page has no rights of its own; every question goes with the visitor's token, every figure leads on.
"""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from mingjing_console.acting import signed_in
from mingjing_console.gateway import Answer
from mingjing_console.page_parts import asked_of, exported, is_export, page_of, position_of, wanted_of
from mingjing_console.pages import accounts, alerts, contracts, custodian, money
from mingjing_console.pages.lookup import trouble
from mingjing_kernel.clock import shanghai_date
from mingjing_kernel.http import Kit
from mingjing_kernel.http.router import Router

OWN = "funds"
POSTINGS, ORDERS_SHOWN = 200, 20
OUTFLOW_DAYS = 30


def make_fund_pages(kit: Kit) -> Router:
    """For whoever has signed in."""
    router = Router()
    _alerts(router, kit)
    _accounts(router, kit)
    _account(router, kit)
    _contracts(router, kit)
    _breaks(router, kit)
    _moving(router, kit)
    return router


def _alerts(router: Router, kit: Kit) -> None:
    @router.get(alerts.PATH)
    async def fund_alerts(request: Request) -> Response:
        gateway = signed_in(kit, request)
        asked = {"state": "open"} | asked_of(request, "severity", "rule")
        if "state" in request.query_params:
            asked |= asked_of(request, "state")
        wanted: dict[str, str] = {name: said for name, said in asked.items() if said and said != "open"}
        if is_export(request):
            return await exported(request, gateway, (OWN, "/alerts"), wanted, alerts.TITLE)
        found = await gateway.every(OWN, "/alerts", wanted, position=position_of(request))
        return page_of(request, alerts.TITLE, alerts.listed(asked, found), found)

    @router.get(f"{alerts.PATH}/{{alert_id}}")
    async def fund_alert(request: Request, alert_id: UUID) -> Response:
        gateway = signed_in(kit, request)
        found = await gateway.get(OWN, "/alerts", {"alert_id": str(alert_id)}, position=position_of(request))
        if not found.items:
            return _missing(request, alerts.TITLE, found)
        row = found.items[0]
        its = {"institution_id": row["institution_id"]} if row["institution_id"] else {}
        may, evaluations, others = await asyncio.gather(
            gateway.get(OWN, f"/alerts/{alert_id}/available-actions"),
            gateway.every(OWN, "/alerts/evaluations", {"account_id": row["account_id"]}),
            gateway.every(OWN, "/alerts", its) if its else _nothing(),
        )
        return page_of(request, (row["institution_name"], ""), alerts.one(row, may, evaluations, others), found)


def _accounts(router: Router, kit: Kit) -> None:
    @router.get(accounts.PATH)
    async def custody_accounts(request: Request) -> Response:
        gateway = signed_in(kit, request)
        on = _day(request, kit)
        asked = asked_of(request, "by", "name") | {"day": on.isoformat()}
        asked["by"] = asked["by"] if asked["by"] in accounts.BY else "risk"
        earlier = on - timedelta(days=OUTFLOW_DAYS)
        now, before = await asyncio.gather(
            gateway.get(OWN, "/accounts/balances", {"day": on.isoformat()}, position=position_of(request)),
            gateway.get(OWN, "/accounts/balances", {"day": earlier.isoformat()}),
        )
        return page_of(request, accounts.TITLE, accounts.listed(asked, now, before), now)


def _account(router: Router, kit: Kit) -> None:
    @router.get(f"{accounts.PATH}/{{account_id}}")
    async def custody_account(request: Request, account_id: UUID) -> Response:
        gateway = signed_in(kit, request)
        path, on = f"/accounts/{account_id}", _day(request, kit).isoformat()
        row = await gateway.get(OWN, path, position=position_of(request))
        if not row.is_there:
            return _missing(request, accounts.TITLE, row)
        its = {"account_id": str(account_id)}
        institution = row.body["institution_id"]
        whose = {"institution_id": institution} if institution else {}
        found = await asyncio.gather(
            gateway.get(OWN, "/accounts/balances", {"day": on, **whose}),
            gateway.get(OWN, f"{path}/available-actions"),
            gateway.every(OWN, "/alerts", whose),
            gateway.get(OWN, f"{path}/postings", _posted(request) | {"until": on}),
            gateway.get(OWN, "/breaks", its | {"state": "open"}),
            gateway.get(OWN, "/payment-orders", its | {"limit": ORDERS_SHOWN}),
            gateway.get(OWN, "/freezes", its),
        )
        names = ("balances", "actions", "alerts", "postings", "breaks", "orders", "freezes")
        said = accounts.Standing(account=row.body, on=on, **dict(zip(names, found, strict=True)))
        return page_of(request, (row.body["institution_name"] or accounts.TITLE[0], ""), accounts.one(said), row)

    @router.get(f"{custodian.PATH}/{{institution_id}}")
    async def change_of_bank(request: Request, institution_id: UUID) -> Response:
        gateway = signed_in(kit, request)
        path = f"/custodians/{institution_id}"
        row = await gateway.get(OWN, path, position=position_of(request))
        if not row.is_there:
            return _missing(request, custodian.TITLE, row)
        may, contracts_left = await asyncio.gather(
            gateway.get(OWN, f"{path}/available-actions"), gateway.get(OWN, f"{path}/contracts")
        )
        return page_of(request, custodian.TITLE, custodian.one(row, may, contracts_left), row)

    @router.get(f"{accounts.PATH}/{{account_id}}/entries")
    async def bank_entries(request: Request, account_id: UUID) -> Response:
        gateway = signed_in(kit, request)
        asked = asked_of(request, "column")
        if is_export(request):
            its = asked | {"account_id": str(account_id)}
            return await exported(request, gateway, (OWN, "/accounts/entries"), its, accounts.ENTRIES)
        wanted = wanted_of(request, asked) | {"account_id": str(account_id)}
        found = await gateway.get(OWN, "/accounts/entries", wanted)
        return page_of(request, accounts.ENTRIES, accounts.entries(str(account_id), asked, found), found)


def _contracts(router: Router, kit: Kit) -> None:
    @router.get(contracts.PATH)
    async def training_contracts(request: Request) -> Response:
        gateway = signed_in(kit, request)
        asked = asked_of(request, "account_id", "contract_no")
        if is_export(request):
            return await exported(request, gateway, (OWN, "/contracts"), asked, contracts.TITLE)
        found = await gateway.get(OWN, "/contracts", wanted_of(request, asked), position=position_of(request))
        return page_of(request, contracts.TITLE, contracts.listed(asked, found), found)

    @router.get(f"{contracts.PATH}/{{contract_id}}")
    async def training_contract(request: Request, contract_id: UUID) -> Response:
        gateway = signed_in(kit, request)
        path = f"/contracts/{contract_id}"
        row = await gateway.get(OWN, path, position=position_of(request))
        if not row.is_there:
            return _missing(request, contracts.TITLE, row)
        order, may, postings = await asyncio.gather(
            gateway.get(OWN, f"{path}/order"),
            gateway.get(OWN, f"{path}/available-actions"),
            gateway.get(OWN, f"{path}/postings", _posted(request)),
        )
        return page_of(request, contracts.TITLE, contracts.one(row.body, order, may, postings), row)


def _breaks(router: Router, kit: Kit) -> None:
    @router.get("/breaks")
    async def custody_breaks(request: Request) -> Response:
        gateway = signed_in(kit, request)
        asked = asked_of(request, "kind") | {"state": request.query_params.get("state", "open")[:20]}
        if is_export(request):
            return await exported(request, gateway, (OWN, "/breaks"), asked, money.BREAKS)
        found = await gateway.get(OWN, "/breaks", wanted_of(request, asked), position=position_of(request))
        return page_of(request, money.BREAKS, money.break_list(asked, found), found)

    @router.get("/breaks/{break_id}")
    async def custody_break(request: Request, break_id: UUID) -> Response:
        gateway = signed_in(kit, request)
        found = await gateway.get(OWN, "/breaks", {"break_id": str(break_id)}, position=position_of(request))
        if not found.items:
            return _missing(request, money.BREAKS, found)
        may = await gateway.get(OWN, f"/breaks/{break_id}/available-actions")
        return page_of(request, money.BREAKS, money.one_break(found.items[0], may), found)


def _moving(router: Router, kit: Kit) -> None:
    @router.get("/refunds")
    async def refunds(request: Request) -> Response:
        gateway = signed_in(kit, request)
        asked = asked_of(request, "standing", "overdue")
        if is_export(request):
            return await exported(request, gateway, (OWN, "/refund-requests"), asked, money.REFUNDS)
        found = await gateway.get(OWN, "/refund-requests", wanted_of(request, asked))
        return page_of(request, money.REFUNDS, money.refund_list(asked, found), found)

    @router.get("/payment-orders")
    async def payment_orders(request: Request) -> Response:
        gateway = signed_in(kit, request)
        asked = asked_of(request, "state")
        if is_export(request):
            return await exported(request, gateway, (OWN, "/payment-orders"), asked, money.ORDERS)
        found = await gateway.get(OWN, "/payment-orders", wanted_of(request, asked))
        return page_of(request, money.ORDERS, money.order_list(asked, found), found)


def _day(request: Request, kit: Kit) -> date:
    """The day that the address names, or today."""
    try:
        return date.fromisoformat(request.query_params.get("day", ""))
    except ValueError:
        return shanghai_date(kit.now())


def _posted(request: Request) -> dict[str, str | int]:
    return {"limit": POSTINGS, "after": position_of(request, "posted")}


async def _nothing() -> Answer:
    return Answer(200, {"items": [], "next": None})


def _missing(request: Request, title: tuple[str, str], found: Answer) -> Response:
    """Not there for this visitor, which is told in the same words whether it exists or not."""
    answer = Answer(404) if found.is_there else found
    return page_of(request, title, trouble(answer), answer)
