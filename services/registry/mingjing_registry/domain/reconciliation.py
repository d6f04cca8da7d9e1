"""Reconciliation: what happens when a register speaks again, or another one speaks, of a known institution.

One rule: the same register with a later day may change what it said; a different register may only fill gaps and
add spellings. Anything else is a contradiction that a person decides.
"""

from __future__ import annotations

from dataclasses import replace

from mingjing_registry.domain.name import is_same_name
from mingjing_registry.domain.number_refusals import NameHasCode
from mingjing_registry.domain.particulars import Listing, Particulars
from mingjing_registry.domain.refusals import ContradictsRegister, UsccDiffers

_DISPUTABLE = ("legal_representative", "phone", "nature")
"""Two registers may not differ in these unnoticed. Items, counts and remarks are each department's own view."""

_FILLABLE = (
    "nature",
    "categories",
    "departments",
    "items",
    "region",
    "legal_representative",
    "phone",
    "other_phones",
    "staff_count",
    "student_count",
    "area_m2",
    "custody_bank",
    "custody_account",
    "remark",
)
_EMPTY = (None, "", (), "unknown")


def refuse_contradiction(
    stated: Particulars,
    listing: Listing,
    known: Particulars,
    known_listing: Listing,
    *,
    number_stated: str,
    number_known: str,
) -> None:
    """Raise ``ContradictsRegister`` when the row and the register cannot both be right."""
    if known.uscc and not stated.uscc:
        raise NameHasCode(name=known.name, uscc=known.uscc)
    if stated.uscc != known.uscc:
        raise UsccDiffers(stated=stated.uscc, known=known.uscc)
    if listing.overriding or succeeds(listing, known_listing):
        return
    spellings = (known.name, *known.former_names)
    if not any(is_same_name(stated.name, name) for name in spellings):
        raise ContradictsRegister(field="name", stated=stated.name, known=known.name)
    if number_stated and number_known and number_stated != number_known:
        raise ContradictsRegister(field="licence_number", stated=number_stated, known=number_known)
    for name in _DISPUTABLE:
        ours, theirs = getattr(known, name), getattr(stated, name)
        if ours not in _EMPTY and theirs not in _EMPTY and ours != theirs:
            raise ContradictsRegister(field=name, stated=theirs, known=ours)


def amended(
    stated: Particulars, listing: Listing, known: Particulars, known_listing: Listing
) -> tuple[Particulars, tuple[str, ...]]:
    """The particulars after the row, and the names of the fields that changed."""
    prevails = listing.overriding or succeeds(listing, known_listing)
    changes: dict[str, object] = {}
    for name in ("name", *_FILLABLE) if prevails else _FILLABLE:
        ours, theirs = getattr(known, name), getattr(stated, name)
        if theirs not in _EMPTY and ours != theirs and (prevails or ours in _EMPTY):
            changes[name] = theirs
    former = tuple(name for name in stated.former_names if name not in known.former_names)
    if "name" in changes and known.name not in (*known.former_names, *former):
        former = (*former, known.name)
    if former:
        changes["former_names"] = (*known.former_names, *former)
    return (replace(known, **changes), tuple(changes)) if changes else (known, ())  # type: ignore[arg-type]


def succeeds(listing: Listing, before: Listing) -> bool:
    """True when the row may correct what was said: the register's later edition, or the issuing list at last."""
    if listing.issuing and not before.issuing:
        return True
    if listing.register != before.register or listing.stated_on is None or before.stated_on is None:
        return False
    return listing.stated_on > before.stated_on


def is_stale(listing: Listing, before: Listing) -> bool:
    """True when the same register has spoken since: an old list that is read again changes nothing."""
    if listing.overriding or listing.register != before.register:
        return False
    return listing.stated_on is not None and before.stated_on is not None and listing.stated_on < before.stated_on
