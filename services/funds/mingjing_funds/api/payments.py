"""Payment orders on their way to the bank: the settlement account, the batch, its file, the bank's status reports."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from fastapi import Depends, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from mingjing_funds.acts_bank import NAME_SETTLEMENT_ACCOUNT, READ_REPORT, SEND_BATCH
from mingjing_funds.api.acting import RecordNotFound, require_account
from mingjing_funds.bank import camt029, camt055, orders_csv, pain001, pain002
from mingjing_funds.bank.pain002 import ReportUnreadable
from mingjing_funds.bank.port import Outgoing
from mingjing_funds.codec import ACCOUNTS, BATCHES
from mingjing_funds.domain.payment_batch import BatchUnknown, to_hand_over, to_recall
from mingjing_funds.domain.payment_batch import Sent as SentBatch
from mingjing_funds.domain.payment_batch_refusals import NothingToRecall
from mingjing_funds.domain.settlement import NameSettlementAccount
from mingjing_funds.intake.paying import read_report, send_batch
from mingjing_funds.projections.payment_orders import orders_in, sendable
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
from mingjing_kernel.identity import UNDIVIDED, Act, Dimensions, Scope
from mingjing_kernel.log import Envelope

REPORT_BYTES_MAX = 20_000_000
ORDER_COLUMNS = (
    Column("number", "指令号", "Number"),
    Column("institution_name", "机构名称", "Institution"),
    Column("account_number", "账号", "Account number"),
    Column("bank", "银行", "Bank"),
    Column("direction", "类型", "Direction"),
    Column("amount_fen", "金额", "Amount", "yuan"),
    Column("state", "状态", "State"),
    Column("execute_on", "执行日期", "To be carried out", "date"),
    Column("flow", "流水号", "Flow"),
    Column("reason", "原因", "Reason"),
    Column("recall", "撤回", "Recall"),
)


class OrderItem(BaseModel):
    """A release or a refund that somebody ordered here, and how far it is."""

    model_config = ConfigDict(from_attributes=True)

    account_id: UUID
    account_number: str
    institution_name: str
    bank: str
    number: str
    direction: str
    amount_fen: int
    returns: str
    ordered_at: datetime
    state: str = Field(description="ordered, withdrawn, sent, accepted, refused, stopped, executed, returned")
    batch_id: UUID | None
    execute_on: date | None
    flow: str
    reason: str
    against_stop: bool = Field(description="The bank carried it out after a hold or a freeze had begun")
    recall: str = Field(description="撤回：asked, cancelled, refused; empty where nobody has recalled it")


class SettlementAccount(BaseModel):
    """Into which account of the institution releases go."""

    payee_name: str = Field(min_length=1, max_length=140)
    payee_account: str = Field(pattern=r"^[0-9]{8,34}$")
    document_no: str = Field(min_length=1, max_length=100)


class NewBatch(BaseModel):
    """Which bank's orders are to leave."""

    bank: str = Field(min_length=1, max_length=100)


class BatchAnswer(BaseModel):
    """What left, and what stayed behind and why."""

    model_config = ConfigDict(from_attributes=True)

    batch_id: UUID | None
    items: int
    amount_fen: int
    execute_on: date
    left_out: dict[str, str]


class ReportAnswer(BaseModel):
    """What a status report came to."""

    model_config = ConfigDict(from_attributes=True)

    batch_id: UUID
    news: int
    known: int
    contradicted: list[str] = Field(description="The bank says two things of these: ask it which is so")


def make_router(kit: Kit) -> Router:
    """``/payment-orders``, ``/payment-batches``, ``/status-reports``."""
    router = Router(tags=["payment 付款指令"])
    _orders(router, kit)
    _batches(router, kit)
    _reports(router, kit)
    _recalls(router, kit)
    return router


