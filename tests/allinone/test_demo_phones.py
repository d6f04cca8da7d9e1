"""The demo's telephones: every kind of training finds a number in city and county, and none is anybody's."""

from __future__ import annotations

from datetime import UTC, datetime

from mingjing.demo.phone_book import SAMPLE, sample_phones
from mingjing.issuer.people import PEOPLE
from mingjing_inspection.domain.supervision_phone import PHONE, Level, Line, PublishPhone, Training

AT = datetime(2026, 7, 1, tzinfo=UTC)


def test_every_level_answers_for_both_trainings_and_each_number_is_a_sample() -> None:
    lines = [line for _, _, line in sample_phones()]
    kinds = {(line["level"], line["training"]) for line in lines}
    assert {(level, training) for level in ("CITY", "COUNTY") for training in ("SUBJECT", "NON_SUBJECT")} <= kinds
    assert all(line["phone"].startswith("0000-") and SAMPLE in line["hours"] for line in lines)
    assert len({line["phone"] for line in lines}) == len(lines)
    assert len({id for _, id, _ in sample_phones()}) == len(lines)


def test_each_is_taken_as_it_stands_from_somebody_of_its_place() -> None:
    for person, _, line in sample_phones():
        body = {**line, "level": Level(line["level"]), "training": Training(line["training"])}
        assert PHONE.decide(PublishPhone(line=Line(**body), by=person, at=AT), PHONE.initial)
        assert line["region"].startswith(PEOPLE[person].region)
