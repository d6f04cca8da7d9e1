"""A payment batch to try banks with."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import UUID

from mingjing_funds.bank.port import Outgoing
from mingjing_funds.domain.account_terms import Direction
from mingjing_funds.domain.payment_batch import BatchSent, Item

AT = datetime(2026, 3, 10, 8, tzinfo=UTC)
DAY = date(2026, 3, 11)
ACCOUNT = "6299000000001428677"


def item(number: str, amount_fen: int = 100_00, direction: Direction = Direction.RELEASE, **more: object) -> Item:
    is_refund = direction is Direction.REFUND
    given = {
        "number": number,
        "direction": direction,
        "account_id": UUID(int=1),
        "account_number": ACCOUNT,
        "account_name": "杭州西湖区木铎轩书画培训学校有限公司预收费资金托管专户",
        "amount_fen": amount_fen,
        "payee_name": "" if is_refund else "杭州西湖区木铎轩书画培训学校有限公司",
        "payee_account": "" if is_refund else "6299000000009999999",
        "returns": "JF20260102000001" if is_refund else "",
        "instructed_at": AT,
        **more,
    }
    return Item(**given)  # type: ignore[arg-type]


def outgoing(*items: Item, id: int = 7) -> Outgoing:
    batch = BatchSent(bank="湖畔商业银行", cut_off_at=AT, execute_on=DAY, items=items, sent_at=AT)
    return Outgoing(batch_id=UUID(int=id), batch=batch)
