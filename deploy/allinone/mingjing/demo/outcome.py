"""What the demo came to: counted by the services, checked against the county's answers, proved by the log."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from mingjing.county import County, weeks
from mingjing.demo.caller import Caller
from mingjing.demo.play import Player

FIGURES = {
    "closing_fen": "closing",
    "unconsumed_fen": "U",
    "confirmed_unreleased_fen": "confirmed_unreleased",
    "interest_fen": "interest",
    "in_transit_fen": "in_transit",
    "difference_fen": "breaks",
}
"""Of an account at a week's end: our name, and the name in ``truth.json``."""
ALERTS_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Checked:
    """Our figures against the county's answers, to the fen."""

    compared: int
    different: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """Everything that the last screen shows."""

    institutions: int
    whitelisted: int
    visits: int
    complaints: int
    tasks: int
    events: int
    money: Mapping[str, Any]
    checked: Checked
    kept_aside: Mapping[str, int]
    alerts: Mapping[str, int]
    examples: tuple[Mapping[str, Any], ...]
    audit: Mapping[str, Mapping[str, Any]]
    seconds: float = 0.0
    story: Mapping[str, str] = field(default_factory=dict)

    def document(self) -> dict[str, Any]:
        """The same for a program."""
        return {
            "institutions": self.institutions,
            "whitelisted": self.whitelisted,
            "visits": self.visits,
            "complaints": self.complaints,
            "tasks": self.tasks,
            "events": self.events,
            "money": {**self.money, "compared": self.checked.compared, "different": list(self.checked.different)},
            "kept_aside": sum(self.kept_aside.values()),
            "kept_aside_by_service": dict(self.kept_aside),
            "alerts": sum(self.alerts.values()),
            "alerts_by_rule": dict(self.alerts),
            "audit": {name: dict(found) for name, found in self.audit.items()},
            "story": dict(self.story),
            "seconds": round(self.seconds, 1),
        }


async def gather(player: Player, proving: Coroutine[Any, Any, Mapping[str, Mapping[str, Any]]]) -> Outcome:
    """Ask the services and compare with the answers, while the logs are proved."""
    caller = player.caller
    audited = asyncio.create_task(proving)
    try:
        ends = [until for _, until in weeks()][: player.weeks]
        institutions = await caller.everything("auditor", "registry", "/institutions")
        whitelist = await caller.everything("auditor", "registry", "/whitelist")
        totals = await caller.get("auditor", "inspection", "/totals")
        balances = {until: await caller.get("fund-regulator", "funds", _on(until)) for until in ends}
        alerts = await caller.everything("fund-regulator", "funds", "/alerts")
        last = balances[ends[-1]]["totals"]
        checked = await asyncio.to_thread(_checked, balances)
        kept_aside = await _kept_aside(caller)
        audit = await audited
        return Outcome(
            institutions=len(institutions),
            whitelisted=len(whitelist),
            visits=totals["visits"],
            complaints=totals["complaints"],
            tasks=totals["tasks"],
            events=sum(int(found["size"]) for found in audit.values()),
            money={
                "received_fen": last["received_fen"],
                "released_fen": last["released_fen"],
                "refunded_fen": last["refunded_fen"],
                "held_fen": last["held_fen"],
                "unconsumed_fen": last["unconsumed_fen"],
                "balanced": checked.compared > 0 and not checked.different,
            },
            checked=checked,
            kept_aside=kept_aside,
            alerts=_by_rule(alerts),
            examples=tuple(sorted(alerts, key=lambda alert: alert["severity"] != "RED")[:ALERTS_SHOWN]),
            audit=audit,
            story=player.story,
        )
    finally:
        audited.cancel()  # where an answer failed, nobody waits for the proof


def _on(until: date) -> str:
    return f"/accounts/balances?day={until}"


def _checked(balances: Mapping[date, Any]) -> Checked:
    """Every account of the answers at every week's end; one that we lack is a difference, and so is one too many."""
    with County() as county:
        answers = json.loads(county.read("truth.json"))["accounts"]
    compared = 0
    different: list[str] = []
    for number, (until, found) in enumerate(balances.items()):
        ours = {account["number"]: account for account in found["accounts"]}
        surplus = sorted(ours.keys() - answers.keys())
        different += [f"{account} {until}: 答案中没有 not in the answers" for account in surplus]
        for name, answer in answers.items():
            compared += len(FIGURES)
            different += _differences(name, until, ours.get(name), answer["weekly"], number)
    return Checked(compared, tuple(different))


def _differences(name: str, until: date, ours: Any, weekly: Mapping[str, Any], number: int) -> list[str]:
    if ours is None:
        return [f"{name} {until}: 缺少 missing"]
    return [
        f"{name} {until} {theirs}: {ours[mine]} / {weekly[theirs][number]}"
        for mine, theirs in FIGURES.items()
        if ours[mine] != weekly[theirs][number]
    ]


async def _kept_aside(caller: Caller) -> dict[str, int]:
    people = {"registry": "licensing-officer", "inspection": "hotline-operator", "funds": "fund-regulator"}
    return {service: len(await caller.everything(person, service, "/kept-aside")) for service, person in people.items()}


def _by_rule(alerts: list[dict[str, Any]]) -> dict[str, int]:
    found: dict[str, int] = {}
    for alert in alerts:
        name = f"{alert['rule']} {alert['severity']}"
        found[name] = found.get(name, 0) + 1
    return dict(sorted(found.items()))
