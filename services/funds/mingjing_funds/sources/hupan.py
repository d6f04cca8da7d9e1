"""湖畔商业银行: one GB18030 CSV a calendar day; 借方 is money out, 贷方 money in.

The one rule: a reversal (冲正) is a negative amount in the column of the wrong booking. The serial is the last cell, so
that a beginning of one is where a file broke off; a serial of another form is one all the same.
"""

from __future__ import annotations

import re
from datetime import date, datetime

from mingjing_funds.sources import cells
from mingjing_funds.sources.kept_aside import CellMissing, FlowUnreadable, KeptAside, RowBroken, RowsMissing
from mingjing_funds.sources.reading import Record, csv_rows, header_at, read_each, records, table
from mingjing_funds.sources.statement import HUPAN, BankLine, Statement
from mingjing_kernel.clock import SHANGHAI

MARKS = frozenset({"交易日期", "账号", "借方发生额", "贷方发生额", "账户余额", "流水号"})
_WIDTH = 12
_FLOW = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]{3,39}")
_BEGUN = re.compile(r"H|HP\d{0,14}")
_WHOLE = re.compile(r"HP\d{15}")
_TITLE = re.compile(r"记账日期：(\d{4}-\d{2}-\d{2}).*笔数：(\d+)")


def read(content: str) -> Statement:
    """The statement in a decoded file. A file that breaks off keeps its last row aside and says what is missing."""
    rows = csv_rows(content)
    header = header_at(rows, MARKS)
    assert header is not None, "detection looked at the header before"
    written = list(records(table([list(row) for row in rows], header)))
    lines, kept = read_each(written, line, _WIDTH)
    title = _TITLE.search(",".join(",".join(row) for row in rows[:header]))
    if title and int(title[2]) > len(lines) + len(kept):
        announced = RowsMissing(announced=int(title[2]), found=len(lines) + len(kept))
        if lines and lines[-1].row == written[-1].row and not _WHOLE.fullmatch(lines[-1].flow):
            # what is left of a serial of another form cannot be told from a whole one
            torn, broken = written[-1], RowBroken(found=_WIDTH - 1, expected=_WIDTH)
            lines, kept = lines[:-1], (*kept, KeptAside(row=torn.row, written=torn.written(), reason=broken))
        kept = (*kept, KeptAside(row=header, written={"笔数": title[2]}, reason=announced))
    booked_on = date.fromisoformat(title[1]) if title else None
    return Statement(bank=HUPAN, booked_on=booked_on, lines=lines, kept_aside=kept)


def line(record: Record) -> BankLine:
    """One booking."""
    flow = cells.required(record["流水号"], "流水号")
    if _BEGUN.fullmatch(flow):
        raise RowBroken(found=_WIDTH - 1, expected=_WIDTH)
    if not _FLOW.fullmatch(flow):
        raise FlowUnreadable(written=flow)
    debit = cells.optional_fen(record["借方发生额"], "借方发生额")
    credit = cells.optional_fen(record["贷方发生额"], "贷方发生额")
    if debit is None and credit is None:
        raise CellMissing(column="借方发生额/贷方发生额")
    day = cells.day(record["交易日期"], "交易日期")
    return BankLine(
        row=record.row,
        bank=HUPAN,
        flow=flow,
        account_number=cells.account_number(record["账号"]),
        booked_at=datetime.combine(day, cells.clock(record["交易时间"], "交易时间"), SHANGHAI),
        amount_fen=(credit or 0) - (debit or 0),
        balance_fen=cells.fen(record["账户余额"], "账户余额"),
        summary=cells.text(record["摘要"]),
        is_reversal=(debit or 0) < 0 or (credit or 0) < 0,
    )
