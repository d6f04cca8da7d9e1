"""The half-monthly bulletin of complaints: what became known between two positions, frozen, issued once, printed."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st
from pypdfium2 import PdfDocument
from python_calamine import CalamineWorkbook

from inspection.conftest import World
from inspection.samples import MUDUO
from inspection.test_complaint_tracks import Office, step
from mingjing_contracts.funds import PrepaidStatedV1
from mingjing_inspection.codec_figures import COMPLAINT_BULLETINS
from mingjing_inspection.domain.bulletin import half_month
from mingjing_inspection.intake.complaint_bulletins import (
    complaint_bulletin_id,
    issue_complaints_daily,
    per_1000,
)

LATER = datetime(2026, 7, 16, 2, tzinfo=UTC)
TEXT = "机构拖着不退钱，联系电话19900001111。"


def stated(pupils: int, day: int = 1) -> PrepaidStatedV1:
    return PrepaidStatedV1(
        institution_id=MUDUO, balance_fen=0, unconsumed_fen=0, contracts_open=pupils, pupils=pupils,
        on=date(2026, 7, day),
    )  # fmt: skip


def lines_of(answer: Any, by: str) -> dict[str, dict[str, Any]]:
    return {one["key"]: one for one in answer["items"] if one["by"] == by}


async def test_a_bulletin_counts_what_became_known_and_what_is_late_and_is_frozen(world: World) -> None:
    office = Office(world)
    tracks = [(await office.take(number, text=TEXT))["DISPUTE"] for number in (1, 2, 3)]
    await world.tell(stated(150))
    await world.tell(stated(150, 2))
    await step(office.router, tracks[0], "routing", matter="FEES")
    world.time.now = LATER
    office = Office(world)
    said = await issue_complaints_daily(world.host, date(2026, 7, 16))
    assert said == "issued the bulletin of complaints of 2026-07-01 to 2026-07-15: 3 complaints, 1 topics"
    assert (await issue_complaints_daily(world.host, date(2026, 7, 20))).startswith("nothing issued")
    for track in tracks[1:]:
        await step(office.router, track, "routing", matter="FEES")
    await world.tell(stated(999, 16))
    chief = world.caller("inspector", "chief")
    chief.position = str(await world.host.log.head())
    then = await chief.get("/complaint-bulletin", on="2026-07-15")
    whole = lines_of(then, "all")[""]
    assert then["issued_position"] is not None
    assert (whole["complaints"], whole["received"], whole["open"], whole["closed"]) == (3, 3, 3, 0)
    assert (whole["kept"], whole["missed"], whole["overdue_open"]) == (1, 0, 5), "the clocks of acceptance ran out, too"
    assert whole["on_time_bp"] == 1_666
    assert (whole["pupils"], whole["pupils_of"], whole["per_1000_pupils_hundredths"]) == (150, 1, 2_000)
    assert lines_of(then, "institution")[str(MUDUO)]["name"] == "杭州西湖区木铎轩书画培训学校有限公司"
    assert lines_of(then, "channel")["SUPERVISION_PHONE"]["name"] == "主管部门监督电话"
    now = await chief.get("/complaint-bulletin", on="2026-07-16")
    again = lines_of(now, "all")[""]
    assert (again["complaints"], again["kept"], again["missed"], again["open"]) == (0, 0, 2, 3), "each step counts once"
    assert again["pupils"] == 999
    period = {"since": "2026-07-01T00:00:00+08:00", "until": "2026-08-01T00:00:00+08:00"}
    for by in ("all", "institution", "town", "matter"):
        figures = (await chief.get("/complaint-figures", by=by, **period))["items"][0]
        assert (figures["complaints"], figures["pupils"], figures["per_1000_pupils_hundredths"]) == (3, 999, 300), by
    assert (await world.replayed()).differences == 0


async def test_an_issued_bulletin_is_printed_from_its_fact_and_names_nobody(world: World) -> None:
    office = Office(world)
    for number in (1, 2, 3):
        await office.take(number, text="王小明老师拖着不退钱，电话19900001111，一直推脱。")
    world.time.now = LATER
    await issue_complaints_daily(world.host, date(2026, 7, 16))
    fact = (await world.host.log.history(COMPLAINT_BULLETINS, complaint_bulletin_id(half_month(date(2026, 7, 15)))))[0]
    assert [(one.by, one.complaints) for one in fact.event.tallies if one.by == "all"] == [("all", 3)]
    assert "第121号" in fact.meta.legal_basis
    assert "第20号" not in fact.meta.legal_basis, "repealed before the period"
    chief = world.caller("inspector", "chief")
    path = "/complaint-bulletins/2026-07-15"
    pdf = await chief.send("GET", path)
    assert (pdf.status_code, pdf.headers["content-type"]) == (200, "application/pdf"), pdf.text
    pages = (page.get_textpage().get_text_bounded() for page in PdfDocument(pdf.content))
    text = "".join("".join(pages).split())
    assert "投诉通报〔2026〕第13期" in text
    assert "王小明" not in text
    assert "19900001111" not in text
    sheet = await chief.send("GET", path, params={"format": "xlsx"})
    rows = CalamineWorkbook.from_filelike(io.BytesIO(sheet.content)).get_sheet_by_index(0).to_python()
    assert rows[1][:3] == ["合计", "全县（市、区）", 3]
    assert [row[0] for row in rows[-2:]] == ["热点主题", "代表性反映"]
    assert "王小明" not in str(rows)
    own = await chief.send("GET", "/complaint-bulletin", params={"on": "2026-07-15", "format": "xlsx"})
    assert own.status_code == 200
    assert (await chief.send("GET", "/complaint-bulletins/2026-07-31")).status_code == 404
    town = world.caller("inspector", "town", region="330106109")
    assert (await town.send("GET", path)).status_code == 403
    outsider = world.caller("institution")
    assert (await outsider.send("GET", path)).status_code == 403
    assert (await outsider.get("/complaint-bulletin"))["items"] == []


@given(st.integers(min_value=0, max_value=10_000), st.integers(min_value=0, max_value=100_000))
def test_nobody_complains_per_thousand_pupils_whom_nobody_knows(complaints: int, pupils: int) -> None:
    rate = per_1000(complaints, pupils)
    assert (rate is None) == (pupils == 0)
    if rate is not None:
        assert rate * pupils <= complaints * 100_000 < (rate + 1) * pupils


def test_a_bulletin_has_one_stream_a_half_of_a_month() -> None:
    ids = {complaint_bulletin_id(half_month(date(2026, 7, day))) for day in range(1, 32)}
    assert len(ids) == 2
    assert all(isinstance(one, UUID) for one in ids)
