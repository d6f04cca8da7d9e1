"""Other numbers over the same days (阈值推演): what would have fired, beside what did, as a table and as a chart.

The one rule: only the numbers differ. Features are those that were seen then; nothing is read again.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from importlib.resources import files
from pathlib import Path
from uuid import UUID

import pylopdf_fonts_zh_cn
import typst

from mingjing.review.play import Review
from mingjing.review.watching import Told, Watching
from mingjing_funds.domain.alerting.catalogue import NAMES
from mingjing_funds.domain.alerting.thresholds import Thresholds
from mingjing_funds.policy.alert_thresholds import RULES, field_of, released
from mingjing_kernel.refusal import Invalid

WEEK = timedelta(days=7)
_TEMPLATE = "what_if.typ"


class NumberNotKnown(Invalid):
    """No alert rule has this number, or the value is outside its bounds."""

    sentence = "“{written}” is not a number of the alert rules: {why}."
    remedy = (
        "Write it as alert-refunds.overdue-refunds=5; the rules and their numbers are in policy/alert_thresholds.py."
    )
    field = "set"


@dataclass(frozen=True, slots=True)
class Difference:
    """One rule: how often it was told before and after, and about whom it differs."""

    rule: str
    before: int
    after: int
    gained: tuple[str, ...]
    lost: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WhatIf:
    """Both stories."""

    numbers: Thresholds
    before: tuple[Told, ...]
    after: tuple[Told, ...]
    differences: tuple[Difference, ...]


def numbers(written: list[str]) -> Thresholds:
    """The released numbers with some of them set otherwise; raises ``NumberNotKnown``."""
    values: dict[str, int] = {}
    for one in written:
        name, _, value = one.partition("=")
        rule_name, _, number_name = name.partition(".")
        rule = next((rule for rule in RULES if rule.name == rule_name), None)
        number = rule.by_name.get(number_name) if rule else None
        if rule is None or number is None or field_of(rule.name, number.name) is None:
            raise NumberNotKnown(written=one, why="no such rule or number")
        if not value.isdecimal() or not number.at_least <= int(value) <= number.at_most:
            raise NumberNotKnown(written=one, why=f"{number.at_least} to {number.at_most} {number.unit} are allowed")
        field, factor = field_of(rule.name, number.name) or ("", 1)
        values[field] = int(value) * factor
    return replace(released(), version="what-if", **values)  # type: ignore[arg-type]


def what_if(review: Review, other: Thresholds, since: date, until: date) -> WhatIf:
    """What would have been told from ``since`` to ``until`` under other numbers."""
    again = Watching(review.watching.names, review.watching.banks, other).look_again(review.seen)
    before = tuple(one for one in review.told if since <= one.on <= until)
    after = tuple(one for one in again.told if since <= one.on <= until)
    return WhatIf(other, before, after, tuple(_differences(before, after, review.names)))


def _differences(before: tuple[Told, ...], after: tuple[Told, ...], names: Mapping[UUID, str]) -> list[Difference]:
    found = []
    for rule in NAMES:
        mine = [one for one in before if one.event.said.rule == rule]
        theirs = [one for one in after if one.event.said.rule == rule]
        had, has = {one.account for one in mine}, {one.account for one in theirs}
        difference = Difference(rule, len(mine), len(theirs), _names(has - had, names), _names(had - has, names))
        if mine != theirs or difference.gained or difference.lost:
            found.append(difference)
    return [one for one in found if one.before != one.after or one.gained or one.lost]


def _names(accounts: set[UUID], names: Mapping[UUID, str]) -> tuple[str, ...]:
    return tuple(sorted(names.get(one, str(one)) for one in accounts))


def chart(found: WhatIf, since: date, until: date, title_zh: str, title_en: str) -> bytes:
    """An SVG: alerts told a week, under the released numbers and under the others."""
    weeks = [since + WEEK * count for count in range((until - since).days // 7 + 1)]
    data = {
        "title": [title_zh, title_en],
        "weeks": [week.isoformat() for week in weeks],
        "before": _by_week(found.before, since, len(weeks)),
        "after": _by_week(found.after, since, len(weeks)),
    }
    folder = Path(str(files("mingjing.review")))
    fonts = typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[str(Path(pylopdf_fonts_zh_cn.sans_path()).parent)],
    )
    made = typst.Compiler(root=str(folder), font_paths=fonts).compile(
        input=str(folder / _TEMPLATE),
        format="svg",
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        timestamp=0,
    )
    assert isinstance(made, bytes), "one page is one file"
    return made


def _by_week(told: tuple[Told, ...], since: date, weeks: int) -> list[int]:
    counted = Counter((one.on - since).days // 7 for one in told)
    return [counted[week] for week in range(weeks)]
