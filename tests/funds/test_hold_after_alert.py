"""A red alert that is confirmed proposes a release hold (X2); whoever confirmed it does not approve it."""

from __future__ import annotations

from typing import Any

from funds.test_api import ACCOUNT, problem
from funds.test_available_actions import LEGAL, alert_of, kind


async def judged(world: Any, is_confirmed: bool) -> Any:
    """A red alert, and what an official found."""
    song = world.caller("fund-regulator", "song")
    path = f"/alerts/{await alert_of(song)}"
    found = {"is_confirmed": is_confirmed, "evidence": "现场核查"}
    for step, body in (("acknowledgement", None), ("verification", None), ("judgement", found), ("judgement", found)):
        answer = await song.send("POST", f"{path}/{step}", json=body)
        assert step == "judgement" or answer.is_success, answer.text
    await world.host.runner.wait_for(await world.host.log.head())
    return song


async def test_a_confirmed_red_alert_proposes_a_hold_that_another_official_approves(world: Any) -> None:
    song, account = await judged(world, is_confirmed=True), f"/accounts/{ACCOUNT}"
    again = await song.send("POST", f"{account}/release-hold/proposal", headers=LEGAL)
    assert again.status_code == 200, "hers stands already"
    promoted, qin = world.caller("approver", "song"), world.caller("approver", "qin")
    refused = await promoted.send("POST", f"{account}/release-hold", headers=LEGAL)
    assert (refused.status_code, kind(refused.json())) == (403, "other-person-must")
    assert (await qin.send("POST", f"{account}/release-hold", headers=LEGAL)).status_code == 200


async def test_a_false_alarm_proposes_nothing(world: Any) -> None:
    await judged(world, is_confirmed=False)
    qin = world.caller("approver", "qin")
    assert problem(await qin.send("POST", f"/accounts/{ACCOUNT}/release-hold", headers=LEGAL)) == (
        409,
        "hold-not-proposed",
    )
