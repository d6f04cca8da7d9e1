"""Fund alerts (资金预警): what stands, who takes care, and every evaluation that led there. Keeps history.

``judged`` is the latest judgement, which a later stage does not show any more; ``acknowledged_at`` is the first time.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Column, Date, DateTime, Integer, Select, Table, Text, Uuid, select

from mingjing_funds.domain.alert import Evaluated
from mingjing_funds.domain.alerting import life_facts as life
from mingjing_funds.projections.schema import METADATA, scope_columns, visible
from mingjing_kernel.identity import Scope
from mingjing_kernel.log import Recorded
from mingjing_kernel.projection import Key, ReadModel, Row

alerts_table = Table(
    "alerts",
    METADATA,
    Column("alert_id", Uuid, primary_key=True),
    *scope_columns(),
    Column("watch_id", Uuid, nullable=False),
    Column("account_id", Uuid, nullable=False, index=True),
    Column("institution_id", Uuid, nullable=True, index=True),
    Column("institution_name", Text, nullable=False),
    Column("rule", Text, nullable=False),
    Column("rule_version", Text, nullable=False),
    Column("severity", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("raised_on", Date, nullable=False),
    Column("balance_fen", BigInteger, nullable=True),
    Column("unconsumed_fen", BigInteger, nullable=True),
    Column("in_transit_fen", BigInteger, nullable=True),
    Column("threshold", BigInteger, nullable=False),
    Column("explanation_zh", Text, nullable=False),
    Column("explanation_en", Text, nullable=False),
    Column("told_at", DateTime(timezone=True), nullable=False),
    Column("acknowledged_by", Text, nullable=False),
    Column("acknowledged_at", DateTime(timezone=True), nullable=True),
    Column("judged", Text, nullable=False),
    Column("closed_at", DateTime(timezone=True), nullable=True),
    Column("ended_on", Date, nullable=True),
    Column("plan", Text, nullable=False),
    Column("disposal", Text, nullable=False),
    Column("evidence", Text, nullable=False),
    Column("reminded_on", Date, nullable=True),
    Column("escalated_on", Date, nullable=True),
    Column("escalated_for", Text, nullable=False),
)

evaluations_table = Table(
    "evaluations",
    METADATA,
    Column("watch_id", Uuid, primary_key=True),
    Column("day", Date, primary_key=True),
    *scope_columns(),
    Column("account_id", Uuid, nullable=False),
    Column("rule", Text, nullable=False),
    Column("rule_version", Text, nullable=False),
    Column("severity", Text, nullable=False),
    Column("balance_fen", BigInteger, nullable=False),
    Column("in_transit_fen", BigInteger, nullable=False),
    Column("unconsumed_fen", BigInteger, nullable=False),
    Column("agreed_minimum_fen", BigInteger, nullable=False),
    Column("months_open", Integer, nullable=False),
    Column("threshold_fen", BigInteger, nullable=False),
)


def keys(fact: Recorded[Any]) -> Iterable[Key]:
    """One row an alert."""
    if not isinstance(fact.event, Evaluated):
        yield (fact.event.alert_id,)


def fold(key: Key, row: Row | None, fact: Recorded[Any]) -> Row | None:
    """The alert through its life."""
    event = fact.event
    if isinstance(event, life.AlertRaised):
        return _raised(key, event, fact)
    if row is None:
        return None
    match event:
        case life.AlertWorsened():
            anew = {} if event.stage is None else {"state": event.stage.value, **_IN_TIME}
            return {**row, **_findings(event), **anew}
        case life.AlertReturned():
            return {**row, **_findings(event), **_IN_TIME, "state": life.Stage.RAISED.value, "ended_on": None}
        case life.AlertCleared():
            # Somebody deals with it, or did: that the condition is over re-arms the rule and ends nothing.
            begun = row["state"] not in (life.Stage.RAISED.value, life.Stage.ACKNOWLEDGED.value)
            return row if begun else {**row, "state": life.Stage.CLEARED.value, "ended_on": event.on}
        case life.AlertClosed():
            ended = {"ended_on": event.on, "disposal": event.disposal, "evidence": event.evidence}
            return {**row, "state": life.Stage.CLOSED.value, "closed_at": fact.recorded_at, **ended}
        case _:
            return _stepped(row, event, fact.recorded_at)


def _stepped(row: Row, event: Any, at: datetime) -> Row:
    match event:
        case life.AlertAcknowledged():
            taken = {"acknowledged_by": event.by, "acknowledged_at": row["acknowledged_at"] or at}
            return {**row, "state": life.Stage.ACKNOWLEDGED.value, **taken}
        case life.VerificationStarted():
            return {**row, "state": life.Stage.VERIFYING.value}
        case life.AlertJudged():
            stage = life.Stage.CONFIRMED if event.is_confirmed else life.Stage.FALSE_POSITIVE
            return {**row, "state": stage.value, "evidence": event.evidence, "judged": stage.value}
        case life.DisposalPlanned():
            return {**row, "state": life.Stage.DISPOSING.value, "plan": event.plan}
        case life.AlertResolved():
            return {**row, "state": life.Stage.RESOLVED.value}
        case life.AlertReminded():
            return {**row, "reminded_on": event.on}
        case life.AlertEscalated():
            steps = " ".join(filter(None, (row["escalated_for"], event.clock)))
            return {**row, **_category(event), "escalated_on": event.on, "escalated_for": steps}
        case _:
            return row


def _raised(key: Key, event: life.AlertRaised, fact: Recorded[Any]) -> Row:
    return {
        "alert_id": key[0],
        "department": event.subject.department,
        "region": event.subject.region,
        "category": event.subject.category,
        "watch_id": fact.id,
        "account_id": event.subject.account_id,
        "institution_id": event.subject.institution_id,
        "institution_name": event.subject.institution_name,
        "rule": event.said.rule,
        "state": life.Stage.RAISED.value,
        "raised_on": event.said.day,
        "told_at": fact.recorded_at,
        "acknowledged_by": "",
        "acknowledged_at": None,
        "judged": "",
        "closed_at": None,
        "ended_on": None,
        "plan": "",
        "disposal": "",
        "evidence": "",
        **_IN_TIME,
        **_findings(event),
    }


_IN_TIME: Row = {"reminded_on": None, "escalated_on": None, "escalated_for": ""}


def _findings(event: life.AlertRaised | life.AlertWorsened | life.AlertReturned) -> Row:
    words, measured = life.sentences(event.said, event.since), life.measured(event.said)
    assert event.said.severity is not None, "an alert has a severity"
    return {
        **_category(event),
        "rule_version": event.said.rule_version,
        "severity": event.said.severity.value,
        "balance_fen": measured.get("balance_fen"),
        "unconsumed_fen": measured.get("owed_fen", measured.get("unconsumed_fen")),
        "in_transit_fen": measured.get("in_transit_fen"),
        "threshold": event.said.threshold,
        "explanation_zh": f"{words.zh}。",
        "explanation_en": f"{words.en}.",
    }


def _category(event: life.AlertRaised | life.AlertWorsened | life.AlertReturned | life.AlertEscalated) -> Row:
    """Where it is said: what was told before alerts had a category says none, and takes none away."""
    return {"category": event.subject.category} if event.subject.category else {}


def evaluation_keys(fact: Recorded[Any]) -> Iterable[Key]:
    """One row a watch and day."""
    if isinstance(fact.event, Evaluated):
        yield (fact.id, fact.event.features.day)


def fold_evaluation(key: Key, row: Row | None, fact: Recorded[Any]) -> Row | None:
    """What the rule saw and said on that day; the last word of the day stands."""
    event = fact.event
    if not isinstance(event, Evaluated):
        return row
    features = event.features
    return {
        "watch_id": key[0],
        "day": key[1],
        "department": event.subject.department,
        "region": event.subject.region,
        "category": event.subject.category,
        "account_id": event.subject.account_id,
        "rule": event.rule,
        "rule_version": event.rule_version,
        "severity": event.severity.value if event.severity else "",
        "balance_fen": features.balance_fen,
        "in_transit_fen": features.in_transit_fen,
        "unconsumed_fen": features.unconsumed_fen,
        "agreed_minimum_fen": features.agreed_minimum_fen,
        "months_open": features.months_open,
        "threshold_fen": event.threshold_fen,
    }


ALERTS = ReadModel(name="alerts", table=alerts_table, nouns=("watch",), keys=keys, fold=fold, history=True)
EVALUATIONS = ReadModel(
    name="evaluations",
    table=evaluations_table,
    nouns=("watch",),
    keys=evaluation_keys,
    fold=fold_evaluation,
    history=True,
)


def alerts_in(scope: Scope, position: int | None = None) -> Select[Any]:
    """The alerts that a caller may see, now or as they stood after a position of the log."""
    rows = ALERTS.at(position)
    return select(*(rows.c[name] for name in ALERTS.columns)).where(visible(scope, rows))


def evaluations_in(scope: Scope, position: int | None = None) -> Select[Any]:
    """Every evaluation that a caller may see, now or as of a position of the log."""
    rows = EVALUATIONS.at(position)
    return select(*(rows.c[name] for name in EVALUATIONS.columns)).where(visible(scope, rows))