def _orders(router: Router, kit: Kit) -> None:
    @router.get("/payment-orders", summary="Releases and refunds ordered here, now or as of a moment")
    async def orders(
        scope: Scope = Depends(kit.scope),
        asked: Asked = Depends(asked),
        as_of: AsOf | None = Depends(kit.as_of),
        account_id: UUID | None = None,
        batch_id: UUID | None = None,
        state: str | None = None,
    ) -> Page[OrderItem]:
        statement = orders_in(scope, await position_of(kit, as_of))
        rows = statement.selected_columns
        wanted: tuple[tuple[Any, Any], ...] = (
            (rows.account_id, account_id), (rows.batch_id, batch_id), (rows.state, state),
        )  # fmt: skip
        for column, value in wanted:
            if value is not None:
                statement = statement.where(column == value)
        keys = (rows.ordered_at, rows.account_id, rows.number)
        listing = Listing(name="payment-orders", statement=statement, keys=keys, columns=ORDER_COLUMNS)
        return await answer_list(listing, asked, kit.connection, OrderItem)  # type: ignore[return-value]

    @router.post("/accounts/{account_id}/settlement-account", summary="Name the account into which releases go")
    async def name_settlement_account(
        account_id: UUID,
        body: SettlementAccount,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """By an approver: whoever instructs releases does not say where they go."""
        async with kit.connection() as connection:
            await require_account(connection, scope, account_id, NAME_SETTLEMENT_ACCOUNT)
        command = NameSettlementAccount(**body.model_dump(), named_on=shanghai_date(kit.now()))
        return accepted(response, await kit.log.handle(ACCOUNTS, account_id, command, written))


def _batches(router: Router, kit: Kit) -> None:
    @router.post("/payment-batches", status_code=201, summary="Collect what was ordered, and send it to a bank")
    async def send_payment_batch(
        body: NewBatch,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> BatchAnswer:
        """Refunds before releases; what a hold, a freeze or the balance forbids stays behind, with its reason."""
        scope.require(SEND_BATCH, Dimensions(UNDIVIDED, UNDIVIDED, UNDIVIDED))
        sent = await send_batch(kit, scope, body.bank, kit.now(), written)
        if sent.position:
            response.headers["Mingjing-Position"] = str(sent.position)
        return BatchAnswer(
            batch_id=sent.batch_id,
            items=sent.items,
            amount_fen=sent.amount_fen,
            execute_on=sent.execute_on,
            left_out={number: why.value for number, why in sent.left_out.items()},
        )

    @router.get("/payment-batches/{batch_id}/file", summary="The batch as the bank takes it: pain.001 or CSV")
    async def batch_file(
        batch_id: UUID,
        format: Literal["pain.001", "csv"] = Query(default="pain.001"),
        scope: Scope = Depends(kit.scope),
    ) -> Response:
        """For whoever may send for every account in it, as often as she asks; without what was stopped since."""
        batch = await _batch(kit, scope, batch_id, SEND_BATCH)
        outgoing = Outgoing(batch_id=batch_id, batch=to_hand_over(batch))
        is_table = format == "csv"
        content = (orders_csv if is_table else pain001).written(outgoing)
        name = f"{'orders' if is_table else 'pain001'}_{outgoing.message_id}.{'csv' if is_table else 'xml'}"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return Response(content, media_type="text/csv" if is_table else "application/xml", headers=headers)


def _reports(router: Router, kit: Kit) -> None:
    @router.post("/status-reports", summary="A bank's status report on a batch: the raw bytes of a pain.002 message")
    async def take_status_report(
        request: Request,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> ReportAnswer:
        """Late, twice or out of order: each instruction ends once, and what the bank contradicts is listed."""
        report = pain002.read(await request.body())
        await _batch(kit, scope, report.batch_id, READ_REPORT)
        read = await read_report(kit, report, written)
        if read.position:
            response.headers["Mingjing-Position"] = str(read.position)
        return ReportAnswer.model_validate(read)


def _recalls(router: Router, kit: Kit) -> None:
    at = "/payment-batches/{batch_id}"

    @router.get(f"{at}/recall", summary="撤回请求 what was stopped, as the bank takes it: camt.055 or CSV")
    async def recall_file(
        batch_id: UUID,
        format: Literal["camt.055", "csv"] = Query(default="camt.055"),
        scope: Scope = Depends(kit.scope),
    ) -> Response:
        """Every recall that waits for an answer. A hold or a freeze over a batch under way asks for it by itself."""
        batch = await _batch(kit, scope, batch_id, SEND_BATCH)
        if not (open_recalls := to_recall(batch)):
            raise NothingToRecall
        is_table = format == "csv"
        written = camt055.table(batch_id, open_recalls) if is_table else None
        content = written or camt055.written(batch_id, batch.batch.bank, open_recalls)
        name = f"recall_{batch_id.hex}.{'csv' if is_table else 'xml'}"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return Response(content, media_type="text/csv" if is_table else "application/xml", headers=headers)

    @router.post(
        f"{at}/recall-answers", summary="撤回答复 the bank's answer: the raw bytes of a camt.029 message or a CSV"
    )
    async def take_recall_answer(
        batch_id: UUID,
        request: Request,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> ReportAnswer:
        """Cancelled: the money is free again, and may be instructed under another number. Too late: its debit is
        awaited. Two answers that differ are listed, and the bank is asked which is so.
        """
        await _batch(kit, scope, batch_id, READ_REPORT)
        content = await request.body()
        report = camt029.read_any(content) if content.lstrip()[:1] == b"<" else camt029.read_table(batch_id, content)
        if report.batch_id != batch_id or not isinstance(report, camt029.RecallReport):
            raise ReportUnreadable(why=f"OrgnlMsgId {report.batch_id.hex}")
        read = await read_report(kit, report, written)
        if read.position:
            response.headers["Mingjing-Position"] = str(read.position)
        return ReportAnswer.model_validate(read)


async def _batch(kit: Kit, scope: Scope, batch_id: UUID, act: Act) -> SentBatch:
    """A batch for all of whose accounts the caller may act; of others it is not told that they are there."""
    scope.require(act, Dimensions(UNDIVIDED, UNDIVIDED, UNDIVIDED))
    state, _ = await kit.log.state(BATCHES, batch_id)
    if not isinstance(state, SentBatch):
        raise BatchUnknown
    accounts = frozenset(item.account_id for item in state.batch.items)
    async with kit.connection() as connection:
        if not await sendable(connection, scope, accounts):
            raise RecordNotFound
    return state
