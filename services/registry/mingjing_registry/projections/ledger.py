"""Base ledger 台账: one narrow line an institution, now and at any past position; figures are counted from it.

One rule: a line says what its own institution and sites are recorded to be; money and staff stand in their own tables.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import Boolean, Column, Date, Integer, Select, Table, Text, Uuid, select
from sqlalchemy.dialects.postgresql import JSONB

from mingjing_kernel.identity import Scope
from mingjing_kernel.log import Recorded
from mingjing_kernel.projection import Key, ReadModel, Row, scope_index
from mingjing_registry.acts_ledger import LEDGER_READERS
from mingjing_registry.domain import licence
from mingjing_registry.domain.change import ChangeApproved, ChangeKind
from mingjing_registry.domain.institution import InstitutionAmended, InstitutionRegistered
from mingjing_registry.domain.ledger_line import Ending, Kind, Medium, kind_of, medium_of, stronger
from mingjing_registry.domain.operation import OperationState, OperationStateChanged
from mingjing_registry.domain.particulars import Listing, Particulars
from mingjing_registry.domain.record_facts import ProfileRecorded
from mingjing_registry.domain.rectification import RectificationEnded, RectificationOrdered
from mingjing_registry.domain.site import SiteApproved, SiteClosed
from mingjing_registry.projections.schema import METADATA, scope_columns

ledger_table = Table(
    "ledger",
    METADATA,
    Column("institution_id", Uuid, primary_key=True),
    *scope_columns(),
    Column("kind", Text, nullable=False),
    Column("mode", Text, nullable=False),
    Column("nature", Text, nullable=False),
    Column("licence_state", Text, nullable=False),
    Column("operation_state", Text, nullable=False),
    Column("is_there", Boolean, nullable=False),
    Column("begun_on", Date),
    Column("ended_on", Date),
    Column("ended_how", Text, nullable=False),
    Column("ended_as", JSONB),
    Column("periods", JSONB, nullable=False),
    Column("for_profit_until", Date),
    Column("staff_stated", Integer),
    Column("students_stated", Integer),
    Column("sites", Integer, nullable=False),
    Column("floor_area_m2", Integer),
    Column("places", JSONB, nullable=False),
)
"""``periods``: what it was before, each until a conversion 转型, or until the end after which it was licensed anew;
without ``begun_on`` it began when the line does. ``ended_as``: what it was when it ended. ``for_profit_until``: the day
of a conversion to non-profit. ``places``: the floor area of each approved site."""
scope_index(ledger_table)

_EMPTY: Row = {
    "department": "",
    "region": "",
    "category": "",
    "kind": Kind.UNKNOWN.value,
    "mode": Medium.UNKNOWN.value,
    "nature": "unknown",
    "licence_state": "no-licence",
    "operation_state": OperationState.PREPARING.value,
    "is_there": False,
    "begun_on": None,
    "ended_on": None,
    "ended_how": "",
    "ended_as": None,
    "periods": [],
    "for_profit_until": None,
    "staff_stated": None,
    "students_stated": None,
    "sites": 0,
    "floor_area_m2": None,
    "places": {},
}
_STATES: dict[type, str] = {
    licence.LicenceApplied: "applied",
    licence.LicenceReturned: "returned",
    licence.LicenceAccepted: "accepted",
    licence.LicenceRefused: "refused",
    licence.LicenceSuspended: "suspended",
    licence.LicenceReinstated: "licensed",
    licence.LicenceExpired: "expired",
    licence.LicenceRenewed: "licensed",
    RectificationOrdered: "rectifying",
}


def keys(fact: Recorded[Any]) -> Iterable[Key]:
    """One row an institution; a site's facts name theirs."""
    match fact.event:
        case SiteApproved(institution_id=institution_id) | SiteClosed(institution_id=institution_id):
            yield (institution_id,)
        case _ if fact.noun == "institution":
            yield (fact.id,)
        case _:
            return


def fold(key: Key, row: Row | None, fact: Recorded[Any]) -> Row | None:
    """The line after the fact; a fact that it does not show makes none."""
    before = _EMPTY | {"institution_id": key[0]} if row is None else row
    after = _changed(before, fact)
    return before | after if after else row


def _changed(before: Row, fact: Recorded[Any]) -> Row:
    match fact.event:
        case (
            InstitutionRegistered(particulars=particulars, listing=listing)
            | InstitutionAmended(particulars=particulars, listing=listing)
        ):
            return _stated(particulars, listing)
        case ProfileRecorded(profile=profile):
            return {"mode": medium_of(profile.modes).value}
        case ChangeApproved(kind=ChangeKind.TO_NON_SUBJECT | ChangeKind.CATEGORY, on=on):
            return {"periods": [*before["periods"], {"begun_on": None, "until": on.isoformat(), **_what(before)}]}
        case ChangeApproved(kind=ChangeKind.TO_NON_PROFIT, on=on):
            return {"for_profit_until": on}
        case SiteApproved(area_m2=area):
            return _sites(before["places"] | {str(fact.id): area})
        case SiteClosed():
            return _sites({id: area for id, area in before["places"].items() if id != str(fact.id)})
        case OperationStateChanged(state=state, on=on):
            return {"operation_state": state.value, **_operation(before, state, on)}
        case _:
            return _licence(before, fact.event)


