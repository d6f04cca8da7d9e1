"""One timeline out of what three services say about one institution.

One rule: nothing is judged here. Each moment says what its service said, in the words of the glossary.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mingjing_console.inspection_words import DOUBT, FINDING_STAGE, MATTER, RECTIFICATION_STAGE
from mingjing_console.words import CHANNEL, OUTCOME, SEVERITY, TASK_STATE, TRACK, WHY_NO_SITE, zh

ENDED = frozenset({"cleared", "closed"})
OVER = frozenset({"CLOSED", "WRITTEN_OFF"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """One thing on the timeline: when (ISO 8601), what kind, how it stands, what it says."""

    at: str
    kind: str
    state: str
    text: str
    note: str = ""
    is_grave: bool = False


def moments(
    things: Iterable[Mapping[str, Any]],
    registered: Mapping[str, Any],
    account: Mapping[str, Any] | None,
    alerts: Sequence[Mapping[str, Any]],
    findings: Iterable[Mapping[str, Any]] = (),
    rectifications: Iterable[Mapping[str, Any]] = (),
) -> list[Moment]:
    """Everything, latest first. An alert is told by the funds service, which knows how it ended."""
    told = {row["alert_id"] for row in alerts}
    found = [_thing(thing) for thing in things if thing["thing_id"] not in told]
    found += [_alert(row) for row in alerts]
    found += [_notice(row) for row in registered.get("notices", [])]
    found += [_finding(row) for row in findings]
    found += [_rectification(row) for row in rectifications]
    if registered.get("issued_on"):
        found.append(Moment(at=registered["issued_on"], kind="LICENCE", state="发证", text=""))
    if account and account["opened_on"]:
        found.append(Moment(at=account["opened_on"], kind="CUSTODY", state="开户", text=account["bank"]))
    return sorted(found, key=lambda one: one.at, reverse=True)


def _thing(thing: Mapping[str, Any]) -> Moment:
    match thing["kind"]:
        case "VISIT":
            return _visit(thing)
        case "COMPLAINT":
            return _complaint(thing)
        case "TASK":
            return _task(thing)
        case _:
            return _moment(thing, zh(SEVERITY, thing["state"]), thing["details"].get("rule", ""))


def _visit(thing: Mapping[str, Any]) -> Moment:
    failed = "、".join(thing["details"]["failed"])
    doubts = "、".join(zh(DOUBT, one) for one in thing["details"].get("doubts", ()))
    said = (f"不合格项 failed: {failed}" if failed else "", f"存疑 doubtful: {doubts}" if doubts else "")
    return _moment(thing, zh(OUTCOME, thing["state"]), " · ".join(filter(None, said)))


def _complaint(thing: Mapping[str, Any]) -> Moment:
    details = thing["details"]
    tracks = "、".join(zh(TRACK, track) for track in details["tracks"])
    words = "、".join(details["urgent_words"])
    note = " · ".join(
        part for part in (f"{zh(CHANNEL, details['channel'])} {details['number']}", tracks, words) if part
    )
    return _moment(thing, "紧急" if thing["grave"] else thing["state"], note)


def _task(thing: Mapping[str, Any]) -> Moment:
    details = thing["details"]
    why = zh(WHY_NO_SITE, details.get("why_no_site", ""))
    note = " · ".join(part for part in (details.get("rule", ""), why) if part)
    return _moment(thing, zh(TASK_STATE, thing["state"]), note)


def _moment(thing: Mapping[str, Any], state: str, note: str) -> Moment:
    return Moment(
        at=thing["happened_at"],
        kind=thing["kind"],
        state=state,
        text=thing["title"],
        note=note,
        is_grave=thing["grave"],
    )


def _alert(row: Mapping[str, Any]) -> Moment:
    ended = row["state"] in ENDED
    state = f"{zh(SEVERITY, row['severity'])}{'·已解除' if ended else ''}"
    return Moment(
        at=row["raised_on"],
        kind="ALERT",
        state=state,
        text=row["explanation_zh"],
        note=f"{row['rule']} · {row['rule_version']}",
        is_grave=row["severity"] == "RED" and not ended,
    )


def _finding(row: Mapping[str, Any]) -> Moment:
    return Moment(
        at=row["reported_at"],
        kind="FINDING",
        state=zh(FINDING_STAGE, row["stage"]),
        text=row["summary"],
        note=" · ".join((row["number"], zh(MATTER, row["matter"]))),
        is_grave=row["is_veto"] and row["stage"] not in OVER,
    )


def _rectification(row: Mapping[str, Any]) -> Moment:
    until = f"期限 due {row['deadline']}" if row["deadline"] else ""
    return Moment(
        at=row["began_at"],
        kind="RECTIFICATION",
        state=zh(RECTIFICATION_STAGE, row["stage"]),
        text=row["summary"],
        note=until,
        is_grave=row["stage"] == "FAILED",
    )


def _notice(row: Mapping[str, Any]) -> Moment:
    until = " 至 ".join(part for part in (row["begins_on"], row["ends_on"]) if part)
    return Moment(at=row["filed_on"], kind="NOTICE", state=row["matter"], text=row["content"], note=until)
