"""Lessons confirmed by silence (自动确认), by account and month: how many of all that were confirmed. Keeps history."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Column, Date, Integer, Table, Uuid

from mingjing_funds.domain.contract import LessonConfirmed
from mingjing_funds.projections.schema import METADATA
from mingjing_kernel.log import Recorded
from mingjing_kernel.projection import Key, ReadModel, Row

silent_months_table = Table(
    "silent_months",
    METADATA,
    Column("account_id", Uuid, primary_key=True),
    Column("month", Date, primary_key=True),
    Column("confirmed", Integer, nullable=False),
    Column("automatic", Integer, nullable=False),
)
"""``month``: its first day."""


def keys(fact: Recorded[Any]) -> Iterable[Key]:
    """One row an account and month in which lessons were told of."""
    event = fact.event
    if isinstance(event, LessonConfirmed) and event.account_id is not None:
        yield (event.account_id, event.reported_on.replace(day=1))


def fold(key: Key, row: Row | None, fact: Recorded[Any]) -> Row | None:
    """One lesson more."""
    before = row or {"account_id": key[0], "month": key[1], "confirmed": 0, "automatic": 0}
    automatic = before["automatic"] + fact.event.is_automatic
    return {**before, "confirmed": before["confirmed"] + 1, "automatic": automatic}


SILENT_MONTHS = ReadModel(
    name="silent_months", table=silent_months_table, nouns=("contract",), keys=keys, fold=fold, history=True
)
