"""The questions to complaints being handled: who sees a track, and what is counted of them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, MetaData, Select

from mingjing_inspection.projections import complaint_tallies, enrolled_pupils
from mingjing_inspection.projections.calls import CALLS_READ, call_days_in, call_hours_in
from mingjing_inspection.projections.complaint_figures import complaint_figures
from mingjing_inspection.projections.complaint_groups import GROUPS_READ, groups_in
from mingjing_inspection.projections.complaint_tracks import TRACKS_READ, tracks_in
from mingjing_inspection.projections.complaint_voices import COMPLAINT_VOICES_READ
from mingjing_inspection.projections.complaint_words import COMPLAINT_WORDS_READ
from mingjing_inspection.projections.complaints import COMPLAINTS_READ, saying
from mingjing_inspection.projections.finding_rounds import Period
from mingjing_inspection.projections.schema import METADATA
from mingjing_inspection.projections.track_clocks import CLOCKS_READ
from mingjing_kernel.identity import OFFICIALS, Scope
from scopes.question import FILED, NOW, ROWS_MAX, Driven, Question, driven, listed, whole
from scopes.suggestion_questions import WORDS

PERIOD = Period(since=NOW - timedelta(days=1), until=NOW + timedelta(days=1), now=NOW + timedelta(days=1))
STRETCH = complaint_tallies.Stretch(since=0, until=1 << 40, begins=PERIOD.since, ends=PERIOD.until)
VOICE: dict[str, Any] = {"medium": "VOICE"}
HELD: dict[str, Any] = {
    "handler_department": lambda row: row.department,
    "escalated_to": lambda row: row.department,
    "stage": "RECEIVED",
    "clocks": {},
    "links": [],
    "reminded": [],
    "merged_into": None,
}
"""Given to the department whose file it is: seen by nobody else."""


def searched(scope: Scope) -> Select[Any]:
    """Tracks by the words of their complaints: those words have no scope, and narrow down what has one."""
    statement = tracks_in(scope)
    return statement.where(statement.selected_columns.complaint_id.in_(saying("text")))


def counted(connection: Connection, scope: Scope, at: int | None) -> list[UUID]:
    """The figures, by everything, beside the tracks that they count."""
    shown = listed(lambda scope, at: tracks_in(scope, at=at), "track_id")(connection, scope, at)
    for by in ("all", "channel", "track", "department", "town", "institution", "matter"):
        rows = driven(complaint_figures(Driven(connection), scope, PERIOD, by=by, at=at))  # type: ignore[arg-type]
        assert sum(row["received"] for row in rows) == len(shown)
        assert sum(row["kept"] for row in rows) <= len(shown) * 100
    return shown


def referred(connection: Connection, scope: Scope, at: int | None) -> list[UUID]:
    """The figures by school, beside the tracks that schools passed on."""
    shown = listed(lambda scope, at: tracks_in(scope, at=at), "track_id")(connection, scope, at)
    rows = driven(complaint_figures(Driven(connection), scope, PERIOD, by="school", at=at))  # type: ignore[arg-type]
    assert sum(row["received"] for row in rows) == len(shown)
    return shown


def tallied(connection: Connection, scope: Scope, at: int | None) -> list[UUID]:
    """The lines of a bulletin, by everything, beside the tracks that they count."""
    shown = listed(lambda scope, at: tracks_in(scope, at=at), "track_id")(connection, scope, at)
    for by in complaint_tallies.BY:
        lines = driven(
            complaint_tallies.complaint_tallies(Driven(connection), scope, STRETCH, by, at=at)  # type: ignore[arg-type]
        )
        assert sum(one.received for one in lines) == len(shown)
        assert sum(one.kept for one in lines) <= len(shown) * 100
    return shown


def known(connection: Connection, scope: Scope, at: int | None) -> list[UUID]:
    """The institutions whose pupils are counted, one by one and together."""
    rows = connection.execute(enrolled_pupils.pupils_in(scope, by="institution", at=at)).all()
    for by in ("all", "town", "category"):
        sums = connection.execute(enrolled_pupils.pupils_in(scope, by=by, at=at)).all()
        assert sum(row.institutions for row in sums) == len(rows)
    return [UUID(row.key) for row in rows]


def called_by_the_hour(connection: Connection, scope: Scope, at: int | None) -> list[UUID]:
    """The same by the hour."""
    shown = []
    for number in range(ROWS_MAX):
        statement = call_hours_in(scope, since=PERIOD.since, until=PERIOD.until, queue=f"text-{number}", at=at)
        if sum(row.offered for row in connection.execute(statement)):
            shown.append(UUID(int=number + 1))
    return shown


def called(connection: Connection, scope: Scope, at: int | None) -> list[UUID]:
    """The calls of each row, by a queue of its own."""
    shown = []
    for number in range(ROWS_MAX):
        statement = call_days_in(
            scope, since=PERIOD.since, until=PERIOD.until, answer_seconds=15, queue=f"text-{number}", at=at
        )
        if sum(row.offered for row in connection.execute(statement)):
            shown.append(UUID(int=number + 1))
    return shown


_FOLDER = "mingjing_inspection/projections"
TRACK_QUESTIONS: dict[str, tuple[MetaData, tuple[Question, ...]]] = {
    f"{_FOLDER}/complaint_tracks.py:tracks_in": (METADATA, (
        whole(lambda scope, at: tracks_in(scope, at=at), "track_id", of=(TRACKS_READ,), roles=OFFICIALS, values=HELD),
        whole(lambda scope, _at: searched(scope), "track_id", of=(TRACKS_READ, COMPLAINTS_READ, COMPLAINT_WORDS_READ),
              roles=OFFICIALS, values=HELD | WORDS, keeps_history=False),
    )),
    f"{_FOLDER}/calls.py:call_days_in": (METADATA, (
        Question(asks=called, of=(CALLS_READ,), roles=OFFICIALS, dimensions=FILED, values=VOICE),
    )),
    f"{_FOLDER}/calls.py:call_hours_in": (METADATA, (
        Question(asks=called_by_the_hour, of=(CALLS_READ,), roles=OFFICIALS, dimensions=FILED, values=VOICE),
    )),
    f"{_FOLDER}/complaint_groups.py:groups_in": (METADATA, (
        whole(lambda scope, at: groups_in(scope, at=at), "group_id", of=(GROUPS_READ,), roles=OFFICIALS),
    )),
    f"{_FOLDER}/complaint_figures.py:complaint_figures": (METADATA, (
        Question(asks=counted, of=(TRACKS_READ, CLOCKS_READ), roles=OFFICIALS, values=HELD),
        Question(asks=referred, of=(TRACKS_READ, CLOCKS_READ, COMPLAINT_VOICES_READ), roles=OFFICIALS,
                 values=HELD | {"channel": "SCHOOL", "said": []}),
    )),
    f"{_FOLDER}/complaint_tallies.py:complaint_tallies": (METADATA, (
        Question(asks=tallied, of=(TRACKS_READ, CLOCKS_READ), roles=OFFICIALS, values=HELD),
    )),
    f"{_FOLDER}/enrolled_pupils.py:pupils_in": (METADATA, (
        Question(asks=known, of=(enrolled_pupils.PUPILS_READ,), roles=OFFICIALS, values={"pupils": 30}),
    )),
}  # fmt: skip
