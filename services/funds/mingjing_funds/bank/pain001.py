"""Payment instructions as ISO 20022 pain.001.001.09 (付款指令报文): a ``PmtInf`` an account, a transfer an instruction.

The one rule: the same batch is the same bytes, so that sending it again changes nothing. The instruction's number is
the end-to-end id: the bank's statement bears it, and the ledger finds its way back by it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from lxml import etree

from mingjing_funds.bank.port import Outgoing
from mingjing_funds.domain.account_terms import Direction
from mingjing_funds.domain.payment_batch import Item
from mingjing_funds.sources.statement import yuan
from mingjing_kernel.clock import SHANGHAI

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"
INITIATOR = "明镜预收费资金监管"
PURPOSES = {Direction.RELEASE: "课消拨付", Direction.REFUND: "退费"}
NAME_MAX = 140
"""ISO 20022 cuts a name there; so do we, rather than have a whole batch refused."""


def written(outgoing: Outgoing) -> bytes:
    """The message, with its declaration, in UTF-8."""
    batch = outgoing.batch
    document = etree.Element(_tag("Document"), nsmap={None: NAMESPACE})  # type: ignore[dict-item]
    initiation = _under(document, "CstmrCdtTrfInitn")
    header = _under(initiation, "GrpHdr")
    _under(header, "MsgId", outgoing.message_id)
    _under(header, "CreDtTm", batch.sent_at.astimezone(SHANGHAI).isoformat(timespec="seconds"))
    _totals(header, batch.items)
    _under(_under(header, "InitgPty"), "Nm", INITIATOR)
    by_account: dict[str, list[Item]] = defaultdict(list)
    for item in batch.items:
        by_account[item.account_number].append(item)
    for at, (number, items) in enumerate(sorted(by_account.items()), start=1):
        _account(initiation, outgoing, at, number, items)
    message: bytes = etree.tostring(document, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return message


def _account(initiation: etree._Element, outgoing: Outgoing, at: int, number: str, items: list[Item]) -> None:
    payment = _under(initiation, "PmtInf")
    _under(payment, "PmtInfId", f"{outgoing.message_id[:24]}-{at}")
    _under(payment, "PmtMtd", "TRF")
    _under(payment, "BtchBookg", "false")  # each instruction is a debit of its own: the ledger matches one by one
    _totals(payment, items)
    _under(_under(payment, "ReqdExctnDt"), "Dt", outgoing.batch.execute_on.isoformat())
    _under(_under(payment, "Dbtr"), "Nm", _name(items[0].account_name))
    _numbered(payment, "DbtrAcct", number)
    _under(_under(_under(payment, "DbtrAgt"), "FinInstnId"), "Nm", _name(outgoing.batch.bank))
    for item in items:
        _transfer(payment, item)


def _transfer(payment: etree._Element, item: Item) -> None:
    transfer = _under(payment, "CdtTrfTxInf")
    ids = _under(transfer, "PmtId")
    _under(ids, "InstrId", item.number)
    _under(ids, "EndToEndId", item.number)
    _under(_under(transfer, "Amt"), "InstdAmt", yuan(item.amount_fen)).set("Ccy", "CNY")
    if item.payee_account:
        _under(_under(transfer, "Cdtr"), "Nm", _name(item.payee_name))
        _numbered(transfer, "CdtrAcct", item.payee_account)
    _under(_under(transfer, "RmtInf"), "Ustrd", purpose(item))


def purpose(item: Item) -> str:
    """What the instruction is for; of a refund the bank knows by its payment whither it goes."""
    words = f"{PURPOSES[item.direction]} {item.number}"
    return f"{words} 原路退回 {item.returns}" if item.returns else words


def _totals(parent: etree._Element, items: Iterable[Item]) -> None:
    amounts = [item.amount_fen for item in items]
    _under(parent, "NbOfTxs", str(len(amounts)))
    _under(parent, "CtrlSum", yuan(sum(amounts)))


def _numbered(parent: etree._Element, name: str, number: str) -> None:
    _under(_under(_under(_under(parent, name), "Id"), "Othr"), "Id", number)


def _name(name: str) -> str:
    return name[:NAME_MAX]


def _under(parent: etree._Element, name: str, text: str | None = None) -> etree._Element:
    element = etree.SubElement(parent, _tag(name))
    element.text = text
    return element


def _tag(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"
