"""``mingjing status``: what runs, and whether it can work."""

from __future__ import annotations

import json
from typing import Any

import typer

from mingjing.allinone import running
from mingjing.cli.announcing import NAMES
from mingjing.cli.screen import DATA, AsJson, Data, Exit, results, table
from mingjing.installation import Installation
from mingjing.service_process import answers, health

_ANSWERS = "answers"
_TROUBLE = ("trying again", "the database is away")


def status(data: Data = DATA, as_json: AsJson = False) -> None:
    """各服务是否在运行、能否工作。What runs and whether it is ready.

    Ends with 0 when every service is ready, with 1 when one is not or nothing runs.
    """
    state = running(Installation(data))
    ready = {name: answers(url) for name, url in state["ready"].items()} if state else {}
    notes = {name: notes_on(health(url)) for name, url in state["ready"].items()} if state else {}
    if as_json:
        results.print(json.dumps(_summary(state, ready, notes), ensure_ascii=False))
    elif state is None:
        results.print("没有在运行。启动：mingjing up  [dim]Nothing runs here. Start it with: mingjing up[/dim]")
    else:
        shown = table("服务 Service", "状态 State", "网址 URL", "说明 Notes")
        for name, url in state["urls"].items():
            said = "就绪 ready" if ready[name] else "未就绪 not ready"
            shown.add_row(NAMES[name], said, url, "\n".join(notes[name]))
        results.print(shown)
    if not ready or not all(ready.values()):
        raise typer.Exit(Exit.FOUND)


def notes_on(said: dict[str, Any]) -> list[str]:
    """What somebody should know: trouble that a service overcomes by itself, and what waits for a person."""
    found = [str(said["fault"])] if said.get("fault") else []
    if said.get("database", _ANSWERS) != _ANSWERS:
        found.append(f"数据库 database: {said['database']}")
    if (relay := said.get("relay", {})).get("reason", "").startswith(_TROUBLE):
        found.append(f"转发 relay: {relay['reason']}")
    for source, inbox in said.get("inboxes", {}).items():
        if inbox["reason"].startswith(_TROUBLE):
            found.append(f"来自 {source} 的消息 messages of {source}: {inbox['reason']}")
        if inbox["parked_total"]:
            found.append(f"来自 {source} 的 {inbox['parked_total']} 条消息被搁置 parked: mingjing parked list")
    return found


def _summary(state: dict[str, Any] | None, ready: dict[str, bool], notes: dict[str, list[str]]) -> dict[str, Any]:
    urls = state["urls"] if state else {}
    services = {name: {"url": url, "ready": ready[name], "notes": notes[name]} for name, url in urls.items()}
    return {"running": state is not None, "services": services}
