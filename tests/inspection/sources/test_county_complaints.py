"""The sample county's complaints against the answers that came with them.

The figures are floors: nobody may be named wrongly, and what is read rightly today stays so.
"""

import json
from collections import Counter
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from mingjing.county import County
from mingjing_inspection.domain.complaint import TakeComplaint, Track
from mingjing_inspection.domain.premises import Names
from mingjing_inspection.domain.urgency import urgent_words
from mingjing_inspection.settings import InspectionSettings
from mingjing_inspection.sources.complaint_file import open_file, read_rows
from mingjing_inspection.sources.complaint_row import Desk
from mingjing_inspection.sources.matching import NameIndex
from mingjing_kernel.identifiers import derived_id

MATCHED_MIN, TRACKS_RIGHT_MIN, URGENT_CLOSURES_MIN = 455, 580, 125
TRACK_OF = {
    (Track.DISPUTE,): "dispute",
    (Track.REPORT,): "report",
    (Track.DISPUTE, Track.REPORT): "both",
    (Track.WORK_ORDER,): "work order",
}


def institution_id(name: str) -> UUID:
    return derived_id("test-institution", name)


@pytest.fixture(scope="module", name="truth")
def make_truth() -> dict[str, Any]:
    with County() as county:
        return json.loads(county.read("truth.json"))  # type: ignore[no-any-return]


@pytest.fixture(scope="module", name="taken")
def make_taken(truth: dict[str, Any]) -> dict[str, TakeComplaint]:
    """Every complaint of both files by its number, read with every institution known."""
    index = NameIndex(places=InspectionSettings().name_places)
    for one in (*truth["institutions"], *truth["withdrawn"], *truth["revoked"]):
        names = Names(
            full_name=one["name"], former_names=tuple(one["former_names"]), uscc=one["uscc"], phone=one["phone"]
        )
        index.add(institution_id(one["id"]), names)
    found: dict[str, TakeComplaint] = {}
    with County() as county:
        for delivery in county.deliveries():
            if delivery.folder == "complaints":
                opened = open_file(county.read(delivery.path))
                desk = Desk(
                    channel=opened.layout.channel,
                    index=index,
                    competent={},
                    county="杭州市西湖区",
                    region="330106",
                    department="education",
                    taken_by="test",
                    taken_at=datetime(2026, 7, 2, tzinfo=UTC),
                )
                read, kept = read_rows(opened.rows, desk)
                assert kept == []
                assert opened.counted in (None, len(read))
                found |= {row.command.intake.number: row.command for row in read}
    return found


def test_every_complaint_of_the_county_is_read(truth: dict[str, Any], taken: dict[str, TakeComplaint]) -> None:
    assert set(taken) == {one["id"] for one in truth["complaints"]}


def test_nobody_is_named_wrongly(truth: dict[str, Any], taken: dict[str, TakeComplaint]) -> None:
    formerly = {one["id"]: one["formerly"] for one in truth["unlicensed"]}
    right, wrong = 0, []
    for one in truth["complaints"]:
        found = taken[one["id"]].attribution.institution_id
        # Who goes on without a licence is named by the institution that lost it.
        meant = one["inst"] or formerly.get(one["unlicensed"] or "")
        if found is not None and (meant is None or found != institution_id(meant)):
            wrong.append(one["id"])
        right += found is not None and one["inst"] is not None
    assert wrong == []
    assert right >= MATCHED_MIN


def test_messages_are_split_into_their_tracks(truth: dict[str, Any], taken: dict[str, TakeComplaint]) -> None:
    right = 0
    for one in truth["complaints"]:
        command = taken[one["id"]]
        meant = {"consult": "work order", "praise": "work order"}.get(one["track"], one["track"])
        found = TRACK_OF[command.tracks] if command.within_remit else "not_ours"
        right += found == meant
    assert right >= TRACKS_RIGHT_MIN


def test_closures_are_urgent_and_ordinary_trouble_is_not(
    truth: dict[str, Any], taken: dict[str, TakeComplaint]
) -> None:
    urgent = Counter(
        one["topic"]
        for one in truth["complaints"]
        if (command := taken[one["id"]]).within_remit
        and command.tracks != (Track.WORK_ORDER,)
        and urgent_words(f"{command.intake.title}。{command.intake.text}")
    )
    assert urgent["closed"] >= URGENT_CLOSURES_MIN
    assert set(urgent) <= {"closed", "warning", "refund_stall"}
