"""The county's list of custody accounts (预收费托管账户清单), XLSX.

The one rule: an account number that lost digits is completed only when exactly one known number fits, and the match
is said.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from mingjing_funds.sources import cells
from mingjing_funds.sources.kept_aside import KeptAside, NumberDamaged
from mingjing_funds.sources.reading import Record, header_at, read_each, records, table
from mingjing_funds.sources.statement import yuan

MARKS = frozenset({"机构名称", "统一社会信用代码", "托管银行", "账户名称", "账号", "开户日期"})
_PREFIX_MIN = 10
"""Fewer certain leading digits than this could fit by chance."""
_OPENING = "期初余额"


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountLine:
    """One custody account as the list has it."""

    row: int
    institution_name: str
    uscc: str
    bank: str
    account_name: str
    number: str
    matched_from: str
    """What was written, when the number had to be completed; empty otherwise."""
    opened_on: date
    minimum_fen: int
    """最低留存额度: the institution's own money that stays in the account."""
    opening_fen: int
    opening_on: date

    def written(self) -> dict[str, str]:
        """The line as cells, in the words of the list."""
        return {
            "机构名称": self.institution_name,
            "统一社会信用代码": self.uscc,
            "托管银行": self.bank,
            "账户名称": self.account_name,
            "账号": self.number,
            "开户日期": self.opened_on.isoformat(),
            "最低留存额度(元)": yuan(self.minimum_fen),
            f"{_OPENING}({self.opening_on.isoformat()}日终)": yuan(self.opening_fen),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountList:
    """The list: its lines, and the rows kept aside."""

    lines: tuple[AccountLine, ...]
    kept_aside: tuple[KeptAside, ...]


def read(rows: list[list[object]], known_numbers: Iterable[str] = ()) -> AccountList:
    """The list on one sheet; ``known_numbers`` are whole numbers learnt elsewhere (the vendor's code table)."""
    header = header_at(rows, MARKS)
    assert header is not None, "detection looked at the header before"
    found = table(rows, header)
    opening = next(column for column in found.columns if column.startswith(_OPENING))
    whole = tuple(known_numbers)
    body = (record for record in records(found) if cells.text(record["账号"]))
    lines, kept = read_each(body, lambda record: _line(record, opening, whole))
    return AccountList(lines=lines, kept_aside=kept)


def line_of(written: Mapping[str, str], known_numbers: Iterable[str] = ()) -> AccountLine:
    """One line again, from its cells with a person's corrections."""
    opening = next((column for column in written if column.startswith(_OPENING)), _OPENING)
    return _line(Record(0, dict(written)), opening, tuple(known_numbers))


def completed(damaged: NumberDamaged, known_numbers: Iterable[str]) -> str:
    """The one known number that begins with what is left of the damaged one; raises it again otherwise."""
    prefix, written = str(damaged.values["prefix"]), str(damaged.values["written"])
    fits = {number for number in known_numbers if number.startswith(prefix) and len(number) == len(written)}
    if len(prefix) < _PREFIX_MIN or len(fits) != 1:
        raise damaged
    return fits.pop()


def _line(record: Record, opening: str, known_numbers: tuple[str, ...]) -> AccountLine:
    matched_from = ""
    try:
        number = cells.account_number(record["账号"])
    except NumberDamaged as damaged:
        number = completed(damaged, known_numbers)
        matched_from = str(damaged.values["written"])
    return AccountLine(
        row=record.row,
        institution_name=cells.required(record["机构名称"], "机构名称"),
        uscc=cells.text(record["统一社会信用代码"]),
        bank=cells.required(record["托管银行"], "托管银行"),
        account_name=cells.required(record["账户名称"], "账户名称"),
        number=number,
        matched_from=matched_from,
        opened_on=cells.day(record["开户日期"], "开户日期"),
        minimum_fen=cells.fen(record["最低留存额度(元)"], "最低留存额度(元)"),
        opening_fen=cells.fen(record[opening], opening),
        opening_on=cells.day(opening.removeprefix(_OPENING).strip("()（）").removesuffix("日终"), opening),
    )
