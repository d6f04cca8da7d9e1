"""Checks at hiring, and of everybody again when a list or a roster changed (R7, X14, X18).

One rule: a finding is a fact on the person's own record, with the list that says so; who was looked at and found clean
leaves no trace.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from msgspec.structs import replace

from mingjing_kernel.http import Kit
from mingjing_kernel.identifiers import derived_id
from mingjing_kernel.log import Envelope, Outcome, Work
from mingjing_kernel.refusal import Refusal
from mingjing_registry.codec import INSTITUTIONS, STAFF
from mingjing_registry.domain.dismissal import DemandDismissal
from mingjing_registry.domain.staff_commands import (
    LiftBar,
    NoteBar,
    NoteBarLikeness,
    NoteSchoolLikeness,
    SuspectInService,
)
from mingjing_registry.domain.staff_facts import Bar
from mingjing_registry.projections.staff_checks import (
    FOUND_MAX,
    barred_among,
    employed_among,
    newly_alike_barred,
    newly_barred,
    newly_likely,
    newly_suspected,
    no_longer_barred,
    teaching_among,
)

LOOKS_MAX: Final = 10
"""Of one night, each at ``FOUND_MAX`` people."""
ACTOR: Final = "system:staff-check"
AGAIN: Final = "名单和名册每日复核"
BASIS: Final = "教监管厅函〔2021〕9号"


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the lists say of several people, by digest."""

    bars: dict[str, Bar]
    schools: dict[str, UUID]
    members: dict[str, UUID]
    """Under which id each works at the institution already."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rechecked:
    """What a look at everybody came to."""

    barred: int
    lifted: int
    suspected: int
    likely: int
    alike_barred: int
    is_more: bool
    position: int
    refused: tuple[str, ...] = ()
    """Why some records did not take what the lists say: a look that left them out must not count as a clean one."""


async def known_of(kit: Kit, institution_id: UUID, digests: Iterable[str], on: date) -> Known:
    """Ask the staff blacklist, the rosters and the institution's own staff."""
    wanted = list(dict.fromkeys(digests))
    await kit.up_to_date()
    async with kit.connection() as connection:
        return Known(
            bars=await barred_among(connection, wanted, on),
            schools=await teaching_among(connection, wanted),
            members=await employed_among(connection, institution_id, wanted),
        )


async def check_everybody(kit: Kit, envelope: Envelope, on: date) -> Rechecked:
    """Note what the lists say now and said not when each was hired; twice is once."""
    await kit.up_to_date()
    async with kit.connection() as connection:
        bars = await newly_barred(connection, on)
        lifted = await no_longer_barred(connection, on)
        alike = {id: bar for id, bar in (await newly_alike_barred(connection, on)).items() if id not in bars}
        suspected = await newly_suspected(connection)
        likely = {id: at for id, at in (await newly_likely(connection)).items() if id not in suspected}
    commands: list[tuple[str, UUID, Any]] = [
        *(("bar", id, NoteBar(bar=bar, on=on)) for id, (_, bar) in bars.items()),
        *(("alike", id, NoteBarLikeness(bar=bar, on=on)) for id, bar in alike.items()),
        *(("lift", id, LiftBar(entry_id=entry_id, on=on)) for id, entry_id in lifted.items()),
        *(("suspect", id, SuspectInService(school_id=school_id, on=on)) for id, school_id in suspected.items()),
        *(("likely", id, NoteSchoolLikeness(school_id=school_id, on=on)) for id, school_id in likely.items()),
    ]
    works = [Work(STAFF, id, command, part_of(envelope, kind, id)) for kind, id, command in commands]
    works += [demanded(envelope, id, institution_id, bar, on) for id, (institution_id, bar) in bars.items()]
    results = await kit.log.handle_many(works)
    for result in results:
        if not isinstance(result, Outcome | Refusal):  # a check that failed must not count as one that found nothing
            raise result
    followed = [
        kind
        for (kind, _, _), result in zip(commands, results[: len(commands)], strict=True)
        if isinstance(result, Outcome) and result.events and not result.repeated
    ]
    return Rechecked(
        barred=followed.count("bar"),
        lifted=followed.count("lift"),
        suspected=followed.count("suspect"),
        likely=followed.count("likely"),
        alike_barred=followed.count("alike"),
        is_more=max(len(bars), len(lifted), len(suspected), len(likely), len(alike)) >= FOUND_MAX,
        refused=tuple(str(one) for one in results if isinstance(one, Refusal)),
        position=max((result.position for result in results if isinstance(result, Outcome)), default=0),
    )


async def check_daily(kit: Kit, day: date) -> str:
    """The check that nobody asked for, and what it came to; until nothing is left, or the night's work is enough."""
    id_, county = derived_id("staff-check", day), kit.settings.county_code
    envelope = Envelope(command_id=id_, actor=ACTOR, region=county, reason=AGAIN, legal_basis=BASIS)
    barred = lifted = suspected = likely = alike = 0
    refused: tuple[str, ...] = ()
    for _ in range(LOOKS_MAX):
        done = await check_everybody(kit, envelope, day)
        barred, lifted, suspected = barred + done.barred, lifted + done.lifted, suspected + done.suspected
        likely, alike = likely + done.likely, alike + done.alike_barred
        refused = done.refused or refused
        if not (done.is_more and done.barred + done.lifted + done.suspected + done.likely + done.alike_barred):
            break
    left_out = f"; {len(refused)} refused and looked at again tomorrow: {refused[0]}" if refused else ""
    if not barred + lifted + suspected + likely + alike and not refused:
        return "everybody looked at: the lists say nothing new of anybody"
    more = "; more waits for tomorrow" if done.is_more else ""
    in_service = f"{suspected} suspected to teach at a school, {likely} like somebody who does"
    named = f"{barred} barred, {lifted} barred no more, {alike} like somebody who is barred"
    return f"{named}, {in_service}{more}{left_out}"


def demanded(envelope: Envelope, member_id: UUID, institution_id: UUID, bar: Bar, on: date) -> Work:
    """X14: with the bar on the person's record goes the demand to the institution, in one transaction.

    Its id is that of the entry and the day: two checks that find the same at once demand it once.
    """
    command = DemandDismissal(
        member_id=member_id, entry_id=bar.entry_id, decision_reference=bar.decision_reference, on=on
    )
    command_id = derived_id("demand-dismissal", member_id, bar.entry_id, on.isoformat())
    part = replace(envelope, command_id=command_id, digest=b"", expected_version=None)
    return Work(INSTITUTIONS, institution_id, command, part)


def part_of(envelope: Envelope, kind: str, id: UUID) -> Envelope:
    """The circumstances of one command among many that one request causes."""
    command_id = derived_id(kind, envelope.command_id, id)
    return replace(envelope, command_id=command_id, expected_version=None)
