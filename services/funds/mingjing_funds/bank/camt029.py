"""Answers to recalls: ISO 20022 camt.029 (撤回答复报文), or a table with the same words; written for trying out, too.

The one rule: what is neither cancelled nor refused leaves the recall open; nothing is guessed.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from types import MappingProxyType
from uuid import UUID

from lxml import etree

from mingjing_funds.bank.pain002 import REASON_MAX, ReportUnreadable, StatusReport
from mingjing_funds.bank.pain002 import read as read_status
from mingjing_funds.domain.payment_batch import ITEMS_MAX, Progress
from mingjing_funds.domain.recall import ReadRecall, Recall
from mingjing_funds.sources.zhelan import parsed
from mingjing_kernel.clock import SHANGHAI
from mingjing_kernel.sealed.redact import redacted

NAMESPACES = "urn:iso:std:iso:20022:tech:xsd:camt.029.001."
NAMESPACE = f"{NAMESPACES}09"
OUTCOMES: Mapping[str, Recall] = MappingProxyType(
    {
        "ACCR": Recall.CANCELLED, "CNCL": Recall.CANCELLED, "已撤销": Recall.CANCELLED,
        "RJCR": Recall.REFUSED, "已执行": Recall.REFUSED, "不予撤销": Recall.REFUSED,
        "PDCR": Recall.ASKED, "处理中": Recall.ASKED,
    }
)  # fmt: skip
"""``PACR`` (in part) and others say nothing about one instruction."""
COLUMNS = ("指令号", "结果", "原因", "答复编号", "答复时间")


@dataclass(frozen=True, slots=True)
class RecallReport:
    """An answer: on which batch, and what it says of single instructions, or of all that were asked about."""

    batch_id: UUID
    answers: tuple[ReadRecall, ...]
    of_all_others: ReadRecall | None = None

    def on(self, numbers: Iterable[str]) -> tuple[ReadRecall, ...]:
        """The answer spelt out for these open recalls."""
        named = {one.number for one in self.answers}
        if self.of_all_others is None:
            return self.answers
        return (*self.answers, *(replace(self.of_all_others, number=no) for no in numbers if no not in named))

    def asked_before(self, recalls: Iterable[Progress]) -> tuple[str, ...]:
        """What had been asked when the answer about all was written: of what was asked since it cannot speak."""
        until = None if self.of_all_others is None else self.of_all_others.at
        asked = ((one.item.number, one.asked_at) for one in recalls)
        return tuple(number for number, at in asked if until is not None and at is not None and at <= until)


def read_any(content: bytes) -> StatusReport | RecallReport:
    """A status report or an answer to a recall, as its namespace says. Raises ``ReportUnreadable``."""
    root = parsed(content)
    namespace = etree.QName(root).namespace or ""
    return _read(root, namespace) if namespace.startswith(NAMESPACES) else read_status(content)


def read_table(batch_id: UUID, content: bytes) -> RecallReport:
    """The table, on the batch that the sender names. Raises ``ReportUnreadable``."""
    try:
        lines = csv.DictReader(io.StringIO(content.decode("utf-8-sig")))
        rows = [row for _, row in zip(range(ITEMS_MAX + 1), lines, strict=False)]
    except (UnicodeDecodeError, csv.Error) as strange:
        raise ReportUnreadable(why="CSV") from strange
    if not rows or len(rows) > ITEMS_MAX or not set(COLUMNS) <= set(lines.fieldnames or ()):
        raise ReportUnreadable(why="、".join(COLUMNS))
    return RecallReport(batch_id, tuple(_line(row) for row in rows))


def _line(row: Mapping[str, str | None]) -> ReadRecall:
    number, word, why, document, at = ((row[name] or "").strip() for name in COLUMNS)
    if word not in OUTCOMES:
        raise ReportUnreadable(why=f"结果“{word[:35]}”")
    return ReadRecall(
        number=number, outcome=OUTCOMES[word], reason_code="", reason=redacted(why[:REASON_MAX]),
        document_no=document[:80], at=_moment(at),
    )  # fmt: skip


def _read(root: etree._Element, namespace: str) -> RecallReport:
    spaces = {"p": namespace}
    of = _text(root, ".//p:OrgnlMsgId", spaces)
    try:
        batch_id = UUID(hex=of)
    except ValueError as strange:
        raise ReportUnreadable(why=f"OrgnlMsgId “{of[:35]}”") from strange
    document = _text(root, ".//p:Assgnmt/p:Id", spaces)[:80]
    created = _moment(_text(root, ".//p:Assgnmt/p:CreDtTm", spaces))
    answers = []
    for one in root.iterfind(".//p:TxInfAndSts", spaces):
        number = _text(one, "p:OrgnlEndToEndId", spaces) or _text(one, "p:OrgnlInstrId", spaces)
        outcome = OUTCOMES.get(_text(one, "p:TxCxlSts", spaces))
        if number and outcome is not None:
            answers.append(_answer(one, number, outcome, (document, created), spaces))
    whole = OUTCOMES.get(_text(root, ".//p:Sts/p:Conf", spaces))
    is_single = root.find(".//p:TxInfAndSts", spaces) is not None  # also where its words are not known here
    others = None if whole is None or is_single else _answer(root, "", whole, (document, created), spaces)
    return RecallReport(batch_id, tuple(answers), others)


def _answer(
    element: etree._Element, number: str, outcome: Recall, said: tuple[str, datetime], spaces: dict[str, str]
) -> ReadRecall:
    code = _text(element, ".//p:CxlStsRsnInf/p:Rsn/p:Cd", spaces)
    return ReadRecall(
        number=number,
        outcome=outcome,
        reason_code=code or _text(element, ".//p:CxlStsRsnInf/p:Rsn/p:Prtry", spaces),
        reason=redacted(_text(element, ".//p:CxlStsRsnInf/p:AddtlInf", spaces)[:REASON_MAX]),
        document_no=said[0],
        at=said[1],
    )


def written(answer_id: str, batch_id: str, answers: Sequence[tuple[str, str, str]], at: datetime) -> bytes:
    """As a bank writes it: number, ``TxCxlSts`` and reason code of each."""
    document = etree.Element(_tag("Document"), nsmap={None: NAMESPACE})  # type: ignore[dict-item]
    resolution = _under(document, "RsltnOfInvstgtn")
    assignment = _under(resolution, "Assgnmt")
    _under(assignment, "Id", answer_id)
    _under(assignment, "CreDtTm", at.isoformat(timespec="seconds"))
    details = _under(resolution, "CxlDtls")
    group = _under(details, "OrgnlGrpInfAndSts")
    _under(group, "OrgnlMsgId", batch_id)
    _under(group, "OrgnlMsgNmId", "pain.001.001.09")
    payment = _under(details, "OrgnlPmtInfAndSts")
    for number, status, code in answers:
        transaction = _under(payment, "TxInfAndSts")
        _under(transaction, "OrgnlEndToEndId", number)
        _under(transaction, "TxCxlSts", status)
        if code:
            _under(_under(_under(transaction, "CxlStsRsnInf"), "Rsn"), "Cd", code)
    message: bytes = etree.tostring(document, xml_declaration=True, encoding="UTF-8")
    return message


def _moment(text: str) -> datetime:
    """A moment without a zone is China's."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as strange:
        raise ReportUnreadable(why=f"“{text[:35]}”") from strange
    return (moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)).astimezone(UTC)


def _text(element: etree._Element, path: str, spaces: dict[str, str]) -> str:
    return (element.findtext(path, default="", namespaces=spaces) or "").strip()


def _under(parent: etree._Element, name: str, text: str | None = None) -> etree._Element:
    element = etree.SubElement(parent, _tag(name))
    element.text = text
    return element


def _tag(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"
