"""``mingjing alerts``: what the alert rules would have said.

The one rule: a review needs no server and leaves no trace; it reads files and prints what it would have told, when and
why.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from importlib import resources
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import typer

from mingjing.cli.screen import EXIT_CODES, AsJson, results, say, table
from mingjing.review.play import Review, play
from mingjing.review.report import Case, as_json, cases, explained, lines_of
from mingjing.review.what_if import WhatIf, chart, numbers, what_if
from mingjing_funds.domain.alert import Severity
from mingjing_funds.domain.alerting.catalogue import NAMES

alerts = typer.Typer(
    help="预警：逐日推演一县数据。Alerts: play a county's files day by day.",
    no_args_is_help=True,
    epilog=EXIT_CODES,
)
Until: Any = Annotated[
    datetime | None,
    typer.Option("--until", formats=["%Y-%m-%d"], metavar="DAY", help="到哪一天为止。The last day to play."),
]


@alerts.callback()
def group() -> None:
    """Keep it a group: ``mingjing alerts review``."""


County: Any = Annotated[
    Path | None,
    typer.Option("--county", metavar="DIR|ZIP", help="一县数据的目录或压缩包。 A county's files."),
]


@alerts.command(epilog=EXIT_CODES)
def review(
    county: County = None,
    until: Until = None,
    as_json_line: AsJson = False,
) -> None:
    """逐日推演：哪一天会向监管部门报告什么、为什么。

    Plays a county's files day by day through the rules F01 to F37, without servers, and prints what the regulator would
    have been told, on which morning and why. Without --county, the sample county (everything in it is invented).
    """
    found = _played(county, until)
    told = cases(found)
    for case in told:
        if case.first_red_on is not None:
            _show(case)
    _summary(told)
    for path, reason in found.skipped:
        say(f"未能读取 {path}：{reason}", f"not read: {path}: {reason}")
    say(
        f"推演{found.days}天；{len(told)}家机构有预警；{found.unmatched}件投诉未能对应机构；"
        f"{found.kept_aside}行数据未采用。",
        f"{found.days} days were played; {len(told)} institutions had an alert; {found.unmatched} complaints named no "
        f"watched institution; {found.kept_aside} rows were not used.",
    )
    if as_json_line:
        results.print(json.dumps(as_json(found), ensure_ascii=False), markup=False)


@alerts.command(epilog=EXIT_CODES, short_help="重演或换阈值推演 what rules saw, or would have told")
def replay(
    institution: Annotated[str, typer.Argument(help="机构名称或其一部分。 A name or part of it.")] = "",
    day: Annotated[
        datetime | None, typer.Option("--day", formats=["%Y-%m-%d"], metavar="DAY", help="哪一天。 Of which day.")
    ] = None,
    changed: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="RULE.NUMBER=VALUE", help="另设阈值。 Another number; may be repeated."),
    ] = None,
    since: Annotated[
        datetime | None, typer.Option("--since", formats=["%Y-%m-%d"], metavar="DAY", help="推演起始。 What-if from.")
    ] = None,
    until: Until = None,
    county: County = None,
    svg: Annotated[Path | None, typer.Option("--svg", metavar="FILE", help="图表写入文件。 Write a chart.")] = None,
) -> None:
    """重演：某机构某日每条规则看到了什么、为何触发或未触发；或换一组阈值会怎样。

    Says for an institution and a day what every rule saw, in which version, and why it fired, was quiet or could not
    tell, with the facts of the days before. With --set, what other numbers would have told over a period instead.
    """
    if not institution and not changed:
        raise typer.BadParameter("请给出机构名称或 --set。 Name an institution, or give --set.")
    other = numbers(changed or [])
    found = _played(county, until or day, follow=institution)
    if institution:
        shown = explained(found, institution, day.date() if day else None)
        for line in shown:
            results.print(line, markup=False)
    if changed:
        first = since.date() if since else found.first
        last = until.date() if until else found.last
        outcome = what_if(found, other, first, last)
        _differences(outcome, found.names)
        if svg is not None:
            svg.write_bytes(
                chart(outcome, first, last, f"阈值推演：{'，'.join(changed)}", f"What if: {', '.join(changed)}")
            )
            say(f"图表在 {svg}", f"the chart is in {svg}")


def _differences(outcome: WhatIf, names: Mapping[UUID, str]) -> None:
    def who(accounts: frozenset[UUID]) -> str:
        return "、".join(sorted(names.get(one, str(one)) for one in accounts))

    shown = table("规则 Rule", "现行 Released", "调整后 Changed", "新增 Gained", "消失 Lost")
    for one in outcome.differences:
        zh, en = NAMES[one.rule]
        shown.add_row(f"{one.rule} {zh} {en}", str(one.before), str(one.after), who(one.gained), who(one.lost))
    results.print(shown, width=_WIDE)
    say(
        f"现行阈值下{len(outcome.before)}次通报，调整后{len(outcome.after)}次。",
        f"{len(outcome.before)} times told under the released numbers, {len(outcome.after)} under the changed ones.",
    )


def _played(county: Path | None, until: datetime | None, follow: str = "") -> Review:
    last = until.date() if until is not None else None
    if county is not None:
        return play(county, last, _shown, follow)
    with resources.as_file(resources.files("mingjing.county").joinpath("xihu.zip")) as sample:
        return play(sample, last, _shown, follow)


def _shown(day: date) -> None:
    if day.day == 1:
        say(f"推演至 {day}", f"played up to {day}")


def _show(case: Case) -> None:
    suspected = case.suspected_on
    zh = f"{suspected} 起疑似卷款跑路风险（综合评分红色）" if suspected else f"{case.first_red_on} 起红色预警"
    en = f"suspected runaway from {suspected} (composite score)" if suspected else f"red from {case.first_red_on}"
    results.print(f"\n■ {case.name}：{zh}\n  {en}", markup=False)
    for one in case.told:
        for line in lines_of(one):
            results.print(f"  {line}", markup=False)


def _summary(told: list[Case]) -> None:
    shown = table("机构 Institution", "首个预警 First", "首个红色 First red", "综合红色 Composite red", "规则 Rules")
    for case in told:
        rules = sorted(
            {f"{one.event.said.rule}{_MARKS[one.event.said.severity or Severity.NOTICE]}" for one in case.told}
        )
        shown.add_row(
            case.name,
            str(case.told[0].on),
            str(case.first_red_on or "—"),
            str(case.suspected_on or "—"),
            " ".join(rules),
        )
    results.print(shown, width=_WIDE)


_WIDE = 150
"""Names of institutions are long; a log file has room."""
_MARKS = {Severity.RED: "●", Severity.YELLOW: "○", Severity.NOTICE: "·"}
