"""After-school providers and filings over HTTP: four eyes, schools' choices, and off the list when standing is lost."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import pytest

from mingjing_registry.codec import PROVIDERS
from mingjing_registry.domain.provider_facts import ProviderLeft
from registry.conftest import World
from registry.listing import Listed
from registry.test_api import MUDUO_ID, MUDUO_ROW, account, file, problem
from registry.test_blacklist import WITHDRAWAL
from registry.test_grounds import PENALTY
from registry.test_staff import put

SCHOOL, AGREEMENT, ENTRY, FILING = (UUID(int=number) for number in (50, 60, 61, 62))
TERM = {"from_on": "2026-09-01", "until_on": "2027-06-30"}


async def test_a_provider_whose_licence_is_suspended_leaves_the_list_and_its_schools_are_named(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    clerk, other = world.caller("licensing-officer"), world.caller("approver")
    await clerk.send(file(MUDUO_ROW), "名单.csv")
    path = f"/providers/{MUDUO_ID}"
    refused = problem(await put(clerk, path, {"services": ["书法"]}))
    assert refused[:2] == (409, "provider-not-in-good-standing")
    await world.tell(account())
    assert (await put(clerk, path, {"services": ["书法"]})).status_code == 200
    selection = TERM | {"decision_reference": "选1号"}
    assert problem(await clerk.post(f"{path}/selection", selection))[:2] == (403, "other-person-must")
    selected = await other.post(f"{path}/selection", selection)
    assert selected.status_code == 200, selected.text
    school = {"name": "第一小学", "division": "330106", "stage": "小学"}
    assert (await put(clerk, f"/schools/{SCHOOL}", school)).status_code == 200
    agreement = TERM | {"school_id": str(SCHOOL)}
    assert (await put(clerk, f"{path}/agreements/{AGREEMENT}", agreement)).status_code == 200
    found = {"part": "patrol", "points": 3, "reason": "迟到", "found_on": "2026-06-30"}
    assert (await put(clerk, f"{path}/deductions/{ENTRY}", found)).status_code == 200
    (listed,) = (await clerk.get("/providers", is_listed=True))["items"]
    assert (listed["points"], listed["deducted"], listed["agreements"][0]["school_id"]) == (97, 3, str(SCHOOL))
    await adopt_points(world)
    (elsewise,) = (await clerk.get("/providers"))["items"]
    assert (elsewise["points"], elsewise["deducted"]) == (98, 3), "no part falls below nothing"
    exported = (await clerk.read("/providers", format="csv")).text.splitlines()
    heads, cells = exported[0].lstrip("\ufeff").split(","), exported[1].split(",")
    printed = dict(zip(heads, cells, strict=True))
    assert (printed["考核扣分"], printed["考核得分"]) == ("3", "98"), "a file says what the page says"
    actions = {one["act"]: one["available"] for one in (await clerk.get(f"{path}/available-actions"))["actions"]}
    assert (actions["choose-provider"], actions["select-provider"]) == (True, False)
    before = clerk.position

    assert (await other.post(f"/institutions/{MUDUO_ID}/licence/suspension", PENALTY)).status_code == 200
    (gone,) = (await other.get("/providers"))["items"]
    assert (gone["is_listed"], gone["state"], gone["left_reason"]) == (False, "selected", "licence-suspended")
    assert world.host.deadlines is not None
    monkeypatch.setattr(world.host, "now", lambda: datetime(2026, 7, 1, 4, tzinfo=UTC))
    assert (await world.host.deadlines.step()).done == 1
    assert (await world.host.deadlines.step()).done == 0
    (left,) = [one for one in await world.host.log.history(PROVIDERS, MUDUO_ID) if isinstance(one.event, ProviderLeft)]
    assert (left.event.ground.value, left.event.schools) == ("standing-lost", (SCHOOL,))
    other.position = str(await world.host.log.head())
    (gone,) = (await other.get("/providers"))["items"]
    assert (gone["state"], gone["left_reason"], gone["schools_told"]) == ("left", "licence-suspended", [str(SCHOOL)])
    (notice,) = (await other.get("/school-notices"))["items"]
    assert (notice["school_name"], notice["provider_name"], notice["ground"], notice["told_on"]) == (
        "第一小学", "杭州木铎轩书画培训学校有限公司", "standing-lost", "2026-07-01",
    )  # fmt: skip
    mine = world.caller("school", subject="principal", organisation=str(SCHOOL))
    mine.position = other.position
    assert (await mine.get("/school-notices"))["items"] == [notice]
    theirs = world.caller("school", subject="other-principal", organisation=str(ENTRY))
    assert (await theirs.get("/school-notices"))["items"] == []
    assert len((await other.get("/providers", is_listed=True, as_of=f"@{before}"))["items"]) == 1
    assert (await world.replayed()).differences == 0


async def test_a_provider_whose_listing_was_annulled_waits_for_somebody_to_decide(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    clerk, other = world.caller("licensing-officer"), world.caller("approver")
    await clerk.send(file(MUDUO_ROW), "名单.csv")
    await world.tell(account())
    path = f"/providers/{MUDUO_ID}"
    assert (await put(clerk, path, {"services": ["书法"]})).status_code == 200
    assert (await other.post(f"{path}/selection", TERM | {"decision_reference": "选1号"})).status_code == 200
    listed = Listed(world)
    await listed.propose({"institution_id": str(MUDUO_ID)})
    await listed.go()
    keeper = world.host.deadlines
    assert keeper is not None
    await keeper.step()
    signing = listed.caller("approver")
    signing.position = other.position = str(await world.host.log.head())
    (off,) = (await other.get("/providers"))["items"]
    assert (off["state"], off["left_reason"], off["return_asked_on"]) == ("left", "blacklisted", None)
    refused = await other.post(f"{path}/return-refusal", {"reason": "学校另选他家"})
    assert problem(refused)[:2] == (409, "provider-return-not-due")
    assert (await listed.do(signing, "withdrawal", WITHDRAWAL)).status_code == 200
    other.position = signing.position
    (asked,) = (await other.get("/providers"))["items"]
    assert (asked["state"], asked["return_asked_on"]) == ("left", "2026-07-01")
    (clock,) = (await other.get("/deadlines", rule="provider-return"))["items"]
    assert (clock["due_on"], clock["working_days"]) == ("2026-07-06", 3)
    actions = {one["act"]: one["available"] for one in (await other.get(f"{path}/available-actions"))["actions"]}
    assert actions["decline-return"]
    monkeypatch.setattr(world.host, "now", lambda: datetime(2026, 7, 7, 4, tzinfo=UTC))
    await keeper.step()
    monkeypatch.undo()
    other.position = str(await world.host.log.head())
    (late,) = (await other.get("/deadlines", rule="provider-return"))["items"]
    assert late["fired_on"] == "2026-07-07"
    assert (await other.post(f"{path}/return-refusal", {"reason": "学校另选他家"})).status_code == 200
    assert (await other.get("/deadlines", rule="provider-return"))["items"] == []
    assert (await other.get("/providers"))["items"][0]["return_asked_on"] is None
    assert (await put(clerk, path, {"services": ["书法"]})).status_code == 200, "it may be proposed anew at any time"
    assert (await world.replayed()).differences == 0


async def adopt_points(world: World) -> None:
    """This county gives patrols two points."""
    version = f"/policies/after-school/versions/{UUID(int=9)}"
    shared = {
        "numbers": {"patrol": 2, "satisfaction": 58}, "region": "330106", "effective_on": "2026-07-01",
        "legal_basis": "本区办法", "reason": "重在满意度",
    }  # fmt: skip
    assert (await put(world.caller("approver"), version, shared)).status_code == 200
    assert (await world.caller("administrator").post(f"{version}/approval")).status_code == 201


async def test_what_is_filed_is_decided_on_by_another_person(world: World) -> None:
    clerk, other = world.caller("licensing-officer"), world.caller("approver")
    await clerk.send(file(MUDUO_ROW), "名单.csv")
    path = f"/institutions/{MUDUO_ID}/filings/{FILING}"
    body = {"kind": "advert", "title": "秋季招生", "evidence_sha256": "a" * 64, "channel": "community"}
    assert problem(await put(clerk, path, body | {"is_subject": True}))[1] == "subject-advert-forbidden"
    assert (await put(clerk, path, body)).status_code == 200
    assert problem(await clerk.post(f"/filings/{FILING}/acceptance", {}))[:2] == (403, "other-person-must")
    accepted = await other.post(f"/filings/{FILING}/acceptance", {"remark": "符合要求"})
    assert accepted.status_code == 200, accepted.text
    (item,) = (await other.get("/filings", kind="advert"))["items"]
    assert (item["state"], item["filed_by"], item["settled_by"]) == ("accepted", "licensing-officer", "approver")
    actions = {
        one["act"]: one["available"] for one in (await clerk.get(f"/filings/{FILING}/available-actions"))["actions"]
    }
    assert (actions["withdraw-item"], actions["refuse-item"]) == (True, False)
