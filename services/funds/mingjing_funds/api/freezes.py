"""Judicial freezes: entered as the order says, ended as its body says; no release hold, and decided by nobody here."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from fastapi import Depends, Response
from pydantic import BaseModel, ConfigDict, Field

from mingjing_funds.acts_bank import ENTER_FREEZE, ENTER_UNFREEZE
from mingjing_funds.api.acting import require_account
from mingjing_funds.codec import ACCOUNTS
from mingjing_funds.domain.calendar import require_come
from mingjing_funds.domain.freeze import Freeze, Unfreeze
from mingjing_funds.domain.payment_batch import Ground
from mingjing_funds.intake.court_stay import look
from mingjing_funds.intake.paying import stop_running
from mingjing_funds.projections.freezes import freezes_in
from mingjing_kernel.clock import shanghai_date
from mingjing_kernel.http import (
    Accepted,
    Asked,
    AsOf,
    Column,
    Kit,
    Listing,
    Page,
    accepted,
    answer_list,
    asked,
    position_of,
)
from mingjing_kernel.http.router import Router
from mingjing_kernel.identity import Scope
from mingjing_kernel.limits import FEN_MAX
from mingjing_kernel.log import Envelope

FREEZE_COLUMNS = (
    Column("account_number", "账号", "Account number"),
    Column("institution_name", "机构名称", "Institution"),
    Column("order_no", "文书号", "Order"),
    Column("authority", "冻结机关", "Authority"),
    Column("amount_fen", "冻结金额", "Amount", "yuan"),
    Column("frozen_on", "冻结日期", "Frozen", "date"),
    Column("until", "到期日", "Until", "date"),
    Column("unfrozen_on", "解冻日期", "Ended", "date"),
)


class FreezeItem(BaseModel):
    """A freezing order on a custody account."""

    model_config = ConfigDict(from_attributes=True)

    account_id: UUID
    account_number: str
    institution_name: str
    order_no: str
    authority: str
    legal_basis: str
    amount_fen: int | None = Field(description="Nothing: the whole account")
    frozen_on: date
    until: date | None
    document_no: str
    unfrozen_on: date | None


class NewFreeze(BaseModel):
    """As the order says."""

    order_no: str = Field(min_length=1, max_length=100)
    authority: str = Field(min_length=1, max_length=200)
    legal_basis: str = Field(min_length=1, max_length=500)
    amount_fen: int | None = Field(default=None, ge=1, le=FEN_MAX, description="Leave out for the whole account")
    frozen_on: date
    until: date | None = None


class EndOfFreeze(BaseModel):
    """The document by which its body has ended it."""

    order_no: str = Field(min_length=1, max_length=100)
    document_no: str = Field(min_length=1, max_length=100)
    unfrozen_on: date


def make_router(kit: Kit) -> Router:
    """``/freezes`` and ``/accounts/{account_id}/freezes``."""
    router = Router(tags=["freeze 司法冻结"])

    @router.get("/freezes", summary="Freezing orders on custody accounts, now or as of a moment")
    async def freezes(
        scope: Scope = Depends(kit.scope),
        asked: Asked = Depends(asked),
        as_of: AsOf | None = Depends(kit.as_of),
        account_id: UUID | None = None,
    ) -> Page[FreezeItem]:
        statement = freezes_in(scope, await position_of(kit, as_of))
        rows = statement.selected_columns
        if account_id is not None:
            statement = statement.where(rows.account_id == account_id)
        keys = (rows.frozen_on, rows.account_id, rows.order_no)
        listing = Listing(name="freezes", statement=statement, keys=keys, columns=FREEZE_COLUMNS)
        return await answer_list(listing, asked, kit.connection, FreezeItem)  # type: ignore[return-value]

    _acts(router, kit)
    return router


def _acts(router: Router, kit: Kit) -> None:
    @router.post("/accounts/{account_id}/freezes", status_code=201, summary="The bank has carried out a freezing order")
    async def enter_freeze(
        account_id: UUID,
        body: NewFreeze,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """Within the frozen amount neither releases nor refunds are instructed any more, and the clocks of refunds that
        are due stand still.
        """
        async with kit.connection() as connection:
            await require_account(connection, scope, account_id, ENTER_FREEZE)
        require_come(body.frozen_on, shanghai_date(kit.now()), "frozen_on")
        command = Freeze(**body.model_dump())
        outcome = await kit.log.handle(ACCOUNTS, account_id, command, written)
        await stop_running(kit, account_id, Ground.JUDICIAL_FREEZE, kit.now(), written)
        await look(kit, account_id, shanghai_date(kit.now()))
        return accepted(response, outcome)

    @router.post("/accounts/{account_id}/freezes/lifting", summary="The body that ordered a freeze has ended it")
    async def enter_unfreeze(
        account_id: UUID,
        body: EndOfFreeze,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        async with kit.connection() as connection:
            await require_account(connection, scope, account_id, ENTER_UNFREEZE)
        require_come(body.unfrozen_on, shanghai_date(kit.now()), "unfrozen_on")
        command = Unfreeze(**body.model_dump())
        outcome = await kit.log.handle(ACCOUNTS, account_id, command, written)
        await look(kit, account_id, shanghai_date(kit.now()))
        return accepted(response, outcome)
