"""What may I do to this account, contract, alert now; and who took an alert on does not close it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from funds.test_api import ACCOUNT, CONTRACT, INSTITUTION, NEW_CONTRACT, opened

LEGAL = {"Mingjing-Reason": "withheld", "Mingjing-Legal-Basis": "L1"}
CLOSING = {"disposal": "other", "evidence": "bank receipt"}


async def actions(caller: Any, path: str) -> dict[str, Any]:
    """By name."""
    return {action["act"]: action for action in (await caller.get(f"{path}/available-actions"))["actions"]}


def kind(problem: dict[str, Any]) -> str:
    """The problem type, without the prefix."""
    return str(problem["type"]).rsplit(":", 1)[-1]


async def alert_of(regulator: Any) -> str:
    """An alert about an account that holds too little."""
    await opened(regulator, opening_fen=1_000_00)
    await regulator.send("POST", "/alerts/evaluations?day=2026-07-01")
    found = (await regulator.get("/alerts"))["items"]
    return str(found[0]["alert_id"])


async def test_the_lists_answer_for_one_institution(world: Any) -> None:
    song = world.caller("fund-regulator", "song")
    alert = await alert_of(song)
    for path, rows in (("/accounts", "items"), ("/accounts/balances", "accounts"), ("/alerts", "items")):
        every = await song.get(path)
        its = await song.get(path, institution_id=str(INSTITUTION))
        assert its[rows] == every[rows] != [], path
        assert (await song.get(path, institution_id=str(UUID(int=404))))[rows] == [], path
    assert alert in {row["alert_id"] for row in its["items"]}
    nobodys = await song.get("/accounts/balances", institution_id=str(UUID(int=404)))
    assert (nobodys["totals"]["accounts"], nobodys["totals"]["held_fen"]) == (0, 0)
    elsewhere = world.caller("fund-regulator", "li", region="330105")
    elsewhere.position = song.position
    for path, rows in (("/accounts", "items"), ("/accounts/balances", "accounts"), ("/alerts", "items")):
        assert (await elsewhere.get(path, institution_id=str(INSTITUTION)))[rows] == [], path


async def test_who_took_an_alert_on_does_not_close_it(world: Any) -> None:
    song, li = world.caller("fund-regulator", "song"), world.caller("fund-regulator", "li")
    path = f"/alerts/{await alert_of(song)}"
    li.position = song.position
    before = await actions(li, path)
    assert [name for name, action in before.items() if action["available"]] == ["acknowledge-alert"]
    assert kind(before["close-alert"]["why_not"]) == "not-at-this-stage"
    found = {"is_confirmed": True, "evidence": "visit of 1 July"}
    for caller, step, body in (
        (song, "acknowledgement", None),
        (song, "verification", None),
        (li, "judgement", found),
        (song, "plan", {"plan": "topped up within three days"}),
        (li, "resolution", None),
    ):
        caller.position = song.position = li.position = max(song.position, li.position, key=int)
        answer = await caller.send("POST", f"{path}/{step}", json=body)
        assert answer.status_code == 200, (step, answer.text)
    song.position = li.position
    mine = await actions(song, path)
    assert kind(mine["acknowledge-alert"]["why_not"]) == "not-at-this-stage"
    refused = await song.send("POST", f"{path}/closing", json=CLOSING)
    assert (refused.status_code, kind(refused.json())) == (403, "other-person-must")
    assert refused.json()["detail"] == mine["close-alert"]["why_not"]["detail"]
    assert (await li.send("POST", f"{path}/closing", json=CLOSING)).status_code == 200
    assert {kind(action["why_not"]) for action in (await actions(li, path)).values()} == {"alert-ended"}
    (alert,) = [row for row in (await li.get("/alerts"))["items"] if path.endswith(row["alert_id"])]
    assert (alert["state"], alert["plan"], alert["disposal"]) == ("closed", "topped up within three days", "other")


async def test_who_sees_an_alert_and_may_not_close_it_is_told_which_grant_is_missing(world: Any) -> None:
    song, auditor = world.caller("fund-regulator", "song"), world.caller("auditor")
    path = f"/alerts/{await alert_of(song)}"
    auditor.position = song.position
    refused = await auditor.send("POST", f"{path}/closing", json=CLOSING)
    assert (refused.status_code, kind(refused.json())) == (403, "outside-scope")
    assert [role["role"] for role in refused.json()["missing"]["roles"]] == ["fund-regulator"]
    elsewhere = world.caller("fund-regulator", region="330105")
    for answer in (
        await elsewhere.send("POST", f"{path}/closing", json=CLOSING),
        await elsewhere.read(f"{path}/available-actions"),
        await elsewhere.read(f"/accounts/{ACCOUNT}/available-actions"),
        await elsewhere.read(f"/contracts/{UUID(int=77)}/available-actions"),
    ):
        assert (answer.status_code, "missing" in answer.json()) == (404, False)


async def test_an_account_says_what_may_be_done_to_it(world: Any) -> None:
    regulator, approver = world.caller("fund-regulator", "song"), world.caller("approver", "qian")
    await opened(regulator)
    path = f"/accounts/{ACCOUNT}"
    found = await actions(regulator, path)
    assert {name for name, action in found.items() if action["available"]} == {
        "sign-contract",
        "request-closing",
        "propose-hold",
        "enter-freeze",
    }
    assert kind(found["close-account"]["why_not"]) == "account-not-in-state"
    assert kind(found["enter-unfreeze"]["why_not"]) == "nothing-frozen"
    assert kind(found["explain-entry"]["why_not"]) == "nothing-in-suspense"
    assert [role["role"] for role in found["hold-releases"]["why_not"]["missing"]["roles"]] == ["approver"]
    approver.position = regulator.position
    assert kind((await actions(approver, path))["hold-releases"]["why_not"]) == "hold-not-proposed"
    assert (await regulator.send("POST", f"{path}/release-hold/proposal", headers=LEGAL)).status_code == 200
    # Somebody who was made an approver since: the roles do not clash, but the person is the same.
    promoted = world.caller("approver", "song")
    refused = await promoted.send("POST", f"{path}/release-hold", headers=LEGAL)
    assert (refused.status_code, kind(refused.json())) == (403, "other-person-must")
    approver.position = regulator.position
    assert (await actions(approver, path))["hold-releases"]["available"]
    assert (await approver.send("POST", f"{path}/release-hold", headers=LEGAL)).status_code == 200


async def test_a_contract_says_what_may_be_done_to_it(world: Any) -> None:
    regulator = world.caller("fund-regulator", "song")
    await opened(regulator)
    await regulator.send("POST", "/contracts", json=NEW_CONTRACT)
    found = await actions(regulator, f"/contracts/{CONTRACT}")
    possible = {name for name, action in found.items() if action["available"]}
    assert possible == {
        "record-payment", "report-lesson", "open-family", "correct-family", "agree-clauses", "ask-confirmation",
        "dispute-lesson", "settle-lesson", "decide-alteration", "freeze-order", "unfreeze-order",
    }  # fmt: skip
    assert kind(found["request-refund"]["why_not"]) == "not-paid"
