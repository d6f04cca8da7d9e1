"""The officer's page with the network off: the round is there, a report is written, and it comes in when it is back."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest

from conftest import Databases
from console.browser import Browser, browser
from console.test_browser import free_port, served
from console.world import NOW, County2026, host_of, token
from inspection.samples import MUDUO, SITE, approved, registered, visit_body
from inspection.test_plans import granted
from kernel.evidence.samples import picture
from mingjing_console import service as console
from mingjing_inspection import service as inspection
from mingjing_kernel.audit.keys import make_signing_key
from mingjing_kernel.broker.message import Message
from mingjing_kernel.identifiers import new_id
from mingjing_kernel.sealed.keyfile import make_key_file

NARROW, TALL = 360, 780
INSPECTION = "http://inspection/inspection/v1"
SHOTS = os.environ.get("MINGJING_SCREENSHOTS", "")
HERE = {"latitude": 30.27415, "longitude": 120.15515, "accuracy": 8}
SHOWN = "!document.getElementById('report').hidden"
FULL = "document.documentElement.scrollWidth"


@pytest.fixture(scope="module")
async def outpost(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[County2026]:
    """Console and inspection alone, with one institution: what an officer's device talks to."""
    directory = tmp_path_factory.mktemp("outpost")
    for name in ("sealing", "index"):
        make_key_file(directory / "keys" / f"{name}.key")
    make_signing_key(directory / "keys" / "inspection-signing.key")
    async with AsyncExitStack() as stack:
        services = (inspection.SERVICE, console.SERVICE)
        hosts = {service.name: await host_of(service, databases, directory, stack) for service in services}
        mounts = {f"http://{name}": httpx.ASGITransport(host.app()) for name, host in hosts.items()}
        client = await stack.enter_async_context(httpx.AsyncClient(mounts=mounts, timeout=60))
        for host in hosts.values():
            await host.client.aclose()
            host.client = client
            await stack.enter_async_context(host.running())
        made = County2026(hosts, client)
        told = (registered(), approved(), granted("officer-2", "grid-officer"))
        for number, contract in enumerate(told, start=1):
            message = Message(contract, contract.service(), number, contract.subject, NOW)
            await hosts["inspection"].log.handle_many(
                inspection.SERVICE.inbound[type(contract)](message, hosts["inspection"])
            )
        await made.caught_up("inspection")
        yield made


async def accepted_task(county: County2026) -> str:
    """A task of the officer's own."""
    task_id = str(new_id())
    body = {
        "institution_id": str(MUDUO),
        "site_id": str(SITE),
        "kind": "ROUTINE",
        "due_at": "2026-07-05T10:00:00+00:00",
        "reason": "群众反映关门",
    }
    await county.send("inspector", "PUT", f"{INSPECTION}/tasks/{task_id}", json=body)
    await county.send("grid-officer", "POST", f"{INSPECTION}/tasks/{task_id}/acceptance")
    return task_id


async def ready(county: County2026, seen: Browser, url: str) -> None:
    """Signed in, with a place that the browser may tell."""
    for name, value in (await county.cookie("grid-officer")).items():
        await seen.ask("Network.setCookie", name=name, value=value, url=url)
    page, seen.session = seen.session, ""
    await seen.ask("Browser.grantPermissions", permissions=["geolocation"], origin=url)
    seen.session = page
    await seen.ask("Emulation.setGeolocationOverride", **HERE)


async def choose(seen: Browser, selector: str, path: Path) -> None:
    """Choose a file, as a person does."""
    root = await seen.ask("DOM.getDocument")
    found = await seen.ask("DOM.querySelector", nodeId=root["root"]["nodeId"], selector=selector)
    await seen.ask("DOM.setFileInputFiles", files=[str(path)], nodeId=found["nodeId"])


async def visits_of(county: County2026, task_id: str) -> list[dict[str, Any]]:
    await county.caught_up("inspection")
    headers = {"Authorization": f"Bearer {token('inspector')}"}
    answer = await county.client.get(f"{INSPECTION}/visits?limit=500", headers=headers)
    return [one for one in answer.json()["items"] if one["task_id"] == task_id]


