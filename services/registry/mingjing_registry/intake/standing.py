"""Standing of institutions for matching: rows of the register made comparable, with personal numbers as digests only.

One rule: what leaves this file carries masks; the numbers themselves stay in the register.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, TypeAlias
from uuid import UUID

from mingjing_kernel.sealed.blind import BlindIndex
from mingjing_kernel.sealed.mask import Masked, mask_account, mask_id_number, mask_name, mask_phone
from mingjing_registry.matching.traits import Kind, Traits
from mingjing_registry.projections.traits import BARRED, BLACKLISTED

VALUES_MAX = 20
"""Telephones, persons or accounts of one institution; the latest are compared."""
Blinds: TypeAlias = Mapping[str, Mapping[str, str]]
"""Of sealed people: by subject and field, the blind index (``Marks.blinds``)."""
UNNAMED: Mapping[str, str] = {BARRED: "从业人员黑名单人员", BLACKLISTED: "被列入黑名单的自然人"}
"""A natural person stands in no list by name, and no fact says hers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """An institution as matching knows it."""

    id: UUID
    traits: Traits
    department: str
    region: str
    category: str
    grounds: tuple[str, ...]
    position: int

    @property
    def is_former(self) -> bool:
        """Whether its time is over: others are compared with it, and it with nobody like it."""
        return bool(self.grounds)

    @property
    def is_nobody(self) -> bool:
        """Nobody has named it yet, or what was known of it must not be used any more."""
        return not self.traits.names and not self.grounds

    @property
    def name(self) -> str:
        """The present one; of a natural person, what she is."""
        return self.traits.names[0] if self.traits.names else UNNAMED.get(self.grounds[0], self.grounds[0])


def known(row: Any, index: BlindIndex, blinds: Blinds) -> Known:
    """A row of the read model ``traits``."""
    sealed = {subject: blinds.get(subject, {}) for subject in row["subjects"][:VALUES_MAX]}
    traits = made_traits(
        index,
        names=row["names"],
        region=row["region"],
        category=row["category"],
        addresses=sorted(row["addresses"].values()),
        codes=[row["uscc"], *row["former_codes"]],
        phones=row["phones"],
        people=row["people"],
        accounts=row["accounts"],
        # Of who is sealed, her record's reference is shown and no mask: what a likeness says is kept longer than she.
        sealed_numbers={found["id_number"]: who for who, found in sealed.items() if "id_number" in found},
        sealed_names={found["name"]: who for who, found in sealed.items() if "name" in found},
        is_listed=bool({BARRED, BLACKLISTED} & {*row["grounds"]}),
    )
    return Known(
        id=UUID(bytes=row["institution_id"].bytes),
        traits=traits,
        department=row["department"],
        region=row["region"],
        category=row["category"],
        grounds=tuple(row["grounds"]),
        position=row["position"],
    )


def made_traits(
    index: BlindIndex,
    *,
    names: Iterable[str] = (),
    region: str = "",
    category: str = "",
    addresses: Iterable[str] = (),
    codes: Iterable[str] = (),
    phones: Iterable[str] = (),
    people: Iterable[str] = (),
    accounts: Iterable[str] = (),
    id_numbers: Iterable[str] = (),
    sealed_numbers: Mapping[str, str] = MappingProxyType({}),
    sealed_names: Mapping[str, str] = MappingProxyType({}),
    is_listed: bool = False,
) -> Traits:
    """Traits of plain values, whoever states them: the register, or a caller who looks somebody up."""
    digests = {
        Kind.CODE: _digests(codes, lambda code: index.of("uscc", code.upper()), Masked),
        Kind.PHONE: _digests(phones, index.phone, mask_phone),
        Kind.ACCOUNT: _digests(accounts, lambda account: index.of("account", "".join(account.split())), mask_account),
        Kind.PERSON_NAME: {**sealed_names, **_digests(people, index.name, mask_name)},
        Kind.PERSON: {**sealed_numbers, **_digests(id_numbers, index.id_number, mask_id_number)},
    }
    return Traits(
        names=tuple(names),
        region=region,
        category=category,
        addresses=tuple(addresses),
        digests=digests,
        is_listed=is_listed,
    )


def _digests(values: Iterable[str], digest: Callable[[str], str], mask: Callable[[str], Masked]) -> dict[str, str]:
    stated = [value for value in values if value.strip()][:VALUES_MAX]
    return {digest(value): str(mask(value)) for value in stated}
