"""Merger 合并: the licence of who merged into another is cancelled by itself, once families are owed nothing more.

One rule: the approval of the merger is a person's; what follows of it waits for funds' word and for nothing else.
"""

from __future__ import annotations

from datetime import date

from mingjing_registry.domain.institution import Known
from mingjing_registry.domain.liability import is_settled
from mingjing_registry.domain.licence import Expired, LicenceCancelled, Licensed, Rectifying

MERGED = "merged-into"
"""Why; a code, followed by the ids of the institutions that go on."""


def merged_away(known: Known, on: date) -> list[LicenceCancelled]:
    """The cancellation, with the change and its decision as references; nothing while it waits, or where it is done."""
    merger = known.changes.merger
    if merger is None or not isinstance(known.licence, Licensed | Rectifying | Expired):
        return []
    if not is_settled(known.liability, on):
        return []
    return [
        LicenceCancelled(
            application_reference=merger.number,
            public_notice_reference=merger.decision_reference,
            reason=" ".join((MERGED, *(str(id) for id in merger.into))),
            on=on,
        )
    ]
