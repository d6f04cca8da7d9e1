"""``mingjing status``: what runs, and whether it can work."""

from __future__ import annotations

import json
from typing import Any

import typer

from mingjing.allinone import running
from mingjing.cli.announcing import NAMES
from mingjing.cli.screen import DATA, AsJson, Data, Exit, results, table
from mingjing.installation import Installation
from mingjing.service_process import answers


def status(data: Data = DATA, as_json: AsJson = False) -> None:
    """各服务是否在运行、能否工作。What runs and whether it is ready.

    Ends with 0 when every service is ready, with 1 when one is not or nothing runs.
    """
    state = running(Installation(data))
    ready = {name: answers(url) for name, url in state["ready"].items()} if state else {}
    if as_json:
        results.print(json.dumps(_summary(state, ready), ensure_ascii=False))
    elif state is None:
        results.print("没有在运行。启动：mingjing up  [dim]Nothing runs here. Start it with: mingjing up[/dim]")
    else:
        shown = table("服务 Service", "状态 State", "网址 URL")
        for name, url in state["urls"].items():
            shown.add_row(NAMES[name], "就绪 ready" if ready[name] else "未就绪 not ready", url)
        results.print(shown)
    if not ready or not all(ready.values()):
        raise typer.Exit(Exit.FOUND)


def _summary(state: dict[str, Any] | None, ready: dict[str, bool]) -> dict[str, Any]:
    urls = state["urls"] if state else {}
    services = {name: {"url": url, "ready": ready[name]} for name, url in urls.items()}
    return {"running": state is not None, "services": services}
