"""Places that are said 地点: sites of institutions that a message or its place cell points to.

The one rule: a road alone points to nobody. It takes the house, the building or the room; of a site in a building
with others, all are found.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from uuid import UUID

from mingjing_inspection.matching.clues import Clue, Found
from mingjing_kernel.spelling.address_parts import address_parts

ROAD_MAX = 10
NEAR_MAX = 24
"""Characters behind a road in which its house or building is looked for."""
SHARED_MAX = 30
_HOUSE = re.compile(r"(\d{1,5})号?")
_TOWN = re.compile(r"[\u4e00-\u9fff]{2,6}?(?:街道|镇|乡)")


class SitesSaid:
    """All sites, by what people say of where they are."""

    def __init__(self) -> None:
        self._rooms, self._houses, self._buildings, self._towns = (defaultdict[str, set[UUID]](set) for _ in range(4))
        self._estates: dict[str, set[str]] = defaultdict(set)
        """The buildings at each road that sites are in."""

    def add(self, institution_id: UUID, address: str) -> None:
        """A site's address, as the register has it."""
        parts = address_parts(address)
        if parts.at_room:
            self._rooms[parts.at_room].add(institution_id)
        if parts.at_house:
            self._houses[parts.at_house].add(institution_id)
        if parts.road:
            self._estates[parts.road].add(parts.estate)
        if parts.road and parts.estate:
            self._buildings[f"{parts.road}{parts.estate}"].add(institution_id)
        for town in _towns(address):
            self._towns[town].add(institution_id)

    def said(self, place: str, text: str) -> Iterator[tuple[UUID, Found]]:
        """What the place cell and the text point to."""
        parts = address_parts(place)
        if parts.at_room:
            yield from self._owners(self._rooms, parts.at_room, Clue.SAME_ROOM, place)
        for where in (place, text):
            yield from self._on_roads(where)
        for town in _towns(place):
            for id in self._towns.get(town, ()):
                yield id, Found(Clue.SAME_TOWN, town)

    def _on_roads(self, text: str) -> Iterator[tuple[UUID, Found]]:
        for at in range(len(text)):
            for length in range(min(ROAD_MAX, len(text) - at), 1, -1):
                road = text[at : at + length]
                if road in self._estates:
                    yield from self._behind(road, text[at + length : at + length + NEAR_MAX])
                    break

    def _behind(self, road: str, near: str) -> Iterator[tuple[UUID, Found]]:
        house = _HOUSE.match(near)
        if house:
            key = f"{road}{house[1]}"
            yield from self._owners(self._houses, key, Clue.SAME_HOUSE, f"{road}{house[0]}")
        for estate in self._estates[road]:
            if estate and estate in near:
                yield from self._owners(self._buildings, f"{road}{estate}", Clue.SAME_BUILDING, estate)

    @staticmethod
    def _owners(index: dict[str, set[UUID]], key: str, clue: Clue, words: str) -> Iterator[tuple[UUID, Found]]:
        here = index.get(key, set())
        if len(here) <= SHARED_MAX:
            for id in here:
                yield id, Found(clue, words)


def _towns(address: str) -> list[str]:
    """The town that an address names, without the county before it."""
    plain = re.sub(r"^.{0,6}?[市区县](?=[\u4e00-\u9fff])", "", address)
    found = _TOWN.match(plain)
    return [found[0]] if found else []
