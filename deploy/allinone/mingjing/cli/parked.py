"""``mingjing parked``: messages that a service could not apply, for a person to mend and replay.

The one rule: nothing is decided here. The running service does it, and asks who it is and why.
"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote

import httpx
import typer

from mingjing.allinone import running
from mingjing.calling import ServiceAway, need_issuer
from mingjing.cli.screen import DATA, EXIT_CODES, AsJson, Data, Log, results, table
from mingjing.installation import ISSUER, Installation
from mingjing.keys import LOGS
from mingjing_kernel.refusal import Refusal

ADMINISTRATOR = "administrator"
SECONDS_MAX = 30.0

parked = typer.Typer(
    help="搁置消息：列出、修正、重放、舍弃。Messages that could not be applied: list, mend, replay, drop.",
    no_args_is_help=True,
    epilog=EXIT_CODES,
)
Service: Any = Annotated[Log, typer.Argument(metavar="SERVICE", help=f"服务 one of: {', '.join(LOGS)}")]
Id: Any = Annotated[str, typer.Argument(metavar="ID", help="消息编号，见 list。The message's id, see list.")]
Reason: Any = Annotated[str, typer.Option("--reason", help="理由，写入记录。Why; stands in the record.")]


class State(StrEnum):
    """What became of a parked message."""

    PARKED = "parked"
    REPLAYED = "replayed"
    DROPPED = "dropped"


class NothingRuns(Refusal):
    """The services are not up."""

    sentence = "Nothing runs in {directory}."
    remedy = "Start it with: mingjing up"
    status = 503


class FileUnreadable(Refusal):
    """The mended data is not text in UTF-8, or not ours to read."""

    sentence = "The file {path} cannot be read: {reason}."
    remedy = "Give a file of JSON in UTF-8 that you may read."
    status = 422


class ServiceRefused(Refusal):
    """The service said no; its own sentence is passed on."""

    sentence = "{service}: {reason}"
    remedy = "Do what the sentence says, then try again."


@parked.command("list", epilog=EXIT_CODES, short_help="列出 what waits")
def listing(
    service: Annotated[Log | None, typer.Argument(metavar="SERVICE", help=f"服务 one of: {', '.join(LOGS)}")] = None,
    state: Annotated[
        State,
        typer.Option(metavar="STATE", help="状态：parked 搁置中、replayed 已重放、dropped 已舍弃。Which of the three."),
    ] = State.PARKED,
    data: Data = DATA,
    as_json: AsJson = False,
) -> None:
    """列出搁置消息及原因，最早的在前。What waits and why, oldest first; all services when none is named."""
    asked = [service] if service else list(Log)
    found = {str(name): _ask(data, name, "GET", f"?state={state}") for name in asked}
    if as_json:
        results.print_json(data=found)
        return
    shown = table("服务 Service", "编号 Id", "来源 From", "位置 Position", "类型 Type", "原因 Why")
    for name, rows in found.items():
        for row in rows:
            why = f"{row['reason_zh']}\n[dim]{row['reason_en']}[/dim]"
            shown.add_row(name, row["id"], row["source"], str(row["position"]), row["type"], why)
    results.print(shown if shown.row_count else "没有搁置消息。 [dim]Nothing is parked.[/dim]")


@parked.command(epilog=EXIT_CODES, short_help="查看 one message whole")
def show(service: Service, id: Id, data: Data = DATA) -> None:
    """一条消息的全部内容。One message with its data."""
    results.print_json(data=_ask(data, service, "GET", f"/{quote(id, safe='')}"))


@parked.command(epilog=EXIT_CODES, short_help="修正 put better data beside the original")
def mend(
    service: Service,
    id: Id,
    file: Annotated[Path, typer.Argument(help="更正后的 JSON。The mended JSON.", exists=True, dir_okay=False)],
    reason: Reason,
    data: Data = DATA,
) -> None:
    """以更正后的内容重放时代替原文；原文保留。The mended data is used by a replay; the original stays beside it."""
    try:
        body = {"data": file.read_text(encoding="utf-8")}
    except (OSError, UnicodeDecodeError) as unreadable:
        raise FileUnreadable(path=file, reason=str(unreadable)) from unreadable
    _said("已修正 mended", _ask(data, service, "PUT", f"/{quote(id, safe='')}/data", reason, body))


@parked.command(epilog=EXIT_CODES, short_help="重放 react to it again")
def replay(service: Service, id: Id, data: Data = DATA) -> None:
    """再次处理；同样的命令编号，不会重复生效。React again, with the same command ids: nothing happens twice."""
    _said("已重放 replayed", _ask(data, service, "PUT", f"/{quote(id, safe='')}/replay"))


@parked.command(epilog=EXIT_CODES, short_help="舍弃 decide that it has no effect")
def drop(service: Service, id: Id, reason: Reason, data: Data = DATA) -> None:
    """决定该消息不产生效力，须说明理由；原文保留。Decide that it has no effect, and say why; nothing is deleted."""
    _said("已舍弃 dropped", _ask(data, service, "PUT", f"/{quote(id, safe='')}/drop", reason))


def _said(what: str, row: dict[str, Any]) -> None:
    results.print(f"{what}：{row['type']} {row['source']}/{row['position']}")


def _ask(data: Path, service: str, method: str, path: str, reason: str = "", body: Any = None) -> Any:
    state = running(Installation(data))
    if state is None:
        raise NothingRuns(directory=data)
    urls = state["urls"]
    need_issuer(urls)
    if service not in urls:
        raise ServiceAway(service=service, reason="it is not installed here")
    try:
        with httpx.Client(timeout=SECONDS_MAX, trust_env=False) as client:
            form = {"grant_type": "client_credentials", "client_id": ADMINISTRATOR}
            token = client.post(f"{urls[ISSUER]}/token", data=form).raise_for_status().json()["access_token"]
            headers = {"Authorization": f"Bearer {token}", **({"Mingjing-Reason": quote(reason)} if reason else {})}
            url = f"{urls[service]}/{service}/v1/parked{path}"
            answer = client.request(method, url, headers=headers, json=body)
            told = answer.json()
    except (httpx.HTTPError, ValueError) as away:
        raise ServiceAway(service=service, reason=str(away) or type(away).__name__) from away
    if answer.is_success:
        return told
    raise ServiceRefused(service=service, reason=f"{told.get('detail', '')} {told.get('detail_en', '')}")
