"""Recalls as ISO 20022 camt.055.001.08 (撤回请求报文), and as a table for a bank that takes no XML.

The one rule: the same open recalls are the same bytes. A bank knows an instruction again by the number that it came
with, and by the message in which it came.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from lxml import etree

from mingjing_funds.bank.orders_csv import plain
from mingjing_funds.bank.pain001 import INITIATOR, NAME_MAX
from mingjing_funds.bank.port import Outgoing
from mingjing_funds.domain.payment_batch import Ground, Progress
from mingjing_funds.domain.recall import Recall
from mingjing_funds.sources.statement import yuan
from mingjing_kernel.clock import SHANGHAI
from mingjing_kernel.identifiers import derived_id

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:camt.055.001.08"
COLUMNS = ("指令号", "付款账号", "付款户名", "金额", "原批次号", "撤回原因", "请求时间")
WORDS = {
    Ground.RELEASE_HOLD: "监管部门暂停拨付",
    Ground.JUDICIAL_FREEZE: "司法冻结",
    Ground.PAYMENT_REVERSED: "缴费已冲正",
}


def written(batch_id: UUID, bank: str, open_recalls: Sequence[Progress]) -> bytes:
    """The message on every recall of a batch that waits for an answer."""
    asked_at = max(one.asked_at for one in open_recalls if one.asked_at is not None)
    document = etree.Element(_tag("Document"), nsmap={None: NAMESPACE})  # type: ignore[dict-item]
    request = _under(document, "CstmrPmtCxlReq")
    assignment = _under(request, "Assgnmt")
    _under(assignment, "Id", message_id(batch_id, open_recalls))
    _under(_under(_under(assignment, "Assgnr"), "Pty"), "Nm", INITIATOR)
    _under(_under(_under(_under(assignment, "Assgne"), "Agt"), "FinInstnId"), "Nm", bank[:NAME_MAX])
    _under(assignment, "CreDtTm", _local(asked_at))
    control = _under(request, "CtrlData")
    _under(control, "NbOfTxs", str(len(open_recalls)))
    _under(control, "CtrlSum", yuan(sum(one.item.amount_fen for one in open_recalls)))
    underlying = _under(request, "Undrlyg")
    group = _under(underlying, "OrgnlGrpInfAndCxl")
    _under(group, "OrgnlMsgId", batch_id.hex)
    _under(group, "OrgnlMsgNmId", "pain.001.001.09")
    payment = _under(underlying, "OrgnlPmtInfAndCxl")
    _under(payment, "OrgnlPmtInfId", batch_id.hex)
    for one in open_recalls:
        _transaction(payment, one)
    message: bytes = etree.tostring(document, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return message


def of_items(outgoing: Outgoing, numbers: Iterable[str]) -> bytes:
    """The message on some instructions of a batch, as the port is asked for it."""
    wanted, at = set(numbers), outgoing.batch.sent_at
    items = [item for item in outgoing.batch.items if item.number in wanted]
    open_recalls = [Progress(item, recall=Recall.ASKED, asked_at=at) for item in items]
    return written(outgoing.batch_id, outgoing.batch.bank, open_recalls)


def table(batch_id: UUID, open_recalls: Sequence[Progress]) -> bytes:
    """The same as CSV in UTF-8 with BOM, one line an instruction."""
    page = io.StringIO()
    lines = csv.writer(page, lineterminator="\r\n")
    lines.writerow(COLUMNS)
    for one in open_recalls:
        texts = (one.item.number, one.item.account_number, one.item.account_name)
        why = WORDS[one.ground] if one.ground is not None else ""
        asked = _local(one.asked_at) if one.asked_at else ""
        lines.writerow((*map(plain, texts), yuan(one.item.amount_fen), batch_id.hex, why, asked))
    return page.getvalue().encode("utf-8-sig")


def message_id(batch_id: UUID, open_recalls: Sequence[Progress]) -> str:
    """At most 35 characters; another set of open recalls has another one."""
    asked = sorted(f"{one.item.number} {one.asked_at}" for one in open_recalls)
    return f"C{derived_id('funds-recall', batch_id, *asked).hex}"


def _transaction(payment: etree._Element, one: Progress) -> None:
    transaction = _under(payment, "TxInf")
    _under(transaction, "CxlId", one.item.number)
    _under(transaction, "OrgnlInstrId", one.item.number)
    _under(transaction, "OrgnlEndToEndId", one.item.number)
    _under(transaction, "OrgnlInstdAmt", yuan(one.item.amount_fen)).set("Ccy", "CNY")
    why = _under(transaction, "CxlRsnInf")
    _under(_under(why, "Rsn"), "Cd", "LEGL")
    if one.ground is not None:
        _under(why, "AddtlInf", WORDS[one.ground])


def _local(at: datetime) -> str:
    return at.astimezone(SHANGHAI).isoformat(timespec="seconds")


def _under(parent: etree._Element, name: str, text: str | None = None) -> etree._Element:
    element = etree.SubElement(parent, _tag(name))
    element.text = text
    return element


def _tag(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"
