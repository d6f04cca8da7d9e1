"""What things on an officer's device share: a photo, two windows, a service that fails over one, two officers."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from console.browser import Browser, browser
from console.test_browser import free_port, served
from console.test_round_page import (  # noqa: F401 - a fixture
    INSPECTION,
    NARROW,
    SHOWN,
    TALL,
    accepted_task,
    choose,
    filled,
    leads_of,
    outpost,
    ready,
    visits_of,
)
from console.test_round_settled import QUEUE, saved_offline, stored
from console.world import County2026, token
from kernel.evidence.samples import picture

LEADS = "document.getElementById('leads').innerText"
LEAD_READY = "document.querySelector('#lead [name=description]') !== null && !document.getElementById('lead').hidden"
ONLINE = "dispatchEvent(new Event('online'))"
NO_LEADS = """(() => { window.real = window.fetch; window.fetch = (address, ...more) =>
  String(address).includes('/leads/') ? Promise.reject(new TypeError()) : window.real(address, ...more); })()"""
AGAIN = "window.fetch = window.real; 'network'"
HELD_ONCE = """(() => { window.real = window.fetch; let first = true;
  window.held = new Promise((go) => { window.go = go; });
  window.fetch = async (address, ...more) => {
    const answer = await window.real(address, ...more);
    if (first && String(address).includes('/parts/')) { first = false; window.isHeld = true; await window.held; }
    return answer;
  }; })()"""
SECOND_WINDOW = """import('/round-store.js').then(async (store) => {
  const { round } = await store.ownRound();
  window.behind = store.synchronise(round.officer, () => {}); })"""
SPY = """(() => { const real = window.fetch; window.asked = []; window.fetch = (address, ...more) => {
  window.asked.push(String(address)); return real(address, ...more); }; })()"""
FAILS_OVER_FIRST = """(() => { const real = window.fetch; let bad; window.fetch = (address, ...more) => {
  const [, bundle] = String(address).match(/bundles[/]([0-9a-f-]{36})/) ?? [];
  bad ??= bundle;
  return bundle && bundle === bad ? Promise.resolve(new Response('', { status: 500 })) : real(address, ...more);
  }; })()"""


STALE_WINDOW = """import('/round-store.js').then(async (store) => {
  const [before] = await store.all("queue");
  const about = { visitId: before.visitId, taskId: before.taskId, title: before.title };
  const stale = { observation: { note: "旧的" } };
  await store.enqueue(before.officer, stale, [], about).catch((why) => { window.why = why.message; });
  const [stands] = await store.all("queue");
  window.note = stands.observation.note; })"""
REFUSED = """(() => { window.real = window.fetch; window.fetch = (address, ...more) =>
  String(address).includes('/parts/')
    ? Promise.resolve(new Response(JSON.stringify({ detail: '检查表已停用。', remedy: '请更新。' }), { status: 422 }))
    : window.real(address, ...more); })()"""


async def lead_saved(seen: Browser, photo: Path, address: str) -> None:
    await seen.press("#lead-begin")
    await seen.until(LEAD_READY)
    for name, value in (("address", address), ("description", "有人授课"), ("region", "330106109")):
        await seen.value(f"document.querySelector('#lead [name={name}]').value = {json.dumps(value)}")
    await choose(seen, "#lead input[name=photos]", photo)
    await seen.press("#lead button[type=submit]")
    await seen.until(f"{LEADS}.includes('{address}') && {LEADS}.includes('待上传')")


async def test_a_photo_that_a_report_and_a_lead_both_have_reaches_both(
    outpost: County2026,  # noqa: F811 - the fixture
    tmp_path: Path,
) -> None:
    await accepted_task(outpost)
    port, photo = free_port(), tmp_path / "both.jpg"
    photo.write_bytes(picture(size=(300, 200), quality=71))
    async with browser(tmp_path / "profile") as seen:
        await saved_offline(outpost, seen, photo, port, note="门口")
        await lead_saved(seen, photo, "文一路9号")
        await seen.value(NO_LEADS)
        async with served(outpost.hosts["console"].app(), port):
            await seen.value(ONLINE)
            await seen.until(f"{QUEUE}.includes('已上传')")
            await seen.value(AGAIN)
            await seen.value(ONLINE)
            await seen.until(f"{LEADS}.includes('已上传')")
    (lead,) = [one for one in await leads_of(outpost) if one["address"] == "文一路9号"]
    asked = {"kind": "lead", "thing_id": lead["lead_id"]}
    headers = {"Authorization": f"Bearer {token('inspector')}"}
    evidence = await outpost.client.get(f"{INSPECTION}/evidence", params=asked, headers=headers)
    assert hashlib.sha256(photo.read_bytes()).hexdigest() in evidence.text, evidence.text


async def test_a_window_that_is_behind_does_not_undo_what_another_one_has_finished(
    outpost: County2026,  # noqa: F811 - the fixture
    tmp_path: Path,
) -> None:
    await accepted_task(outpost)
    port, photo = free_port(), tmp_path / "door.jpg"
    photo.write_bytes(picture(size=(300, 200), quality=72))
    async with browser(tmp_path / "profile") as seen:
        await saved_offline(outpost, seen, photo, port, note="门口")
        async with served(outpost.hosts["console"].app(), port):
            await seen.value(f"{HELD_ONCE}; {SECOND_WINDOW}; 'begun'")
            await seen.until("window.isHeld === true")
            await seen.value(ONLINE)
            await seen.until(f"{QUEUE}.includes('已上传')")
            await seen.value("window.go(); window.behind.finally(() => { window.isOver = true; }); 'let go'")
            await seen.until("window.isOver === true")
            assert (await stored(seen))[2:] == ["DONE", "1"]
            await seen.value("document.getElementById('sync').click()")
            await seen.until(f"!{QUEUE}.includes('没有这张照片') && {QUEUE}.includes('已上传')")


async def test_a_report_over_which_the_service_fails_holds_no_other_one_up(
    outpost: County2026,  # noqa: F811 - the fixture
    tmp_path: Path,
) -> None:
    tasks, port, photo = [await accepted_task(outpost) for _ in range(2)], free_port(), tmp_path / "door.jpg"
    photo.write_bytes(picture(size=(300, 200), quality=73))
    async with browser(tmp_path / "profile") as seen:
        await saved_offline(outpost, seen, photo, port, note="第一份")
        await seen.press("#tasks button")
        await filled(seen, photo, note="第二份")
        await seen.press("#report button[type=submit]")
        await seen.until(f"!({SHOWN}) && document.querySelectorAll('#queue li').length === 2")
        await seen.value(FAILS_OVER_FIRST)
        async with served(outpost.hosts["console"].app(), port):
            await seen.value(ONLINE)
            await seen.until(f"{QUEUE}.includes('已上传')")
            await seen.until("document.getElementById('said').innerText.includes('服务出错')")
            assert "待上传" in await seen.value(QUEUE)
    assert [one["note"] for task in tasks for one in await visits_of(outpost, task)] == ["第二份"]


async def test_a_lead_is_not_sent_in_the_name_of_whoever_signed_in_after_its_writer(
    outpost: County2026,  # noqa: F811 - the fixture
    tmp_path: Path,
) -> None:
    port, photo = free_port(), tmp_path / "sign.jpg"
    photo.write_bytes(picture(size=(300, 200), quality=74))
    app = outpost.hosts["console"].app()
    async with browser(tmp_path / "profile") as seen:
        async with served(app, port) as url:
            await ready(outpost, seen, url)
            await seen.open(f"{url}/round", NARROW, TALL)
            await seen.until("document.getElementById('tasks').innerText.length > 0")
        await lead_saved(seen, photo, "学院路77号")
        for name, value in (await outpost.cookie("grid-officer", name="另一人")).items():
            await seen.ask("Network.setCookie", name=name, value=value, url=url)
        async with served(app, port):
            await seen.value(SPY)
            await seen.value(ONLINE)
            await seen.until("window.asked.some((one) => one.endsWith('/round'))")
            await seen.until(f"!{LEADS}.includes('学院路77号')")
            assert await seen.value("window.asked.some((one) => one.includes('/leads/'))") is False
    assert "学院路77号" not in [one["address"] for one in await leads_of(outpost)]


async def test_of_a_report_that_is_refused_nobody_is_told_that_it_was_uploaded(
    outpost: County2026,  # noqa: F811 - the fixture
    tmp_path: Path,
) -> None:
    await accepted_task(outpost)
    port, photo = free_port(), tmp_path / "door.jpg"
    photo.write_bytes(picture(size=(300, 200), quality=75))
    async with browser(tmp_path / "profile") as seen:
        await saved_offline(outpost, seen, photo, port, note="门口")
        await seen.until("document.getElementById('said').innerText.includes('没有网络')")
        await seen.value(f"{REFUSED}; document.getElementById('said').textContent = ''")
        async with served(outpost.hosts["console"].app(), port):
            await seen.value(ONLINE)
            await seen.until(f"{QUEUE}.includes('检查表已停用')")
            await seen.value("document.getElementById('sync').click(); 'once more'")
            assert "已上传" not in await seen.value("document.getElementById('said').innerText")
            await seen.value(AGAIN)
            await seen.value(ONLINE)
            await seen.until(f"{QUEUE}.includes('已上传')")
            await seen.until("document.getElementById('said').innerText.includes('已上传')")


async def test_a_form_of_another_window_does_not_put_an_older_report_in_the_place_of_the_saved_one(
    outpost: County2026,  # noqa: F811 - the fixture
    tmp_path: Path,
) -> None:
    await accepted_task(outpost)
    port, photo = free_port(), tmp_path / "door.jpg"
    photo.write_bytes(picture(size=(300, 200), quality=76))
    async with browser(tmp_path / "profile") as seen:
        await saved_offline(outpost, seen, photo, port, note="写完整的")
        await seen.value(f"{STALE_WINDOW}; 'begun'")
        await seen.until("window.note !== undefined")
        assert await seen.value("window.note") == "写完整的"
        assert "已保存在本机" in await seen.value("window.why")
