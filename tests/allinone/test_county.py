"""The sample county arrives in the order in which its files were sent."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date

from mingjing.county import FIRST_DAY, LAST_DAY, County, delivery_of, weeks


def test_every_file_has_its_day_and_masters_come_first() -> None:
    with County() as county:
        deliveries = county.deliveries()
    assert Counter(delivery.kind for delivery in deliveries) == {
        "master": 9,
        "daily": 486,
        "weekly": 26,
        "export": 6,
    }
    assert {delivery.kind for delivery in deliveries[:9]} == {"master"}
    days = [delivery.delivered_on for delivery in deliveries]
    assert days == sorted(days)


def test_a_file_sent_again_follows_its_original() -> None:
    with County() as county:
        paths = [delivery.path for delivery in county.deliveries()]
        again = [delivery.path for delivery in county.deliveries() if delivery.is_again]
    assert len(again) == 4
    original = "bank/湖畔商业银行/HP20260127_专户流水.csv"
    assert paths.index(original) < paths.index("bank/湖畔商业银行/HP20260127_专户流水_重发.csv")


def test_a_week_of_lessons_is_exported_the_day_after() -> None:
    week = delivery_of("lessons/课消明细_第01周_20251231-20260106.csv")
    assert (week.covers_from, week.covers_to) == (date(2025, 12, 31), date(2026, 1, 6))
    assert week.delivered_on == date(2026, 1, 7)


def test_a_bank_is_the_sender_of_its_folder() -> None:
    statement = delivery_of("bank/武林城市商业银行/托管账户流水_2026-04-10(补发).xlsx")
    assert (statement.folder, statement.sender) == ("bank", "武林城市商业银行")
    assert statement.covers_from == statement.covers_to == date(2026, 4, 10)


def test_the_weeks_fill_the_period() -> None:
    spans = list(weeks())
    assert len(spans) == 26
    assert (spans[0][0], spans[-1][1]) == (FIRST_DAY, LAST_DAY)


def test_the_answers_are_there() -> None:
    with County() as county:
        assert "ledger_policy" in json.loads(county.read("truth.json"))
