"""Alerts replayed (预警重演): for an alert, by which version and events; for a silence, what was seen and why nothing.

The one rule: what is told here is told anew from the log by the functions that raised the alert, and held against what
was stored; nothing here raises or ends anything.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Any, Final, Literal
from uuid import UUID

from fastapi import Depends, Query
from pydantic import BaseModel, Field
from sqlalchemy import or_, select

from mingjing_funds.api.acting import RecordNotFound
from mingjing_funds.api.one_at_a_time import Turn
from mingjing_funds.codec import WATCHES
from mingjing_funds.domain.alert import Severity
from mingjing_funds.domain.alerting import life_facts as life
from mingjing_funds.domain.alerting.catalogue import IN_FEN, NAMES, version_of
from mingjing_funds.domain.calendar import require_come, require_on_record
from mingjing_funds.intake.memory import without_account
from mingjing_funds.intake.replaying import Replayed, Whose, replayed
from mingjing_funds.projections.accounts import accounts_table
from mingjing_funds.projections.alerts import alerts_in
from mingjing_funds.projections.schema import READERS
from mingjing_funds.projections.watched import sees_account, sees_institution
from mingjing_kernel.clock import shanghai_date
from mingjing_kernel.http import AsOf, Kit, day_of, position_of
from mingjing_kernel.http.router import Router
from mingjing_kernel.identity import Scope
from mingjing_kernel.log import Recorded
from mingjing_kernel.refusal import Invalid

LIMIT: Final = "60/minute"
Outcome = Literal["fired", "quiet", "cannot-tell", "not-asked", "not-watched"]
_TOLD: Final = (life.AlertRaised, life.AlertWorsened, life.AlertReturned)
_NOT_WATCHED: Final = ("该日尚未开户，没有规则对其评估。", "No account was open on that day; no rule was asked.")


@dataclass(frozen=True, slots=True)
class Known:
    """Up to which position, and on which day it was reached."""

    to: int
    on: date


class ReplayUnnamed(Invalid):
    """Neither an alert, nor a rule of an institution or account on a day."""

    sentence = "Name an alert, or an institution or account with a rule and a day."
    remedy = "Send alert_id; or institution_id (or account_id), rule such as F15, and day."
    field = "alert_id"


class RuleUnknown(Invalid):
    """No alert rule has this name."""

    sentence = "There is no alert rule “{rule}”."
    remedy = "Write it as F01 to F37; the rules stand in the catalogue of alerts."
    field = "rule"


class MeasureItem(BaseModel):
    """One value that the rule looked at."""

    name: str
    value: int


class FactItem(BaseModel):
    """One fact after which something else was known of the account."""

    position: int = Field(description="In the log")
    fact: str = Field(description="Its stored name")
    noun: str
    id: UUID
    day: date = Field(description="On which it was true")
    recorded_at: datetime


class StoredItem(BaseModel):
    """What the alert itself says: as it was stored when it was told."""

    position: int
    fact: str
    day: date
    severity: Severity | None
    rule_version: str
    thresholds_version: str
    threshold: int
    measures: list[MeasureItem]
    because_zh: str
    because_en: str


class OtherRule(BaseModel):
    """What another rule said of the same day."""

    rule: str
    rule_version: str
    outcome: Outcome
    severity: Severity | None
    because_zh: str
    because_en: str


class Replay(BaseModel):
    """One rule on one account and day, told anew."""

    account_id: UUID
    institution_id: UUID | None
    institution_name: str
    day: date
    position: int = Field(description="Up to where the log was read: what was known")
    rule: str
    rule_zh: str
    rule_en: str
    rule_version: str
    thresholds_version: str
    outcome: Outcome
    severity: Severity | None
    threshold: int
    is_in_fen: bool = Field(description="Whether the threshold is an amount")
    measures: list[MeasureItem]
    because_zh: str
    because_en: str
    note_zh: str
    note_en: str
    features: dict[str, Any] = Field(description="Everything that any rule looked at; null is what nobody had told")
    facts: list[FactItem] = Field(
        description="Facts after which something else was known of it, the latest 200, oldest first"
    )
    others: list[OtherRule]
    stored: list[StoredItem] = Field(description="Of an alert: each time that it was told, and how")
    agrees: bool | None = Field(
        description="Whether the stored result comes out again; null where none is, or one of another rule version"
    )


def make_router(kit: Kit) -> Router:
    """``/alerts/replay``: one at a time, for each reads the log."""
    router = Router(tags=["alert 资金预警"], dependencies=[Depends(kit.throttled(LIMIT))])
    turn = Turn()

    @router.get("/alerts/replay", summary="重演 why an alert was told, or why nothing was")
    async def replay_alert(
        scope: Scope = Depends(kit.scope),
        as_of: AsOf | None = Depends(kit.as_of),
        alert_id: UUID | None = None,
        institution_id: UUID | None = None,
        account_id: UUID | None = None,
        rule: str = Query(default="", max_length=10),
        day: date | None = None,
    ) -> Replay:
        """An alert by its id; or a rule of an institution (of its account, where it has several) on a day. An alert is
        replayed as known just before it was told, a silence as known now or as of a moment.
        """
        position = await position_of(kit, as_of)
        known_on = await day_of(kit, as_of)
        if alert_id is not None:
            return await _of_alert(kit, scope, alert_id, position, turn)
        if (institution_id is None and account_id is None) or not rule or day is None:
            raise ReplayUnnamed
        if rule not in NAMES:
            raise RuleUnknown(rule=rule)
        require_come(day, known_on, "day")
        require_on_record(day, "day")
        await _require_seen(kit, scope, account_id, institution_id, position)
        whose = await _whose(kit, account_id, institution_id)
        to = position if position is not None else await kit.log.head()
        with turn.taken():
            found = await _replayed(kit, scope, whose, day, Known(to, known_on))
        return _answer(whose.account_id, rule, day, to, found, [])

    return router


async def _of_alert(kit: Kit, scope: Scope, alert_id: UUID, position: int | None, turn: Turn) -> Replay:
    statement = alerts_in(scope, position)
    rows = statement.selected_columns
    async with kit.connection() as connection:
        row = (await connection.execute(statement.where(rows.alert_id == alert_id))).mappings().first()
    if row is None:
        raise RecordNotFound
    facts = await kit.log.history(WATCHES, row["watch_id"], position)
    told = [fact for fact in facts if isinstance(fact.event, _TOLD) and fact.event.alert_id == alert_id]
    last = told[-1]
    day, to = last.event.said.day, last.position - 1
    whose, known = Whose(row["account_id"], row["institution_id"]), Known(to, shanghai_date(last.recorded_at))
    with turn.taken():
        found = await _replayed(kit, scope, whose, day, known)
    return _answer(row["account_id"], row["rule"], day, to, found, told)


async def _require_seen(
    kit: Kit, scope: Scope, account_id: UUID | None, institution_id: UUID | None, position: int | None
) -> None:
    """Raise ``RecordNotFound`` before the log is read for somebody who may see nothing of what comes out."""
    if account_id is not None:
        wanted = sees_account(scope, account_id, position)
    else:
        assert institution_id is not None, "the caller names one of them"
        wanted = sees_institution(scope, institution_id, position)
    async with kit.connection() as connection:
        if not await connection.scalar(wanted):
            raise RecordNotFound


async def _whose(kit: Kit, account_id: UUID | None, institution_id: UUID | None) -> Whose:
    """The account, or the institution's that is not closed, or its latest; else what it is watched under without one.

    Whether the caller may see it is asked once more of what comes out: as it stood on that day.
    """
    rows = accounts_table.c
    mine = rows.account_id == account_id if account_id is not None else rows.institution_id == institution_id
    latest = (rows.state == "closed", rows.opened_on.desc().nulls_last(), rows.account_id)
    async with kit.connection() as connection:
        statement = select(rows.account_id, rows.institution_id).where(mine).order_by(*latest)
        found = (await connection.execute(statement)).first()
    if found is not None:
        return Whose(found.account_id, found.institution_id)
    if account_id is not None:
        return Whose(account_id, None)
    assert institution_id is not None, "the caller names one of them"
    return Whose(without_account(institution_id), institution_id)


async def _replayed(kit: Kit, scope: Scope, whose: Whose, day: date, known: Known) -> Replayed:
    beside = await _beside(kit, whose)
    found = await replayed(kit.log, replace(whose, beside=beside), day, known.to, known.on)
    about = found.subject
    here = {"department": about.department, "region": about.region, "category": about.category} if about else {}
    if about is None or not scope.allows(role=READERS, **here):
        raise RecordNotFound
    return found


async def _beside(kit: Kit, whose: Whose) -> frozenset[UUID]:
    """Accounts are never taken from an institution: those of now are all that there were."""
    rows = accounts_table.c
    holder = select(rows.institution_id).where(rows.account_id == whose.account_id)
    named = [] if whose.institution_id is None else [whose.institution_id]
    mine = or_(rows.institution_id.in_(holder), rows.institution_id.in_(named))
    async with kit.connection() as connection:
        return frozenset((await connection.execute(select(rows.account_id).where(mine))).scalars())


def _answer(account: UUID, rule: str, day: date, to: int, found: Replayed, told: list[Recorded[Any]]) -> Replay:
    assert found.subject is not None, "whoever may see it knows whose it is"
    mine = _other(found, rule)
    finding = found.found.get(rule)
    stored = [_stored(fact) for fact in told]
    note = _note(mine, stored)
    return Replay(
        account_id=account,
        institution_id=found.subject.institution_id,
        institution_name=found.subject.institution_name,
        day=day,
        position=to,
        rule_zh=NAMES[rule][0],
        rule_en=NAMES[rule][1],
        thresholds_version=found.numbers.version if found.numbers else "",
        threshold=finding.threshold if finding else 0,
        is_in_fen=rule in IN_FEN,
        measures=[MeasureItem(name=name, value=value) for name, value in (finding.measures if finding else ())],
        note_zh=note[0],
        note_en=note[1],
        features=asdict(found.features) if found.features else {},
        facts=[
            FactItem(
                position=one.fact.position,
                fact=one.fact.type,
                noun=one.fact.noun,
                id=one.fact.id,
                day=one.day,
                recorded_at=one.fact.recorded_at,
            )
            for one in found.led
        ],
        others=[_other(found, name) for name in NAMES if name != rule] if found.found else [],
        stored=stored,
        agrees=_agrees(mine, stored[-1]) if stored else None,
        **mine.model_dump(),
    )


def _other(found: Replayed, rule: str) -> OtherRule:
    finding = found.found.get(rule)
    if finding is None:
        outcome: Outcome = "not-asked" if rule in found.silent else "not-watched"
        words = found.silent.get(rule, _NOT_WATCHED)
        severity = None
    else:
        outcome = "fired" if finding.severity else "cannot-tell" if finding.is_unknown else "quiet"
        words, severity = (finding.because.zh, finding.because.en), finding.severity
    return OtherRule(
        rule=rule,
        rule_version=version_of(rule),
        outcome=outcome,
        severity=severity,
        because_zh=words[0],
        because_en=words[1],
    )


def _stored(fact: Recorded[Any]) -> StoredItem:
    said: life.Said = fact.event.said
    return StoredItem(
        position=fact.position,
        fact=fact.type,
        day=said.day,
        severity=said.severity,
        rule_version=said.rule_version,
        thresholds_version=said.thresholds_version,
        threshold=said.threshold,
        measures=[MeasureItem(name=one.name, value=one.value) for one in said.measures],
        because_zh=said.because_zh,
        because_en=said.because_en,
    )


def _agrees(again: OtherRule, stored: StoredItem) -> bool | None:
    """By the same version, as grave; of another version nothing can be said again."""
    return again.severity == stored.severity if again.rule_version == stored.rule_version else None


def _note(again: OtherRule, stored: list[StoredItem]) -> tuple[str, str]:
    if not stored or stored[-1].rule_version == again.rule_version:
        return "", ""
    was, now = stored[-1].rule_version, again.rule_version
    return (
        f"存档结果由规则版本 {was} 得出，现行版本为 {now}；两个版本的结果不作比对。",
        f"What is stored was told by version {was} of the rule; {now} is in force, and the two are not compared.",
    )
