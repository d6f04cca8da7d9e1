"""A place cell names a town in full and alone, or the complaint is the county's."""

from __future__ import annotations

import pytest

from mingjing_inspection.sources.said_town import town_said, towns_of

COUNTY = "330106"


@pytest.mark.parametrize(
    ("place", "region"),
    [
        ("西湖区蒋村街道文苑路1号", "330106012"),
        ("西湖区西湖街道", "330106015"),
        ("文苑路1号", COUNTY),
        ("蒋村街道与文新街道交界", COUNTY),
        ("", COUNTY),
    ],
)
def test_a_town_is_named_in_full_and_alone(place: str, region: str) -> None:
    assert town_said(place, towns_of(COUNTY), COUNTY) == region


def test_a_county_without_a_table_of_towns_keeps_its_complaints() -> None:
    assert town_said("蒋村街道", towns_of("990101"), "990101") == "990101"
