"""Other numbers over past days (阈值推演) over HTTP: what would have been told, as a table and as a chart.

The one rule: only accounts that the caller may see are counted, and a question has an end: days, accounts, numbers.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from time import monotonic
from typing import Any, Final
from uuid import UUID

from fastapi import Depends, Query
from pydantic import BaseModel, Field
from starlette.responses import Response

from mingjing_funds.api.one_at_a_time import Turn
from mingjing_funds.api.what_if_chart import chart
from mingjing_funds.domain.alert import Severity, Subject
from mingjing_funds.domain.alerting import life_facts as life
from mingjing_funds.domain.alerting.catalogue import NAMES
from mingjing_funds.domain.calendar import require_come, require_on_record
from mingjing_funds.intake.retelling import Told
from mingjing_funds.intake.what_if import DAYS_MAX, Both, Play, by_week, differences, nobody, told_otherwise
from mingjing_funds.policy.other_numbers import WRITTEN_MAX, changed
from mingjing_funds.projections.schema import READERS
from mingjing_funds.projections.watched import sees_any
from mingjing_kernel.http import AsOf, Kit, day_of, position_of
from mingjing_kernel.http.router import Router
from mingjing_kernel.identity import Scope
from mingjing_kernel.refusal import Invalid

LIMIT: Final = "30/minute"
PERIOD_DAYS: Final = 30
"""Where no first day is named."""
ITEMS_MAX: Final = 500
DRAWN_SECONDS: Final = 300.0
"""A chart belongs to the table above it: for so long it shows the story that the table told, whatever came since."""
SVG: Final[dict[int | str, dict[str, Any]]] = {200: {"content": {"image/svg+xml": {"schema": {"type": "string"}}}}}


class WhatIfPeriodWrong(Invalid):
    """From a later day to an earlier one, or over too many days."""

    sentence = "A what-if is from its first day to its last, over at most {maximum} days."
    remedy = "Give 'since' and 'until' so."
    field = "since"


class ToldItem(BaseModel):
    """One alert as it would have been told."""

    on: date = Field(description="The morning after the day that it is about")
    account_id: UUID
    institution_id: UUID | None
    institution_name: str
    rule: str
    rule_version: str
    severity: Severity | None
    because_zh: str
    because_en: str


class DifferenceItem(BaseModel):
    """One rule that is told otherwise; ``gained`` and ``lost`` are whom it names only under one of both."""

    rule: str
    rule_zh: str
    rule_en: str
    before: int
    after: int
    gained: list[str]
    lost: list[str]


class WeekItem(BaseModel):
    """Alerts told in a week."""

    since: date
    before: int
    after: int


class WhatIfAnswer(BaseModel):
    """Both stories, and where they differ."""

    since: date
    until: date
    position: int = Field(description="Up to where the log was read: what was known")
    changed: list[str]
    accounts: int
    looks: int = Field(description="Accounts times days that were looked at")
    before: int = Field(description="Times told under the numbers in force")
    after: int = Field(description="Times told under the changed ones")
    differences: list[DifferenceItem]
    weeks: list[WeekItem]
    items: list[ToldItem] = Field(description="What the changed numbers would have told, oldest first")
    left_off: int = Field(description="Items that are not shown")


class Wanted(BaseModel):
    """The question."""

    changed: list[str]
    since: date | None
    until: date | None
    region: str
    institution_id: UUID | None


async def wanted(
    changed: list[str] = Query(alias="set", min_length=1, max_length=WRITTEN_MAX, description="RULE.NUMBER=VALUE"),
    since: date | None = None,
    until: date | None = Query(default=None, description="The last day; yesterday where none is named"),
    region: str = Query(default="", max_length=12, description="A division and what lies in it"),
    institution_id: UUID | None = None,
) -> Wanted:
    """The dependency of both."""
    return Wanted(changed=changed, since=since, until=until, region=region, institution_id=institution_id)


def make_router(kit: Kit) -> Router:
    """``/alerts/what-if`` and its chart: one at a time, for each plays many days."""
    router = Router(tags=["alert 资金预警"], dependencies=[Depends(kit.throttled(LIMIT))])
    stage = _Stage()

    @router.get("/alerts/what-if", summary="阈值推演 what other numbers would have told")
    async def alerts_otherwise(
        scope: Scope = Depends(kit.scope), as_of: AsOf | None = Depends(kit.as_of), wanted: Wanted = Depends(wanted)
    ) -> WhatIfAnswer:
        """Plays the period again from the log, twice. A fact that came late counts on the day on which it was true."""
        play = await _played(kit, scope, as_of, wanted)
        both = await stage.both(kit, scope, wanted, play)
        return _answer(play, wanted, both)

    @router.get(
        "/alerts/what-if/chart", response_class=Response, responses=SVG, summary="推演图表 the same by week, as SVG"
    )
    async def alerts_otherwise_drawn(
        scope: Scope = Depends(kit.scope), as_of: AsOf | None = Depends(kit.as_of), wanted: Wanted = Depends(wanted)
    ) -> Response:
        """Grey under the numbers in force, blue under the changed ones."""
        play = await _played(kit, scope, as_of, wanted)
        both = await stage.both(kit, scope, wanted, play, DRAWN_SECONDS)
        weeks = by_week(both.before.told, both.after.told, play.since, play.until + timedelta(days=1))
        said = ", ".join(wanted.changed)
        period = f"{play.since} – {play.until}"
        drawn = chart(weeks, f"阈值推演：{said}", f"What if: {said}; {period}")
        return Response(drawn, media_type="image/svg+xml")

    return router


async def _played(kit: Kit, scope: Scope, as_of: AsOf | None, wanted: Wanted) -> Play:
    values = changed(wanted.changed)
    position, today = await position_of(kit, as_of), await day_of(kit, as_of)
    until = wanted.until or today - timedelta(days=1)
    require_on_record(until, "until")
    since = wanted.since or until - timedelta(days=PERIOD_DAYS - 1)
    require_come(until, today, "until")
    require_on_record(since, "since")
    if not 0 <= (until - since).days < DAYS_MAX:
        raise WhatIfPeriodWrong(maximum=DAYS_MAX)

    def may_see(about: Subject) -> bool:
        here = {"department": about.department, "region": about.region, "category": about.category}
        is_wanted = wanted.institution_id is None or about.institution_id == wanted.institution_id
        return is_wanted and about.region.startswith(wanted.region) and scope.allows(role=READERS, **here)

    return Play(since, until, may_see, values, position if position is not None else await kit.log.head())


@dataclass
class _Stage:
    """Whose turn it is, and what was played last: a page asks for its chart after it has the answer."""

    turn: Turn = field(default_factory=Turn)
    last: tuple[object, int, float, Both] | None = None

    async def both(self, kit: Kit, scope: Scope, wanted: Wanted, play: Play, seconds: float = 0) -> Both:
        """The two stories, as of an earlier position where they were told within so many seconds. For whoever may see
        nobody there the log is not read.
        """
        async with kit.connection() as connection:
            if not await connection.scalar(sees_any(scope, wanted.region, wanted.institution_id, play.to)):
                return nobody()
        question = (scope.grants, wanted.model_dump_json(), play.since, play.until)
        if self.last is not None and self.last[0] == question:
            _, to, told_at, both = self.last
            if to == play.to or monotonic() - told_at < seconds:
                return both
        with self.turn.taken():
            both = await told_otherwise(kit.log, play)
        self.last = (question, play.to, monotonic(), both)
        return both


def _answer(play: Play, wanted: Wanted, both: Both) -> WhatIfAnswer:
    before, after = both.before.told, both.after.told
    names = {account: about.institution_name for account, about in both.subjects.items()}

    def who(accounts: frozenset[UUID]) -> list[str]:
        return sorted(names[account] for account in accounts)

    return WhatIfAnswer(
        since=play.since,
        until=play.until,
        position=play.to,
        changed=wanted.changed,
        accounts=len(both.subjects),
        looks=both.looks,
        before=len(before),
        after=len(after),
        differences=[
            DifferenceItem(
                rule=one.rule,
                rule_zh=NAMES[one.rule][0],
                rule_en=NAMES[one.rule][1],
                before=one.before,
                after=one.after,
                gained=who(one.gained),
                lost=who(one.lost),
            )
            for one in differences(before, after)
        ],
        weeks=[
            WeekItem(since=week.since, before=week.before, after=week.after)
            for week in by_week(before, after, play.since, play.until + timedelta(days=1))
        ],
        items=[_item(one, both.subjects[one.account]) for one in after[:ITEMS_MAX]],
        left_off=max(0, len(after) - ITEMS_MAX),
    )


def _item(one: Told, about: Subject) -> ToldItem:
    said: life.Said = one.event.said
    return ToldItem(
        on=one.on,
        account_id=one.account,
        institution_id=about.institution_id,
        institution_name=about.institution_name,
        rule=said.rule,
        rule_version=said.rule_version,
        severity=said.severity,
        because_zh=said.because_zh,
        because_en=said.because_en,
    )