def _stated(particulars: Particulars, listing: Listing) -> Row:
    return {
        "department": particulars.departments[0] if particulars.departments else listing.register,
        "region": particulars.region,
        "category": particulars.categories[0].value if particulars.categories else "",
        "kind": kind_of(particulars.categories).value,
        "nature": particulars.nature.value,
        "staff_stated": particulars.staff_count,
        "students_stated": particulars.student_count,
    }


def _sites(places: dict[str, int | None]) -> Row:
    areas = [area for area in places.values() if area is not None]
    return {"places": places, "sites": len(places), "floor_area_m2": sum(areas) if areas else None}


def _operation(before: Row, state: OperationState, on: date) -> Row:
    if state is OperationState.CLOSED:
        return _ended(before, Ending.CLOSED, on)
    return _back() if before["ended_how"] == Ending.CLOSED else {}


def _licence(before: Row, event: object) -> Row:
    match event:
        case licence.LicenceRecorded(terms=terms, standing="licensed"):
            runs = {"operation_state": "operating"} if before["operation_state"] == "preparing" else {}
            return {**_held(before, terms, None), **runs}
        case licence.LicenceRecorded(terms=terms, standing=standing, standing_since=since, on=on):
            begun = _begun(before, terms, None)
            return begun | {"licence_state": standing} | _ended(before | begun, Ending(standing), since or on)
        case licence.LicenceApproved(terms=terms, on=on):
            # Licensed anew after an end, it was not there in between: its time begins again.
            anew = _anew(before) if before["ended_on"] else {}
            return anew | _held(before | anew, terms, on)
        case licence.LicenceRevoked(on=on):
            return {"licence_state": "revoked", **_ended(before, Ending.REVOKED, on)}
        case licence.LicenceCancelled(on=on):
            return {"licence_state": "cancelled", **_ended(before, Ending.CANCELLED, on)}
        case RectificationEnded(passed=passed):
            return {"licence_state": "licensed"} if passed else {}
        case _:
            state = _STATES.get(type(event))
            return {"licence_state": state} if state else {}


def _what(row: Row) -> Row:
    """What a base day asks of it: as which it was counted, and whose it was."""
    return {name: row[name] for name in ("kind", "department", "category")}


def _anew(before: Row) -> Row:
    """The time that ended is kept, with what the institution was in it."""
    first = before["begun_on"].isoformat() if before["begun_on"] else None
    dated = [one | {"begun_on": one["begun_on"] or first} for one in before["periods"]]
    over = {"begun_on": first, "until": before["ended_on"].isoformat(), **(before["ended_as"] or _what(before))}
    return {"periods": [*dated, over] if first else [], "begun_on": None}


def _held(before: Row, terms: licence.LicenceTerms, on: date | None) -> Row:
    return {"licence_state": "licensed", **_begun(before, terms, on), **_back()}


def _begun(before: Row, terms: licence.LicenceTerms, on: date | None) -> Row:
    """The first day of the earliest licence that is known."""
    days = [day for day in (before["begun_on"], terms.valid_from or terms.issued_on or on) if day is not None]
    return {"begun_on": min(days)} if days else {}


def _back() -> Row:
    return {"is_there": True, "ended_on": None, "ended_how": "", "ended_as": None}


def _ended(before: Row, how: Ending, on: date) -> Row:
    known = Ending(before["ended_how"]) if before["ended_how"] else None
    ended = {"ended_on": before["ended_on"] or on, "ended_as": before["ended_as"] or _what(before)}
    return {"is_there": False, "ended_how": stronger(known, how).value, **ended}


LEDGER_READ = ReadModel(
    name="ledger", table=ledger_table, nouns=("institution", "site"), keys=keys, fold=fold, history=True
)


_INTERNAL = frozenset({"places", "periods", "ended_as"})
"""What figures are made of, and no list shows."""


def ledger_in(scope: Scope, at: int | None = None) -> Select[Any]:
    """The lines that a reader of the ledger may see, as they stood after position ``at``."""
    rows = LEDGER_READ.at(at).c
    shown = [name for name in LEDGER_READ.columns if name not in _INTERNAL]
    return select(*(rows[name] for name in shown)).where(
        scope.where(roles=LEDGER_READERS, department=rows.department, region=rows.region, category=rows.category)
    )
