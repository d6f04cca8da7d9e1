"""Drawing (双随机抽取): who may be drawn, the seed, and the notice that lets anybody draw again.

One rule: nobody chooses a seed or a salt. Both follow from the service's own key and what was frozen, so that neither
can be tried out, lost or exchanged; a key that was exchanged meanwhile shows, and the draw has to be annulled.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from math import ceil
from typing import Any, Final, TypeAlias
from uuid import UUID

from mingjing_inspection import draw as lots
from mingjing_inspection.codec import DRAWS
from mingjing_inspection.domain.draw import (
    Annulled,
    Committed,
    Draw,
    Frozen,
    Gathering,
    Undrawn,
    WithResult,
    evolve,
    population_of,
)
from mingjing_inspection.domain.draw_facts import (
    Candidate,
    Conflict,
    ConflictKind,
    DrawFrozen,
    Inspector,
    LeftOut,
    LotsDrawn,
    Pool,
)
from mingjing_inspection.domain.draw_refusals import DrawUnknown
from mingjing_inspection.policy.patrol_rules import DOUBLE_RANDOM
from mingjing_inspection.projections.patrols import drawable, stated_by
from mingjing_kernel.http import Kit
from mingjing_kernel.identity import Role, Scope
from mingjing_kernel.policy import Numbers, in_force
from mingjing_kernel.sealed.blind import BlindIndex

NO_SITE: Final = "no-approved-site"
NOT_REGISTERED: Final = "not-registered"
Notice: TypeAlias = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """What a draw is over; an empty department or category is any."""

    region: str
    department: str = ""
    category: str = ""


async def numbers_of(kit: Kit, where: Where, day: date) -> Numbers:
    """The policy in force for a draw."""
    return await in_force(kit.log, DOUBLE_RANDOM, day, where.region, where.category or "*")


async def pool_of(kit: Kit, index: BlindIndex, draw_id: UUID, where: Where, numbers: Numbers) -> Pool:
    """Who may be drawn now, in the order of their ids."""
    await kit.up_to_date()
    salts = f"{draw_id}/{await _frozen_before(kit, draw_id)}"

    def salt(id: object) -> str:
        return index.keyed("draw-salt", f"{salts}/{id}".encode()).hex()[:32]

    candidates, left_out = list[Candidate](), list[LeftOut]()
    async with kit.connection() as connection:
        found = await connection.execute(drawable(where.region, where.department, where.category))
        for row in found:
            id = UUID(bytes=row.institution_id.bytes)
            if not row.name or not row.has_site:
                left_out.append(LeftOut(institution_id=id, why=NO_SITE if row.name else NOT_REGISTERED))
                continue
            weight = numbers[row.level.lower()]
            candidates.append(
                Candidate(institution_id=id, name=row.name, salt=salt(id), weight=weight, level=row.level)
            )
        officers = await _inspectors(kit, where)
        conflicts = tuple(
            Conflict(
                officer=row.officer, institution_id=UUID(bytes=row.institution_id.bytes), kind=ConflictKind(row.kind)
            )
            for row in await connection.execute(stated_by(officers))
        )
    return Pool(
        candidates=tuple(candidates),
        inspectors=tuple(Inspector(officer=one, salt=salt(one)) for one in officers),
        conflicts=tuple(sorted(conflicts, key=lambda one: (one.officer, one.institution_id))),
        select=ceil(len(candidates) * numbers["share"] / 1_000),
        each=numbers["inspectors"],
        left_out=tuple(left_out),
    )


async def _frozen_before(kit: Kit, draw_id: UUID) -> int:
    """How many facts the draw has: each attempt has other salts."""
    return (await kit.log.state(DRAWS, draw_id))[1]


async def _inspectors(kit: Kit, where: Where) -> list[str]:
    """Everybody who holds an inspector's grant over all that is drawn from."""
    standing, now = await kit.directory.current(), kit.now()
    return sorted(
        person
        for person in standing.held
        if Scope(standing.grants_of(person, now)).allows(
            role=Role.INSPECTOR,
            department=where.department,  # empty: any, which only a grant for any reaches
            region=where.region,
            category=where.category,
        )
    )


def seed_of(index: BlindIndex, draw_id: UUID, frozen: DrawFrozen) -> str:
    """The seed of a draw, as it follows from what was frozen."""
    return index.keyed("draw-seed", f"{draw_id}/{frozen.attempt}/{frozen.population_hash}".encode()).hex()


async def attempt_of(kit: Kit, draw_id: UUID, attempt: int | None) -> Draw:
    """How one draw of a plan stands, or stood when it was annulled; the last one where none is named."""
    facts = await kit.log.history(DRAWS, draw_id)
    wanted = attempt if attempt is not None else max((fact.event.attempt for fact in facts), default=0)
    draw: Draw = Undrawn()
    for fact in facts:
        if fact.event.attempt == wanted:
            draw = evolve(draw, fact.event)
    if isinstance(draw, Undrawn | Gathering):
        raise DrawUnknown
    return draw


def notice_of(draw: Draw, *, is_public: bool) -> Notice:
    """What is published of a draw. A result that is not public yet is left out of a public notice."""
    annulled = {}
    # A result that was thrown away is public, too: else a draw could be repeated until it pleases.
    is_known = not is_public or isinstance(draw, Annulled)
    if isinstance(draw, Annulled):
        annulled = {"annulled_at": draw.annulment.at.isoformat(), "annulled_because": draw.annulment.reason}
        draw = draw.before
    if isinstance(draw, Undrawn | Gathering):
        raise DrawUnknown
    notice = {**_frozen(draw), **annulled}
    if not isinstance(draw, Frozen):
        notice |= {
            "commitment": draw.committed.commitment,
            "committed_at": draw.committed.at.isoformat(),
            "public_source": draw.committed.public_source,
            "public_value_due_at": draw.committed.public_value_due_at.isoformat(),
        }
    if isinstance(draw, WithResult) and (draw.published_at is not None or is_known):
        notice |= _result(draw.frozen.pool, draw.result)
    return notice


def _frozen(draw: Frozen | Committed | WithResult) -> Notice:
    frozen = draw.frozen
    return {
        "format": lots.FORMAT,
        "plan": frozen.plan,
        "attempt": frozen.attempt,
        "title": frozen.title,
        "authority": frozen.authority,
        "region": frozen.region,
        "population": population_of(frozen.pool, lots.code_of),
        "population_hash": frozen.population_hash,
        "left_out": len(frozen.pool.left_out),
        "policy": frozen.policy_version,
        "frozen_at": frozen.at.isoformat(),
    }


def _result(pool: Pool, result: LotsDrawn) -> Notice:
    known = {one.institution_id: one for one in pool.candidates}
    salts = {one.officer: one.salt for one in pool.inspectors}

    def code(one: Candidate) -> str:
        return lots.code_of(one.salt, str(one.institution_id), one.name)

    drawn = [(known[one.institution_id], one.officers) for one in result.drawn]
    return {
        "seed": result.seed,
        "public_value": result.public_value,
        "public_value_at": result.public_value_at.isoformat(),
        "public_value_evidence": result.evidence,
        "drawn_at": result.at.isoformat(),
        "drawn": [
            [code(one), [lots.code_of(salts[officer], officer, "") for officer in officers]] for one, officers in drawn
        ],
        "opened": [
            {"code": code(one), "salt": one.salt, "id": str(one.institution_id), "name": one.name} for one, _ in drawn
        ],
    }