async def leads_of(county: County2026) -> list[dict[str, Any]]:
    await county.caught_up("inspection")
    headers = {"Authorization": f"Bearer {token('inspector')}"}
    items: list[dict[str, Any]] = (await county.client.get(f"{INSPECTION}/leads", headers=headers)).json()["items"]
    return items


async def test_a_lead_is_written_without_a_network_and_comes_in_with_its_photo(
    outpost: County2026, tmp_path: Path
) -> None:
    port, photo = free_port(), tmp_path / "sign.jpg"
    photo.write_bytes(picture(size=(640, 480), quality=80))
    app = outpost.hosts["console"].app()
    async with browser(tmp_path / "profile") as seen:
        async with served(app, port) as url:
            await ready(outpost, seen, url)
            await seen.open(f"{url}/round", NARROW, TALL)
            await seen.until("document.getElementById('tasks').innerText.length > 0")
            await seen.until("navigator.serviceWorker.controller !== null")
        await seen.open(f"{url}/round", NARROW, TALL)
        await seen.until("document.getElementById('fresh').innerText.includes('没有网络')")
        await seen.press("#lead-begin")
        await seen.until("document.querySelector('#lead [name=address]') !== null")
        for name, value in (
            ("address", "文三路100号2幢301室"), ("description", "钱多多教初中数学"), ("venue", "HOME"),
            ("weekday", "6"), ("begins", "09:00"), ("ends", "11:30"), ("yuan", "199.99"), ("person", "钱多多"),
            ("phone", "19900007777"), ("region", "330106109"),
        ):  # fmt: skip
            await seen.value(f"document.querySelector('#lead [name={name}]').value = {json.dumps(value)}")
        await choose(seen, "#lead input[name=photos]", photo)
        assert await seen.value(FULL) <= NARROW
        if SHOTS:
            await seen.screenshot(Path(SHOTS) / "round-lead-360.png")
        await seen.press("#lead button[type=submit]")
        await seen.until("document.getElementById('leads').innerText.includes('待上传')")
        assert await leads_of(outpost) == []
        async with served(app, port):
            await seen.value("dispatchEvent(new Event('online'))")
            await seen.until("document.getElementById('leads').innerText.includes('已上传')")
            assert "19900007777" not in await seen.value("document.body.innerText")
    (lead,) = await leads_of(outpost)
    assert (lead["address"], lead["summary"], lead["people"]) == ("文三路100号2幢301室", "钱**教初中数学", 1)
    assert lead["times"] == [{"weekday": 6, "begins": 540, "ends": 690}]
    assert lead["prices"] == [{"fen": 19_999, "per": "LESSON"}]
    assert (lead["longitude_e7"], lead["region"]) == (1_201_551_500, "330106109")
    headers = {"Authorization": f"Bearer {token('inspector')}"}
    evidence = await outpost.client.get(
        f"{INSPECTION}/evidence", params={"kind": "lead", "thing_id": lead["lead_id"]}, headers=headers
    )
    digest = hashlib.sha256(photo.read_bytes()).hexdigest()
    assert digest in evidence.text, evidence.text


