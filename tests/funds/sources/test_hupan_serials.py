"""The serial of a Hupan booking is its last cell: where it is cut off, the file is; of another form it is one still."""

from __future__ import annotations

import pytest

from mingjing_funds.sources import hupan
from mingjing_funds.sources.kept_aside import FlowUnreadable, RowBroken, RowsMissing, RowUnusable
from mingjing_funds.sources.statement import Statement

HEAD = "记账日期：2026-11-10,币种：人民币,笔数：1\r\n"
COLUMNS = "序号,交易日期,交易时间,账号,户名,借方发生额,贷方发生额,账户余额,对方户名,对方账号,摘要,流水号\r\n"
ROW = "1,20261110,09:00:00,\t6299000000001986549,某培训学校,,1.00,101.00,张三,\t6217000000000000000,培训费,{flow}\r\n"


def read(flow: str) -> Statement:
    return hupan.read(HEAD + COLUMNS + ROW.format(flow=flow))


@pytest.mark.parametrize("flow", ["HP202611100000001", "LS-20261110-1", "0001.7"])
def test_a_serial_of_any_form_is_one(flow: str) -> None:
    found = read(flow)
    assert ([line.flow for line in found.lines], found.kept_aside) == ([flow], ())


@pytest.mark.parametrize(
    ("flow", "reason"),
    [("HP2026111000", RowBroken), ("H", RowBroken), ("见附言", FlowUnreadable), ("7", FlowUnreadable)],
)
def test_a_serial_that_is_none_is_kept_aside_with_what_is_wrong(flow: str, reason: type[RowUnusable]) -> None:
    found = read(flow)
    assert found.lines == ()
    assert [type(kept.reason) for kept in found.kept_aside] == [reason]


def test_the_last_row_of_a_file_that_lacks_rows_waits_unless_its_serial_is_whole() -> None:
    """The beginning of a serial of another form looks like one: booked, it would be booked again under the whole."""

    def flows(*serials: str) -> tuple[list[str], list[type]]:
        found = hupan.read(
            HEAD.replace("笔数：1", "笔数：3") + COLUMNS + "".join(ROW.format(flow=one) for one in serials)
        )
        return [line.flow for line in found.lines], [type(kept.reason) for kept in found.kept_aside]

    assert flows("LS-20261110-1", "LS-2026") == (["LS-20261110-1"], [RowBroken, RowsMissing])
    whole = ["LS-20261110-1", "HP202611100000001"]
    assert flows(*whole) == (whole, [RowsMissing])
    assert flows("LS-20261110-1", "HP2026") == (["LS-20261110-1"], [RowBroken, RowsMissing])
    assert flows(*whole, "LS-20261110-2") == ([*whole, "LS-20261110-2"], []), "nothing is lacking"
