"""The questions to the base ledger 台账: its lines, what is counted of them, and what became of a base day."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, MetaData

from mingjing_kernel.identity import OFFICIALS, Scope
from mingjing_registry.acts_ledger import LEDGER_READERS
from mingjing_registry.domain.export_profile import Profile, ProfileColumn
from mingjing_registry.projections.institutions import INSTITUTIONS_READ
from mingjing_registry.projections.ledger import LEDGER_READ, ledger_in
from mingjing_registry.projections.ledger_figures import DIMENSIONS, figures_in
from mingjing_registry.projections.ledger_lines import lines_in
from mingjing_registry.projections.reduction import reduction_in
from mingjing_registry.projections.schema import METADATA
from mingjing_registry.projections.schools import SCHOOLS_READ, SURVEYS_READ, surveys_in
from mingjing_registry.projections.survey_counts import surveys_counted
from scopes.question import Question, listed

LATER = date(2027, 1, 1)
THERE: dict[str, Any] = {"is_there": True, "ended_on": None, "periods": []}
PROFILE = Profile(
    name="test", title="test", basis="test",
    columns=(ProfileColumn(heading="name", field="name"), ProfileColumn(heading="staff", field="staff_recorded")),
)  # fmt: skip


def figured(connection: Connection, scope: Scope, at: int | None) -> list[UUID]:
    """The figures of the ledger, by everything and in all, beside the lines that they count."""
    shown = listed(ledger_in, "institution_id")(connection, scope, at)
    by = connection.execute(figures_in(scope, by=DIMENSIONS, digits=9, at=at)).mappings()
    assert sum(row["institutions"] for row in by) == len(shown)
    assert connection.execute(figures_in(scope, at=at)).mappings().one()["institutions"] == len(shown)
    return shown


def reduced(connection: Connection, scope: Scope, at: int | None) -> list[UUID]:
    """What became of a base day's institutions, by area and in all, beside the lines that are counted."""
    shown = listed(ledger_in, "institution_id")(connection, scope, at)
    for digits in (0, 6):
        rows = connection.execute(reduction_in(scope, LATER, kind="all", digits=digits, at=at)).mappings()
        assert sum(row["now"] for row in rows) == len(shown)
    return shown


def surveyed(connection: Connection, scope: Scope, at: int | None) -> list[UUID]:
    """What schools found out, in all, beside the surveys that are counted: one a school."""
    shown = listed(lambda scope, at: surveys_in(scope, at=at), "survey_id")(connection, scope, at)
    assert connection.execute(surveys_counted(scope, at=at)).mappings().one()["schools"] == len(shown)
    return shown


def exported(connection: Connection, scope: Scope, at: int | None) -> list[UUID]:
    """What a file has."""
    return listed(lambda scope, at: lines_in(scope, PROFILE, at), "institution_id")(connection, scope, at)


_FOLDER = "mingjing_registry/projections"
LEDGER_QUESTIONS: dict[str, tuple[MetaData, tuple[Question, ...]]] = {
    f"{_FOLDER}/ledger.py:ledger_in": (METADATA, (
        Question(asks=listed(ledger_in, "institution_id"), of=(LEDGER_READ,), roles=LEDGER_READERS),
    )),
    f"{_FOLDER}/ledger_figures.py:figures_in": (METADATA, (
        Question(asks=figured, of=(LEDGER_READ,), roles=LEDGER_READERS, values=THERE),
    )),
    f"{_FOLDER}/survey_counts.py:surveys_counted": (METADATA, (
        Question(asks=surveyed, of=(SURVEYS_READ, SCHOOLS_READ), roles=OFFICIALS, dimensions=("region",),
                 values={"answers": []}),
    )),
    f"{_FOLDER}/reduction.py:reduction_in": (METADATA, (
        Question(asks=reduced, of=(LEDGER_READ,), roles=LEDGER_READERS, values=THERE),
    )),
    f"{_FOLDER}/ledger_lines.py:lines_in": (METADATA, (
        Question(asks=exported, of=(LEDGER_READ, INSTITUTIONS_READ), roles=LEDGER_READERS, values=THERE),
    )),
}  # fmt: skip
