"""Natural persons as data subjects: where each one's data stands and since when the retention of it runs.

The time begins anew with each fact about the record: nobody's data goes while the matter may still be open.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from mingjing_kernel.log import Recorded
from mingjing_kernel.projection import Key, ReadModel, Row
from mingjing_kernel.sealed.subject import LegalHoldLifted, LegalHoldPlaced, SubjectErased
from mingjing_kernel.sealed.subjects import fold_subject, new_subject, subjects_table
from mingjing_registry.domain.blacklist import subject_of
from mingjing_registry.domain.blacklist_facts import BlacklistProposed
from mingjing_registry.domain.kept_aside import PersonRowKeptAside
from mingjing_registry.domain.kept_aside import subject_of as row_subject_of
from mingjing_registry.domain.mirror import StaffBarred
from mingjing_registry.domain.staff import subject_of as staff_subject_of
from mingjing_registry.domain.staff_facts import StaffEnrolled
from mingjing_registry.projections.schema import METADATA

RECORD = "case-file"
"""The retention policy's name for this kind of record."""
ROW_RECORD = "system-log"
"""A row that waits is no record of anybody yet, and what was taken of it stands on hers."""
STAFF_RECORD = "contract"
"""Whoever works at an institution is kept as long as the contracts that she taught under."""


def keys(fact: Recorded[Any]) -> Iterable[Key]:
    """One row a person."""
    match fact.event:
        case SubjectErased() | LegalHoldPlaced() | LegalHoldLifted() as event:
            yield (event.subject,)
        case StaffBarred(entry=entry):
            yield (entry.person.name.subject,)
        case _ if fact.noun == "blacklisting":
            yield (subject_of(fact.id),)
        case _ if fact.noun == "staff-member":
            yield (staff_subject_of(fact.id),)
        case _ if fact.noun == "kept-aside":
            yield (row_subject_of(fact.id),)
        case _:
            return


def fold(key: Key, row: Row | None, fact: Recorded[Any]) -> Row | None:
    """The row after the fact; none for a listing without a person."""
    if row is None and (begun := _begun(key, fact)) is not None:
        return begun
    match fact.event:
        case BlacklistProposed() | StaffBarred():
            return row
        case _ if row is not None and fact.noun in ("blacklisting", "staff-member", "kept-aside"):
            return row | {"begins_at": fact.occurred_at}
        case event:
            return fold_subject(row, event)


def _begun(key: Key, fact: Recorded[Any]) -> Row | None:
    """Whose data stands here from this fact on, and in whose charge."""
    match fact.event:
        case BlacklistProposed(party=party, within=within) if party.person is not None:
            record, department, region = RECORD, within.department, within.region
        case StaffBarred():
            record, department, region = RECORD, fact.meta.department, fact.meta.region
        case StaffEnrolled(within=within):
            record, department, region = STAFF_RECORD, within.department, within.region
        case PersonRowKeptAside(origin=origin):
            record, department, region = ROW_RECORD, origin.register, origin.region
        case _:
            return None
    return new_subject(
        key[0],
        stream=fact.stream,
        record=record,
        begins_at=fact.occurred_at,
        department=department,
        region=region,
    )


SUBJECTS_READ = ReadModel(
    name="subjects",
    table=subjects_table(METADATA),
    nouns=("blacklisting", "barred-person", "staff-member", "kept-aside", "subject"),
    keys=keys,
    fold=fold,
    history=True,
)
