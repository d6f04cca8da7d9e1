"""Which department answers, and what a replaced division code means: both are data with a time."""

from __future__ import annotations

from datetime import date

from mingjing_registry.domain.competence import Competence, competent
from mingjing_registry.domain.division import successors_of
from mingjing_registry.domain.particulars import Category
from mingjing_registry.sources.competences import competences
from mingjing_registry.sources.divisions import validities

ON = date(2026, 6, 30)


def test_every_category_has_its_department_everywhere() -> None:
    found = {category: competent(competences(), category, "330106", ON) for category in Category}
    assert found[Category.SPORT] == "culture-tourism-sport"
    assert all(found.values())


def test_a_county_may_divide_the_work_otherwise_for_a_time() -> None:
    there = Competence(
        region="330108", category=Category.SPORT, department="sport", valid_from=date(2025, 1, 1), valid_to=ON
    )
    table = (*competences(), there)
    assert competent(table, Category.SPORT, "330108001", ON) == "sport"
    assert competent(table, Category.SPORT, "330106001", ON) == "culture-tourism-sport"
    assert competent(table, Category.SPORT, "330108001", date(2026, 7, 1)) == "culture-tourism-sport"
    assert competent((), Category.SPORT, "330108", ON) == ""


def test_a_replaced_code_is_understood() -> None:
    table = validities()
    assert successors_of("330103", ON, table) == ("330105",)
    assert successors_of("330104", ON, table) == ("330102", "330114")
    assert successors_of("330103", date(2021, 4, 8), table) == ("330103",)
    assert successors_of("330106", ON, table) == ("330106",)
    assert successors_of("999999", ON, table) == ("999999",)
    assert set().union(*(line.successors for line in table.values())) <= set(table)
