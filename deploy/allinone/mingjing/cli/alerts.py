"""``mingjing alerts``: what the alert rules would have said.

The one rule: a review needs no server and leaves no trace; it reads files and prints what it would have told, when and
why.
"""

from __future__ import annotations

import json
from datetime import date, datetime
from importlib import resources
from pathlib import Path
from typing import Annotated, Any

import typer

from mingjing.cli.screen import EXIT_CODES, AsJson, results, say, table
from mingjing.review.play import play
from mingjing.review.report import Case, as_json, cases, lines_of
from mingjing_funds.domain.alert import Severity

alerts = typer.Typer(
    help="预警：逐日推演一县数据。Alerts: play a county's files day by day.",
    no_args_is_help=True,
    epilog=EXIT_CODES,
)
Until: Any = Annotated[
    datetime | None, typer.Option("--until", formats=["%Y-%m-%d"], help="到哪一天为止。The last day to play.")
]


@alerts.callback()
def group() -> None:
    """Keep it a group: ``mingjing alerts review``."""


@alerts.command(epilog=EXIT_CODES)
def review(
    county: Annotated[
        Path | None,
        typer.Option("--county", metavar="DIR|ZIP", help="一县数据的目录或压缩包。 A county's files."),
    ] = None,
    until: Until = None,
    as_json_line: AsJson = False,
) -> None:
    """逐日推演：哪一天会向监管部门报告什么、为什么。

    Plays a county's files day by day through the rules F01 to F37, without servers, and prints what the regulator would
    have been told, on which morning and why. Without --county, the sample county (everything in it is invented).
    """
    last = {"until": until.date()} if until is not None else {}
    if county is not None:
        found = play(county, progress=_shown, **last)
    else:
        with resources.as_file(resources.files("mingjing.county").joinpath("xihu.zip")) as sample:
            found = play(sample, progress=_shown, **last)
    told = cases(found)
    for case in told:
        if case.first_red_on is not None:
            _show(case)
    _summary(told)
    say(
        f"推演{found.days}天；{len(told)}家机构有预警；{found.unmatched}件投诉未能对应机构；"
        f"{found.kept_aside}行数据未采用。",
        f"{found.days} days were played; {len(told)} institutions had an alert; {found.unmatched} complaints named no "
        f"watched institution; {found.kept_aside} rows were not used.",
    )
    if as_json_line:
        results.print(json.dumps(as_json(found), ensure_ascii=False), markup=False)


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
    results.print(shown)


_MARKS = {Severity.RED: "●", Severity.YELLOW: "○", Severity.NOTICE: "·"}
