"""Whose complaints are by the table in force (转办规则), and what a proposed version of it would change.

One rule: what changes is shown before anybody approves it: line by line, and for the tracks that wait for a department.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final, TypeAlias
from uuid import UUID

from mingjing_inspection.domain.complaint_routing import COMPLAINT_MATRIX_V1
from mingjing_inspection.domain.dispatching import ANY, COMPETENT, Ground, Suggestion, owner_unknown
from mingjing_inspection.domain.finding_terms import Matter
from mingjing_inspection.policy.complaint_routing_rules import (
    COMPETENT_RULE,
    LEGAL_BASIS,
    ROUTING_RULE,
    department_of,
    number_of,
)
from mingjing_inspection.projections.complaint_tracks import tracks_in
from mingjing_kernel.clock import shanghai_date
from mingjing_kernel.http import Kit
from mingjing_kernel.identity import Scope
from mingjing_kernel.log import Aggregate, Log
from mingjing_kernel.policy import DEFAULT_VERSION, POLICY, Numbers, Policy, policy_id
from mingjing_kernel.policy.refusals import PolicyVersionUnknown
from mingjing_kernel.policy.versions import EVERY_CATEGORY, PolicyProposed

Known: TypeAlias = tuple[Policy, Policy]
"""The policies of matters and of competent departments."""
CATEGORIES: Final = tuple(one.name for one in COMPETENT_RULE.numbers)
ROUTING_WANTED: Final[tuple[tuple[Aggregate, UUID], ...]] = (
    (POLICY, policy_id(ROUTING_RULE)), (POLICY, policy_id(COMPETENT_RULE)),
)  # fmt: skip
"""What ``whose`` needs, for ``Log.states_of``."""
TRACKS_MAX: Final = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One line that would say otherwise; empty where nobody has it yet."""

    matter: Matter
    category: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What a proposed version would change, from its day on, where it counts. ``waiting`` are tracks that have no
    department yet and would be suggested another one; of ``undecided`` nobody has said what they are about.
    """

    proposed: PolicyProposed
    rule: str
    is_approved: bool
    is_withdrawn: bool
    changes: tuple[Change, ...]
    waiting: Mapping[tuple[str, str, str], int]
    undecided: int
    is_cut: bool


def whose(known: Known, matter: Matter, day: date, region: str, category: str, *, is_looked_at: bool) -> Suggestion:
    """Who should have a complaint received on a day, by the versions in force then, there.

    ``is_looked_at``: somebody looked, or nobody took it in time: the town has it then.
    """
    routing, competent = known
    numbers = routing.on(ROUTING_RULE, day, region, category)
    name = number_of(matter)
    department, versions = department_of(numbers[name]), [numbers.sources[name]]
    if department == COMPETENT:
        by_category = competent.on(COMPETENT_RULE, day, region, category)
        known_category = category in by_category.values
        department = department_of(by_category[category]) if known_category else ""
        versions += [by_category.sources[category]] if known_category else []
    if department in ("", COMPETENT):
        return owner_unknown(region, version_of(versions), is_seen_on_site=is_looked_at)
    basis = _basis(routing, numbers, name, matter)
    return Suggestion(department=department, ground=Ground.OWNER, matrix=version_of(versions), legal_basis=basis)


def version_of(versions: list[str]) -> str:
    """The released table, and each version of a policy that said otherwise."""
    decided = dict.fromkeys(one for one in versions if one != DEFAULT_VERSION)
    return "+".join((COMPLAINT_MATRIX_V1.version, *decided))


def _basis(routing: Policy, numbers: Numbers, name: str, matter: Matter) -> str:
    source = numbers.sources[name]
    if source == DEFAULT_VERSION:
        return LEGAL_BASIS.get(matter, "")
    return routing.proposed[UUID(source)].legal_basis


async def routing_known(log: Log, until: int | None = None) -> Known:
    """Both policies as they are decided, or were at a position."""
    if until is None:
        routing, competent = await log.states_of(ROUTING_WANTED)
        return routing, competent
    states = [(await log.state(aggregate, id, until))[0] for aggregate, id in ROUTING_WANTED]
    return states[0], states[1]


async def previewed(kit: Kit, scope: Scope, version_id: UUID) -> Preview:
    """What approving this version would change, or has changed. Raises ``PolicyVersionUnknown``."""
    known = await routing_known(kit.log)
    at = next((at for at, policy in enumerate(known) if version_id in policy.proposed), None)
    if at is None:
        raise PolicyVersionUnknown
    proposed, rule = known[at].proposed[version_id], (ROUTING_RULE, COMPETENT_RULE)[at]
    without = _with(known, at, replace(known[at], approved=_others(known[at], version_id)))
    after = _with(known, at, replace(known[at], approved=(*_others(known[at], version_id), version_id)))
    rows = await _waiting(kit, scope, proposed)
    counted, undecided = _moved(rows[:TRACKS_MAX], without, after)
    return Preview(
        proposed=proposed,
        rule=rule.name,
        is_approved=version_id in known[at].approved,
        is_withdrawn=version_id in known[at].withdrawn,
        changes=tuple(_changes(without, after, proposed)),
        waiting=counted,
        undecided=undecided,
        is_cut=len(rows) > TRACKS_MAX,
    )


def _others(policy: Policy, version_id: UUID) -> tuple[UUID, ...]:
    return tuple(one for one in policy.approved if one != version_id)


def _with(known: Known, at: int, policy: Policy) -> Known:
    return (policy, known[1]) if at == 0 else (known[0], policy)


def _changes(before: Known, after: Known, proposed: PolicyProposed) -> Iterable[Change]:
    day, region = proposed.effective_on, proposed.region
    categories = CATEGORIES if proposed.category == EVERY_CATEGORY else (proposed.category,)
    for matter in Matter:
        for category in categories:
            was = whose(before, matter, day, region, category, is_looked_at=False).department
            becomes = whose(after, matter, day, region, category, is_looked_at=False).department
            if was != becomes:
                yield Change(matter=matter, category=category, before=was, after=becomes)


async def _waiting(kit: Kit, scope: Scope, proposed: PolicyProposed) -> Sequence[Mapping[str, Any]]:
    """Tracks without a department that the caller sees, the oldest first; one more than is looked at."""
    statement = tracks_in(scope, is_unowned=True)
    rows = statement.selected_columns
    wanted = statement.where(rows.region.startswith(proposed.region, autoescape=True), rows.merged_into.is_(None))
    if proposed.category != EVERY_CATEGORY:
        wanted = wanted.where(rows.category == proposed.category)
    async with kit.connection() as connection:
        asked = await connection.execute(wanted.order_by(rows.received_at, rows.track_id).limit(TRACKS_MAX + 1))
        found: Sequence[Mapping[str, Any]] = asked.mappings().all()
    return found


def _moved(
    rows: Sequence[Mapping[str, Any]], before: Known, after: Known
) -> tuple[Mapping[tuple[str, str, str], int], int]:
    """By matter, how many waiting tracks would be suggested another department; each falls under its day of receipt."""
    counted: Counter[tuple[str, str, str]] = Counter()
    undecided = 0
    for row in rows:
        if row["matter"] == ANY:
            undecided += 1
            continue
        said = [_said(row, known) for known in (before, after)]
        if said[0] != said[1]:
            counted[(row["matter"], said[0], said[1])] += 1
    return counted, undecided


def _said(row: Mapping[str, Any], known: Known) -> str:
    day: date = shanghai_date(row["received_at"])
    is_looked_at = bool(row["escalated_to"])
    matter = Matter(row["matter"])
    return whose(known, matter, day, row["region"], row["category"], is_looked_at=is_looked_at).department
