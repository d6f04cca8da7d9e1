"""GeoReport v2 as its specification has it: services, requests, tokens, errors; JSON and XML say the same."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from lxml import etree

from inspection.conftest import World
from inspection.samples import registered
from mingjing_inspection.codec import COMPLAINTS
from mingjing_inspection.domain.complaint import Channel
from mingjing_inspection.sources.complaint_row import complaint_id
from mingjing_inspection.sources.geo_report import SERVICES, errors, rendered, service_of

KEY = "an-apps-own-key"
BASE = "/inspection/v1/open311/v2"
FORM = {
    "api_key": KEY,
    "jurisdiction_id": "330106",
    "service_code": "report",
    "address_string": "西湖区文三路 1 号",
    "attribute[RESPONDENT]": "木铎轩",
    "attribute[IDENTITY]": "ANONYMOUS",
    "description": "木铎轩书画没有办学许可证，仍在招生",
}


async def asked(world: World, path: str, **params: Any) -> httpx.Response:
    return await world.client.get(BASE + path, params=params)


async def posted(world: World, format_: str = "json", **changed: str) -> httpx.Response:
    form = {name: value for name, value in (FORM | changed).items() if value}
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    return await world.client.post(f"{BASE}/requests.{format_}", content=urlencode(form), headers=headers)


@pytest.fixture
async def open311(world: World) -> World:
    await world.again(open311_keys=(f"app:{sha256(KEY.encode()).hexdigest()}",))
    await world.tell(registered())
    return world


def plain(element: Any) -> Any:
    """An element as JSON would have it: repeated children are a list."""
    children = list(element)
    if not children:
        return element.text
    if len({child.tag for child in children}) == 1 and children[0].tag in ("service", "attribute", "value", "request"):
        return [plain(child) for child in children]
    return {child.tag: plain(child) for child in children}


def as_text(value: Any) -> Any:
    """JSON as XML would have it: every leaf a text."""
    match value:
        case dict():
            return {key: as_text(inner) for key, inner in value.items()}
        case list():
            return [as_text(inner) for inner in value]
        case bool():
            return str(value).lower()
        case None:
            return None
        case _:
            return str(value)


async def test_services_and_their_definitions_say_the_same_in_both_formats(world: World) -> None:
    for path in ("/services", "/services/report"):
        told, written = await asked(world, f"{path}.json"), await asked(world, f"{path}.xml")
        assert told.headers["content-type"] == "application/json; charset=utf-8"
        assert written.headers["content-type"] == "text/xml; charset=utf-8"
        assert written.content.startswith(b"<?xml version='1.0' encoding='utf-8'?>")
        assert plain(etree.fromstring(written.content)) == as_text(told.json())
    (first, *_) = (await asked(world, "/services.json", jurisdiction_id="330106")).json()
    expected = {"service_code", "service_name", "description", "metadata", "type", "keywords", "group"}
    assert set(first) == expected
    assert first["type"] == "realtime"
    root = etree.fromstring((await asked(world, "/services.xml")).content)
    assert (root.tag, {child.tag for child in root}) == ("services", {"service"})
    attribute = (await asked(world, "/services/report.json")).json()["attributes"][1]
    assert (attribute["datatype"], attribute["values"][0]["key"]) == ("singlevaluelist", "CONFIDENTIAL")


async def test_errors_are_told_in_the_form_of_the_specification(open311: World) -> None:
    cases = [
        (await asked(open311, "/services.json", jurisdiction_id="330108"), 404),
        (await asked(open311, "/services/none.json"), 404),
        (await asked(open311, "/services.yaml"), 404),
        (await asked(open311, "/requests/W2222.json"), 404),
        (await asked(open311, "/tokens/W2222.json"), 404),
        (await asked(open311, "/requests.json", status="lost"), 400),
        (await asked(open311, "/requests.json", start_date="yesterday"), 400),
        (await posted(open311, api_key=""), 403),
        (await posted(open311, api_key="wrong"), 403),
        (await posted(open311, service_code=""), 400),
        (await posted(open311, service_code="none"), 404),
        (await posted(open311, description=""), 400),
        (await posted(open311, address_string=""), 400),
        (await posted(open311, service_code="dispute"), 400),
        (await posted(open311, **{"attribute[SUM_YUAN]": "viel"}), 400),
        (await posted(open311, **{"attribute[IDENTITY]": "X"}), 400),
        (await posted(open311, phone="1" * 41), 400),
    ]
    for answer, status in cases:
        assert answer.status_code == status, answer.text
        (error,) = answer.json()
        assert (set(error), error["code"]) == ({"code", "description"}, status)
    written = etree.fromstring((await posted(open311, "xml", api_key="")).content)
    assert (written.tag, written[0].tag, written.findtext("error/code")) == ("errors", "error", "403")


async def test_without_a_key_of_an_app_nobody_posts(world: World) -> None:
    assert (await posted(world)).status_code == 403


async def test_a_post_is_a_complaint_and_the_same_form_is_the_same_one(open311: World) -> None:
    first, second = await posted(open311), await posted(open311)
    assert first.status_code == second.status_code == 201, first.text
    assert first.json() == second.json()
    (told,) = first.json()
    assert set(told) == {"service_request_id", "service_notice", "account_id"}
    number = told["service_request_id"]
    taken = (await open311.host.log.state(COMPLAINTS, complaint_id(Channel.WEB, number)))[0]
    assert (taken.intake.is_anonymous, taken.intake.place) == (True, FORM["address_string"])
    await open311.caught_up()
    (one,) = (await asked(open311, f"/requests/{number}.json")).json()
    assert one["agency_responsible"] in ("教育局", "文化和广电旅游体育局"), "an app shows it to the citizen"
    withheld = ("description", "lat", "long", "zipcode", "media_url", "address_id", "status_notes")
    assert [one[name] for name in withheld] == [None] * len(withheld)
    assert (one["status"], one["service_code"], one["address"]) == ("open", "report", "杭州市西湖区")
    assert datetime.fromisoformat(one["requested_datetime"]).hour == 0
    written = etree.fromstring((await asked(open311, f"/requests/{number}.xml")).content)
    assert plain(written) == as_text([one])
    (token,) = (await asked(open311, f"/tokens/{number}.json")).json()
    assert token == {"service_request_id": number, "token": number}


async def test_a_kind_and_month_with_few_is_not_listed(open311: World) -> None:
    for n in range(4):
        assert (await posted(open311, description=f"没有办学许可证，第{n}处")).status_code == 201
    await open311.caught_up()
    assert (await asked(open311, "/requests.json")).json() == []
    assert (await posted(open311, description="没有办学许可证，第五处")).status_code == 201
    await open311.caught_up()
    listed = (await asked(open311, "/requests.json")).json()
    assert len(listed) == 5
    assert "木铎轩" not in str(listed)
    assert (await asked(open311, "/requests.json", status="closed")).json() == []
    assert len((await asked(open311, "/requests.json", service_code="report", status="open")).json()) == 5
    assert (await asked(open311, "/requests.json", service_code="dispute")).json() == []
    both = ",".join(one["service_request_id"] for one in listed[:2])
    assert len((await asked(open311, "/requests.json", service_request_id=both)).json()) == 2


async def test_discovery_says_where_and_in_which_formats(world: World) -> None:
    (endpoint,) = (await asked(world, "/discovery.json")).json()["endpoints"]
    assert endpoint["formats"] == ["json", "xml"]
    assert endpoint["url"].endswith("/open311/v2")


def test_what_xml_does_not_know_is_left_out_and_markup_stays_text() -> None:
    written = rendered(errors(400, "a\x07<b>&"), "xml", "errors", {"errors": "error"})
    assert etree.fromstring(written).findtext("error/description") == "a<b>&"
    assert [service_of([one.track.value]).code for one in SERVICES if one.track] == [one.code for one in SERVICES]
