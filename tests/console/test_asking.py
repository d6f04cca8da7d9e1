"""Fields of forms: what is recorded, shown and sent back untouched is what was recorded."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingjing_console.asking import Asked, Cell, Unreadable, read, written
from mingjing_console.deeds import Deed, number, text
from mingjing_console.deeds_licence import APPLYING

TABLE = Asked(
    name="timetable",
    zh="课程表",
    en="Timetable",
    kind="table",
    cells=(
        Cell(name="item", zh="项目"),
        Cell(name="weekday", zh="周几", kind="weekday"),
        Cell(name="begins_minute", zh="开始", kind="clock"),
        Cell(name="lease_until", zh="租期至", kind="date", required=False),
    ),
)
WORDS = st.text("围棋书法abc09（）-；; ", min_size=1, max_size=20).map(str.strip).filter(bool)
ROWS = st.lists(
    st.fixed_dictionaries(
        {"item": WORDS, "weekday": st.integers(1, 7), "begins_minute": st.integers(0, 1_440)},
        optional={"lease_until": st.dates().map(lambda day: day.isoformat())},
    ),
    max_size=5,
)


@given(ROWS)
def test_a_table_is_read_as_it_was_written(rows: list[dict[str, Any]]) -> None:
    assert read(TABLE, written(TABLE, rows)) == rows


@given(st.integers(-(10**14), 10**14))
def test_an_amount_in_yuan_is_the_same_to_the_fen(fen: int) -> None:
    asked = Asked(name="income_fen", zh="收入", en="Income", kind="yuan")
    assert read(asked, written(asked, fen)) == fen


@pytest.mark.parametrize("line", ["围棋 | 周六 | 9：05", "围棋；6；9:05", "围棋\t六\t09:05"])
def test_a_line_may_be_typed_in_several_ways(line: str) -> None:
    assert read(TABLE, {"timetable": line}) == [{"item": "围棋", "weekday": 6, "begins_minute": 545}]


@pytest.mark.parametrize(
    "line", ["围棋", "围棋 | 周八 | 9:00", "围棋 | 周六 | 九点", "a | 周一 | 9:00 | 2026-01-01 | b"]
)
def test_what_cannot_be_read_names_the_field_and_the_line(line: str) -> None:
    with pytest.raises(Unreadable) as caught:
        read(TABLE, {"timetable": f"围棋 | 周六 | 9:00\n{line}"})
    assert caught.value.name == "timetable"
    assert "2" in caught.value.zh


@pytest.mark.parametrize("typed", ["1.005", "一", "1e999", "NaN"])
def test_what_is_no_amount_is_refused(typed: str) -> None:
    with pytest.raises(Unreadable):
        read(Asked(name="a", zh="", en="", kind="yuan"), {"a": typed})


def test_a_part_of_the_address_is_not_a_part_of_the_body() -> None:
    deed = Deed(path="/annual-checks/{year}/result", asks=(number("year", "年度", "Year"), text("a.b", "", "")))
    form = {"year": "2026", "a.b": "x"}
    assert (deed.address(form), deed.body(form)) == ("/annual-checks/2026/result", {"a": {"b": "x"}})
    for empty in ("", " ", "..", "/"):
        if empty == "/":
            assert deed.address({"year": empty}) == "/annual-checks/%2F/result"
            continue
        with pytest.raises(Unreadable):
            deed.address({"year": empty})


def test_an_untouched_profile_is_sent_as_it_is_recorded() -> None:
    profile = {
        "modes": ["offline"],
        "stages": ["primary", "junior"],
        "organizer": "新芽文化有限公司",
        "registering_body": "市场监督管理局",
        "registration_valid_until": "2030-01-01",
        "contract_version": "GF—2021—2604",
        "prices": [{"item": "围棋", "total_fen": 240_050, "lessons": 20, "minutes_per_lesson": 45}],
        "prices_published_at": "前台",
        "class_size_max": 20,
        "timetable": [{"item": "围棋", "weekday": 6, "begins_minute": 540, "ends_minute": 630}],
        "icp_filing": "浙ICP备1号",
        "hotline": "12345",
    }
    deed = APPLYING["record-profile"]
    assert deed.body(deed.typed(profile)) == profile
