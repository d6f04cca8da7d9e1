"""Facts behind the rows: what is decided on the log itself, not on a list, needs a stream for each of them.

One rule: each fact stands where its row stands; all else in it is an example, the same for every row.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from contracts.sample import sample
from mingjing_kernel.evidence.custody import own_envelope
from mingjing_kernel.log import Aggregate, Work
from mingjing_kernel.service import Service
from mingjing_registry.domain.institution import InstitutionRegistered
from mingjing_registry.domain.licence import LicenceApproved, LicenceRefused
from mingjing_registry.domain.particulars import Category
from scopes.question import Row

_FIRST = frozenset({
    "account", "barred-person", "blacklisting", "breach", "break", "call", "complaint", "complaint-group",
    "complaint-track", "complaint-voice", "conduct-lead", "contract", "custodian", "deposit", "draw", "filing",
    "finding", "finding-sample", "grid-version", "hotspot-visit", "lead", "likeness", "list-consumer", "operation",
    "overdue-notice",
    "provider", "rating", "rectification", "site", "staff-member", "task", "visit", "watch",
})  # fmt: skip
"""Nouns of which a row has the fact that each of their streams begins with: the first of their stored names."""
_MORE: Mapping[tuple[str, str], tuple[type[Any], ...]] = {
    ("registry", "institution"): (InstitutionRegistered, LicenceRefused, LicenceApproved),
}
"""Nouns of which it has others: an institution has a decision that can be printed, and a licence in force."""
DECIDED = 2
"""Version of the decision on an institution that can be printed."""


def facts_behind(service: Service, rows: Iterable[Row]) -> list[Work]:
    """For every row and every noun that the service folds when it is asked about one thing."""
    places = tuple(rows)
    return [
        Work(said, row.id, fact, own_envelope("fact", said.noun, row.id, at))
        for said in map(_saying, service.aggregates)
        for row in places
        for at, fact in enumerate(_facts_of(service.name, said, row))
    ]


def _facts_of(service: str, aggregate: Aggregate, row: Row) -> list[Any]:
    kinds = _MORE.get((service, aggregate.noun))
    if kinds is None:
        kinds = (next(iter(aggregate.codec.types.values())),) if aggregate.noun in _FIRST else ()
    return [placed(sample(kind, least=True), row) for kind in kinds]


def _saying(aggregate: Aggregate) -> Aggregate:
    """The same kind of stream, in which everything that is said is so."""
    said = dataclasses.replace(aggregate.decider, decide=lambda fact, _state: [fact])
    return Aggregate(aggregate.noun, said, aggregate.codec)


def placed(value: Any, row: Row) -> Any:
    """An example moved to where a row stands, and every number in it made the row's own."""
    if isinstance(value, UUID):
        return row.id
    if isinstance(value, tuple):
        return tuple(placed(one, row) for one in value)
    if not dataclasses.is_dataclass(value) or isinstance(value, type):
        return value
    stands = {"department": row.department, "region": row.region, "category": row.category}
    lists = {
        "departments": (row.department,),
        "register": row.department,
        "categories": (Category(row.category),) if row.category else (),
    }
    return dataclasses.replace(value, **{
        field.name: {**stands, **lists}.get(field.name, placed(getattr(value, field.name), row))
        for field in dataclasses.fields(value)
        if field.init
    })  # fmt: skip
