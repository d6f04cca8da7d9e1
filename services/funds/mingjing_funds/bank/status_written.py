"""Status reports as a bank writes them (pain.002.001.10): for the simulated bank, and for trying out a real one's side.

The one rule: it says what it is told, one ``TxInfAndSts`` a status, in the order given.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from lxml import etree

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"


@dataclass(frozen=True, slots=True)
class Status:
    """What became of one instruction, in the bank's codes."""

    number: str
    code: str
    at: datetime
    flow: str = ""
    reason_code: str = ""
    reason: str = ""


def status_report(report_id: str, of_message: str, statuses: Sequence[Status], at: datetime) -> bytes:
    """The report on instructions of one message."""
    document = etree.Element(_tag("Document"), nsmap={None: NAMESPACE})  # type: ignore[dict-item]
    report = _under(document, "CstmrPmtStsRpt")
    header = _under(report, "GrpHdr")
    _under(header, "MsgId", report_id)
    _under(header, "CreDtTm", at.isoformat(timespec="seconds"))
    group = _under(report, "OrgnlGrpInfAndSts")
    _under(group, "OrgnlMsgId", of_message)
    _under(group, "OrgnlMsgNmId", "pain.001.001.09")
    payment = _under(report, "OrgnlPmtInfAndSts")
    _under(payment, "OrgnlPmtInfId", of_message)
    for status in statuses:
        _transaction(payment, status)
    message: bytes = etree.tostring(document, xml_declaration=True, encoding="UTF-8")
    return message


def _transaction(payment: etree._Element, status: Status) -> None:
    transaction = _under(payment, "TxInfAndSts")
    _under(transaction, "OrgnlInstrId", status.number)
    _under(transaction, "OrgnlEndToEndId", status.number)
    _under(transaction, "TxSts", status.code)
    if status.reason_code:
        why = _under(transaction, "StsRsnInf")
        _under(_under(why, "Rsn"), "Cd", status.reason_code)
        if status.reason:
            _under(why, "AddtlInf", status.reason)
    _under(transaction, "AccptncDtTm", status.at.isoformat(timespec="seconds"))
    if status.flow:
        _under(transaction, "AcctSvcrRef", status.flow)


def _under(parent: etree._Element, name: str, text: str | None = None) -> etree._Element:
    element = etree.SubElement(parent, _tag(name))
    element.text = text
    return element


def _tag(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"
