"""Record rules: profile and summaries (domain of ``record_facts.py``).

One rule: what needs an approved change is not changed by recording it (R15).
"""

from __future__ import annotations

from datetime import date
from typing import assert_never

from mingjing_registry.domain.institution import Known
from mingjing_registry.domain.licence import Licensed, Rectifying, Suspended
from mingjing_registry.domain.licence_refusals import ChangeNeedsApproval
from mingjing_registry.domain.profile import Profile, changed_fields
from mingjing_registry.domain.record_facts import (
    Command,
    Event,
    MaterialsSummarised,
    NoteMaterials,
    NoteStaff,
    ProfileRecorded,
    RecordProfile,
    StaffSummarised,
)

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
        case _:
            assert_never(command)


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
