"""Who complained, as staff see it: a pseudonym of the one complaint, and masked fields.

One rule: nothing here is opened. The pseudonym is made of the complaint, the masked text lies beside the person's key
and is gone with it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from mingjing_inspection.domain.complainant import subject_of
from mingjing_inspection.domain.complaint import Track
from mingjing_kernel.sealed.keys import Keys
from mingjing_kernel.sealed.pseudonym import pseudonym


async def people_in(keys: Keys, rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Rows of complaints with ``complainant`` and ``complainant_masked`` beside what they have."""
    named = {row["complaint_id"]: subject_of(row["complaint_id"]) for row in rows if not row["is_anonymous"]}
    masked = await keys.marks().masked(named.values())
    found = []
    for row in rows:
        subject = named.get(row["complaint_id"])
        who = pseudonym(keys.index(), subject, _word(row["tracks"])) if subject else ""
        found.append({**row, "complainant": who, "complainant_masked": masked.get(subject or "", {})})
    return found


def _word(tracks: Sequence[str]) -> str:
    """Who only reports a violation is a reporter; who wants her own dispute settled complains."""
    return "举报人" if list(tracks) == [Track.REPORT.value] else "投诉人"
