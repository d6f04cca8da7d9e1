"""Why somebody's time is over: each ground comes and goes by itself."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from mingjing_kernel.log import Recorded
from mingjing_registry.domain.blacklist_facts import BlacklistPublished, BlacklistRemoved
from mingjing_registry.domain.blacklisted import InstitutionBlacklisted, InstitutionCleared
from mingjing_registry.domain.licence import LicenceApplied, LicenceRecorded, LicenceTerms
from mingjing_registry.domain.listing_terms import Grade
from mingjing_registry.domain.operation import OperationState, OperationStateChanged
from mingjing_registry.domain.profile import Content, Premises, Profile
from mingjing_registry.domain.record_facts import ProfileRecorded
from mingjing_registry.projections.traits import fold, keys

ON = date(2026, 7, 1)
ID, LISTING, OTHER = UUID(int=1), UUID(int=2), UUID(int=3)


def fact(event: Any, position: int = 1, stream: str = f"institution-{ID}") -> Recorded[Any]:
    moment = datetime(2026, 7, 1, tzinfo=UTC)
    return Recorded(position, stream, 1, "registry.any.v1", event, b"", moment, moment)


def after(*events: Any) -> dict[str, Any]:
    row = None
    for position, event in enumerate(events, start=1):
        row = fold((ID,), row, fact(event, position))
    assert row is not None
    return dict(row)


def changed(before: OperationState, state: OperationState) -> OperationStateChanged:
    return OperationStateChanged(before=before, state=state, reason="", reference="", on=ON)


TERMS = LicenceTerms(number="1", issued_on=ON, expires_on=ON)
REVOKED = LicenceRecorded(terms=TERMS, standing="revoked", standing_since=None, note="", on=ON)
LISTED, LISTED_TWICE = (InstitutionBlacklisted(listing_id=one, on=ON) for one in (LISTING, OTHER))
CLEARED, CLEARED_TWICE = (InstitutionCleared(listing_id=one, on=ON) for one in (LISTING, OTHER))
CLOSED = changed(OperationState.CLOSING, OperationState.CLOSED)
LICENSED = LicenceRecorded(terms=TERMS, standing="licensed", standing_since=None, note="", on=ON)


def test_each_ground_has_an_end_of_its_own() -> None:
    assert after(REVOKED, LISTED, CLOSED)["grounds"] == ["blacklisted", "closed", "revoked"]
    assert after(REVOKED, LISTED, CLOSED, CLEARED)["grounds"] == ["closed", "revoked"]
    assert after(LISTED, LISTED_TWICE, CLEARED)["grounds"] == ["blacklisted"], "the other listing is in force"
    assert after(LISTED, LISTED_TWICE, CLEARED, CLEARED_TWICE)["grounds"] == []
    assert after(REVOKED, LISTED, LICENSED)["grounds"] == ["blacklisted"]
    assert after(CLOSED, changed(OperationState.CLOSED, OperationState.OPERATING), LISTED)["grounds"] == ["blacklisted"]


def test_who_was_never_registered_is_known_by_the_listing_until_it_is_over() -> None:
    published = BlacklistPublished(
        institution_id=None, name="木铎轩", code="", grade=Grade.SERIOUS, document_number="1", summary="s",
        is_public=True, ends_on=date(2029, 7, 1), on=ON,
    )  # fmt: skip
    removed = BlacklistRemoved(
        institution_id=None, cause="expired", reference="", reason="", due_on=None, was_public=True, on=ON
    )
    stream = f"blacklisting-{LISTING}"
    assert list(keys(fact(published, stream=stream))) == [(LISTING,)]
    row = fold((LISTING,), None, fact(published, 1, stream))
    assert row is not None
    assert (row["names"], row["grounds"]) == (["木铎轩"], ["blacklisted"])
    row = fold((LISTING,), row, fact(removed, 2, stream))
    assert row is not None
    assert (row["names"], row["grounds"], row["position"]) == ([], [], 2)


def test_organizers_are_people_and_an_application_says_where_it_wants_to_teach() -> None:
    room = Premises(address="莲花街123号", area_m2=90, students_max=20)
    applied = LicenceApplied(content=Content(profile=Profile(organizer="新铎文化"), premises=(room,)), on=ON)
    row = after(ProfileRecorded(profile=Profile(organizer="范杰俊"), changed=("organizer",), on=ON), applied)
    assert row["people"] == ["新铎文化", "范杰俊"]
    assert list(row["addresses"].values()) == ["莲花街123号"]
