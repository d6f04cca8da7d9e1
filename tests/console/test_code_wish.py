"""A family asks for a code to rate by: a work order that is called back about, and no complaint of the institution."""

from __future__ import annotations

import re
from urllib.parse import urlencode

import httpx

from console.test_track_pages import FORM, INSPECTION
from console.world import County2026, token

PHONE = "19900000686"


PAGE = "http://console/confirm/code"


async def asked(county: County2026, **form: str) -> httpx.Response:
    body = (await hidden(county)) | form
    return await county.client.post(PAGE, headers=FORM, content=urlencode(body))


async def hidden(county: County2026) -> dict[str, str]:
    page = await county.client.get(PAGE)
    return dict(re.findall(r'type="hidden" name="([a-z_]+)" value="([^"]+)"', page.text))


def told(page: httpx.Response) -> tuple[str, str]:
    """Number and secret, as she copies them."""
    number, secret = re.findall(r"<b>([A-Z0-9-]{13,})</b>", page.text)
    return number, secret


async def test_asking_is_a_work_order_with_the_number_and_tells_nothing_of_the_contract(county: County2026) -> None:
    answer = await asked(county, contract_no=" HT-601 ", phone=PHONE)
    assert answer.status_code == 200, answer.text
    assert "已收到" in answer.text
    assert PHONE not in answer.text
    found = re.search(r"<b>(W[A-Z0-9]+)</b>", answer.text)
    assert found is not None
    await county.caught_up("inspection")
    headers = {"Authorization": f"Bearer {token('hotline-operator')}"}
    address = f"{INSPECTION}/complaints?number={found[1]}"
    (item,) = (await county.client.get(address, headers=headers)).json()["items"]
    assert "HT-601" in item["text"]
    assert (item["tracks"], item["institution_id"], item["within_remit"]) == (["WORK_ORDER"], None, True)
    assert item["complainant_masked"]["phone"] == "199****0686"


async def test_a_second_click_shows_the_secret_that_opens_it(county: County2026) -> None:
    body = urlencode(await hidden(county) | {"contract_no": "HT-602", "phone": PHONE})
    first, second = [await county.client.post(PAGE, headers=FORM, content=body) for _ in range(2)]
    assert (first.status_code, second.status_code) == (200, 200), second.text
    assert told(first) == told(second)
    await county.caught_up("inspection")
    number, secret = told(second)
    key = urlencode({"number": number, "secret": secret})
    followed = await county.client.post("http://console/follow", headers=FORM, content=key)
    assert followed.status_code == 200
    assert number in followed.text


async def test_without_a_number_or_a_telephone_the_form_comes_back_with_what_was_typed(county: County2026) -> None:
    for form, kept in (({"contract_no": " ", "phone": PHONE}, PHONE), ({"contract_no": "HT-1", "phone": ""}, "HT-1")):
        answer = await asked(county, **form)
        assert answer.status_code == 422
        assert f'value="{kept}"' in answer.text
    assert "/confirm/code" in (await county.client.get("http://console/confirm")).text
