"""What was said of a track (诉求内容): the message and what its citizen added, for whoever has the track to handle.

One rule: who asks has been shown the track; who complained is in neither table in clear.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select

from mingjing_inspection.projections.complaint_voices import complaint_voices
from mingjing_inspection.projections.complaints import complaints_table
from mingjing_inspection.projections.premises import premises_table


def message_of(complaint_id: UUID) -> Select[Any]:
    """One row, or none where the complaint is not known."""
    rows, voice = complaints_table.c, complaint_voices.c
    return (
        select(
            rows.complaint_id, rows.number, rows.declared, rows.title, rows.text, rows.respondent, rows.place,
            rows.claimed_fen, rows.is_anonymous, rows.urgent_words, rows.due_on, voice.identity, voice.relation,
            voice.said, voice.is_satisfied, voice.rating, voice.reopening_asked_at, voice.withdrawn_at,
        )
        .join_from(complaints_table, complaint_voices, rows.complaint_id == voice.complaint_id, isouter=True)
        .where(rows.complaint_id == complaint_id)
    )  # fmt: skip


def names_of(institution_ids: Sequence[UUID]) -> Select[Any]:
    """Names of institutions, which are public."""
    known = premises_table.c
    name = known.names["full_name"].astext
    return select(known.institution_id, func.coalesce(name, "").label("name")).where(
        known.institution_id.in_(institution_ids)
    )


def heads_of(complaint_ids: Sequence[UUID]) -> Select[Any]:
    """Title and respondent of each, and the institution's name where it is known: what a list shows of a track."""
    rows, known = complaints_table.c, premises_table.c
    name = known.names["full_name"].astext
    return (
        select(rows.complaint_id, rows.title, rows.respondent, func.coalesce(name, "").label("name"))
        .join_from(complaints_table, premises_table, rows.institution_id == known.institution_id, isouter=True)
        .where(rows.complaint_id.in_(complaint_ids))
    )
