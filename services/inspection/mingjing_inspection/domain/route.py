"""The round of a day (巡查路线): in which order an officer goes to the sites of her tasks.

One rule: nearest insertion, and the same order for the same stops. A stop whose position nobody knows is not guessed:
it stands at the end and says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isqrt
from uuid import UUID

STOPS_MAX = 60
METRES_A_DEGREE_E7 = (111_320, 10**7)
_COSINES_E4 = (10_000, 9_848, 9_397, 8_660, 7_660, 6_428, 5_000, 3_420, 1_736, 0)
"""Of 0°, 10°, … 90°, in ten-thousandths; between them a straight line is near enough for an order of stops."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A position, WGS-84, in ten-millionths of a degree."""

    latitude_e7: int
    longitude_e7: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """A task and where it takes place; ``place`` is None where nobody knows."""

    task_id: UUID
    place: Place | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Leg:
    """A stop in its order; ``metres`` from the one before, None where that cannot be told."""

    task_id: UUID
    metres: int | None
    is_placed: bool


def metres_between(one: Place, other: Place) -> int:
    """Along a straight line; good to a per cent within a county."""
    metres, degree = METRES_A_DEGREE_E7
    north = (one.latitude_e7 - other.latitude_e7) * metres // degree
    east = (one.longitude_e7 - other.longitude_e7) * metres // degree
    middle = abs(one.latitude_e7 + other.latitude_e7) // 2
    return isqrt(north**2 + (east * _cosine_e4(middle) // 10_000) ** 2)


def round_of(stops: Sequence[Stop], start: Place | None) -> list[Leg]:
    """All stops in the order of the round; those without a position at the end."""
    placed = [(stop, stop.place) for stop in sorted(stops, key=lambda stop: stop.task_id.int) if stop.place is not None]
    order: list[tuple[Stop, Place]] = []
    while placed:
        reached = [place for _, place in order] or ([start] if start else [])
        nearest = min(placed, key=lambda one: min((metres_between(one[1], place) for place in reached), default=0))
        placed.remove(nearest)
        order.insert(_cheapest(order, nearest[1], start), nearest)
    legs, before = list[Leg](), start
    for stop, place in order:
        metres = metres_between(before, place) if before else None
        legs.append(Leg(task_id=stop.task_id, metres=metres, is_placed=True))
        before = place
    left = (stop for stop in stops if stop.place is None)
    return [*legs, *(Leg(task_id=stop.task_id, metres=None, is_placed=False) for stop in left)]


def _cheapest(order: list[tuple[Stop, Place]], place: Place, start: Place | None) -> int:
    """Where a stop makes the round least longer: an open one, that ends at its last stop."""
    places = [place for _, place in order]

    def longer(at: int) -> int:
        before = places[at - 1] if at else start
        after = places[at] if at < len(places) else None
        there = metres_between(before, place) if before else 0
        back = metres_between(place, after) if after else 0
        return there + back - (metres_between(before, after) if before and after else 0)

    return min(range(len(places) + 1), key=longer)


def _cosine_e4(latitude_e7: int) -> int:
    step, rest = divmod(min(latitude_e7, 90 * 10**7), 10 * 10**7)
    low = _COSINES_E4[step]
    high = _COSINES_E4[min(step + 1, len(_COSINES_E4) - 1)]
    return low + (high - low) * rest // (10 * 10**7)
