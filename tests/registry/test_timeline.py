"""The timeline over HTTP: an institution's life from application to the end of the page, and as it was."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from registry.conftest import Caller, World
from registry.licence_story import licensed

NEW = {
    "name": "杭州新芽编程培训有限公司",
    "uscc": "91330106MA00001B3D",
    "items": "编程",
    "nature": "营利性",
    "address": "西湖区留下街道文三路1号",
}
SITE = {"address": "西湖区留下街道文三路2号", "town_code": "330106009", "grid_code": "", "area_m2": 90}


async def begun(world: World) -> tuple[Caller, str]:
    clerk = world.caller("licensing-officer", own="science")
    made = (await clerk.post("/institutions", NEW, reason="窗口登记")).json()
    return clerk, f"/institutions/{made['institution_id']}"


async def every(caller: Caller, path: str, **params: Any) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = []
    after: dict[str, str] = {}
    while True:
        page = await caller.get(path, limit=2, **params, **after)
        items += page["items"]
        if page["next"] is None:
            return items
        after = {"after": page["next"]}


async def test_what_happened_is_told_with_who_why_and_on_what_basis(world: World) -> None:
    clerk, path = await begun(world)
    registered = int(clerk.position)
    await licensed(world, clerk, path)
    said = await every(clerk, f"{path}/timeline")
    positions = [one["position"] for one in said]
    assert positions == sorted(set(positions), reverse=True)
    by_type = {one["type"]: one for one in said}
    first = by_type["registry.institution-registered.v1"]
    assert first["zh"] == "机构登记入册，名称“杭州新芽编程培训有限公司”，依据科学技术局名册。"
    assert (first["actor"], first["department"], first["reason"]) == ("licensing-officer", "science", "窗口登记")
    granted = by_type["registry.licence-approved.v1"]
    assert granted["en"].startswith("Licence 330106202600000001 was granted, valid until 2029-06-30")
    assert (granted["actor"], granted["policy_version"], granted["on"]) == ("chief", "default/1", "2026-07-01")
    assert granted["legal_basis"] == "民办教育促进法第十七条；行政许可法第三十八条"
    (site,) = (await clerk.get("/sites"))["items"]
    assert (site["state"], site["area_m2"], site["approved_on"]) == ("approved", 86, "2026-07-01"), "what it was for"
    assert by_type["registry.site-approved.v1"]["actor"] == "chief"
    again = await world.caller("licensing-officer", own="science", subject="chief").post(f"{path}/licence/approval")
    assert again.status_code == 409, "it is granted once"
    proof = granted["proof"].removeprefix("/registry/v1")
    assert proof == f"/log/proof/inclusion?position={granted['position']}"

    before = await every(clerk, f"{path}/timeline", as_of=f"@{registered}")
    assert [one["type"] for one in before] == ["registry.institution-registered.v1"]
    applied = await clerk.get(f"{path}/timeline", topic="application")
    assert {one["topic"] for one in applied["items"]} == {"application"}
    assert len(applied["items"]) == 5
    assert (await clerk.read(f"{path}/timeline", topic="nothing")).status_code == 422
    assert (await clerk.read(f"{path}/timeline", after="bmFu")).status_code == 400


async def test_sites_stand_in_it_for_whoever_may_see_them_and_have_their_own(world: World) -> None:
    clerk, path = await begun(world)
    proposed = await clerk.post(f"{path}/sites", SITE)
    assert proposed.is_success, proposed.text
    (site,) = (await clerk.get(f"{path}/timeline", topic="site"))["items"]
    assert (site["noun"], site["about"]) == ("site", SITE["address"])
    own = await clerk.get(f"/sites/{site['thing_id']}/timeline")
    assert [one["position"] for one in own["items"]] == [site["position"]]
    stranger = world.caller("licensing-officer", department="education", own="education")
    assert (await stranger.read(f"{path}/timeline")).status_code == 404
    nobody = f"/blacklist/files/{UUID(int=9)}/timeline"
    assert (await clerk.read(nobody)).status_code == 404
    assert (await clerk.read(f"/sites/{UUID(int=9)}/timeline")).status_code == 404
