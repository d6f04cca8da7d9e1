"""What a visit report must say to be taken, and what is doubtful about one that is.

One rule: what an officer can put right on the spot is refused; what he cannot (a bad fix, a clock that runs ahead) is
taken and stated as a doubt.
"""

from __future__ import annotations

import re
from datetime import datetime

from mingjing_inspection.domain.checklist import CHECKLISTS, Checklist
from mingjing_inspection.domain.visit_facts import (
    Asked,
    Doubt,
    Failing,
    Finding,
    Limits,
    Observation,
    Outcome,
    Position,
    Signatory,
)
from mingjing_inspection.domain.visit_refusals import (
    CompanionsMistaken,
    DuplicateAnswer,
    DuplicatePhoto,
    ItemOfAnotherDepartment,
    NoteTooLong,
    OfficersTooFew,
    OutcomeContradictsAnswers,
    PhotoMissing,
    PhotoNotHashed,
    PhotosTooMany,
    PositionImpossible,
    SignatureMissing,
    SignaturesMistaken,
    UnansweredItems,
    UnknownChecklist,
    UnknownItem,
)

PHOTOS_MAX = 60
RECORDINGS_MAX = 10
COMPANIONS_MAX = 9
NOTE_CHARACTERS_MAX = 4_000
REFUSAL_CHARACTERS_MAX = 400
SHA256_HEX = re.compile(r"[0-9a-f]{64}")
ENTERED = frozenset({Outcome.NO_ISSUE, Outcome.ISSUES})
"""Only where somebody was met is there anybody to sign."""


def asked_by(seen: Observation, asked: Asked | None) -> Asked:
    """The checklist that was answered: as the caller found it, or a shipped one. Raises ``UnknownChecklist``."""
    if asked is not None and asked.checklist.version == seen.checklist:
        return asked
    shipped = CHECKLISTS.get(seen.checklist)
    if shipped is None:
        raise UnknownChecklist(version=seen.checklist)
    return Asked(checklist=shipped)


def check_report(seen: Observation, asked: Asked) -> None:
    """Raise what the officer can put right."""
    if len(seen.note) > NOTE_CHARACTERS_MAX:
        raise NoteTooLong(maximum=NOTE_CHARACTERS_MAX)
    _check_position(seen.position)
    _check_signatures(seen)
    _check_files(seen)
    _check_answers(seen, asked)


def check_duty(seen: Observation, officer: str, limits: Limits) -> None:
    """Raise where the policy asks for more people or signatures than there are."""
    if officer in seen.companions or len(set(seen.companions)) != len(seen.companions):
        raise CompanionsMistaken
    present = 1 + len(set(seen.companions) - set(limits.ungranted))
    if present < limits.officers_min:
        raise OfficersTooFew(minimum=limits.officers_min, found=present)
    if limits.signatures_required and seen.outcome in ENTERED:
        signed = {one.by for one in seen.signatures}
        if signed != set(Signatory):
            raise SignatureMissing


def failings_of(seen: Observation, checklist: Checklist) -> tuple[Failing, ...]:
    """The failed items, in the order of the checklist."""
    failed = {answer.item for answer in seen.answers if answer.finding is Finding.FAIL}
    return tuple(
        Failing(
            item=item.code,
            severity=item.severity,
            immediate_veto=item.immediate_veto,
            legal_basis=item.legal_basis,
        )
        for item in checklist.items
        if item.code in failed
    )


def failed_and_vetoes(failings: tuple[Failing, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Codes of what failed, and of what lets nobody go on."""
    failed = tuple(sorted(one.item for one in failings))
    return failed, tuple(one.item for one in failings if one.immediate_veto)


def doubts_of(
    seen: Observation, asked: Asked, limits: Limits, skew_seconds: int, device_sent_at: datetime, officer: str
) -> tuple[Doubt, ...]:
    """What makes place, time, questions or people doubtful, in the order of ``Doubt``."""
    # A clock that was put right between the visit and the sending makes the visit lie after it: nobody can mend that.
    ahead_seconds = max(skew_seconds, skew_seconds + int((seen.visited_at - device_sent_at).total_seconds()))
    judged = {
        Doubt.MOCK_POSITION: seen.position.is_mock,
        Doubt.POSITION_INACCURATE: seen.position.accuracy_metres > limits.accuracy_metres_max,
        Doubt.CLOCK_AHEAD: ahead_seconds > limits.clock_skew_seconds_max,
        Doubt.CLOCK_BEHIND: skew_seconds < -limits.clock_skew_seconds_max,
        Doubt.CHECKLIST_NOT_IN_FORCE: not asked.is_in_force,
        Doubt.NOT_WHO_WAS_DRAWN: not {officer, *seen.companions}.issuperset(limits.drawn),
        Doubt.COMPANION_WITHOUT_GRANT: not set(limits.ungranted).isdisjoint(seen.companions),
    }
    return tuple(doubt for doubt in Doubt if judged[doubt])


def _check_position(position: Position) -> None:
    inside = abs(position.latitude_e7) <= 90 * 10**7 and abs(position.longitude_e7) <= 180 * 10**7
    if not inside or position.accuracy_metres < 0:
        raise PositionImpossible


def _check_files(seen: Observation) -> None:
    if not seen.photos:
        raise PhotoMissing
    if len(seen.photos) > PHOTOS_MAX or len(seen.recordings) > RECORDINGS_MAX:
        raise PhotosTooMany(maximum=PHOTOS_MAX, recordings_max=RECORDINGS_MAX)
    for file in seen.files:
        if not SHA256_HEX.fullmatch(file):
            raise PhotoNotHashed(value=file[:64])
    if len(set(seen.files)) != len(seen.files):
        raise DuplicatePhoto


def _check_signatures(seen: Observation) -> None:
    """One a signatory, with a picture or, of the institution alone, with why there is none."""
    signed = [one.by for one in seen.signatures]
    if len(set(signed)) != len(signed) or len(seen.companions) > COMPANIONS_MAX:
        raise SignaturesMistaken
    for one in seen.signatures:
        refused = one.refusal.strip()
        is_whole = bool(one.image) is not bool(refused) and len(refused) <= REFUSAL_CHARACTERS_MAX
        if not is_whole or (refused and one.by is Signatory.OFFICER):
            raise SignaturesMistaken


def _check_answers(seen: Observation, asked: Asked) -> None:
    checklist, answered = asked.checklist, set[str]()
    for answer in seen.answers:
        item = checklist.item(answer.item)
        if item is None:
            raise UnknownItem(item=answer.item, version=checklist.version)
        if answer.item in answered:
            raise DuplicateAnswer(item=answer.item)
        if answer.item in asked.beyond and answer.finding is not Finding.NOT_CHECKED:
            raise ItemOfAnotherDepartment(item=answer.item)
        answered.add(answer.item)
        own_photos = set(answer.photos)
        lacks_photo = item.photo_required and answer.finding is Finding.FAIL and not own_photos
        if lacks_photo or not own_photos <= set(seen.photos):
            raise PhotoMissing
    failed = any(answer.finding is Finding.FAIL for answer in seen.answers)
    if failed is not (seen.outcome is Outcome.ISSUES):
        raise OutcomeContradictsAnswers(outcome=seen.outcome.value)
    if seen.outcome is Outcome.NO_ISSUE:
        missing = sorted({item.code for item in checklist.items} - answered - asked.beyond)
        if missing:
            raise UnansweredItems(items=", ".join(missing))
