"""Dossiers 办件: how far each institution's application, change, annual check and operation are, for who has to act.

One rule: a row says only where things stand; what they are made of is read from the institution's own facts.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Boolean, Column, Date, Integer, Select, Table, Text, Uuid, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncConnection

from mingjing_kernel.identity import OFFICIALS, Scope
from mingjing_kernel.log import Recorded
from mingjing_kernel.projection import Key, ReadModel, Row, scope_index
from mingjing_registry.domain import annual_check, application, change, licence, operation, rectification
from mingjing_registry.domain.institution import InstitutionAmended, InstitutionRegistered
from mingjing_registry.domain.particulars import Listing, Particulars
from mingjing_registry.domain.record_facts import MaterialsSummarised, ProfileRecorded, StaffSummarised
from mingjing_registry.projections.schema import METADATA, scope_columns

dossiers_table = Table(
    "dossiers",
    METADATA,
    Column("institution_id", Uuid, primary_key=True),
    Column("name", Text, nullable=False, index=True),
    *scope_columns(),
    Column("modes", JSONB, nullable=False),
    Column("stages", JSONB, nullable=False),
    Column("organizer", Text, nullable=False),
    Column("application_state", Text, nullable=False, index=True),
    Column("accepted_on", Date),
    Column("change_number", Text, nullable=False, index=True),
    Column("change_kind", Text, nullable=False),
    Column("rectify_until", Date),
    Column("operation_state", Text, nullable=False, index=True),
    Column("check_year", Integer),
    Column("check_state", Text, nullable=False, index=True),
    Column("check_due_on", Date),
    Column("check_result", Text, nullable=False),
    Column("recruitment_restricted", Boolean, nullable=False),
    Column("check_rectify_until", Date),
    Column("noted_at", BigInteger, nullable=False),
    Column("version", Integer, nullable=False),
)
scope_index(dossiers_table)

_CHECK_UNDER_WAY = ("due", "submitted", "reviewed")
_OPERATION_UNDER_WAY = ("paused-declared", "stopped-abnormal", "closing")
_EMPTY: Row = {
    "name": "",
    "department": "",
    "region": "",
    "category": "",
    "modes": [],
    "stages": [],
    "organizer": "",
    "application_state": "",
    "accepted_on": None,
    "change_number": "",
    "change_kind": "",
    "rectify_until": None,
    "operation_state": "preparing",
    "check_year": None,
    "check_state": "",
    "check_due_on": None,
    "check_result": "",
    "recruitment_restricted": False,
    "check_rectify_until": None,
    "noted_at": 0,
    "version": 0,
}


def keys(fact: Recorded[Any]) -> Iterable[Key]:
    """One row an institution; of what it does not show it hears nothing."""
    is_shown = isinstance(fact.event, InstitutionRegistered | StaffSummarised | MaterialsSummarised)
    if is_shown or _changed(_EMPTY, fact.event):
        yield (fact.id,)


def fold(key: Key, row: Row | None, fact: Recorded[Any]) -> Row | None:
    """The row after the fact."""
    before = _EMPTY | {"institution_id": key[0]} if row is None else row
    if isinstance(fact.event, StaffSummarised | MaterialsSummarised):
        return before | {"version": fact.version, "noted_at": _counted_through(fact)}
    return before | {"version": fact.version} | _changed(before, fact.event)


def _counted_through(fact: Recorded[Any]) -> int:
    """The position of the record that a summary was counted after: what caused it."""
    return int(fact.meta.causation.rpartition("-")[2] or 0)


def _changed(before: Row, event: object) -> Row:
    match event:
        case (
            InstitutionRegistered(particulars=particulars, listing=listing)
            | InstitutionAmended(particulars=particulars, listing=listing)
        ):
            return _who(particulars, listing)
        case ProfileRecorded(profile=profile):
            modes, stages = [mode.value for mode in profile.modes], [stage.value for stage in profile.stages]
            return {"modes": modes, "stages": stages, "organizer": profile.organizer}
        case operation.OperationStateChanged(state=state):
            return {"operation_state": state.value}
        case licence.LicenceRecorded(standing="licensed"):
            return {"operation_state": "operating"} if before["operation_state"] == "preparing" else {}
        case rectification.RectificationOrdered(deadline=deadline):
            return {"rectify_until": deadline}
        case rectification.RectificationEnded(passed=passed):
            return {"rectify_until": None} if passed else {}
        case licence.LicenceSuspended() | licence.LicenceRevoked():
            return {"rectify_until": None}
        case _:
            return _application(event) or _change(event) or _check(event)


def _who(particulars: Particulars, listing: Listing) -> Row:
    return {
        "name": particulars.name,
        "department": particulars.departments[0] if particulars.departments else listing.register,
        "region": particulars.region,
        "category": particulars.categories[0].value if particulars.categories else "",
    }


def _application(event: object) -> Row:
    match event:
        case application.ApplicationDrafted():
            return {"application_state": "draft"}
        case licence.LicenceApplied():
            return {"application_state": "submitted", "accepted_on": None}
        case licence.LicenceReturned():
            return {"application_state": "returned"}
        case licence.LicenceAccepted(on=on):
            return {"application_state": "accepted", "accepted_on": on}
        case application.SiteChecked():
            return {"application_state": "site-check"}
        case application.LicenceSigned():
            return {"application_state": "signed"}
        case licence.LicenceRefused():
            return {"application_state": "refused"}
        case licence.LicenceApproved():
            return {"application_state": "approved"}
        case _:
            return {}


def _change(event: object) -> Row:
    match event:
        case change.ChangeProposed(number=number, kind=kind):
            return {"change_number": number, "change_kind": kind.value}
        case change.ChangeApproved() | change.ChangeRefused():
            return {"change_number": "", "change_kind": ""}
        case _:
            return {}


def _check(event: object) -> Row:
    match event:
        case annual_check.AnnualCheckOpened(year=year, due_on=due_on):
            return {"check_year": year, "check_state": "due", "check_due_on": due_on, "check_result": ""}
        case annual_check.AnnualReportSubmitted():
            return {"check_state": "submitted"}
        case annual_check.AnnualReportReviewed():
            return {"check_state": "reviewed"}
        case annual_check.AnnualCheckRecorded(year=int(), result=result, rectify_until=until):
            return {"check_state": "decided", "check_result": result, "check_rectify_until": until}
        case annual_check.RecruitmentRestricted():
            return {"recruitment_restricted": True}
        case annual_check.RecruitmentAllowed():
            return {"recruitment_restricted": False}
        case _:
            return {}


DOSSIERS_READ = ReadModel(
    name="dossiers", table=dossiers_table, nouns=("institution",), keys=keys, fold=fold, history=True
)


async def modes_of(connection: AsyncConnection, institution_id: UUID, at: int | None = None) -> tuple[str, ...]:
    """How it teaches, as recorded; whoever asks has asked for the institution."""
    rows = DOSSIERS_READ.at(at).c
    found = (await connection.execute(select(rows.modes).where(rows.institution_id == institution_id))).scalar()
    return tuple(found or ())


def dossiers_in(scope: Scope, *, at: int | None = None, is_business: bool = False, **wanted: object) -> Select[Any]:
    """The dossiers that an official may see, of those where each ``wanted`` column has its value.

    ``is_business``: only where there is something to look at: an application, a pending change, a check that is not
    decided, something to be put right, or a pause, stop or closing.
    """
    rows = DOSSIERS_READ.at(at).c
    statement = select(*(rows[name] for name in DOSSIERS_READ.columns if name != "noted_at")).where(
        rows.name != "",
        scope.where(roles=OFFICIALS, department=rows.department, region=rows.region, category=rows.category),
    )
    if is_business:
        statement = statement.where(
            (rows.application_state != "")
            | (rows.change_number != "")
            | rows.check_state.in_(_CHECK_UNDER_WAY)
            | rows.rectify_until.is_not(None)
            | rows.recruitment_restricted
            | rows.operation_state.in_(_OPERATION_UNDER_WAY)
        )
    for name, value in wanted.items():
        if value not in (None, ""):
            statement = statement.where(rows[name] == value)
    return statement
