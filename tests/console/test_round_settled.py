"""What lies with the service after it left the officer's device: photos that broke off, counts, what became of it."""

from __future__ import annotations

from pathlib import Path

from console.browser import Browser, browser
from console.test_browser import free_port, served
from console.test_round_page import (  # noqa: F401 - a fixture
    INSPECTION,
    NARROW,
    SHOWN,
    TALL,
    accepted_task,
    filled,
    outpost,
    ready,
)
from console.world import County2026, token
from inspection.samples import visit_body
from kernel.evidence.samples import picture
from mingjing_kernel.identifiers import new_id

QUEUE = "document.getElementById('queue').innerText"
PHOTOS_BREAK_OFF = """(() => { const real = window.fetch; window.fetch = (address, ...more) =>
  String(address).includes('/evidence') ? Promise.reject(new TypeError()) : real(address, ...more); })()"""
STORED = """new Promise((resolve) => {
  indexedDB.open("mingjing-round").onsuccess = ({ target }) => {
    const all = target.result.transaction("queue").objectStore("queue").getAll();
    all.onsuccess = () => { const [one] = all.result; target.result.close();
      resolve(`${one.visitId} ${one.parts[0].sha256} ${one.stage} ${one.sent.length}`); };
  };
}).then((said) => { window.stored = said; })"""
BACKWARDS = """(() => { const Real = Date; window.Date = class extends Real {
  constructor(...said) { if (said.length) super(...said); else super('2020-01-01T00:00:00Z'); } }; })()"""


async def saved_offline(outpost: County2026, seen: Browser, photo: Path, port: int, **fields: str) -> str:  # noqa: F811
    """A report of the officer's own task, saved while nobody listens. The address of the page."""
    async with served(outpost.hosts["console"].app(), port) as url:
        await ready(outpost, seen, url)
        await seen.open(f"{url}/round", NARROW, TALL)
        await seen.until("document.querySelectorAll('#tasks button').length >= 1")
        await seen.until("navigator.serviceWorker.controller !== null")
    await seen.open(f"{url}/round", NARROW, TALL)
    await seen.until("document.querySelectorAll('#tasks button').length >= 1")
    await seen.press("#tasks button")
    await filled(seen, photo, **fields)
    await seen.press("#report button[type=submit]")
    await seen.until(f"!({SHOWN}) && {QUEUE}.includes('待上传')")
    return url


async def stored(seen: Browser) -> list[str]:
    """Of the one report on the device: visit, digest, stage, how many photos are with the service."""
    await seen.value(f"window.stored = undefined; {STORED}; true")
    await seen.until("window.stored !== undefined")
    return str(await seen.value("window.stored")).split()


async def test_a_contested_report_sends_its_photos_by_itself_and_hears_that_it_was_taken(
    outpost: County2026,  # noqa: F811 - the fixture
    tmp_path: Path,
) -> None:
    await accepted_task(outpost)
    port, photo = free_port(), tmp_path / "door.jpg"
    photo.write_bytes(picture(size=(640, 480), quality=80))
    async with browser(tmp_path / "profile") as seen:
        url = await saved_offline(outpost, seen, photo, port, note="另一份", pupils="12", classes="1")
        visit_id, digest, *_ = await stored(seen)
        await outpost.send("grid-officer", "PUT", f"{INSPECTION}/visits/{visit_id}", json=visit_body())
        await seen.value(PHOTOS_BREAK_OFF)
        async with served(outpost.hosts["console"].app(), port):
            await seen.value("dispatchEvent(new Event('online'))")
            await seen.until(
                f"{QUEUE}.includes('同号异文') && document.getElementById('said').innerText.includes('没有网络')"
            )
            assert (await stored(seen))[2:] == ["CONTESTED", "0"]
            await seen.open(f"{url}/round", NARROW, TALL)
            await seen.until("document.getElementById('said').innerText.includes('已上传')")
            assert (await stored(seen))[2:] == ["CONTESTED", "1"]
            await outpost.caught_up("inspection")
            headers = {"Authorization": f"Bearer {token('inspector', name='丁立夏')}", "Idempotency-Key": str(new_id())}
            part = f"{INSPECTION}/visit-parts/{visit_id}/{digest}/forcing"
            forced = await outpost.client.post(part, headers=headers, json={"reason": "电话核实"})
            assert forced.status_code == 200, forced.text
            await seen.open(f"{url}/round", NARROW, TALL)
            await seen.until(f"{QUEUE}.includes('已上传')")
            assert (await stored(seen))[2:] == ["DONE", "1"]
    counted = [fact.event for fact in await outpost.hosts["inspection"].log.read(0, 1_000)
               if type(fact.event).__name__ == "HeadsCounted" and str(fact.id) == visit_id]  # fmt: skip
    assert [(one.pupils, one.classes) for one in counted] == [(12, 1)]


async def test_a_correction_goes_after_its_report_though_the_clock_of_the_phone_was_put_back(
    outpost: County2026,  # noqa: F811 - the fixture
    tmp_path: Path,
) -> None:
    await accepted_task(outpost)
    port, photo = free_port(), tmp_path / "door.jpg"
    photo.write_bytes(picture(size=(640, 480), quality=80))
    async with browser(tmp_path / "profile") as seen:
        await saved_offline(outpost, seen, photo, port, note="写错了")
        await seen.value(BACKWARDS)
        await seen.press("#queue button.quiet")
        await seen.until(f"{SHOWN} && document.querySelector('#report [name=reason]') !== null")
        await seen.value("document.querySelector('#report [name=note]').value = '门口贴有停课通知'")
        await seen.value("document.querySelector('#report [name=reason]').value = '漏记'")
        await seen.press("#report button[type=submit]")
        await seen.until(f"!({SHOWN}) && document.querySelectorAll('#queue li').length === 2")
        async with served(outpost.hosts["console"].app(), port):
            await seen.value(
                "window.stages = new Set(); setInterval(() => document.querySelectorAll('#queue li')"
                ".forEach((one) => window.stages.add(one.className)), 5)"
            )
            await seen.value("dispatchEvent(new Event('online'))")
            done = "[...document.querySelectorAll('#queue li')].every((one) => one.innerText.includes('已上传'))"
            await seen.until(done)
            assert await seen.value("[...window.stages].includes('stage-HELD')") is False
            visit_id, *_ = await stored(seen)
    await outpost.caught_up("inspection")
    headers = {"Authorization": f"Bearer {token('inspector')}"}
    visits = (await outpost.client.get(f"{INSPECTION}/visits?limit=500", headers=headers)).json()["items"]
    assert [(one["note"], one["version"]) for one in visits if one["visit_id"] == visit_id] == [("门口贴有停课通知", 2)]
