"""Status reports as ISO 20022 pain.002 (指令状态报告): what became of each instruction, by the bank's own codes.

The one rule: what a bank says of a whole message or of an account holds for each instruction that it does not name;
codes that say neither yes nor no are left out, not guessed at.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from types import MappingProxyType
from uuid import UUID

from lxml import etree

from mingjing_funds.domain.payment_batch import ReadStatus, Standing
from mingjing_funds.sources.zhelan import parsed
from mingjing_kernel.clock import SHANGHAI
from mingjing_kernel.refusal import Invalid
from mingjing_kernel.sealed.redact import redacted

NAMESPACES = "urn:iso:std:iso:20022:tech:xsd:pain.002.001."
"""Whatever version a bank writes: the names that are read have not changed since the third."""
REASON_MAX = 420
"""Characters of a bank's own words that are kept: four lines of the standard's 105."""
STANDINGS: Mapping[str, Standing] = MappingProxyType(
    {
        "ACTC": Standing.ACCEPTED,
        "ACCP": Standing.ACCEPTED,
        "ACSP": Standing.ACCEPTED,
        "ACWC": Standing.ACCEPTED,
        "ACSC": Standing.EXECUTED,
        "ACCC": Standing.EXECUTED,
        "RJCT": Standing.REFUSED,
        "CANC": Standing.REFUSED,
    }
)
"""``RCVD``, ``PDNG`` and ``PART`` say neither."""


class ReportUnreadable(Invalid):
    """XML, but no status report, or one that refers to no message of ours."""

    sentence = "This is no pain.002 status report on a batch that was sent: {why}."
    remedy = "Ask the bank to send the report again, with the id of the message that it answers."
    rule = "file layout"
    field = "file"


@dataclass(frozen=True, slots=True)
class StatusReport:
    """A report: which batch it is on, what it says of single instructions, and of all others."""

    batch_id: UUID
    statuses: tuple[ReadStatus, ...]
    of_all_others: ReadStatus | None
    """With an empty number: what holds for every instruction of the batch that is not named."""

    def on(self, numbers: tuple[str, ...]) -> tuple[ReadStatus, ...]:
        """The report spelt out for the instructions of its batch."""
        named = {status.number for status in self.statuses}
        others = self.of_all_others
        rest = () if others is None else (_for(others, number) for number in numbers if number not in named)
        return (*self.statuses, *rest)


def read(content: bytes) -> StatusReport:
    """The report in these bytes. Raises ``XmlUnreadable`` or ``ReportUnreadable``."""
    root = parsed(content)
    namespace = etree.QName(root).namespace or ""
    if not namespace.startswith(NAMESPACES):
        raise ReportUnreadable(why=namespace or "no namespace")
    spaces = {"p": namespace}
    of = _text(root, ".//p:OrgnlGrpInfAndSts/p:OrgnlMsgId", spaces)
    try:
        batch_id = UUID(hex=of)
    except ValueError as strange:
        raise ReportUnreadable(why=f"OrgnlMsgId “{of[:35]}”") from strange
    created = _moment(_text(root, ".//p:GrpHdr/p:CreDtTm", spaces))
    group = root.find(".//p:OrgnlGrpInfAndSts", spaces)
    whole = _status(group, "GrpSts", "", created, spaces) if group is not None else None
    return StatusReport(batch_id, tuple(_transactions(root, created, spaces)), whole)


def _transactions(root: etree._Element, created: datetime, spaces: dict[str, str]) -> Iterator[ReadStatus]:
    for payment in root.iterfind(".//p:OrgnlPmtInfAndSts", spaces):
        for transaction in payment.iterfind("p:TxInfAndSts", spaces):
            number = _text(transaction, "p:OrgnlEndToEndId", spaces) or _text(transaction, "p:OrgnlInstrId", spaces)
            status = _status(transaction, "TxSts", number, created, spaces)
            status = status or _status(payment, "PmtInfSts", number, created, spaces)
            if number and status is not None:
                yield status


def _status(
    element: etree._Element, name: str, number: str, created: datetime, spaces: dict[str, str]
) -> ReadStatus | None:
    standing = STANDINGS.get(_text(element, f"p:{name}", spaces))
    if standing is None:
        return None
    accepted = _text(element, "p:AccptncDtTm", spaces)
    return ReadStatus(
        number=number,
        standing=standing,
        reason_code=_text(element, "p:StsRsnInf/p:Rsn/p:Cd", spaces)
        or _text(element, "p:StsRsnInf/p:Rsn/p:Prtry", spaces),
        reason=redacted(_text(element, "p:StsRsnInf/p:AddtlInf", spaces)[:REASON_MAX]),
        flow=_text(element, "p:AcctSvcrRef", spaces),
        at=_moment(accepted) if accepted else created,
    )


def _for(status: ReadStatus, number: str) -> ReadStatus:
    return ReadStatus(
        number=number,
        standing=status.standing,
        reason_code=status.reason_code,
        reason=status.reason,
        flow="",
        at=status.at,
    )


def _moment(text: str) -> datetime:
    """A moment without a zone is China's."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as strange:
        raise ReportUnreadable(why=f"“{text[:35]}”") from strange
    return (moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)).astimezone(UTC)


def _text(element: etree._Element, path: str, spaces: dict[str, str]) -> str:
    return (element.findtext(path, default="", namespaces=spaces) or "").strip()
