"""The county's register files through the public API, against the answers that came with them."""

import json
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from mingjing.county import County
from mingjing.issuer.people import institution_of
from mingjing_contracts.funds import CustodyAccountActivatedV1
from mingjing_kernel.identifiers import derived_id
from registry.conftest import Caller, World

Files = dict[str, bytes]


@pytest.fixture(scope="module", name="truth")
def make_truth() -> dict[str, Any]:
    with County() as county:
        return json.loads(county.read("truth.json"))  # type: ignore[no-any-return]


async def send_all(clerk: Caller, files: Files, *, backwards: bool = False) -> list[dict[str, Any]]:
    names = [name for name in files if not name.startswith("04")]
    order = [*(reversed(names) if backwards else names), *(name for name in files if name.startswith("04"))]
    answers = [await clerk.send(files[name], name) for name in order]
    assert [answer.status_code for answer in answers] == [200] * len(files), [answer.text for answer in answers]
    return [answer.json() for answer in answers]


async def everything(caller: Caller, path: str, **params: Any) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = []
    after: dict[str, Any] = {}
    while True:
        page = await caller.get(path, limit=500, **params, **after)
        items += page["items"]
        if page["next"] is None:
            return items
        after = {"after": page["next"]}


def active(right: dict[str, Any]) -> CustodyAccountActivatedV1:
    custody = right["custody"]
    return CustodyAccountActivatedV1(
        account_id=UUID(int=int(right["id"][1:])),
        institution_id=derived_id("institution", right["uscc"]),
        bank=custody["bank"],
        account_name=custody["account_name"],
        opened_on=date.fromisoformat(custody["opened"]),
    )


async def test_the_county_is_in_the_register_with_its_sites_and_its_whitelist(
    world: World, registry_files: Files, truth: dict[str, Any]
) -> None:
    clerk = world.caller("licensing-officer")
    first, second, third, notices = await send_all(clerk, registry_files)
    assert first["counts"] == {
        "rows": 100,
        "taken": 78,
        "withdrawn": 17,
        "notices": 0,
        "merged": 1,
        "kept_aside": 4,
    }
    assert (second["counts"]["taken"], second["counts"]["kept_aside"]) == (82, 1)
    assert (third["counts"]["taken"], third["counts"]["merged"], third["counts"]["kept_aside"]) == (22, 1, 1)
    assert (notices["counts"]["notices"], notices["counts"]["kept_aside"]) == (9, 0)

    aside = {row["cells"]["uscc"].strip() for row in (await clerk.get("/kept-aside"))["items"]}
    unregistered = {"I118", "I084", "I179", "I180"}
    known = {one["uscc"]: one for one in truth["institutions"] if one["id"] not in unregistered}
    gone = {one["uscc"] for kind in ("withdrawn", "revoked") for one in truth[kind]}
    listed = {one["uscc"]: one for one in await everything(clerk, "/institutions")}
    assert set(listed) == set(known) | gone
    assert len(aside) == 6
    for uscc, right in known.items():
        assert right["name"] == listed[uscc]["name"]
        assert listed[uscc]["institution_id"] == institution_of(uscc), "what a demo institution's grant names"
        assert right["department"].endswith("教育局") == (listed[uscc]["department"] == "education")
    sites = {site["address"] for site in await everything(clerk, "/sites", state="approved")}
    assert sites == {site["address"] for one in known.values() for site in one["sites"] if site["approved"]}

    assert (await world.public.get("/whitelist"))["items"] == []
    await world.tell(*(active(one) for one in known.values() if one["custody"]))
    white = {one["uscc"] for one in await everything(world.public, "/whitelist")}
    # No register says that I050's licence is suspended: that is a decision to be taken here.
    assert white == {one["uscc"] for one in known.values() if one["whitelisted"] or one["id"] == "I050"}
    assert (await world.replayed()).differences == 0


async def test_sending_a_file_again_changes_nothing(world: World, registry_files: Files) -> None:
    clerk = world.caller("licensing-officer")
    once = await send_all(clerk, registry_files)
    position = await world.host.log.head()
    again = await send_all(clerk, registry_files)
    assert [answer["repeated"] for answer in again] == [True] * 4
    assert await world.host.log.head() == position
    for answer in (*once, *again):
        del answer["position"], answer["repeated"]
    assert once == again


async def test_one_key_names_one_file(world: World, registry_files: Files) -> None:
    clerk, key = world.caller("licensing-officer"), UUID(int=7)
    (name, content), (other_name, other), *_ = registry_files.items()
    first = (await clerk.send(content, name, key=key)).json()
    again = (await clerk.send(content, name, key=key)).json()
    assert (first["repeated"], again["repeated"], first["counts"] == again["counts"]) == (False, True, True)
    refused = await clerk.send(other, other_name, key=key)
    assert (refused.status_code, refused.json()["type"]) == (409, "urn:mingjing:problem:command-id-reused")
    assert len(await everything(clerk, "/imports")) == 1


async def test_in_whichever_order_the_files_come_the_same_institutions_are_registered(
    world: World, registry_files: Files, truth: dict[str, Any]
) -> None:
    clerk = world.caller("licensing-officer")
    await send_all(clerk, registry_files, backwards=True)
    by_code = {one["uscc"]: one for one in await everything(clerk, "/institutions")}
    right = {one["uscc"]: one for one in truth["institutions"] if one["id"] not in {"I118", "I084", "I179", "I180"}}
    assert set(right) <= set(by_code)
    for uscc, one in right.items():
        assert one["name"] == by_code[uscc]["name"], uscc
        assert one["legal_rep"] == by_code[uscc]["legal_representative"], uscc
        assert one["licence_expires"] == by_code[uscc]["expires_on"], uscc


async def test_the_two_departments_that_disagree_are_told_so(world: World, registry_files: Files) -> None:
    clerk = world.caller("licensing-officer")
    await send_all(clerk, registry_files)
    (row,) = [
        one
        for one in (await clerk.get("/kept-aside"))["items"]
        if one["problems"][-1]["code"] == "contradicts-register"
    ]
    told = row["problems"][-1]
    assert (row["sheet"], row["row"], row["field"]) == ("艺术", 57, "legal_representative")
    assert ("毛涵" in told["sentence"], "张明帆" in told["sentence"], "核实" in told["remedy_zh"]) == (True, True, True)