async def test_a_report_is_written_without_a_network_and_comes_in_with_a_receipt(
    outpost: County2026, tmp_path: Path
) -> None:
    task_id, port = await accepted_task(outpost), free_port()
    photo = tmp_path / "door.jpg"
    photo.write_bytes(picture(size=(640, 480), quality=80))
    app = outpost.hosts["console"].app()
    async with browser(tmp_path / "profile") as seen:
        async with served(app, port) as url:
            await ready(outpost, seen, url)
            await seen.open(f"{url}/round", NARROW, TALL)
            await seen.until("document.getElementById('tasks').innerText.includes('木铎轩')")
            await seen.until("navigator.serviceWorker.controller !== null")
        # The network is off: nobody listens any more. The page comes back from the device.
        await seen.open(f"{url}/round", NARROW, TALL)
        await seen.until("document.getElementById('fresh').innerText.includes('没有网络')")
        await seen.press("#tasks button")
        await seen.until(SHOWN)
        await seen.value("document.querySelector('#report [name=outcome]').value = 'DOOR_CLOSED'")
        await seen.value("document.querySelector('#report [name=outcome]').dispatchEvent(new Event('change'))")
        await choose(seen, "#report input[name=photos]", photo)
        assert await seen.value(FULL) <= NARROW
        await seen.press("#report button[type=submit]")
        await seen.until("document.getElementById('queue').innerText.includes('待上传')")
        assert await visits_of(outpost, task_id) == []
        if SHOTS:
            await seen.screenshot(Path(SHOTS) / "round-offline-360.png")
        complaints = list(seen.complaints)
        async with served(app, port):
            await seen.value("dispatchEvent(new Event('online'))")
            await seen.until("document.getElementById('queue').innerText.includes('已上传')")
            await seen.until("document.querySelector('details.receipt') !== null")
            assert await seen.value(FULL) <= NARROW
            if SHOTS:
                await seen.screenshot(Path(SHOTS) / "round-receipt-360.png")
        # The network was off, and the worker does not wait for ever: that much the browser may say.
        later = seen.complaints[len(complaints) :]
        assert [one for one in later if "CONNECTION" not in one and "ABORTED" not in one] == []
    (visit,) = await visits_of(outpost, task_id)
    assert (visit["outcome"], visit["officer"], visit["files_missing"]) == ("DOOR_CLOSED", "苏小暑", 0)
    assert visit["photos"] == [hashlib.sha256(photo.read_bytes()).hexdigest()]
    assert visit["latitude_e7"] == 302_741_500


async def filled(seen: Browser, photo: Path, outcome: str = "DOOR_CLOSED", **fields: str) -> None:
    """The form of a report, as far as a person filled it in."""
    await seen.until(SHOWN)
    await seen.value(f"document.querySelector('#report [name=outcome]').value = {json.dumps(outcome)}")
    await seen.value("document.querySelector('#report [name=outcome]').dispatchEvent(new Event('change'))")
    for name, value in fields.items():
        await seen.value(f"document.querySelector('#report [name={name}]').value = {json.dumps(value)}")
    await choose(seen, "#report input[name=photos]", photo)
    await seen.value("document.getElementById('report').dispatchEvent(new Event('input'))")


