"""The double-random draw (双随机抽查): frozen, committed to, drawn, published; annulled, it stays to be seen.

One rule: whoever runs a draw cannot steer it. Who may be drawn is fixed first, then the seed, then which public value
is mixed in; only then does that value become known. A plan has one draw that stands: another needs the first annulled.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol, TypeAlias, assert_never
from uuid import UUID

from mingjing_inspection.domain.draw_facts import (
    AnnulDraw,
    Candidate,
    Command,
    CommitDraw,
    DrawAnnulled,
    DrawCommitted,
    DrawFrozen,
    DrawLots,
    Drawn,
    DrawPopulationAdded,
    DrawPublished,
    Event,
    FreezeDraw,
    LeftOut,
    LotsDrawn,
    Pool,
    PublishDraw,
)
from mingjing_inspection.domain.draw_refusals import (
    AnnulmentWithoutReason,
    DrawIsAnnulled,
    DrawNotCommitted,
    DrawNotDrawn,
    DrawNotFrozen,
    DrawStands,
    DrawUnknown,
    InspectorsTooFew,
    PopulationEmpty,
    PopulationTooLarge,
    PublicSourceMissing,
    PublicValueMissing,
    PublicValueNotLater,
    PublicValueNotYet,
    PublicValueTooEarly,
    SeedNotCommittedTo,
    SelectionImpossible,
    WeightImpossible,
)
from mingjing_kernel.decider import Decider
from mingjing_kernel.refusal import Refusal

POPULATION_MAX = 200_000
"""The whole country has some 120,000; a county some hundreds."""
PART_MAX = 5_000
"""Of one fact: a larger population stands in several."""
WEIGHT_MAX = 10


class Lots(Protocol):
    """The published algorithm, as the composition gives it to the rules."""

    def hash_of(self, population: dict[str, Any], /) -> str:
        """What stands for the population."""
        ...

    def code_of(self, salt: str, id: str, name: str, /) -> str:
        """Under which somebody stands in it."""
        ...

    def commitment_to(self, seed: str, /) -> str:
        """What is published of a seed before it is."""
        ...

    def drawn(self, population: dict[str, Any], seed: str, value: str, /) -> list[list[Any]]:
        """Codes of institutions, each with the codes of its inspectors."""
        ...


@dataclass(frozen=True, slots=True)
class Undrawn:
    """There is no draw of this plan."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathering:
    """Parts of a population, within the transaction that freezes it."""

    candidates: tuple[Candidate, ...] = ()
    left_out: tuple[LeftOut, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Frozen:
    """Who may be drawn is fixed."""

    frozen: DrawFrozen


@dataclass(frozen=True, slots=True, kw_only=True)
class Committed:
    """The seed is committed to."""

    frozen: DrawFrozen
    committed: DrawCommitted


@dataclass(frozen=True, slots=True, kw_only=True)
class WithResult:
    """Drawn; ``published_at`` once the result is public."""

    frozen: DrawFrozen
    committed: DrawCommitted
    result: LotsDrawn
    published_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Annulled:
    """It does not count; ``before`` is how it stood."""

    before: Frozen | Committed | WithResult
    annulment: DrawAnnulled


Draw: TypeAlias = Undrawn | Gathering | Frozen | Committed | WithResult | Annulled
Codes: TypeAlias = Callable[[str, str, str], str]


def population_of(pool: Pool, code_of: Codes) -> dict[str, Any]:
    """Who may be drawn, as it is published: codes and weights, no names."""
    institutions = {one.institution_id: code_of(one.salt, str(one.institution_id), one.name) for one in pool.candidates}
    inspectors = {one.officer: code_of(one.salt, one.officer, "") for one in pool.inspectors}
    return {
        "select": pool.select,
        "each": pool.each,
        "institutions": sorted([institutions[one.institution_id], one.weight] for one in pool.candidates),
        "inspectors": sorted(inspectors.values()),
        "conflicts": sorted(
            {
                (inspectors[one.officer], institutions[one.institution_id])
                for one in pool.conflicts
                if one.officer in inspectors and one.institution_id in institutions
            }
        ),
    }


def make_draw(lots: Lots) -> Decider[Command, Draw, Event]:
    """The rules, drawing with these lots."""

    def decide(command: Command, draw: Draw) -> list[Event]:
        match command:
            case FreezeDraw():
                return _freeze(command, draw, lots)
            case CommitDraw():
                return _commit(command, draw)
            case DrawLots():
                return _draw(command, draw, lots)
            case PublishDraw():
                return _publish(command, draw)
            case AnnulDraw():
                return _annul(command, draw)
            case _:
                assert_never(command)

    return Decider(initial=Undrawn(), decide=decide, evolve=evolve)


def evolve(draw: Draw, event: Event) -> Draw:
    """The draw as it stands after a fact."""
    match event:
        case DrawPopulationAdded():
            before = draw if isinstance(draw, Gathering) else Gathering()
            return Gathering(candidates=before.candidates + event.candidates, left_out=before.left_out + event.left_out)
        case DrawFrozen():
            if not isinstance(draw, Gathering):
                return Frozen(frozen=event)
            pool = replace(event.pool, candidates=draw.candidates, left_out=draw.left_out)
            return Frozen(frozen=replace(event, pool=pool))
        case DrawCommitted():
            assert isinstance(draw, Frozen)
            return Committed(frozen=draw.frozen, committed=event)
        case LotsDrawn():
            assert isinstance(draw, Committed)
            return WithResult(frozen=draw.frozen, committed=draw.committed, result=event)
        case DrawPublished():
            assert isinstance(draw, WithResult)
            return replace(draw, published_at=event.at)
        case DrawAnnulled():
            assert isinstance(draw, Frozen | Committed | WithResult)
            return Annulled(before=draw, annulment=event)
        case _:
            assert_never(event)


def hindrance(step: type[Command], draw: Draw) -> Refusal | None:
    """Why the draw as it stands does not take a step, whatever it says; ``None`` where it may."""
    if step is FreezeDraw:
        return None if isinstance(draw, Undrawn | Gathering | Annulled) else DrawStands(attempt=draw.frozen.attempt)
    if isinstance(draw, Undrawn | Gathering):
        return DrawUnknown()
    if isinstance(draw, Annulled):
        return None if step is AnnulDraw else DrawIsAnnulled()
    needed, why = _NEEDED.get(step, (object, DrawUnknown))
    return None if isinstance(draw, needed) else why()


_NEEDED: Mapping[type[Command], tuple[type, type[Refusal]]] = {
    CommitDraw: (Frozen, DrawNotFrozen),
    DrawLots: (Committed, DrawNotCommitted),
    PublishDraw: (WithResult, DrawNotDrawn),
}


def _freeze(command: FreezeDraw, draw: Draw, lots: Lots) -> list[Event]:
    _unhindered(FreezeDraw, draw)
    _check_pool(command.pool)
    attempt = draw.before.frozen.attempt + 1 if isinstance(draw, Annulled) else 1
    pool, parts = command.pool, _parts(command.pool, attempt)
    return [
        *parts,
        DrawFrozen(
            plan=command.plan,
            attempt=attempt,
            title=command.title,
            authority=command.authority,
            region=command.region,
            department=command.department,
            category=command.category,
            pool=replace(pool, candidates=(), left_out=()) if parts else pool,
            population_hash=lots.hash_of(population_of(command.pool, lots.code_of)),
            policy_version=command.policy_version,
            by=command.by,
            at=command.at,
            candidates=len(pool.candidates) if parts else 0,
            left_out=len(pool.left_out) if parts else 0,
        ),
    ]


def _parts(pool: Pool, attempt: int) -> list[DrawPopulationAdded]:
    """Of a population that is too large for one fact; none where it is not."""
    size = max(len(pool.candidates), len(pool.left_out))
    if size <= PART_MAX:
        return []
    return [
        DrawPopulationAdded(
            attempt=attempt,
            candidates=pool.candidates[start : start + PART_MAX],
            left_out=pool.left_out[start : start + PART_MAX],
        )
        for start in range(0, size, PART_MAX)
    ]


def _check_pool(pool: Pool) -> None:
    size = len(pool.candidates)
    if not size:
        raise PopulationEmpty(left_out=len(pool.left_out))
    if size > POPULATION_MAX:
        raise PopulationTooLarge(size=size, maximum=POPULATION_MAX)
    if not 1 <= pool.select <= size:
        raise SelectionImpossible(select=pool.select, size=size)
    if not all(1 <= one.weight <= WEIGHT_MAX for one in pool.candidates):
        raise WeightImpossible(maximum=WEIGHT_MAX)
    officers, candidates = {one.officer for one in pool.inspectors}, {one.institution_id for one in pool.candidates}
    pairs = {(one.officer, one.institution_id) for one in pool.conflicts}
    barred = Counter(institution for officer, institution in pairs if officer in officers and institution in candidates)
    free = len(officers) - max(barred.values(), default=0)
    if free < pool.each:
        raise InspectorsTooFew(free=free, needed=pool.each)


def _commit(command: CommitDraw, draw: Draw) -> list[Event]:
    _unhindered(CommitDraw, draw)
    assert isinstance(draw, Frozen)
    if not command.public_source.strip():
        raise PublicSourceMissing
    if command.public_value_due_at <= command.at:
        raise PublicValueNotLater
    return [
        DrawCommitted(
            attempt=draw.frozen.attempt,
            commitment=command.commitment,
            public_source=command.public_source,
            public_value_due_at=command.public_value_due_at,
            by=command.by,
            at=command.at,
        )
    ]


def _draw(command: DrawLots, draw: Draw, lots: Lots) -> list[Event]:
    _unhindered(DrawLots, draw)
    assert isinstance(draw, Committed)
    value, evidence = command.public_value, command.evidence
    if not (value.isascii() and value.isdigit() and evidence.strip() and len(evidence.splitlines()) == 1):
        raise PublicValueMissing
    if command.public_value_at < draw.committed.public_value_due_at:
        raise PublicValueTooEarly(due=draw.committed.public_value_due_at.isoformat())
    if command.public_value_at > command.at:
        raise PublicValueNotYet
    if lots.commitment_to(command.seed) != draw.committed.commitment:
        raise SeedNotCommittedTo
    return [
        LotsDrawn(
            attempt=draw.frozen.attempt,
            seed=command.seed,
            public_value=command.public_value,
            public_value_at=command.public_value_at,
            evidence=command.evidence,
            drawn=_named(draw.frozen.pool, command, lots),
            by=command.by,
            at=command.at,
        )
    ]


def _named(pool: Pool, command: DrawLots, lots: Lots) -> tuple[Drawn, ...]:
    institutions: dict[str, UUID] = {
        lots.code_of(one.salt, str(one.institution_id), one.name): one.institution_id for one in pool.candidates
    }
    officers = {lots.code_of(one.salt, one.officer, ""): one.officer for one in pool.inspectors}
    found = lots.drawn(population_of(pool, lots.code_of), command.seed, command.public_value)
    return tuple(
        Drawn(institution_id=institutions[code], officers=tuple(officers[one] for one in dealt))
        for code, dealt in found
    )


def _publish(command: PublishDraw, draw: Draw) -> list[Event]:
    _unhindered(PublishDraw, draw)
    assert isinstance(draw, WithResult)
    if draw.published_at is not None:
        return []
    return [DrawPublished(attempt=draw.frozen.attempt, by=command.by, at=command.at)]


def _annul(command: AnnulDraw, draw: Draw) -> list[Event]:
    _unhindered(AnnulDraw, draw)
    if isinstance(draw, Undrawn | Gathering | Annulled):
        return []
    if not command.reason.strip():
        raise AnnulmentWithoutReason
    return [DrawAnnulled(attempt=draw.frozen.attempt, reason=command.reason, by=command.by, at=command.at)]


def _unhindered(step: type[Command], draw: Draw) -> None:
    if (why := hindrance(step, draw)) is not None:
        raise why
