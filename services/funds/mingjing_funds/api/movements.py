"""Payments, releases and refunds as the bank was to book them.

Nothing is instructed here: a release goes out of a contract, by its policy and its lessons (``contract_releases``).
"""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from fastapi import Depends, Query

from mingjing_funds.api.models import ExpectationItem
from mingjing_funds.domain.account import Direction
from mingjing_funds.projections.expectations import expectations_in
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
from mingjing_kernel.identity import Scope

COLUMNS = (
    Column("number", "单号", "Number"),
    Column("institution_name", "机构名称", "Institution"),
    Column("account_number", "账号", "Account number"),
    Column("amount_fen", "金额", "Amount", "yuan"),
    Column("due_on", "日期", "Due", "date"),
    Column("met_on", "入账日期", "Booked", "date"),
    Column("met_fen", "入账金额", "Amount booked", "yuan"),
    Column("flow", "流水号", "Flow"),
)


def make_router(kit: Kit) -> Router:
    """``/payments``, ``/releases``, ``/refunds``."""
    router = Router(tags=["movement 收付"])
    for path, direction in (
        ("/payments", Direction.PAYMENT),
        ("/releases", Direction.RELEASE),
        ("/refunds", Direction.REFUND),
    ):
        _list(router, kit, path, direction)

    return router


def _list(router: Router, kit: Kit, path: str, direction: Direction) -> None:
    async def movements(
        scope: Scope = Depends(kit.scope),
        asked: Asked = Depends(asked),
        as_of: AsOf | None = Depends(kit.as_of),
        account_id: UUID | None = None,
        open_only: bool = Query(default=False, description="Only what the bank has not booked"),
        since: date | None = None,
    ) -> Any:
        statement = expectations_in(scope, direction, await position_of(kit, as_of))
        rows = statement.selected_columns
        if account_id:
            statement = statement.where(rows.account_id == account_id)
        if open_only:
            statement = statement.where(rows.met_on.is_(None))
        if since:
            statement = statement.where(rows.due_on >= since)
        keys = (rows.due_on, rows.account_id, rows.number)
        listing = Listing(name=path.strip("/"), statement=statement, keys=keys, columns=COLUMNS)
        return await answer_list(listing, asked, kit.connection, ExpectationItem)

    router.add_api_route(
        path,
        movements,
        methods=["GET"],
        response_model=Page[ExpectationItem],
        name=path.strip("/"),
        summary=f"{path.strip('/').capitalize()} and when the bank booked them",
    )