async def test_drafts_wait_on_the_device_through_a_reload_without_a_network_and_corrections_follow(
    outpost: County2026, tmp_path: Path
) -> None:
    """Two reports, one of them left half-way; heads and a correction go in by themselves when the network is back."""
    tasks, port = [await accepted_task(outpost) for _ in range(2)], free_port()
    photo = tmp_path / "door.jpg"
    photo.write_bytes(picture(size=(640, 480), quality=80))
    app = outpost.hosts["console"].app()
    begin = "[...document.querySelectorAll('#tasks button')].find((one) => one.innerText.includes('{}')).click()"
    async with browser(tmp_path / "profile") as seen:
        async with served(app, port) as url:
            await ready(outpost, seen, url)
            await seen.open(f"{url}/round", NARROW, TALL)
            await seen.until("document.querySelectorAll('#tasks li').length >= 2")
            await seen.until("navigator.serviceWorker.controller !== null")
        await seen.open(f"{url}/round", NARROW, TALL)
        await seen.until("document.getElementById('fresh').innerText.includes('没有网络')")
        await seen.value(begin.format("开始巡查"))
        await seen.until("document.querySelector('#report [name=note]') !== null")
        await filled(seen, photo, note="雨中，写到一半", pupils="12", classes="1")
        await seen.until("document.getElementById('said').innerText.includes('草稿已存')")
        await seen.open(f"{url}/round", NARROW, TALL)
        await seen.until("document.getElementById('tasks').innerText.includes('继续草稿')")
        assert await seen.value(FULL) <= NARROW
        if SHOTS:
            await seen.screenshot(Path(SHOTS) / "round-draft-360.png")
        await seen.value(begin.format("继续草稿"))
        await seen.until("document.querySelector('#report [name=note]')?.value === '雨中，写到一半'")
        await seen.until("document.querySelector('#report [name=photos]').files.length === 1")
        await seen.until(SHOWN)
        await seen.press("#report button[type=submit]")
        # What waits is shown again and again meanwhile; a report is saved when its form is gone, its draft with it.
        await seen.until(f"!({SHOWN}) && document.getElementById('queue').innerText.includes('待上传')")
        await seen.until("!document.getElementById('tasks').innerText.includes('继续草稿')")
        await seen.value(begin.format("开始巡查"))
        await seen.until("document.querySelector('#report [name=note]')?.value === ''")
        await filled(seen, photo, note="第二份")
        await seen.press("#report button[type=submit]")
        await seen.until(f"!({SHOWN}) && document.querySelectorAll('#queue li').length === 2")
        # The first is corrected before it ever left the device.
        await seen.value(
            "[...document.querySelectorAll('#queue li')].find((one) => true).querySelector('button.quiet').click()"
        )
        await seen.until(f"{SHOWN} && document.querySelector('#report [name=reason]') !== null")
        assert await seen.value(FULL) <= NARROW
        corrected = await seen.value("document.querySelector('#report [name=note]').value")
        await seen.value("document.querySelector('#report [name=note]').value = '门口贴有停课通知'")
        await seen.value("document.querySelector('#report [name=reason]').value = '漏记'")
        # Its id comes before every other: what was saved later still goes in later.
        await seen.value("crypto.getRandomValues = (bytes) => bytes.fill(0)")
        if SHOTS:
            await seen.screenshot(Path(SHOTS) / "round-correction-360.png")
        await seen.press("#report button[type=submit]")
        await seen.until(f"!({SHOWN}) && document.querySelectorAll('#queue li').length === 3")
        async with served(app, port):
            await seen.value("dispatchEvent(new Event('online'))")
            done = "[...document.querySelectorAll('#queue li')].every((one) => one.innerText.includes('已上传'))"
            await seen.until(done)
    visits = [visit for task in tasks for visit in await visits_of(outpost, task)]
    assert {visit["note"] for visit in visits} == {"雨中，写到一半", "第二份", "门口贴有停课通知"} - {corrected}
    assert sorted(visit["version"] for visit in visits) == [1, 2]
    assert all(visit["files_missing"] == 0 for visit in visits)
    counted = [fact.event for fact in await outpost.hosts["inspection"].log.read(0, 1_000)
               if type(fact.event).__name__ == "HeadsCounted"]  # fmt: skip
    assert [(one.pupils, one.classes) for one in counted] == [(12, 1)]


HEADS_NOT_TAKEN = """new Promise((resolve) => {
  indexedDB.open("mingjing-round").onsuccess = ({ target }) => {
    const write = target.result.transaction("queue", "readwrite"), queue = write.objectStore("queue");
    queue.openCursor().onsuccess = ({ target: { result } }) =>
      result && queue.put({ ...result.value, heads: { pupils: 12, classes: 0 } }, result.key);
    write.oncomplete = () => { target.result.close(); resolve(true); };
  };
})"""


