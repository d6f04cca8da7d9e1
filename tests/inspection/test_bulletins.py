"""The half-monthly bulletin: counted as it was known when the period ended, issued once, printed if it adds up."""

from __future__ import annotations

import hashlib
import io
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdfium2 import PdfDocument
from python_calamine import CalamineWorkbook

from inspection.conftest import World
from inspection.samples import PHOTO, visit_body
from inspection.test_api import known
from inspection.test_findings import looked
from mingjing_inspection.domain.bulletin import half_month, halves_before, last_before
from mingjing_inspection.domain.checklist import PATROL_V1
from mingjing_inspection.intake.bulletins import issue_daily, ratio


def failed(number: int) -> dict[str, Any]:
    answers = [
        {"item": one.code, "finding": "FAIL", "photos": [PHOTO]}
        if one.code == "C05"
        else {"item": one.code, "finding": "PASS"}
        for one in PATROL_V1.items
    ]
    body: dict[str, Any] = visit_body(observation={"outcome": "ISSUES", "answers": answers})
    return body


def problem(answer: Any) -> str:
    return str(answer.json()["type"]).removeprefix("urn:mingjing:problem:")


async def test_a_period_is_counted_as_it_was_known_issued_once_and_printed(world: World) -> None:
    await known(world)
    chief, officer = world.caller("inspector", "chief"), world.caller("grid-officer", "wang")
    for number in (1, 2):
        sent = await officer.send("PUT", f"/visits/{UUID(int=700 + number)}", json=failed(number))
        assert sent.status_code == 201, sent.text
        world.later(minutes=1)
    await looked(world, chief)
    first = await chief.send("GET", "/bulletin")
    assert first.status_code == 200, first.text
    now = first.json()["departments"]
    world.time.now = datetime(2026, 7, 16, 2, tzinfo=UTC)
    chief = world.caller("inspector", "chief")
    assert (await chief.send("GET", "/bulletins/2026-07-15")).status_code == 404
    said = await issue_daily(world.host, date(2026, 7, 16))
    assert said == "issued the bulletin of 2026-07-01 to 2026-07-15: 1 departments"
    assert (await issue_daily(world.host, date(2026, 7, 20))).startswith("nothing issued")
    late = visit_body(device_sent_at="2026-07-16T01:30:00+00:00")
    late_officer = world.caller("grid-officer", "wang")
    assert (await late_officer.send("PUT", f"/visits/{UUID(int=709)}", json=late)).status_code == 201
    chief.position = late_officer.position
    then = await chief.get("/bulletin", on="2026-07-15")
    (line,) = then["departments"]
    assert line == now[0] | {"overdue_findings": 2}, "nobody verified them until the period ended"
    assert (line["visits"], line["with_issues"], line["issue_bp"], line["findings"], line["repeated"]) == (
        2, 2, 10_000, 2, 1,
    )  # fmt: skip
    assert (line["sites"], line["visited"], line["coverage_bp"]) == (1, 1, 10_000)
    assert then["officers"] == [{"officer": "wang", "visits": 2, "with_issues": 2}]
    assert then["issued_position"] is not None
    pdf = await chief.send("GET", "/bulletins/2026-07-15")
    assert (pdf.status_code, pdf.headers["content-type"]) == (200, "application/pdf"), pdf.text
    assert is_on_the_page(pdf.content)
    again = await chief.send("GET", "/bulletins/2026-07-15")
    assert hashlib.sha256(again.content).digest() == hashlib.sha256(pdf.content).digest()
    sheet = await chief.send("GET", "/bulletin", params={"on": "2026-07-15", "format": "xlsx"})
    rows = CalamineWorkbook.from_filelike(io.BytesIO(sheet.content)).get_sheet_by_index(0).to_python()
    assert rows[1][:6] == ["文化和广电旅游体育局", 1, 1, 10_000, 2, 2]
    assert rows[2][0] == "人员 wang"
    town = world.caller("inspector", "town", region="330106109")
    assert (await town.send("GET", "/bulletins/2026-07-15")).status_code == 403
    assert (await world.caller("institution").send("GET", "/bulletins/2026-07-15")).status_code == 403
    assert (await world.caller("institution").get("/bulletin"))["departments"] == []


def is_on_the_page(content: bytes) -> bool:
    """No word of the first page leaves it at the right."""
    page = PdfDocument(content)[0]
    text = page.get_textpage()
    return max(text.get_charbox(number)[2] for number in range(text.count_chars())) < page.get_width()


@pytest.mark.parametrize(("day", "begins"), [(1, 1), (15, 1), (16, 16), (31, 16)])
def test_a_month_has_two_halves(day: int, begins: int) -> None:
    assert half_month(date(2026, 7, day)).begins_on == date(2026, 7, begins)


@given(st.dates(min_value=date(2020, 1, 1), max_value=date(2040, 1, 1)))
def test_every_day_follows_a_half_month_that_is_over(day: date) -> None:
    period = last_before(day)
    assert period.is_whole
    assert period.ends_on < day
    assert half_month(day).begins_on > period.ends_on
    assert ratio(0, 0) is None
    halves = halves_before(day, 5)
    assert halves[-1] == period
    assert all(one.ends_on + timedelta(days=1) == other.begins_on for one, other in pairwise(halves))


async def test_what_an_outage_missed_is_made_up_for(world: World) -> None:
    await known(world)
    world.time.now = datetime(2026, 7, 16, 2, tzinfo=UTC)
    await issue_daily(world.host, date(2026, 7, 16))
    world.time.now = datetime(2026, 8, 20, 2, tzinfo=UTC)
    said = await issue_daily(world.host, date(2026, 8, 20))
    assert [one[:47] for one in said.split("; ")] == [
        "issued the bulletin of 2026-07-16 to 2026-07-31",
        "issued the bulletin of 2026-08-01 to 2026-08-15",
    ]
    chief = world.caller("inspector", "chief")
    assert (await chief.get("/bulletin", on="2026-07-31"))["made_up_on"] == "2026-08-20"
    assert (await chief.get("/bulletin", on="2026-08-15"))["made_up_on"] is None
    assert (await chief.send("GET", "/bulletins/2026-07-31")).status_code == 200
