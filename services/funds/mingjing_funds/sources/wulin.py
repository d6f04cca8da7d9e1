"""武林城市商业银行: one XLSX a working day, signed amounts as text, totals under the table.

The one rule: the table ends at its first row without a 核心流水; totals and notes below it are not bookings.
"""

from __future__ import annotations

import re
from datetime import date

from mingjing_funds.sources import cells
from mingjing_funds.sources.kept_aside import KeptAside, RowsMissing
from mingjing_funds.sources.reading import Record, Table, header_at, read_each, records, table
from mingjing_funds.sources.statement import WULIN, BankLine, Statement

MARKS = frozenset({"账号", "交易时间", "交易金额", "余额", "附言", "核心流水"})
_REVERSAL = "冲正"
_TOTALS = ("收入合计", "支出合计")
_TITLE = re.compile(r"下载日期：(\d{4})/(\d{2})/(\d{2})")


def read(rows: list[list[object]]) -> Statement:
    """The statement on one sheet."""
    header = header_at(rows, MARKS)
    assert header is not None, "detection looked at the header before"
    whole = table(rows, header)
    end = next((index for index, row in enumerate(whole.rows) if _is_end(row)), len(whole.rows))
    body = Table(columns=whole.columns, first=whole.first, rows=whole.rows[:end])
    lines, kept = read_each(records(body), line)
    announced = _announced(whole.rows[end:])
    if announced is not None and announced > len(lines) + len(kept):
        reason = RowsMissing(announced=announced, found=len(lines) + len(kept))
        kept = (*kept, KeptAside(row=whole.first + end, written={"笔数": str(announced)}, reason=reason))
    title = _TITLE.search("".join(cells.text(cell) for row in rows[:header] for cell in row))
    booked_on = date(int(title[1]), int(title[2]), int(title[3])) if title else None
    return Statement(bank=WULIN, booked_on=booked_on, lines=lines, kept_aside=kept)


def _is_end(row: tuple[object, ...]) -> bool:
    return not cells.text(row[0]) or cells.text(row[0]) in _TOTALS


def _announced(rows: tuple[tuple[object, ...], ...]) -> int | None:
    counts = [
        int(found[1])
        for row in rows
        if cells.text(row[0]) in _TOTALS
        for cell in row
        if (found := re.fullmatch(r"(\d+)笔", cells.text(cell)))
    ]
    return sum(counts) if counts else None


def line(record: Record) -> BankLine:
    """One booking."""
    summary = cells.text(record["附言"])
    amount = record["交易金额"]
    remark = f"交易金额 {cells.text(amount)} 按小数逗号读取" if cells.has_decimal_comma(amount) else ""
    return BankLine(
        row=record.row,
        bank=WULIN,
        flow=cells.required(record["核心流水"], "核心流水"),
        account_number=cells.account_number(record["账号"]),
        booked_at=cells.moment(record["交易时间"], "交易时间"),
        amount_fen=cells.fen(amount, "交易金额"),
        balance_fen=cells.fen(record["余额"], "余额"),
        summary=summary,
        is_reversal=_REVERSAL in summary,
        remark=remark,
    )
