"""By what somebody is known again where lists do not have her whole number: name, birth, the open part, sex.

One rule: a record is described by all that it says, a list's entry by every part of what the list says; they meet when
they agree in everything that both say.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from mingjing_kernel.sealed.marks import ON_ROSTER, PERSON, Mark, Marks
from mingjing_registry.domain.identity import identity_of
from mingjing_registry.intake.sealing import Named, tidy

_ROSTER: Final = "roster"


def described(marks: Marks, name: str, birth_year: str) -> str:
    """By what a school's roster without numbers knows somebody again."""
    return marks.described(birth_year, name=name)


def on_roster(marks: Marks, name: str, birth: str, last_four: str, sex: str) -> str:
    """The same where the roster has the end of the number; ``birth`` is a year, or a year and a month."""
    return marks.described(_ROSTER, birth, last_four, sex, name=name)


def entry_forms(marks: Marks, name: str, birth: str, last_four: str, sex: str) -> frozenset[str]:
    """Every part of what a roster says of one teacher: with or without the month, with or without the sex."""
    return frozenset(on_roster(marks, name, born, last_four, said) for born in {birth, birth[:4]} for said in {sex, ""})


def descriptions_of(marks: Marks, person: Named) -> Iterator[Mark]:
    """Of whom the number says when she was born (GB 11643)."""
    identity = identity_of(tidy(person.number))
    if identity is None or not identity.birth_year:
        return
    yield Mark(subject=person.subject, field=PERSON, value=described(marks, person.name, identity.birth_year))
    born = identity.birth_year + identity.birth_month
    value = on_roster(marks, person.name, born, identity.open_part[1], person.sex)
    yield Mark(subject=person.subject, field=ON_ROSTER, value=value)