async def test_a_tap_on_another_task_keeps_the_draft_and_a_refused_count_holds_no_photo_back(
    outpost: County2026, tmp_path: Path
) -> None:
    for _ in range(2):
        await accepted_task(outpost)
    port, photo = free_port(), tmp_path / "door.jpg"
    photo.write_bytes(picture(size=(640, 480), quality=80))
    app = outpost.hosts["console"].app()
    async with browser(tmp_path / "profile") as seen:
        async with served(app, port) as url:
            await ready(outpost, seen, url)
            await seen.open(f"{url}/round", NARROW, TALL)
            await seen.until("document.querySelectorAll('#tasks li').length >= 2")
            await seen.until("navigator.serviceWorker.controller !== null")
        await seen.open(f"{url}/round", NARROW, TALL)
        await seen.until("document.querySelectorAll('#tasks li').length >= 2")
        await seen.press("#tasks li:nth-child(1) button")
        await seen.until(SHOWN)
        task_id = await seen.value("document.getElementById('report').dataset.task")
        await choose(seen, "#report input[name=photos]", photo)
        await seen.value(
            "document.querySelector('#report [name=note]').value = '甲的备注';"
            "document.getElementById('report').dispatchEvent(new Event('input'));"
            "document.querySelector('#tasks li:nth-child(2) button').click()"
        )
        await seen.until(f"{SHOWN} && document.getElementById('report').dataset.task !== '{task_id}'")
        await seen.until("document.getElementById('said').innerText.includes('草稿已存')")
        await seen.press("#tasks li:nth-child(1) button")
        await seen.until(f"{SHOWN} && document.querySelector('#report [name=note]').value === '甲的备注'")
        await filled(seen, photo, pupils="12", classes="0")
        await seen.press("#report button[type=submit]")
        await seen.until("document.getElementById('said').innerText.includes('至少有一个班')")
        await seen.value("document.querySelector('#report [name=classes]').value = '1'")
        await seen.press("#report button[type=submit]")
        await seen.until(f"!({SHOWN}) && document.getElementById('queue').innerText.includes('待上传')")
        await seen.until("document.getElementById('said').innerText.includes('没有网络')")  # it read the queue before
        await seen.value(HEADS_NOT_TAKEN)
        async with served(app, port):
            await seen.value("dispatchEvent(new Event('online'))")
            await seen.until("document.getElementById('queue').innerText.includes('已上传')")
            assert await seen.value("document.querySelector('#queue .bad').innerText.length > 0")
    (visit,) = await visits_of(outpost, task_id)
    assert (visit["note"], visit["files_missing"]) == ("甲的备注", 0)


async def test_the_way_to_the_service_is_for_the_officers_device_only(outpost: County2026) -> None:
    app = httpx.ASGITransport(outpost.hosts["console"].app())
    async with httpx.AsyncClient(transport=app, base_url="http://console") as anybody:
        assert (await anybody.get("/round")).headers["location"] == "/sign-in"
        assert (await anybody.get("/round/api/round")).status_code == 401
        anybody.cookies.update(await outpost.cookie("grid-officer"))
        own = await anybody.get("/round/api/round")
        assert (own.status_code, json.loads(own.content)["officer"]) == (200, "苏小暑")
        again = await anybody.get("/round/api/round", headers={"If-None-Match": own.headers["etag"]})
        assert again.status_code == 304
        assert (await anybody.get("/round/api/complaints")).status_code == 404
        foreign = {"Sec-Fetch-Site": "cross-site"}
        assert (await anybody.put(f"/round/api/bundles/{new_id()}", json={}, headers=foreign)).status_code == 403
        page = await anybody.get("/round")
        assert "script-src 'self'" in page.headers["content-security-policy"]
        assert "苏小暑" not in page.text


async def test_a_supervisor_decides_on_two_reports_under_one_id(outpost: County2026) -> None:
    visit_id, body = new_id(), visit_body()
    await outpost.send("grid-officer", "PUT", f"{INSPECTION}/visits/{visit_id}", json=body)
    other = body | {"observation": body["observation"] | {"note": "另一份"}}
    headers = {"Authorization": f"Bearer {token('grid-officer')}"}
    contested = await outpost.client.put(f"{INSPECTION}/visits/{visit_id}", json=other, headers=headers)
    assert contested.status_code == 409
    await outpost.caught_up("inspection")
    app = httpx.ASGITransport(outpost.hosts["console"].app())
    async with httpx.AsyncClient(transport=app, base_url="http://console") as supervisor:
        supervisor.cookies.update(await outpost.cookie("inspector", name="丁立夏"))
        shown = (await supervisor.get("/visit-parts")).text
        assert "同号异文" in shown
        action = re.findall(rf'action="(/visit-parts/{visit_id}/[0-9a-f]+/forcing)"', shown)[0]
        done = await supervisor.post(action, data={"reason": "电话核实"})
        assert done.status_code == 303, done.text
        assert str(visit_id) not in (await supervisor.get(done.headers["location"])).text
        twice = await supervisor.post(action.replace("forcing", "dismissal"), data={"reason": "重复"})
        assert twice.status_code == 409
        assert "已处理" in twice.text
