"""Who may be the same person 疑似同一人: by whole numbers, or by name and open part where one of them is masked.

One rule: two whole numbers are compared as such and as nothing else; whoever was erased is like nobody.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import FromClause, and_, exists, or_, true

from mingjing_kernel.sealed.marks import IN_PART, SEX, subject_marks
from mingjing_registry.domain.identity import IN_PART_PREFIX


def is_in_part(digest: Any) -> Any:
    """Whether a record goes by a masked number."""
    return digest.startswith(IN_PART_PREFIX)


def of_other_sex(one: Any, other: Any) -> Any:
    """Whether two subjects are said to be a man and a woman."""
    here, there = (subject_marks.alias(name).c for name in ("sex_here", "sex_there"))
    said = and_(here.subject == one, there.subject == other, here.field == SEX, there.field == SEX)
    return exists().where(said, here.blind != there.blind)


def are_alike(rows: Any, other: Any, here: Any, there: Any) -> Any:
    """Whether two records, joined to their marks, may be one person's, one of them by a masked number."""
    return and_(
        here.subject == rows.subject,
        here.field == IN_PART,
        there.blind == here.blind,
        there.field == IN_PART,
        other.subject == there.subject,
        is_in_part(rows.identity_digest) | is_in_part(other.identity_digest),
        ~of_other_sex(here.subject, there.subject),
    )


def works_elsewhere(rows: Any, staff: FromClause) -> Any:
    """Whether somebody who may be the same works at another institution now."""
    same, other = staff.alias("same_elsewhere").c, staff.alias("alike_elsewhere").c
    here, there = (subject_marks.alias(name).c for name in ("here", "there"))
    # Two questions, each by an index of its own.
    return or_(
        exists().where(
            same.identity_digest == rows.identity_digest,
            ~is_in_part(same.identity_digest),
            same.institution_id != rows.institution_id,
            same.is_employed.is_(true()),
        ),
        exists().where(
            are_alike(rows, other, here, there),
            other.institution_id != rows.institution_id,
            other.is_employed.is_(true()),
        ),
    )
