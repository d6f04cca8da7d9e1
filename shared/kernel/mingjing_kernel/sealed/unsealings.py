"""Openings of sealed fields (查看记录): who looked at whom, when and why, and who reviewed it. Refused ones too.

Read models, rebuilt from the log at any time. A service that seals lists them among its own.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    Column,
    Date,
    DateTime,
    FromClause,
    Integer,
    MetaData,
    Select,
    Table,
    Text,
    Uuid,
    and_,
    select,
)
from sqlalchemy.dialects.postgresql import JSONB

from mingjing_kernel.clock import shanghai_date
from mingjing_kernel.identity import UNDIVIDED, Role, Scope
from mingjing_kernel.log import Recorded
from mingjing_kernel.projection import Key, ReadModel, Row
from mingjing_kernel.sealed.subject import SubjectRequestAnswered, SubjectRequestReceived
from mingjing_kernel.sealed.unsealer import (
    REVIEW_UNSEALING,
    BulkUnsealingRefused,
    UnsealingGranted,
    UnsealingReviewed,
)

REVIEWERS = REVIEW_UNSEALING.roles
RIGHTS_OFFICERS = frozenset({Role.AUDITOR, Role.LEGAL_REVIEWER, Role.ADMINISTRATOR})
"""Who answers persons that exercise their rights, or sees that they are answered."""
REVIEW_WITHIN = timedelta(days=7)


def unsealing_models(metadata: MetaData) -> tuple[ReadModel, ReadModel]:
    """Openings, and requests of persons, as read models of a service."""
    opened, asked = _unsealings(metadata), _requests(metadata)
    return (
        ReadModel("unsealings", opened, ("unsealer",), unsealing_keys, fold_unsealing, history=True),
        ReadModel("subject_requests", asked, ("subject",), request_keys, fold_request, history=True),
    )


def _unsealings(metadata: MetaData) -> Table:
    return Table(
        "unsealings",
        metadata,
        Column("unsealing_id", Uuid, primary_key=True),
        Column("department", Text, nullable=False),
        Column("region", Text, nullable=False),
        Column("unsealer", Text, nullable=False, index=True),
        Column("subject", Text, nullable=False, index=True),
        Column("stream", Text, nullable=False),
        Column("fields", JSONB, nullable=False),
        Column("purpose", Text, nullable=False),
        Column("explanation", Text, nullable=False),
        Column("outcome", Text, nullable=False),
        Column("allowed", Integer),
        Column("policy_version", Text, nullable=False),
        Column("asked_at", DateTime(timezone=True), nullable=False, index=True),
        Column("reviewer", Text, nullable=False),
        Column("conclusion", Text, nullable=False),
        Column("remark", Text, nullable=False),
        Column("reviewed_at", DateTime(timezone=True)),
    )


def _requests(metadata: MetaData) -> Table:
    return Table(
        "subject_requests",
        metadata,
        Column("request_id", Uuid, primary_key=True),
        Column("department", Text, nullable=False),
        Column("region", Text, nullable=False),
        Column("subject", Text, nullable=False, index=True),
        Column("kind", Text, nullable=False),
        Column("received_on", Date, nullable=False),
        Column("due_on", Date, nullable=False),
        Column("outcome", Text, nullable=False),
        Column("rule", Text, nullable=False),
        Column("reason", Text, nullable=False),
        Column("answered_by", Text, nullable=False),
        Column("answered_at", DateTime(timezone=True)),
    )


def unsealing_keys(fact: Recorded[Any]) -> Iterable[Key]:
    """One row an opening."""
    yield (fact.event.unsealing_id,)


def fold_unsealing(key: Key, row: Row | None, fact: Recorded[Any]) -> Row | None:
    """Opened or refused, then reviewed."""
    match fact.event:
        case UnsealingGranted() as event:
            return _asked(key, fact, event) | {"outcome": "opened", "allowed": None}
        case BulkUnsealingRefused() as event:
            return _asked(key, fact, event) | {"outcome": "refused", "allowed": event.allowed}
        case UnsealingReviewed() as event if row is not None:
            return row | {
                "reviewer": event.reviewer,
                "conclusion": event.conclusion,
                "remark": event.remark,
                "reviewed_at": event.at,
            }
        case _:
            return row


def request_keys(fact: Recorded[Any]) -> Iterable[Key]:
    """One row a request."""
    if isinstance(fact.event, SubjectRequestReceived | SubjectRequestAnswered):
        yield (fact.event.request_id,)


def fold_request(key: Key, row: Row | None, fact: Recorded[Any]) -> Row | None:
    """Received, then answered."""
    match fact.event:
        case SubjectRequestReceived() as event:
            meta = fact.meta
            return {
                "request_id": key[0],
                "department": meta.department,
                "region": meta.region,
                "subject": event.subject,
                "kind": event.kind.value,
                "received_on": event.received_on,
                "due_on": event.due_on,
                "outcome": "open",
                "rule": "",
                "reason": "",
                "answered_by": "",
                "answered_at": None,
            }
        case SubjectRequestAnswered() as event if row is not None:
            return row | {
                "outcome": "granted" if event.is_granted else "refused",
                "rule": event.rule,
                "reason": event.reason,
                "answered_by": event.by,
                "answered_at": event.at,
            }
        case _:
            return row


def unsealings_in(scope: Scope, rows: FromClause, now: datetime) -> Select[Any]:
    """The openings that a reviewer may see; ``is_overdue`` where nobody reviewed it within a week."""
    late = and_(rows.c.reviewed_at.is_(None), rows.c.asked_at < now - REVIEW_WITHIN)
    return select(*rows.c, late.label("is_overdue")).where(_seen(scope, rows, REVIEWERS))


def requests_in(scope: Scope, rows: FromClause, now: datetime) -> Select[Any]:
    """The requests that an official may see; ``is_overdue`` where the answer is late."""
    late = and_(rows.c.answered_at.is_(None), rows.c.due_on < shanghai_date(now))
    return select(*rows.c, late.label("is_overdue")).where(_seen(scope, rows, RIGHTS_OFFICERS))


def _seen(scope: Scope, rows: FromClause, roles: frozenset[Role]) -> Any:
    return scope.where(roles=roles, department=rows.c.department, region=rows.c.region, category=UNDIVIDED)


def _asked(key: Key, fact: Recorded[Any], event: UnsealingGranted | BulkUnsealingRefused) -> Row:
    meta = fact.meta
    return {
        "unsealing_id": key[0],
        "department": meta.department,
        "region": meta.region,
        "unsealer": event.unsealer,
        "subject": event.subject,
        "stream": event.stream,
        "fields": list(event.fields),
        "purpose": event.purpose.value,
        "explanation": event.explanation,
        "policy_version": event.policy_version,
        "asked_at": event.at,
        "reviewer": "",
        "conclusion": "",
        "remark": "",
        "reviewed_at": None,
    }
