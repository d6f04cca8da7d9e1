"""Traits 特征: what is compared of an institution, whether it stands in the register or only on an application.

The one rule: nothing personal is kept in the clear. Numbers come as keyed digests beside their masks, so a later field
(an organizer's identity number, a shareholder) is one more digest under its own kind.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import TypeAlias

from mingjing_kernel.spelling.address_parts import AddressParts, address_parts
from mingjing_registry.matching.name_parts import NameParts, name_parts

NAMES_MAX = 20
ADDRESSES_MAX = 50
"""Of one institution; those that come later are not compared."""


class Kind(StrEnum):
    """What an equal digest is equal in."""

    CODE = "code"
    PERSON = "person"
    """An identity number 身份证件号 of whoever runs it."""
    PHONE = "phone"
    ACCOUNT = "account"
    PERSON_NAME = "person-name"


Digests: TypeAlias = Mapping[Kind, Mapping[str, str]]
"""By kind: each digest, with the masked text that a person may read."""
_NONE: Digests = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Traits:
    """One side of a comparison."""

    names: tuple[str, ...]
    """The present name first, then former ones and other spellings."""
    region: str = ""
    """9-digit town or 6-digit division; empty where nobody said it."""
    category: str = ""
    addresses: tuple[str, ...] = ()
    digests: Digests = field(default_factory=lambda: _NONE)
    is_listed: bool = False
    """On a blacklist: of those, the same person's name in the same county is a question already."""
    parts: tuple[NameParts, ...] = field(init=False)
    places: tuple[AddressParts, ...] = field(init=False)

    def __post_init__(self) -> None:
        """Cut names and addresses once."""
        object.__setattr__(self, "parts", tuple(map(name_parts, self.names[:NAMES_MAX])))
        object.__setattr__(self, "places", tuple(map(address_parts, self.addresses[:ADDRESSES_MAX])))

    @property
    def county(self) -> str:
        """6 digits, from the register or else from an address; empty where nobody said it."""
        return self.region[:6] or next((place.county for place in self.places if place.county), "")

    def stated(self) -> tuple[object, ...]:
        """All that is compared: equal for two who state the same."""
        digests = tuple((kind, tuple(sorted(values))) for kind, values in sorted(self.digests.items()) if values)
        return (
            tuple(sorted({part.whole for part in self.parts})), self.county, self.category,
            tuple(sorted(set(self.addresses))), digests,
        )  # fmt: skip
