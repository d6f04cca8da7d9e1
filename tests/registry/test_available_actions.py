"""What may I do to this institution, this site now; and licensing is not punishing, whoever signed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from registry.conftest import Caller, World
from registry.test_grounds import FILE, MUDUO_ID, PENALTY

PATH = f"/institutions/{MUDUO_ID}"
RENEWAL = {"expires_on": "2031-06-07"}


async def actions(caller: Caller, path: str) -> dict[str, Any]:
    """By name."""
    return {action["act"]: action for action in (await caller.get(f"{path}/available-actions"))["actions"]}


def kind(problem: dict[str, Any]) -> str:
    """The problem type, without the prefix."""
    return str(problem["type"]).rsplit(":", 1)[-1]


async def test_each_official_is_told_what_the_licence_allows_and_which_grant_is_missing(world: World) -> None:
    clerk, approver = world.caller("licensing-officer"), world.caller("approver")
    await clerk.send(FILE.encode(), "名单.csv")
    approver.position = clerk.position
    mine = await actions(clerk, PATH)
    assert {name for name, action in mine.items() if action["available"]} == {
        "ask-liability",
        "begin-closing",
        "declare-pause",
        "give-code",
        "open-annual-check",
        "order-rectification",
        "propose-change",
        "propose-site",
        "record-annual-check",
        "record-profile",
        "sign-renewal",
    }
    assert kind(mine["cancel-licence"]["why_not"]) == "liability-unknown"
    assert kind(mine["renew-licence"]["why_not"]) == "first-signature-missing"
    assert kind(mine["accept-application"]["why_not"]) == "licence-not-in-that-state"
    suspension = mine["suspend-licence"]["why_not"]
    assert kind(suspension) == "outside-scope"
    assert {role["role"] for role in suspension["missing"]["roles"]} == {"case-officer", "approver"}
    theirs = await actions(approver, PATH)
    assert {name for name, action in theirs.items() if action["available"]} == {
        "order-rectification",
        "revoke-licence",
        "suspend-licence",
    }


async def test_who_signed_a_licence_does_not_suspend_it_and_another_does(world: World) -> None:
    clerk, approver = world.caller("licensing-officer"), world.caller("approver")
    await clerk.send(FILE.encode(), "名单.csv")
    assert (await clerk.post(f"{PATH}/licence/renewal-signature", RENEWAL)).status_code == 200
    again = await clerk.post(f"{PATH}/licence/renewal")
    assert (again.status_code, kind(again.json())) == (409, "signatures-missing")
    # The approver is a licensing officer as well, and renews.
    renewing = world.caller("licensing-officer", subject="approver")
    assert (await renewing.post(f"{PATH}/licence/renewal")).status_code == 200
    clerk.position = renewing.position
    approver.position = clerk.position
    said = (await actions(approver, PATH))["suspend-licence"]["why_not"]
    refused = await approver.post(f"{PATH}/licence/suspension", PENALTY)
    assert (refused.status_code, kind(refused.json())) == (403, "other-person-must")
    assert (refused.json()["detail"], refused.json()["rule"]) == (said["detail"], said["rule"])
    assert "延续许可" in said["detail"]
    assert (await world.caller("case-officer").post(f"{PATH}/licence/suspension", PENALTY)).status_code == 200


async def test_a_site_is_its_institutions(world: World) -> None:
    clerk = world.caller("licensing-officer")
    await clerk.send(FILE.encode(), "名单.csv")
    (site,) = (await clerk.get("/sites"))["items"]
    path = f"/sites/{site['site_id']}"
    found = await actions(clerk, path)
    assert found["close-site"]["available"]
    assert kind(found["approve-site"]["why_not"]) == "site-not-in-that-state"
    elsewhere = world.caller("licensing-officer", region="330108")
    for thing in (path, PATH, f"/institutions/{UUID(int=9)}"):
        assert (await elsewhere.read(f"{thing}/available-actions")).status_code == 404
    refused = await elsewhere.post(f"{PATH}/annual-check", {"result": "pass"})
    assert (refused.status_code, "missing" in refused.json()) == (403, False)
