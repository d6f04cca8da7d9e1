"""Watches (预警监测): where the latest alert of each rule and account stands, by the stream on which it is decided.

The one rule: a deadline of an alert is seen by whoever sees the alert, so both stand in the same place.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Column, Table, Text, Uuid

from mingjing_funds.domain.alerting.life_facts import AlertRaised, AlertReturned, AlertWorsened
from mingjing_funds.projections.schema import METADATA, scope_columns
from mingjing_kernel.log import Recorded
from mingjing_kernel.projection import Key, ReadModel, Row

watches_table = Table(
    "watches",
    METADATA,
    Column("watch_id", Uuid, primary_key=True),
    *scope_columns(),
    Column("alert_id", Uuid, nullable=False),
    Column("account_id", Uuid, nullable=False),
    Column("rule", Text, nullable=False),
)


def keys(fact: Recorded[Any]) -> Iterable[Key]:
    """One row a watch, from the first alert on."""
    if isinstance(fact.event, AlertRaised | AlertWorsened | AlertReturned):
        yield (fact.id,)


def fold(key: Key, _row: Row | None, fact: Recorded[Any]) -> Row | None:
    """The latest alert."""
    event = fact.event
    return {
        "watch_id": key[0],
        "department": event.subject.department,
        "region": event.subject.region,
        "category": event.subject.category,
        "alert_id": event.alert_id,
        "account_id": event.subject.account_id,
        "rule": event.said.rule,
    }


WATCHES_READ = ReadModel(name="watches", table=watches_table, nouns=("watch",), keys=keys, fold=fold, history=True)
