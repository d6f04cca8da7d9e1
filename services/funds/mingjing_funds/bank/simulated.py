"""A simulated bank (模拟银行): it carries out payment batches and errs in the ways in which banks err.

The one rule: what goes wrong is decided by the caller, instruction by instruction, so that a run can be repeated. It
reads what a real bank would read and answers what a real bank would answer; nobody here looks into its head.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from lxml import etree

from mingjing_funds.bank import camt029, pain001
from mingjing_funds.bank.port import BankAway, Outgoing, Report
from mingjing_funds.bank.status_written import Status, status_report
from mingjing_funds.sources import cells
from mingjing_funds.sources.statement import BankLine
from mingjing_funds.sources.zhelan import parsed
from mingjing_kernel.clock import SHANGHAI

_NS = {"p": pain001.NAMESPACE}
_OPENS = time(9)


class AtRecall(StrEnum):
    """What this bank answers when an instruction is recalled."""

    ACCEPTS = "accepts"
    REFUSES = "refuses"
    """It could and will not: the instruction goes out."""
    SILENT = "silent"
    """No answer ever; the instruction goes out."""
    CONTRADICTS = "contradicts"
    """It says that it has cancelled, and carries the instruction out all the same."""


class Fault(StrEnum):
    """What this bank does wrong with one instruction."""

    NONE = "none"
    DELAYED = "delayed"
    """Carried out a day late."""
    LOST = "lost"
    """Forgotten, until the batch is sent again."""
    DOUBLED = "doubled"
    """Debited twice, and reported twice."""
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class _Order:
    message: str
    number: str
    account: str
    amount_fen: int
    execute_on: date


@dataclass
class SimulatedBank:
    """One bank. ``at_fault`` says what becomes of an instruction; ``pass_day`` lets a business day go by."""

    name: str
    balances: dict[str, int]
    at_fault: Callable[[str], Fault] = lambda _number: Fault.NONE
    at_recall: Callable[[str], AtRecall] = lambda _number: AtRecall.ACCEPTS
    """Of those that have not gone out; what has gone out is always too late."""
    is_away: bool = False
    lines: list[BankLine] = field(default_factory=list)
    """Everything booked, in order: the statement."""
    _orders: dict[str, _Order] = field(default_factory=dict)
    _lost_once: set[str] = field(default_factory=set)
    _settled: set[str] = field(default_factory=set)
    _reports: dict[str, bytes] = field(default_factory=dict)
    _said: int = 0

    async def send(self, outgoing: Outgoing) -> None:
        """Take a batch. What is known already is not taken again."""
        self._reachable()
        self.take(pain001.written(outgoing), outgoing.batch.sent_at)

    async def recall(self, outgoing: Outgoing, numbers: Iterable[str]) -> frozenset[str]:
        """Those that have not gone out do not go out, unless this bank is of another mind; its answer is a report."""
        self._reachable()
        asked = sorted(set(numbers))
        too_late = {number for number in asked if number in self._settled}
        minds = {number: self.at_recall(number) for number in asked if number not in too_late}
        cancelled = {number for number, mind in minds.items() if mind in (AtRecall.ACCEPTS, AtRecall.CONTRADICTS)}
        stopped = frozenset(number for number in cancelled if minds[number] is AtRecall.ACCEPTS)
        self._settled |= stopped
        refused = too_late | {number for number, mind in minds.items() if mind is AtRecall.REFUSES}
        said = [(number, "ACCR", "") for number in sorted(cancelled)]
        said += [(number, "RJCR", "ARDT" if number in too_late else "CUST") for number in sorted(refused)]
        if said:
            self._said += 1
            name = f"{self._said:06d}"
            self._reports[name] = camt029.written(name, outgoing.message_id, said, outgoing.batch.sent_at)
        return stopped

    async def reports(self) -> tuple[Report, ...]:
        """What was not acknowledged."""
        self._reachable()
        return tuple(Report(name, content) for name, content in self._reports.items())

    async def acknowledge(self, report: Report) -> None:
        """Not to be said again."""
        self._reachable()
        self._reports.pop(report.name, None)

    def take(self, message: bytes, at: datetime) -> None:
        """Read a pain.001 message, and accept or refuse each instruction that is new."""
        root = parsed(message)
        message_id = root.findtext(".//p:GrpHdr/p:MsgId", default="", namespaces=_NS)
        said: list[Status] = []
        for order in _orders(root, message_id):
            if order.number in self._orders:
                continue
            fault = self.at_fault(order.number)
            if fault is Fault.LOST and order.number not in self._lost_once:
                self._lost_once.add(order.number)
                continue
            self._orders[order.number] = order
            if fault is Fault.REFUSED:
                self._settled.add(order.number)
                said.append(Status(order.number, "RJCT", at, reason_code="AC04", reason="收款账户已销户"))
            else:
                said.append(Status(order.number, "ACTC", at))
        self._report(message_id, said, at)

    def pass_day(self, day: date) -> None:
        """Carry out what falls due by the end of this day."""
        said: Mapping[str, list[Status]] = defaultdict(list)
        at = datetime.combine(day, _OPENS, SHANGHAI)
        for order in sorted(self._orders.values(), key=lambda one: one.number):
            fault = self.at_fault(order.number)
            due = order.execute_on + timedelta(days=fault is Fault.DELAYED)
            if order.number in self._settled or due > day:
                continue
            self._settled.add(order.number)
            if self.balances.get(order.account, 0) < order.amount_fen:
                said[order.message].append(Status(order.number, "RJCT", at, reason_code="AM04", reason="余额不足"))
                continue
            for _ in range(2 if fault is Fault.DOUBLED else 1):
                flow = self._debit(order, at)
                said[order.message].append(Status(order.number, "ACSC", at, flow=flow))
        for message_id, statuses in said.items():
            self._report(message_id, statuses, at)
            if any(self.at_fault(status.number) is Fault.DOUBLED for status in statuses):
                self._report(message_id, statuses, at)

    def _debit(self, order: _Order, at: datetime) -> str:
        balance = self.balances[order.account] - order.amount_fen
        self.balances[order.account] = balance
        flow = f"SB{at:%Y%m%d}{len(self.lines) + 1:07d}"
        line = BankLine(
            row=len(self.lines) + 1,
            bank=self.name,
            flow=flow,
            account_number=order.account,
            booked_at=at,
            amount_fen=-order.amount_fen,
            balance_fen=balance,
            summary=f"付款 {order.number}",
            is_reversal=False,
        )
        self.lines.append(line)
        return flow

    def _report(self, message_id: str, statuses: list[Status], at: datetime) -> None:
        if statuses:
            self._said += 1
            self._reports[f"{self._said:06d}"] = status_report(f"{self._said:06d}", message_id, statuses, at)

    def _reachable(self) -> None:
        if self.is_away:
            raise BankAway(self.name)


def _orders(root: etree._Element, message_id: str) -> Iterable[_Order]:
    for payment in root.iterfind(".//p:PmtInf", _NS):
        account = payment.findtext("p:DbtrAcct/p:Id/p:Othr/p:Id", default="", namespaces=_NS)
        day = payment.findtext("p:ReqdExctnDt/p:Dt", default="", namespaces=_NS)
        for transfer in payment.iterfind("p:CdtTrfTxInf", _NS):
            yield _Order(
                message=message_id,
                number=transfer.findtext("p:PmtId/p:EndToEndId", default="", namespaces=_NS),
                account=account,
                amount_fen=cells.fen(transfer.findtext("p:Amt/p:InstdAmt", default="", namespaces=_NS), "InstdAmt"),
                execute_on=date.fromisoformat(day),
            )
