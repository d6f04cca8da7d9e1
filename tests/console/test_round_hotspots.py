"""Visits to hot-spots on the officer's device: when and where to look, what was seen, and nothing lost on the way."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

from console.browser import browser
from console.test_browser import free_port, served
from console.test_round_page import FULL, INSPECTION, NARROW, TALL, outpost, ready  # noqa: F401 - a fixture
from console.world import NOW, County2026, token
from inspection.samples import GRID
from mingjing_inspection.codec_leads import HOTSPOT_VISITS
from mingjing_inspection.domain.hotspot import LeadPlace, PlanHotspotVisit, Slot, When
from mingjing_kernel.identifiers import new_id
from mingjing_kernel.log import Envelope, Outcome

LISTED = "document.getElementById('hotspots').innerText"
SAID = "document.getElementById('hotspot-said').innerText"
FORM = "document.getElementById('hotspot').elements"
NO_NETWORK = """(() => { window.real = window.fetch; window.fetch = (address, ...more) =>
  String(address).includes('/report') ? Promise.reject(new TypeError()) : window.real(address, ...more); })()"""


async def planned(county: County2026, days: int, address: str) -> UUID:
    """Somebody is to look so many days from today, at nine in the evening."""
    day, visit_id = date(2026, 7, 1) + timedelta(days=days), new_id()
    command = PlanHotspotVisit(
        grid=GRID,
        department="education",
        category="",
        when=When(slot=Slot.NIGHT, day=day, begins=1_140, ends=1_260, leads=2),
        places=(LeadPlace(lead_id=new_id(), address=address),),
        leads_open=3,
        threshold=3,
        policy="default/1",
        due_at=NOW + timedelta(days=days),
        at=NOW,
    )
    envelope = Envelope(command_id=new_id(), actor="system:hotspots", department="education", region=GRID)
    outcome = await county.hosts["inspection"].log.handle(HOTSPOT_VISITS, visit_id, command, envelope)
    assert isinstance(outcome, Outcome)
    await county.caught_up("inspection")
    return visit_id


async def test_a_hot_spot_is_looked_at_and_reported_on_a_phone_and_what_was_typed_outlasts_the_network(
    outpost: County2026,  # noqa: F811 - the fixture
    tmp_path: Path,
) -> None:
    visit_id = await planned(outpost, 1, "古翠路18号3单元301室")
    await planned(outpost, -9, "早已过去的地点")
    async with browser(tmp_path / "profile") as seen, served(outpost.hosts["console"].app(), free_port()) as url:
        await ready(outpost, seen, url)
        await seen.open(f"{url}/round", NARROW, TALL)
        await seen.until(f"{LISTED}.includes('古翠路18号3单元301室')")
        listed = await seen.value(LISTED)
        assert "2026-07-02 19:00–21:00 夜间 At night" in listed
        assert "早已过去" not in listed
        await seen.press("#hotspots button")
        await seen.until("!document.getElementById('hotspot').hidden")
        assert await seen.value(FULL) <= NARROW
        await seen.value(
            f"{FORM}.outcome.value = 'TRAINING_SEEN'; {FORM}.note.value = '三楼有十二名学生上课';"
            "document.getElementById('hotspot').dispatchEvent(new Event('input'))"
        )
        await seen.until(f"{SAID}.includes('草稿已存')")
        await seen.value(NO_NETWORK)
        await seen.press("#hotspot button[type=submit]")
        await seen.until(f"{SAID}.includes('没有网络')")
        await seen.open(f"{url}/round", NARROW, TALL)
        await seen.until(f"{LISTED}.includes('古翠路18号')")
        await seen.press("#hotspots button")
        await seen.until(f"{FORM}.note && {FORM}.note.value === '三楼有十二名学生上课'")
        await seen.press("#hotspot button[type=submit]")
        await seen.until(f"{SAID}.includes('已上报') && {LISTED}.includes('没有待巡查的热点网格')")
    await outpost.caught_up("inspection")
    headers = {"Authorization": f"Bearer {token('inspector')}"}
    visits = (await outpost.client.get(f"{INSPECTION}/hotspot-visits?state=MADE", headers=headers)).json()["items"]
    assert [(one["visit_id"], one["outcome"], one["note"]) for one in visits] == [
        (str(visit_id), "TRAINING_SEEN", "三楼有十二名学生上课")
    ]


async def test_what_was_written_of_a_hot_spot_is_its_writers_and_stays_until_it_is_let_go_of(
    outpost: County2026,  # noqa: F811 - the fixture
    tmp_path: Path,
) -> None:
    visit_id = await planned(outpost, 1, "竞舟路2号")
    async with browser(tmp_path / "profile") as seen, served(outpost.hosts["console"].app(), free_port()) as url:
        await ready(outpost, seen, url)
        await seen.open(f"{url}/round", NARROW, TALL)
        await seen.until(f"{LISTED}.includes('竞舟路2号')")
        await seen.press("#hotspots button")
        await seen.until("!document.getElementById('hotspot').hidden")
        await seen.value(
            f"{FORM}.note.value = '二楼灯亮着'; document.getElementById('hotspot').dispatchEvent(new Event('input'))"
        )
        await seen.until(f"{SAID}.includes('草稿已存')")
        for name, value in (await outpost.cookie("grid-officer", name="另一人")).items():
            await seen.ask("Network.setCookie", name=name, value=value, url=url)
        await seen.press("#hotspot button[type=submit]")
        await seen.until(f"{SAID}.includes('他人登录')")
        await ready(outpost, seen, url)
        said = {"outcome": "NO_ENTRY", "note": "另有人去过", "visited_at": NOW.isoformat()}
        await outpost.send("inspector", "POST", f"{INSPECTION}/hotspot-visits/{visit_id}/report", json=said)
        await seen.press("#hotspot button[type=submit]")
        await seen.until(f"{LISTED}.includes('草稿：此处已上报') && {LISTED}.includes('二楼灯亮着')")
        assert await seen.value(FULL) <= NARROW
        await seen.press("#hotspots button.quiet")
        await seen.until(f"{LISTED}.includes('没有待巡查的热点网格')")
