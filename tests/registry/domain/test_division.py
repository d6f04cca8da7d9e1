"""Places that are no more: an address that names one is followed to what stands for it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from mingjing_registry.domain.division import Division, Replaced, Town
from mingjing_registry.domain.kept_aside import Cell, Problem
from mingjing_registry.sources.addresses import place, read_sites
from mingjing_registry.sources.divisions import division

GONE = Replaced(code="330106099", name="老街镇", last_day=date(2021, 4, 8), successors=(("330106003", "灵隐街道"),))
WEST_LAKE = replace(division("330106"), replaced=(*division("330106").replaced, GONE))
GONGSHU = Division(
    "330105", "拱墅区", "杭州市", "浙江省", (Town("330105001", "武林街道", 4, 5),),
    elsewhere=("下城区", "江干区"), replaced=division("330106").replaced,
)  # fmt: skip


def read(address: str, county: Division, stated_on: date | None) -> tuple[str, list[str]]:
    problems: list[Problem] = []
    nothing = Cell(field="town", text="")
    (found,) = read_sites(Cell(field="sites", text=address), nothing, nothing, county, stated_on, problems.append)
    return found.town_code, [problem.suggestion for problem in problems if problem.code == "division-replaced"]


def test_an_address_in_a_county_that_went_into_this_one_lies_here() -> None:
    assert place("浙江省杭州市下城区武林街道1号", GONGSHU, lambda _: None).address == "拱墅区武林街道1号"
    assert read("杭州市下城区武林街道1号", GONGSHU, date(2026, 5, 31)) == ("330105001", ["拱墅区"])


def test_a_county_that_was_split_is_left_as_written_and_its_successors_named() -> None:
    code, successors = read("江干区武林街道1号", GONGSHU, None)
    assert (code, successors) == ("", ["上城区、钱塘区"])


@pytest.mark.parametrize(("stated_on", "told"), [(date(2021, 4, 8), []), (date(2021, 4, 9), ["灵隐街道"])])
def test_a_town_that_is_no_more_is_followed_and_told_of_from_its_end_on(stated_on: date, told: list[str]) -> None:
    assert read("西湖区老街镇三墩街1号", WEST_LAKE, stated_on) == ("330106003", told)


def test_a_place_that_stands_is_told_nothing_of() -> None:
    assert read("西湖区灵隐街道三墩街1号", WEST_LAKE, None) == ("330106003", [])


def test_a_code_is_called_what_the_table_calls_it() -> None:
    county = division()
    assert county.name_of("330106") == "西湖区"
    assert county.name_of("330106002") == county.name_of("330106002001005") != ""
    assert (county.name_of("33"), county.name_of("3301")) == (county.province, county.city)
    assert [county.name_of(code) for code in ("", "3", "330199", "110101001", "330106999")] == [""] * 5
