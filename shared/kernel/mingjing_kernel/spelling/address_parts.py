"""Parts of an address 地址: place, road, house, room, estate, in one spelling however a clerk wrote them.

The one rule: what the address does not say is empty, and an empty part never agrees with anything.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from mingjing_kernel.spelling.places import places

ADDRESS_CHARACTERS_MAX = 300
_HAN = "\u4e00-\u9fff"
_TOWN = re.compile(rf"^[{_HAN}]{{1,8}}?(?:街道|镇|乡)")
_COUNTY = re.compile(rf"^[{_HAN}]{{1,6}}?[区县](?=[{_HAN}])")
_ROAD = re.compile(rf"([{_HAN}]{{1,10}}?(?:大道|胡同|路|街|巷|弄|道))(?:([0-9一二三四五六七八九十百]+)(?:-\d+)?号?)?")
_ESTATE = re.compile(rf"([{_HAN}]{{2,10}}?(?:大厦|广场|中心|花园|公寓|商城|小区|大楼|苑|城|园|府))")
_BUILDING = re.compile(r"([0-9]{1,3}|[A-Za-z]|[一二三四五六七八九十]{1,3})(?:号楼|幢|栋|座)")
_ROOM = re.compile(r"([A-Za-z]?[0-9]{2,5}(?:-[0-9]{1,4})?)(?:室|号)?$")
_FLOOR = re.compile(r"([0-9]{1,2}|[一二三四五六七八九十]{1,3})(?:楼|层|F)")
_SHOP = re.compile(r"(?:商铺|底商|铺)([0-9]{1,4})")
_VALUES = {character: value for value, character in enumerate("一二三四五六七八九", 1)}


@dataclass(frozen=True, slots=True)
class AddressParts:
    """An address, cut for comparison."""

    county: str
    """6 digits, or empty where the address does not name it."""
    road: str
    house: str
    estate: str
    building: str
    room: str

    @property
    def at_house(self) -> str:
        """Road and house number; empty unless both are known."""
        return f"{self.road}{self.house}" if self.road and self.house else ""

    @property
    def at_room(self) -> str:
        """The very room, or shop."""
        where = self.at_house or self.estate
        return f"{where}/{self.building}/{self.room}" if where and self.room else ""


@lru_cache(maxsize=10_000)
def address_parts(address: str) -> AddressParts:
    """Cut an address."""
    text = unicodedata.normalize("NFKC", address[:ADDRESS_CHARACTERS_MAX])
    text = re.sub(r"[\s,。、()#]+", "", text)
    heading = places().heading(text) if text else None
    rest = heading.rest if heading else ""
    rest = _TOWN.sub("", _COUNTY.sub("", rest))
    road = _ROAD.search(rest)
    behind = rest[road.end() :] if road else rest
    estate, building = _ESTATE.search(behind), _BUILDING.search(behind)
    room = _SHOP.search(behind) or _ROOM.search(behind) or _FLOOR.search(behind)
    return AddressParts(
        county=heading.county if heading else "",
        road=road[1] if road else "",
        house=number(road[2] or "") if road else "",
        estate=estate[1] if estate else "",
        building=number(building[1].upper()) if building else "",
        room=number(room[1].upper()) if room else "",
    )


def number(text: str) -> str:
    """Chinese numerals up to 999 as digits: 二十三 is 23; digits and letters stay."""
    if not text or not set(text) <= {*_VALUES, "十", "百"}:
        return text
    total = digit = 0
    for character in text:
        if character in _VALUES:
            digit = _VALUES[character]
        else:
            total += (digit or 1) * (10 if character == "十" else 100)
            digit = 0
    return str(total + digit)
