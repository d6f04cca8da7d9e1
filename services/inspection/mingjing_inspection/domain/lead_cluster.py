"""Clusters of leads (线索聚类): which of them are about one place or one telephone, and what says so.

Pure: the same leads give the same clusters, however they come. One rule: every tie names its ground, so that a person
can agree or part the two; who was parted is tied by nothing of his own, though a third lead may still hold both.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations
from typing import Final
from uuid import UUID

from mingjing_inspection.domain.route import Place, metres_between

LEADS_MAX: Final = 2_000
"""Looked at together."""
TIES_EACH_MAX: Final = 30
"""Leads with one telephone or in one cell are compared with so many before them: a hundred of one number are one
cluster by a chain as well."""
CELL_E7_PER_METRE: Final = 90
"""A metre of latitude is 90 units of 1e-7 degrees; of longitude it is more, nowhere in China three times as much."""
WEST_EAST: Final = 3
_BLANK: Final = re.compile(r"[\s,，。、·（）()—-]")
_HOUSE: Final = re.compile(r".{2,60}?[0-9一二三四五六七八九十A-Za-z](?:号楼|幢|栋|座)")
_NUMBER: Final = re.compile(r".{2,60}?[0-9]号")


class Ground(StrEnum):
    """What ties two leads."""

    SAME_TELEPHONE = "SAME_TELEPHONE"
    """电话相同"""
    NEAR = "NEAR"
    """距离相近"""
    SAME_BUILDING = "SAME_BUILDING"
    """同一楼栋"""
    LINKED = "LINKED"
    """人工关联"""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadSeen:
    """What a lead is compared by. ``phones`` are blind indexes: equal, and nothing else."""

    lead_id: UUID
    region: str
    address: str
    place: Place | None
    phones: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tie:
    """Two leads, what ties them, and how far apart they are where both have a position."""

    first: UUID
    second: UUID
    grounds: tuple[Ground, ...]
    metres: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """Leads that hang together; it is called after the one with the lowest id."""

    cluster_id: UUID
    leads: tuple[UUID, ...]
    ties: tuple[Tie, ...]


def building_of(address: str) -> str:
    """The part of an address that names a building, without blanks; empty where it names none."""
    plain = _BLANK.sub("", address)
    found = _HOUSE.match(plain) or _NUMBER.match(plain)
    return found[0] if found else ""


def clusters(
    leads: Sequence[LeadSeen], metres: int, said: Mapping[tuple[UUID, UUID], bool], towards: UUID | None = None
) -> list[Cluster]:
    """Those of two leads and more, the largest first; ``said``: linked or parted by a person, by the two in order.

    ``towards``: only the one with this lead in it.
    """
    by_id = {lead.lead_id: lead for lead in sorted(leads, key=lambda lead: lead.lead_id.int)[:LEADS_MAX]}
    ties = [_tie(by_id[one], by_id[other], metres, said) for one, other in sorted(_pairs(by_id, metres, said))]
    held = [tie for tie in ties if tie is not None]
    found = [_cluster(members, held) for members in _together(held)]
    if towards is not None:
        found = [one for one in found if towards in one.leads]
    return sorted(found, key=lambda one: (-len(one.leads), one.cluster_id.int))


def _pairs(
    by_id: Mapping[UUID, LeadSeen], metres: int, said: Mapping[tuple[UUID, UUID], bool]
) -> set[tuple[UUID, UUID]]:
    """Who is worth comparing: in one cell or next to it, under one number, in one building, or linked by a person."""
    groups: defaultdict[object, list[UUID]] = defaultdict(list)
    for id, lead in by_id.items():
        for phone in lead.phones:
            groups["phone", phone].append(id)
        if building := building_of(lead.address):
            groups["building", lead.region[:6], building].append(id)
        if lead.place is not None:
            for cell in _cells(lead.place, metres):
                groups["cell", *cell].append(id)
    found = {pair for members in groups.values() for pair in _some(members)}
    found |= {pair for pair, is_linked in said.items() if is_linked and pair[0] in by_id and pair[1] in by_id}
    return found


def _some(members: Sequence[UUID]) -> Iterator[tuple[UUID, UUID]]:
    if len(members) <= TIES_EACH_MAX:
        yield from combinations(members, 2)
        return
    for at, one in enumerate(members):
        for other in members[at + 1 : at + 1 + TIES_EACH_MAX]:
            yield one, other


def _cells(place: Place, metres: int) -> Iterable[tuple[int, int]]:
    """The four cells that a square of this size around the place can touch: two that are near share one of them."""
    high = max(1, metres * CELL_E7_PER_METRE * 2)
    wide = high * WEST_EAST
    north, east = (2 * place.latitude_e7) // high, (2 * place.longitude_e7) // wide
    return {(n // 2, e // 2) for n in (north, north + 1) for e in (east, east + 1)}


def _tie(one: LeadSeen, other: LeadSeen, metres: int, said: Mapping[tuple[UUID, UUID], bool]) -> Tie | None:
    by_hand = said.get((one.lead_id, other.lead_id))
    if by_hand is False:
        return None
    apart = metres_between(one.place, other.place) if one.place and other.place else None
    grounds = list[Ground]()
    if by_hand:
        grounds.append(Ground.LINKED)
    if one.phones & other.phones:
        grounds.append(Ground.SAME_TELEPHONE)
    if apart is not None and apart <= metres:
        grounds.append(Ground.NEAR)
    building = building_of(one.address)
    if building and one.region[:6] == other.region[:6] and building == building_of(other.address):
        grounds.append(Ground.SAME_BUILDING)
    return Tie(first=one.lead_id, second=other.lead_id, grounds=tuple(grounds), metres=apart) if grounds else None


def _together(ties: Collection[Tie]) -> list[set[UUID]]:
    """The leads that hang together, by the ties between them."""
    next_to: defaultdict[UUID, set[UUID]] = defaultdict(set)
    for tie in ties:
        next_to[tie.first].add(tie.second)
        next_to[tie.second].add(tie.first)
    found, seen = list[set[UUID]](), set[UUID]()
    for start in next_to:
        if start in seen:
            continue
        members, waiting = {start}, [start]
        while waiting:
            for other in next_to[waiting.pop()] - members:
                members.add(other)
                waiting.append(other)
        seen |= members
        found.append(members)
    return found


def _cluster(members: set[UUID], ties: Iterable[Tie]) -> Cluster:
    leads = tuple(sorted(members, key=lambda id: id.int))
    return Cluster(cluster_id=leads[0], leads=leads, ties=tuple(tie for tie in ties if tie.first in members))
