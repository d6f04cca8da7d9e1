"""Record rules: profile and summaries (domain of ``record_facts.py``).

One rule: what needs an approved change is not changed by recording it (R15).
"""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import date
from typing import assert_never

from mingjing_registry.domain.institution import Known
from mingjing_registry.domain.licence import Licensed, Rectifying, Suspended
from mingjing_registry.domain.licence_refusals import ChangeNeedsApproval
from mingjing_registry.domain.profile import MaterialsSummary, Profile, StaffSummary, changed_fields
from mingjing_registry.domain.record_facts import (
    Command,
    Event,
    MaterialsSummarised,
    NoteFindings,
    NoteMaterials,
    NoteStaff,
    ProfileRecorded,
    RecordProfile,
    StaffSummarised,
)

NO_STAFF = StaffSummary(
    total=0, teaching=0, full_time_teachers=0, unqualified=0, in_service=0, blacklisted=0, foreigners_abroad=0,
    foreigners_unlawful=0,
)  # fmt: skip
NO_MATERIALS = MaterialsSummary(filed=0, unreviewed=0, overseas=0, ahead_of_syllabus=0)
"""Nothing was declared or counted yet."""
_NEED_APPROVAL = ("organizer", "modes")


def decide_record(command: Command, known: Known) -> list[Event]:
    """The facts that follow."""
    match command:
        case RecordProfile(profile=profile, on=on):
            return _profile(profile, on, known)
        case NoteStaff(summary=summary, on=on):
            return [] if known.staff == summary else [StaffSummarised(summary=summary, on=on)]
        case NoteMaterials(summary=summary, on=on):
            return [] if known.materials == summary else [MaterialsSummarised(summary=summary, on=on)]
        case NoteFindings():
            return _findings(command, known)
        case _:
            assert_never(command)


def _findings(command: NoteFindings, known: Known) -> list[Event]:
    """The counts that records say, beside those that were summarised or declared of the rest."""
    content = known.application.content
    events: list[Event] = []
    if command.foreigners is not None:
        staff = known.staff or (content.staff if content else None) or NO_STAFF
        found = replace(staff, **asdict(command.foreigners))
        events += [] if found == staff else [StaffSummarised(summary=found, on=command.on)]
    if command.breaches is not None:
        materials = known.materials or (content.materials if content else None) or NO_MATERIALS
        seen = replace(materials, **asdict(command.breaches))
        events += [] if seen == materials else [MaterialsSummarised(summary=seen, on=command.on)]
    return events


def _profile(profile: Profile, on: date, known: Known) -> list[Event]:
    changed = changed_fields(known.profile, profile)
    if not changed:
        return []
    if isinstance(known.licence, Licensed | Rectifying | Suspended):
        for name in _NEED_APPROVAL:
            # A gap that a register left is filled; what was said is changed by application.
            if name in changed and getattr(known.profile, name):
                raise ChangeNeedsApproval(changed=name)
    return [ProfileRecorded(profile=profile, changed=changed, on=on)]
