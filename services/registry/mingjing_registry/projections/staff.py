"""Staff 从业人员: who works where as what, and how many of each kind: now and at any past day.

One rule: a person is shown to whom her institution is shown and who may look at people; of names there is a mask only.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    Index,
    Integer,
    Label,
    Select,
    Table,
    Text,
    Uuid,
    func,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncConnection

from mingjing_kernel.identity import Scope
from mingjing_kernel.log import Recorded
from mingjing_kernel.projection import Key, ReadModel, Row
from mingjing_registry.acts_staff import STAFF_READERS
from mingjing_registry.domain import staff_facts as f
from mingjing_registry.domain.staff import is_proved
from mingjing_registry.domain.staffing import SessionsStated, StaffCounts
from mingjing_registry.projections.alike import works_elsewhere
from mingjing_registry.projections.institutions import INSTITUTIONS_READ
from mingjing_registry.projections.schema import METADATA
from mingjing_registry.projections.staff_counts import STAFF_COUNTS

staff_table = Table(
    "staff",
    METADATA,
    Column("member_id", Uuid, primary_key=True),
    Column("institution_id", Uuid, nullable=False),
    Column("subject", Text, nullable=False),
    Column("identity_digest", Text, nullable=False, index=True),
    Column("work", Text, nullable=False),
    Column("is_subject", Boolean, nullable=False),
    Column("is_full_time", Boolean, nullable=False),
    Column("proof", Text, nullable=False),
    Column("certificate_number", Text, nullable=False),
    Column("certificate_subject", Text, nullable=False),
    Column("certificate_stage", Text, nullable=False),
    Column("is_proved", Boolean, nullable=False),
    Column("is_employed", Boolean, nullable=False),
    Column("from_on", Date, nullable=False),
    Column("left_on", Date),
    Column("suspected_school_id", Uuid),
    Column("cleared_schools", JSONB, nullable=False),
    Column("likely_school_id", Uuid),
    Column("bar_entry_id", Uuid),
    Column("bar_reason", Text, nullable=False),
    Column("likely_bar_entry_id", Uuid),
    Column("unlike_bars", JSONB, nullable=False),
    Column("position", BigInteger, nullable=False, index=True),
    Column("version", Integer, nullable=False),
)
Index("staff_of_institution", staff_table.c.institution_id, staff_table.c.member_id)
Index("staff_of_subject", staff_table.c.subject)
sessions_table = Table(
    "sessions",
    METADATA,
    Column("institution_id", Uuid, primary_key=True),
    Column("pupils", Integer, nullable=False),
    Column("pupils_ages_3_6", Integer, nullable=False),
    Column("stated_on", Date, nullable=False),
)


def keys(fact: Recorded[Any]) -> Iterable[Key]:
    """One row a person and institution."""
    yield (fact.id,)


def fold(key: Key, row: Row | None, fact: Recorded[Any]) -> Row | None:
    """The row after the fact."""
    event = fact.event
    if isinstance(event, f.StaffEnrolled):
        decided = {name: row[name] if row else [] for name in ("cleared_schools", "unlike_bars")}
        return _enrolled(key, event) | decided | _at(fact)
    return None if row is None else row | _changed(row, event) | _at(fact)


def _at(fact: Recorded[Any]) -> Row:
    return {"position": fact.position, "version": fact.version}


def _enrolled(key: Key, event: f.StaffEnrolled) -> Row:
    post = event.post
    return {
        "member_id": key[0],
        "institution_id": event.institution_id,
        "subject": event.person.name.subject,
        "identity_digest": event.identity_digest,
        "work": post.work.value,
        "is_subject": post.is_subject,
        "is_full_time": post.is_full_time,
        **_certificate(post, event.qualification),
        "is_employed": True,
        "from_on": post.from_on,
        "left_on": None,
        "suspected_school_id": None,
        "likely_school_id": None,
        "bar_entry_id": None,
        "bar_reason": "",
        "likely_bar_entry_id": None,
    }


def _changed(row: Row, event: object) -> Row:
    match event:
        case f.StaffLeft(left_on=left_on):
            doubts = ("suspected_school_id", "likely_school_id", "bar_entry_id", "likely_bar_entry_id")
            return {"is_employed": False, "left_on": left_on, **dict.fromkeys(doubts), "bar_reason": ""}
        case f.QualificationRecorded(qualification=qualification):
            return _certificate(_post(row), qualification)
        case f.QualificationWithdrawn():
            return _certificate(_post(row), None)
        case f.InServiceSuspected(school_id=school_id):
            return {"suspected_school_id": school_id}
        case f.InServiceCleared(school_id=school_id):
            return {"suspected_school_id": None, "cleared_schools": [*row["cleared_schools"], str(school_id)]}
        case f.SchoolLikenessNoted(school_id=school_id):
            return {"likely_school_id": school_id}
        case f.SchoolLikenessJudged(school_id=school_id, is_same=is_same):
            cleared = [] if is_same else [str(school_id)]
            return {"likely_school_id": None, "cleared_schools": [*row["cleared_schools"], *cleared]}
        case _:
            return _bars(row, event)


def _bars(row: Row, event: object) -> Row:
    match event:
        case f.StaffBarNoted(bar=bar):
            return {"bar_entry_id": bar.entry_id, "bar_reason": bar.reason, "likely_bar_entry_id": None}
        case f.StaffBarLifted(entry_id=entry_id):
            noted = {"bar_entry_id": None, "bar_reason": ""} if row["bar_entry_id"] == entry_id else {}
            return noted | ({"likely_bar_entry_id": None} if row["likely_bar_entry_id"] == entry_id else {})
        case f.StaffBarLikenessNoted(bar=bar):
            return {"likely_bar_entry_id": bar.entry_id}
        case f.StaffBarLikenessJudged(entry_id=entry_id, is_same=is_same):
            unlike = [] if is_same else [str(entry_id)]
            return {"likely_bar_entry_id": None, "unlike_bars": [*row["unlike_bars"], *unlike]}
        case _:
            return {}


def _post(row: Row) -> f.Post:
    return f.Post(
        work=f.Work(row["work"]),
        is_subject=row["is_subject"],
        is_full_time=row["is_full_time"],
        from_on=row["from_on"],
    )


def _certificate(post: f.Post, held: f.Qualification | None) -> Row:
    return {
        "proof": held.proof.value if held else "",
        "certificate_number": held.number if held else "",
        "certificate_subject": held.subject if held else "",
        "certificate_stage": held.stage if held else "",
        "is_proved": is_proved(post, held),
    }


STAFF_READ = ReadModel(
    name="staff",
    table=staff_table,
    nouns=("staff-member",),
    keys=keys,
    fold=fold,
    history=True,
    tally=STAFF_COUNTS,
)


def session_keys(fact: Recorded[Any]) -> Iterable[Key]:
    """One row an institution."""
    yield (fact.id,)


def session_fold(key: Key, row: Row | None, fact: Recorded[SessionsStated]) -> Row | None:
    """What it stated last."""
    said = fact.event
    return {
        "institution_id": key[0],
        "pupils": said.pupils,
        "pupils_ages_3_6": said.pupils_ages_3_6,
        "stated_on": said.on,
    }


SESSIONS_READ = ReadModel(
    name="sessions", table=sessions_table, nouns=("sessions",), keys=session_keys, fold=session_fold, history=True
)


_UNSHOWN = frozenset({"identity_digest", "cleared_schools", "unlike_bars", "position"})


def staff_in(
    scope: Scope,
    *,
    institution_id: UUID | None = None,
    member_id: UUID | None = None,
    is_employed: bool | None = None,
    is_doubtful: bool | None = None,
    is_elsewhere: bool | None = None,
    at: int | None = None,
) -> Select[Any]:
    """The staff that an official may see; ``is_doubtful``: barred, suspected, or a teacher without proof."""
    rows, of = STAFF_READ.at(at).alias("person").c, INSTITUTIONS_READ.at(at).alias("employer").c
    shown = [name for name in STAFF_READ.columns if name not in _UNSHOWN]
    statement = (
        select(
            *(rows[name] for name in shown), of.name.label("institution_name"), of.institution_id.label("employer_id")
        )
        .where(rows.institution_id == of.institution_id)
        .where(scope.where(roles=STAFF_READERS, department=of.department, region=of.region, category=of.category))
    )
    if institution_id is not None:
        statement = statement.where(rows.institution_id == institution_id)
    if member_id is not None:
        statement = statement.where(rows.member_id == member_id)
    if is_employed is not None:
        statement = statement.where(rows.is_employed.is_(is_employed))
    if is_doubtful is not None:
        doubts = (rows.suspected_school_id, rows.likely_school_id, rows.bar_entry_id, rows.likely_bar_entry_id)
        doubtful = or_(rows.is_proved.is_(False), *(doubt.is_not(None) for doubt in doubts))
        statement = statement.where(doubtful if is_doubtful else ~doubtful)
    if is_elsewhere is not None:
        found = works_elsewhere(rows, staff_table)
        statement = statement.where(found if is_elsewhere else ~found)
    return statement


async def counts_of(connection: AsyncConnection, institution_id: UUID, at: int | None = None) -> StaffCounts:
    """How many of each kind work there; whoever asks has asked for the institution."""
    rows = STAFF_READ.at(at).c
    statement = select(*kinds_of(rows)).where(rows.institution_id == institution_id)
    return StaffCounts(**(await connection.execute(statement)).mappings().one())


def kinds_of(rows: Any) -> list[Label[Any]]:
    """The fields of ``StaffCounts``, counted over rows of staff."""
    teacher, counts = rows.work == "teacher", rows.suspected_school_id.is_(None) & rows.bar_entry_id.is_(None)
    kinds = {
        "total": counts,
        "teaching_research": counts & rows.work.in_(("teacher", "research")),
        "full_time_teachers": counts & teacher & rows.is_full_time,
        "subject_teachers": counts & teacher & rows.is_subject,
        "subject_teachers_proved": counts & teacher & rows.is_subject & rows.is_proved,
        "other_teachers": counts & teacher & ~rows.is_subject,
        "other_teachers_proved": counts & teacher & ~rows.is_subject & rows.is_proved,
        "barred": rows.bar_entry_id.is_not(None),
        "suspected": rows.suspected_school_id.is_not(None),
    }
    return [func.count().filter(rows.is_employed, kind).label(name) for name, kind in kinds.items()]


async def sessions_of(
    connection: AsyncConnection, institution_id: UUID, at: int | None = None
) -> SessionsStated | None:
    """What the institution stated; whoever asks has asked for it."""
    rows = SESSIONS_READ.at(at).c
    found = (await connection.execute(select(*rows).where(rows.institution_id == institution_id))).mappings().first()
    if found is None:
        return None
    return SessionsStated(pupils=found["pupils"], pupils_ages_3_6=found["pupils_ages_3_6"], on=found["stated_on"])
