"""Licences (办学许可) as the registry told of them: who may teach, and until when. Keeps history.

The one rule: it says what was told; whether the licence was withheld since is the institution's block (X11).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Column, Date, Table, Uuid

from mingjing_funds.domain.sign_facts import LicenceNoted
from mingjing_funds.projections.schema import METADATA
from mingjing_kernel.log import Recorded
from mingjing_kernel.projection import Key, ReadModel, Row

licences_table = Table(
    "licences",
    METADATA,
    Column("institution_id", Uuid, primary_key=True),
    Column("granted_on", Date, nullable=True),
    Column("valid_to", Date, nullable=True),
)


def keys(fact: Recorded[Any]) -> Iterable[Key]:
    """One row an institution that the registry named a licence of."""
    if isinstance(fact.event, LicenceNoted):
        yield (fact.id,)


def fold(key: Key, row: Row | None, fact: Recorded[Any]) -> Row | None:
    """A renewal does not say since when."""
    event = fact.event
    granted_on = event.granted_on or (row["granted_on"] if row else None)
    return {"institution_id": key[0], "granted_on": granted_on, "valid_to": event.valid_to}


LICENCES_READ = ReadModel(name="licences", table=licences_table, nouns=("sign",), keys=keys, fold=fold, history=True)
