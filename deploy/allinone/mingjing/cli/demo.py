"""``mingjing demo``: everything up, the sample county's half year, and what came of it."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from dataclasses import replace
from time import monotonic
from typing import Annotated, Any

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from mingjing.allinone import AllInOne
from mingjing.auditing import audit_side_by_side
from mingjing.calling import ISSUER_VARIABLE, NoDevelopmentIssuer
from mingjing.cli.screen import DATA, AsJson, Data, Exit, notes, results, say, table
from mingjing.cli.up import interrupts, running, show_addresses
from mingjing.demo import Outcome, Player, gather, play
from mingjing.demo.caller import Caller
from mingjing_kernel import loop

_YUAN = 100
WEEKS = 26
"""All that the county has; a test plays fewer."""


def demo(
    data: Data = DATA,
    leave: Annotated[bool, typer.Option("--exit", help="演示后退出。End when the demo is over.")] = False,
    as_json: AsJson = False,
    weeks: Annotated[int, typer.Option("--weeks", hidden=True, min=1, max=WEEKS)] = WEEKS,
) -> None:
    """演示：启动全部服务，重放西湖区样例县半年的数据，对账到分，验证日志。

    Starts everything, imports the sample county, plays its 26 weeks through the public addresses, compares every
    account at every week's end with the county's answers to the fen, and proves the log. Everything in it is invented.

    It stays up for you to look around; --exit ends it. On a data directory where it was played to its end before, only
    the summary is made again, from what is in the logs; where it was interrupted, it is played again, and nothing
    happens twice.
    """
    began = monotonic()
    if ISSUER_VARIABLE in os.environ:
        raise NoDevelopmentIssuer(variable=ISSUER_VARIABLE)
    with running(data, is_demo=True) as everything:
        outcome = loop.run(_live(everything, began, weeks))
        show(outcome)
        show_addresses(everything)
        if not leave:
            asked = interrupts()
            say("服务仍在运行，按 Ctrl-C 停止。", "Everything stays up; press Ctrl-C to stop.")
            if as_json:
                _print(outcome)
            asked.wait()
    if as_json and leave:
        _print(outcome)
    if not outcome.money["balanced"] or not all(found["verified"] for found in outcome.audit.values()):
        raise SystemExit(Exit.FOUND)


async def _live(everything: AllInOne, began: float, weeks: int) -> Outcome:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=notes, transient=True) as bar:
        task = bar.add_task("样例县 sample county", total=None)

        def report(zh: str, en: str, done: int, total: int) -> None:
            bar.update(task, description=f"{zh} {en}", completed=done, total=total)

        async with Caller(everything.urls) as caller:
            player = Player(caller, report, weeks)
            await play(player)
            if player.is_repeat:
                say("样例县已经重放过，只作汇总。", "The county was played here before; only the summary is made.")
            bar.update(task, description="验证日志并汇总 proving the log, summing up", total=None)
            audit = audit_side_by_side(everything.postgres.url, everything.installation.keys)
            outcome = await gather(player, audit)
            return replace(outcome, seconds=monotonic() - began)


def show(outcome: Outcome) -> None:
    """The last screen: what a regulator wants to know."""
    results.print("\n[bold]西湖区样例县 2025-12-31 至 2026-06-30[/bold]  Sample county; everything in it is invented\n")
    shown = table("", "", "")
    for zh, en, figure in _lines(outcome):
        shown.add_row(zh, figure, f"[dim]{en}[/dim]")
    results.print(shown)
    for alert in outcome.examples:
        colour = "red" if alert["severity"] == "RED" else "yellow"
        results.print(f"  [{colour}]●[/{colour}] {alert['institution_name']}：{alert['explanation_zh']}")
        results.print(f"    [dim]{alert['explanation_en']}[/dim]")
    _show_story(outcome.story)
    _show_audit(outcome.audit)
    if outcome.checked.different:
        results.print("[red]与答案不符 Different from the answers:[/red]")
        for line in outcome.checked.different[:10]:
            results.print(f"  {line}")
    results.print(f"\n用时 {outcome.seconds:.1f} 秒  [dim]took {outcome.seconds:.1f} s, start included[/dim]\n")


def _lines(outcome: Outcome) -> list[tuple[str, str, str]]:
    money = outcome.money
    same = outcome.checked.compared - len(outcome.checked.different)
    by_rule = "，".join(f"{name} {count}" for name, count in outcome.alerts.items())
    aside = "，".join(f"{name} {count}" for name, count in outcome.kept_aside.items())
    return [
        ("机构", "institutions known", f"{outcome.institutions:,}"),
        ("白名单", "on the whitelist", f"{outcome.whitelisted:,}"),
        ("巡查", "visits", f"{outcome.visits:,}"),
        ("投诉举报", "complaints", f"{outcome.complaints:,}"),
        ("检查任务", "urgent inspections that followed from RED alerts", f"{outcome.tasks:,}"),
        ("收到预收费", "prepaid tuition received", _yuan(money["received_fen"])),
        ("拨付机构", "released to institutions", _yuan(money["released_fen"])),
        ("退还家长", "refunded to families", _yuan(money["refunded_fen"])),
        ("托管余额", "held in custody", _yuan(money["held_fen"])),
        ("未消课负债", "owed in lessons", _yuan(money["unconsumed_fen"])),
        ("对账到分", "figures that equal the county's answers to the fen", f"{same:,} / {outcome.checked.compared:,}"),
        ("预警", "alerts", f"{sum(outcome.alerts.values()):,}（{by_rule}）"),
        ("搁置待补", "rows kept aside for a person", f"{sum(outcome.kept_aside.values()):,}（{aside}）"),
        ("事件", "facts in the four logs", f"{outcome.events:,}"),
    ]


def _show_story(story: Mapping[str, str]) -> None:
    if "institution" not in story:
        return
    results.print(f"\n[bold]{story['institution']}[/bold] 被暂扣许可（{story['suspended']}）")
    results.print(f"  新收费：{story['charge_refused']}；退费仍开放：{story['refund_open']}")
    results.print("  [dim]its licence was suspended by a person: new charges refused, refunds stay open[/dim]")


def _show_audit(audit: Mapping[str, Mapping[str, Any]]) -> None:
    shown = table("日志 log", "条数 size", "验证 verify", "重演差异 replay", "根 root")
    for name, found in audit.items():
        verdict = "[green]✓[/green]" if found["verified"] else "[red]✗[/red]"
        differences = (
            "[green]0[/green]" if not found["replay_differences"] else f"[red]{found['replay_differences']}[/red]"
        )
        shown.add_row(name, f"{found['size']:,}", verdict, differences, str(found["root"])[:24] + "…")
    results.print()
    results.print(shown)


def _yuan(fen: int) -> str:
    return f"¥{fen // _YUAN:,}.{fen % _YUAN:02d}"


def _print(outcome: Outcome) -> None:
    sys.stdout.write(json.dumps(outcome.document(), ensure_ascii=False) + "\n")
    sys.stdout.flush()  # whoever reads it through a pipe must not wait until Ctrl-C
    sys.stdout.flush()
