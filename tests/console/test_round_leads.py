"""A lead that is written on the officer's device: kept as it is typed, gone on with, let go of."""

from __future__ import annotations

from pathlib import Path

from console.browser import browser
from console.test_browser import free_port, served
from console.test_round_page import FULL, HERE, NARROW, TALL, choose, leads_of, outpost, ready  # noqa: F401 - a fixture
from console.world import County2026
from kernel.evidence.samples import picture

LEAD_SHOWN = "!document.getElementById('lead').hidden && document.querySelector('#lead [name=description]') !== null"
LEAD_FORM = "document.getElementById('lead').elements"
TYPED = "document.getElementById('lead').dispatchEvent(new Event('input'))"


async def test_a_lead_is_kept_as_it_is_typed_and_is_one_lead_seen_where_it_was_begun(
    outpost: County2026,  # noqa: F811 - the fixture
    tmp_path: Path,
) -> None:
    port, photo = free_port(), tmp_path / "draft.jpg"
    photo.write_bytes(picture(size=(320, 240), quality=70))
    app, before = outpost.hosts["console"].app(), {one["lead_id"] for one in await leads_of(outpost)}
    async with browser(tmp_path / "profile") as seen:
        async with served(app, port) as url:
            await ready(outpost, seen, url)
            await seen.open(f"{url}/round", NARROW, TALL)
            await seen.until("document.getElementById('tasks').innerText.length > 0")
            await seen.until("navigator.serviceWorker.controller !== null")
        await seen.open(f"{url}/round", NARROW, TALL)
        await seen.until("document.getElementById('fresh').innerText.includes('没有网络')")
        await seen.press("#lead-begin")
        await seen.until(LEAD_SHOWN)
        await choose(seen, "#lead input[name=photos]", photo)
        await seen.value(
            f"{LEAD_FORM}.description.value = '写到一半的线索'; {LEAD_FORM}.address.value = '古翠路8号';"
            f"{LEAD_FORM}.phone.value = '19900008888'; {LEAD_FORM}.region.value = '330106109';"
            f"{LEAD_FORM}.teacher.checked = true;"
            f"{TYPED}"
        )
        await seen.until("document.getElementById('lead-said').innerText.includes('草稿已存')")
        await seen.until("document.getElementById('lead-begin').innerText.includes('继续线索草稿')")
        assert await seen.value(FULL) <= NARROW
        # The page is left, and opened again without a network; somewhere else by now.
        await seen.ask("Emulation.setGeolocationOverride", **(HERE | {"latitude": 30.5}))
        await seen.open(f"{url}/round", NARROW, TALL)
        await seen.until("document.getElementById('lead-begin').innerText.includes('继续线索草稿')")
        await seen.press("#lead-begin")
        await seen.until(f"{LEAD_SHOWN} && {LEAD_FORM}.description.value === '写到一半的线索'")
        assert await seen.value(f"[{LEAD_FORM}.teacher.checked, {LEAD_FORM}.photos.files.length]") == [True, 1]
        await seen.press("#lead button[type=submit]")
        await seen.until("document.getElementById('leads').innerText.includes('待上传')")
        await seen.until("!document.getElementById('lead-begin').innerText.includes('草稿')")
        # Another one is begun and let go of.
        await seen.press("#lead-begin")
        await seen.until(f"{LEAD_SHOWN} && {LEAD_FORM}.description.value === ''")
        await seen.value(f"{LEAD_FORM}.description.value = '弃用的'; {TYPED}")
        await seen.until("document.getElementById('leads').innerText.includes('弃用线索草稿')")
        await seen.press("#leads button.quiet")
        await seen.until("!document.getElementById('leads').innerText.includes('弃用线索草稿')")
        async with served(app, port):
            await seen.value("dispatchEvent(new Event('online'))")
            await seen.until("document.getElementById('leads').innerText.includes('已上传')")
    (lead,) = [one for one in await leads_of(outpost) if one["lead_id"] not in before]
    assert (lead["address"], lead["latitude_e7"]) == ("古翠路8号", 302_741_500)
