"""The ledger's lines and figures: folded from an institution's life, and counted as a plain reckoning counts them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, create_engine, insert, text
from sqlalchemy.engine import make_url

from mingjing_kernel.identity import ANY, Grant, Role, Scope
from mingjing_kernel.log import Recorded
from mingjing_kernel.projection import Row
from mingjing_registry.domain.change import ChangeApproved, ChangeKind
from mingjing_registry.domain.export_profile import FIELDS, FORMS, Profile, ProfileColumn, Term
from mingjing_registry.domain.institution import InstitutionAmended, InstitutionRegistered
from mingjing_registry.domain.ledger_line import Ending
from mingjing_registry.domain.licence import (
    LicenceApproved,
    LicenceCancelled,
    LicenceExpired,
    LicenceRecorded,
    LicenceTerms,
)
from mingjing_registry.domain.operation import OperationState, OperationStateChanged
from mingjing_registry.domain.particulars import Category, Listing, Nature, Particulars
from mingjing_registry.domain.prepaid import PREPAID, Amounts, NotePrepaid, PrepaidNoted
from mingjing_registry.domain.profile import Mode
from mingjing_registry.domain.profile import Profile as Offer
from mingjing_registry.domain.record_facts import ProfileRecorded
from mingjing_registry.domain.site import Place, SiteApproved, SiteClosed
from mingjing_registry.projections import prepaid_amounts
from mingjing_registry.projections.institutions import INSTITUTIONS_READ
from mingjing_registry.projections.ledger import LEDGER_READ, fold, keys
from mingjing_registry.projections.ledger_figures import figures_in
from mingjing_registry.projections.ledger_lines import lines_in
from mingjing_registry.projections.reduction import reduction_in
from mingjing_registry.projections.schema import METADATA

ID, SITE = UUID(int=1), UUID(int=2)
BASE = date(2021, 7, 24)
AT = datetime(2026, 7, 1, tzinfo=UTC)
SUBJECT = Particulars(
    name="朗月堂", uscc="X", nature=Nature.FOR_PROFIT, categories=(Category.SUBJECT,), departments=("education",),
    region="330106109", staff_count=9,
)  # fmt: skip
ART = Particulars(name="朗月堂", uscc="X", categories=(Category.ART,), departments=("culture",), region="330106109")
LISTED = Listing(register="education")
TERMS = LicenceTerms(number="1", issued_on=date(2019, 1, 1))
PLACE = Place(address="文三路1号", town_code="330106109", grid_code="")


def line(*events: Any) -> Row:
    row: Row | None = None
    for version, event in enumerate(events, 1):
        is_site = isinstance(event, SiteApproved | SiteClosed)
        stream = f"site-{SITE}" if is_site else f"institution-{ID}"
        fact = Recorded(version, stream, version, "", event, b"", AT, AT)
        (key,) = keys(fact)
        assert key == (ID,)
        row = fold(key, row, fact)
    assert row is not None
    return row


def registered(*events: Any) -> Row:
    licence = LicenceRecorded(terms=TERMS, standing="licensed", standing_since=None, note="", on=date(2026, 7, 1))
    return line(InstitutionRegistered(particulars=SUBJECT, listing=LISTED, on=date(2026, 7, 1)), licence, *events)


def test_an_institution_is_there_from_its_licence_to_its_end() -> None:
    row = registered()
    assert (row["is_there"], row["begun_on"], row["kind"], row["operation_state"]) == (
        True,
        date(2019, 1, 1),
        "subject",
        "operating",
    )
    assert registered(LicenceExpired(expired_on=BASE, on=BASE))["is_there"]
    closed = OperationStateChanged(
        before=OperationState.CLOSING, state=OperationState.CLOSED, reason="", reference="", on=date(2023, 5, 1)
    )
    ended = registered(closed)
    assert (ended["is_there"], ended["ended_on"], ended["ended_how"]) == (False, date(2023, 5, 1), "closed")
    given_up = LicenceCancelled(application_reference="", public_notice_reference="", reason="", on=date(2023, 6, 1))
    ended = registered(closed, given_up)
    assert (ended["ended_on"], ended["ended_how"], ended["licence_state"]) == (
        date(2023, 5, 1),
        "cancelled",
        "cancelled",
    )


def test_a_register_tells_of_who_is_gone_already() -> None:
    gone = LicenceRecorded(
        terms=TERMS, standing="revoked", standing_since=date(2022, 3, 1), note="", on=date(2026, 7, 1)
    )
    row = line(InstitutionRegistered(particulars=SUBJECT, listing=LISTED, on=date(2026, 7, 1)), gone)
    assert (row["begun_on"], row["ended_on"], row["ended_how"], row["is_there"]) == (
        date(2019, 1, 1),
        date(2022, 3, 1),
        "revoked",
        False,
    )


def test_a_conversion_has_a_day_and_sites_add_up() -> None:
    converted = ChangeApproved(number="1", kind=ChangeKind.TO_NON_SUBJECT, decision_reference="", on=date(2022, 1, 1))
    amended = InstitutionAmended(particulars=ART, listing=LISTED, changed=("categories",), on=date(2022, 1, 1))
    site = SiteApproved(
        institution_id=ID, place=PLACE, area_m2=90, signed_by=(), site_check_reference="", register="", on=BASE
    )
    offer = ProfileRecorded(profile=Offer(modes=(Mode.OFFLINE, Mode.ONLINE)), changed=("modes",), on=BASE)
    row = registered(converted, amended, site, site, offer)
    assert (row["kind"], row["mode"]) == ("non-subject", "both")
    was = {"begun_on": None, "until": "2022-01-01", "kind": "subject", "department": "education", "category": "subject"}
    assert row["periods"] == [was]
    assert (row["sites"], row["floor_area_m2"]) == (1, 90)
    shut = registered(site, SiteClosed(institution_id=ID, reason="", on=BASE))
    assert (shut["sites"], shut["floor_area_m2"]) == (0, None)


def test_a_licence_granted_anew_keeps_the_time_that_ended() -> None:
    given_up = LicenceCancelled(application_reference="", public_notice_reference="", reason="", on=date(2023, 6, 1))
    amended = InstitutionAmended(particulars=ART, listing=LISTED, changed=("categories",), on=date(2024, 1, 1))
    again = LicenceApproved(
        terms=LicenceTerms(number="2", issued_on=date(2024, 2, 1)), signed_by=("a", "b"), site_check_reference="1",
        checks=(), waived=(), policy_version="default/1",
        on=date(2024, 2, 1),
    )  # fmt: skip
    row = registered(given_up, amended, again)
    over = {"begun_on": "2019-01-01", "until": "2023-06-01", "kind": "subject", "department": "education",
            "category": "subject"}  # fmt: skip
    assert row["periods"] == [over]
    assert (row["begun_on"], row["ended_on"], row["ended_as"], row["kind"]) == (
        date(2024, 2, 1), None, None, "non-subject",
    )  # fmt: skip


def test_the_same_amounts_and_older_ones_are_no_news() -> None:
    amounts = Amounts(balance_fen=5, unconsumed_fen=4, contracts_open=1, pupils=1)
    command = NotePrepaid(institution_id=ID, amounts=amounts, stated_on=BASE, on=BASE)
    (noted,) = PREPAID.decide(command, None)
    assert noted == PrepaidNoted(institution_id=ID, amounts=amounts, stated_on=BASE, on=BASE)
    assert PREPAID.decide(command, noted) == []
    more = Amounts(balance_fen=6, unconsumed_fen=4, contracts_open=1, pupils=1)
    older = NotePrepaid(institution_id=ID, amounts=more, stated_on=BASE - timedelta(1), on=BASE)
    assert PREPAID.decide(older, noted) == []


@pytest.fixture(scope="module")
def connection(module_postgres_url: str) -> Iterator[Connection]:
    engine = create_engine(make_url(module_postgres_url).set(drivername="postgresql+psycopg"))
    with engine.connect() as opened:
        opened.execute(text("CREATE SCHEMA ledger_test"))
        opened.execute(text("SET search_path TO ledger_test"))
        METADATA.create_all(opened)
        opened.commit()
        opened.execute(text("SET search_path TO ledger_test"))
        yield opened
    engine.dispose()


days = st.dates(date(2020, 1, 1), date(2023, 1, 1))


@st.composite
def periods(draw: st.DrawFn) -> dict[str, Any]:
    """What an institution was before a conversion, or before an end after which it was licensed anew."""
    begun = draw(st.none() | days)
    return {
        "begun_on": begun.isoformat() if begun else None,
        "until": draw(days).isoformat(),
        "kind": draw(st.sampled_from(["subject", "non-subject"])),
        "department": draw(st.sampled_from(["education", "culture"])),
        "category": "subject",
    }


@st.composite
def lives(draw: st.DrawFn) -> dict[str, Any]:
    """An institution in some state that a fold can come to."""
    ended = draw(st.sampled_from([None, *Ending]))
    has_begun = draw(st.booleans()) or draw(st.booleans())
    kind = draw(st.sampled_from(["subject", "non-subject", "mixed", "unknown"]))
    return {
        "region": draw(st.sampled_from(["330106109", "330106108", "330108001", ""])),
        "kind": kind,
        "is_there": ended is None and draw(st.sampled_from([True, True, False])),
        "begun_on": draw(days) if has_begun else None,
        "ended_on": draw(days) if ended else None,
        "ended_how": ended.value if ended else "",
        "periods": draw(st.lists(periods(), max_size=2)),
        "department": draw(st.sampled_from(["education", "culture"])),
        "operation_state": draw(st.sampled_from(["operating", "closing"])),
        "nature": draw(st.sampled_from(["for_profit", "non_profit"])),
    }


def reckoned(rows: list[dict[str, Any]], kind: str, department: str) -> dict[str, int]:
    """The same by hand: two sets of institutions, and why each is in one and not in the other."""

    def counts(one: dict[str, Any]) -> bool:
        kinds = {"all": (one["kind"],), "subject": ("subject", "mixed"), "non-subject": ("non-subject",)}[kind]
        return one["kind"] in kinds and department in ("", one["department"])

    def as_it_was(row: dict[str, Any]) -> dict[str, Any] | None:
        """The row or the period that the base day fell into."""
        for period in sorted(row["periods"], key=lambda one: str(one["until"])):
            begun = date.fromisoformat(period["begun_on"]) if period["begun_on"] else row["begun_on"]
            if begun is not None and begun <= BASE < date.fromisoformat(period["until"]):
                return period
        begun, ended = row["begun_on"], row["ended_on"]
        return row if begun is not None and begun <= BASE and (ended is None or ended > BASE) else None

    base = [n for n, row in enumerate(rows) if (was := as_it_was(row)) and counts(was)]
    now = [n for n, row in enumerate(rows) if row["is_there"] and counts(row)]
    lost = [rows[n] for n in base if n not in now]
    return {
        "base": len(base),
        "now": len(now),
        "converted": sum(row["is_there"] for row in lost),
        **{how.value: sum(row["ended_how"] == how for row in lost) for how in Ending},
    }


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(lives(), max_size=12),
    kind=st.sampled_from(["subject", "non-subject", "all"]),
    department=st.sampled_from(["", "education", "culture"]),
)
def test_base_and_present_are_reconciled_to_the_last_institution(
    connection: Connection, rows: list[dict[str, Any]], kind: Any, department: str
) -> None:
    # Who is neither there nor ended never had a licence, and so has no first day.
    for row in rows:
        if not row["is_there"] and row["ended_on"] is None:
            row["begun_on"], row["periods"] = None, []
    try:
        if rows:
            connection.execute(insert(LEDGER_READ.table), [_row(n, row) for n, row in enumerate(rows)])
        scope = Scope((Grant(Role.APPROVER, department, ANY, ANY),)) if department else Scope.system()
        found = connection.execute(reduction_in(scope, BASE, kind=kind)).mappings().one()
        expected = reckoned(rows, kind, department)
        assert {name: found[name] for name in expected} == expected
        lost = sum(found[name] for name in ("cancelled", "revoked", "closed", "converted"))
        came = sum(found[name] for name in ("new", "converted_in", "undated"))
        assert found["base"] - lost + came == found["now"]
        base, now = found["base"], found["now"]
        assert found["reduction_bp"] == (None if base == 0 else pytest.approx((base - now) * 10_000 / base, abs=0.5))
        by_area = connection.execute(reduction_in(scope, BASE, kind=kind, digits=6)).mappings().all()
        for name in (*expected, "new", "converted_in", "undated"):
            assert sum(row[name] for row in by_area) == found[name]
        figures = connection.execute(figures_in(Scope.system(), by=("area", "kind", "mode"))).mappings().all()
        assert sum(row["institutions"] for row in figures) == sum(row["is_there"] for row in rows)
    finally:
        connection.rollback()
        connection.execute(text("SET search_path TO ledger_test"))


def _row(number: int, life: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "institution_id": UUID(int=number + 1), "department": "education", "category": "subject", "mode": "offline",
        "licence_state": "licensed", "sites": 1, "places": {}, "periods": [], "from_position": 1, **life, **more,
    }  # fmt: skip


def test_every_field_can_be_exported_in_every_form(connection: Connection) -> None:
    columns = [
        ProfileColumn(heading=f"{name} {form}", field=name, form=form)
        for name in FIELDS
        for form in FORMS[FIELDS[name]]
    ]
    worded = ProfileColumn(heading="类别", field="categories", terms=(Term(ours="art", theirs="艺术"),))
    profile = Profile(name="all", title="全", columns=(*columns, worded), basis="测试")
    institution = {
        "institution_id": ID, "name": "朗月堂", "uscc": "X", "department": "education", "region": "330106109",
        "category": "art", "short_name": "", "former_names": [], "former_codes": [],
        "ended_numbers": [], "other_names": [], "nature": "", "items": ["舞蹈"],
        "categories": ["art", "sport"], "legal_representative": "", "phone": "", "register": "", "licence_number": "",
        "licence_state": "licensed", "expires_on": date(2028, 1, 2), "custody_active": False, "custody_bank": "",
        "annual_check": "", "is_white": True, "was_licensed": True, "code_state": "stands",
        "rectifying": False, "recruitment_restricted": False, "recruitment_check_year": None,
        "recruitment_rectify_until": None, "notices": [], "version": 1, "from_position": 1,
    }  # fmt: skip
    try:
        connection.execute(insert(INSTITUTIONS_READ.table), [institution])
        life = {"region": "330106109", "kind": "non-subject", "is_there": True, "ended_how": "", "nature": "",
                "operation_state": "operating", "begun_on": date(2019, 1, 2)}  # fmt: skip
        connection.execute(insert(LEDGER_READ.table), [_row(0, life)])
        for at in (None, 5):
            (row,) = connection.execute(lines_in(Scope.system(), profile, at)).mappings()
            told = {column.heading: row[f"column_{n}"] for n, column in enumerate(profile.columns)}
            assert told["expires_on YYYY年MM月DD日"] == "2028年01月02日"
            assert (told["begun_on YYYYMMDD"], told["county "], told["is_white "]) == ("20190102", "330106", "是")
            assert (told["类别"], told["items "]) == ("艺术、sport", "舞蹈")
    finally:
        connection.rollback()
        connection.execute(text("SET search_path TO ledger_test"))


def test_past_amounts_are_found_by_their_range(connection: Connection) -> None:
    amounts = {"institution_id": ID, "balance_fen": 1, "unconsumed_fen": 1, "contracts_open": 1, "pupils": 1}
    table, past = prepaid_amounts.prepaid_table, prepaid_amounts.PREPAID_READ.past
    assert past is not None
    try:
        connection.execute(insert(past), [{**amounts, "stated_on": BASE, "from_position": 3, "to_position": 7}])
        now = {**amounts, "balance_fen": 2, "stated_on": BASE, "from_position": 7}
        connection.execute(insert(table), [now])
        for position, expected in ((2, []), (3, [1]), (6, [1]), (7, [2]), (None, [2])):
            found = prepaid_amounts.amounts_at(position)
            assert [row.balance_fen for row in connection.execute(found.select())] == expected
    finally:
        connection.rollback()
        connection.execute(text("SET search_path TO ledger_test"))
