"""What is told from elsewhere is noted as it was told, and told twice it is noted once."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from mingjing_funds.domain import sign_facts as f
from mingjing_funds.domain.sign import SIGN
from mingjing_kernel.testing.spec import Spec

DAY = date(2026, 5, 6)
ONE, OTHER = UUID(int=1), UUID(int=2)
AT = datetime(2026, 5, 6, 2, tzinfo=UTC)
COMPLAINT = f.ComplaintNoted(institution_id=ONE, words=("gone",), on=DAY)
MOVED = f.ComplaintMoved(institution_id=OTHER, before=ONE, words=("gone",), said_on=DAY, on=DAY)
JOINED, LEFT = f.MemberJoined(institution_id=ONE, on=DAY), f.MemberLeft(institution_id=ONE, on=DAY)


@pytest.fixture
def sign() -> Spec:
    return Spec(SIGN)


def visit(outcome: str) -> dict[str, object]:
    return {"institution_id": ONE, "outcome": outcome, "failed": (), "visited_at": AT, "on": DAY}


def test_a_complaint_is_noted_once_and_follows_whom_it_is_about(sign: Spec) -> None:
    note = f.NoteComplaint(institution_id=ONE, words=("gone",), on=DAY)
    move = f.MoveComplaint(institution_id=OTHER, on=DAY)
    sign.when(note).then(COMPLAINT)
    sign.given(COMPLAINT).when(note).then()
    sign.given(COMPLAINT).when(move).then(MOVED)
    sign.given(COMPLAINT, MOVED).when(move).then()
    sign.when(move).then()  # what was no complaint when it was told


def test_somebody_comes_and_goes_once_and_may_come_again(sign: Spec) -> None:
    come, go = f.NoteMember(institution_id=ONE, on=DAY), f.NoteLeaving(on=DAY)
    sign.when(come).then(JOINED)
    sign.given(JOINED).when(come).then()
    sign.given(JOINED).when(go).then(LEFT)
    sign.given(JOINED, LEFT).when(go).then()
    sign.given(JOINED, LEFT).when(come).then(JOINED)
    sign.when(go).then()


@pytest.mark.parametrize(
    ("command", "fact"),
    [
        (f.NoteVisit(**visit("NO_ISSUE")), f.VisitNoted(**visit("NO_ISSUE"))),  # type: ignore[arg-type]
        (f.NoteSite(institution_id=ONE, on=DAY), f.SiteNoted(institution_id=ONE, on=DAY)),
        (
            f.NoteLicence(granted_on=DAY, valid_to=None, on=DAY),
            f.LicenceNoted(granted_on=DAY, valid_to=None, on=DAY),
        ),
        (f.NoteAnnualCheck(result="fail", on=DAY), f.AnnualCheckNoted(result="fail", on=DAY)),
        (f.NoteOperation(state="closing", on=DAY), f.OperationNoted(state="closing", on=DAY)),
        (
            f.NoteAnnouncement(matter="停课", since=DAY, until=DAY, filed_on=DAY, on=DAY),
            f.AnnouncementNoted(matter="停课", since=DAY, until=DAY, filed_on=DAY, on=DAY),
        ),
    ],
)
def test_what_is_told_last_stands_and_the_same_again_is_no_news(sign: Spec, command: f.Command, fact: f.Event) -> None:
    sign.when(command).then(fact)
    sign.given(fact).when(command).then()
    other = f.OperationNoted(state="operating", on=DAY)
    sign.given(fact, other).when(f.NoteOperation(state="operating", on=DAY)).then()


def test_a_visit_that_is_put_right_is_told_again(sign: Spec) -> None:
    shut = f.VisitNoted(**visit("DOOR_CLOSED"))  # type: ignore[arg-type]
    sign.given(shut).when(f.NoteVisit(**visit("NO_ISSUE"))).then(  # type: ignore[arg-type]
        f.VisitNoted(**visit("NO_ISSUE"))  # type: ignore[arg-type]
    )
