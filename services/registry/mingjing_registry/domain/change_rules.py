"""Change rules: what a change must state, and what its approval does to the record (domain of ``change.py``).

One rule: subject → non-subject needs another competent department's consent, and nobody is ever converted to subject
or to for-profit (S1:189–191).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import assert_never

from mingjing_kernel.refusal import Refusal
from mingjing_registry.domain.change import (
    ApproveChange,
    ChangeApproved,
    ChangeKind,
    ChangeProposed,
    ChangeRefused,
    Changes,
    Command,
    Event,
    FileTransferred,
    Merger,
    ProposeChange,
    RefuseChange,
    UnapprovedChangeNoticed,
    Wish,
)
from mingjing_registry.domain.institution import InstitutionAmended, Known
from mingjing_registry.domain.licence import Licensed, Rectifying, Suspended
from mingjing_registry.domain.licence_refusals import (
    ChangeIncomplete,
    ChangeNotPending,
    ChangePending,
    ChangeUnknown,
    ChangeWithoutEffect,
    ConversionNotPossible,
)
from mingjing_registry.domain.licensing import given, name_of
from mingjing_registry.domain.particulars import Category, Listing, Nature, Particulars
from mingjing_registry.domain.reconciliation import succeeds
from mingjing_registry.domain.record_facts import ProfileRecorded
from mingjing_registry.domain.refusals import LicenceNotInThatState, SubjectLicencesClosed

Consequence = Event | InstitutionAmended | ProfileRecorded

_NEEDS: Mapping[ChangeKind, tuple[str, ...]] = {
    ChangeKind.ORGANIZER: ("organizer", "liquidation_reference"),
    ChangeKind.NAME: ("name",),
    ChangeKind.REPRESENTATIVE: ("legal_representative",),
    ChangeKind.CATEGORY: ("categories",),
    ChangeKind.ADDRESS: ("address",),
    ChangeKind.MERGER: ("others", "liquidation_reference"),
    ChangeKind.SPLIT: ("others", "liquidation_reference"),
    ChangeKind.TO_NON_SUBJECT: ("categories", "departments", "consent_reference"),
    ChangeKind.TO_NON_PROFIT: (),
}
"""What an application for each kind of change states."""


def decide_change(command: Command, known: Known) -> list[Consequence]:
    """The facts that follow."""
    match command:
        case ProposeChange():
            return [*_propose(command, known)]
        case ApproveChange():
            return _approve(command, known)
        case RefuseChange(number=number, reason=reason, on=on):
            if number in known.changes.decided:
                return []
            _pending(command, known)
            return [ChangeRefused(number=number, reason=given(reason), on=on)]
        case _:
            assert_never(command)


def evolve_changes(changes: Changes, event: Event) -> Changes:
    """What is pending after one fact."""
    match event:
        case ChangeProposed():
            return replace(changes, pending=event)
        case ChangeApproved(number=number, kind=ChangeKind.MERGER, decision_reference=reference):
            into = changes.pending.wish.others if changes.pending else ()
            merger = Merger(number=number, decision_reference=reference, into=into)
            return Changes(decided=changes.decided | {number}, merger=merger)
        case ChangeApproved(number=number) | ChangeRefused(number=number):
            return Changes(decided=changes.decided | {number}, merger=changes.merger)
        case FileTransferred() | UnapprovedChangeNoticed():
            return changes
        case _:
            assert_never(event)


def change_hindrance(step: type[Command], known: Known) -> Refusal | None:
    """Why no change can be proposed or decided now; ``None`` where it can."""
    pending = known.changes.pending
    if step is not ProposeChange and pending is None:
        return ChangeNotPending()
    # What was proposed before a licence ended can still be refused, and nothing else.
    if step is not RefuseChange and not isinstance(known.licence, Licensed | Rectifying):
        return LicenceNotInThatState(state=name_of(known.licence), needed="licensed or rectifying")
    return ChangePending(number=pending.number) if step is ProposeChange and pending is not None else None


def _propose(command: ProposeChange, known: Known) -> list[ChangeProposed]:
    pending, decided = known.changes.pending, known.changes.decided
    if command.number in decided or (pending is not None and pending.number == command.number):
        return []
    if (why := change_hindrance(ProposeChange, known)) is not None:
        raise why
    kind, wish = command.kind, command.wish
    missing = [name for name in _NEEDS[kind] if not getattr(wish, name)]
    if missing or not command.number:
        raise ChangeIncomplete(kind=kind.value, missing=", ".join(missing or ["number"]))
    _convertible(kind, wish, known.particulars)
    if _says_nothing_new(kind, wish, known):
        raise ChangeWithoutEffect
    return [
        ChangeProposed(
            number=command.number,
            kind=kind,
            wish=wish,
            before=_before(known),
            reason=given(command.reason),
            on=command.on,
        )
    ]


def _says_nothing_new(kind: ChangeKind, wish: Wish, known: Known) -> bool:
    match kind:
        case ChangeKind.ADDRESS | ChangeKind.MERGER | ChangeKind.SPLIT:
            return False  # what changes lies with sites and other institutions
        case ChangeKind.ORGANIZER:
            return wish.organizer == known.profile.organizer
        case _:
            return _changed(kind, wish, known) == known.particulars


def _convertible(kind: ChangeKind, wish: Wish, particulars: Particulars) -> None:
    is_subject = Category.SUBJECT in particulars.categories
    if Category.SUBJECT in wish.categories:
        raise SubjectLicencesClosed
    if kind is ChangeKind.TO_NON_SUBJECT and not is_subject:
        raise ConversionNotPossible(why="it teaches no curriculum subject")
    if kind is ChangeKind.CATEGORY and is_subject:
        raise ConversionNotPossible(why="a subject institution is converted to non-subject")
    if kind is ChangeKind.TO_NON_PROFIT and particulars.nature is not Nature.FOR_PROFIT:
        raise ConversionNotPossible(why="it is not registered as for-profit")


def _approve(command: ApproveChange, known: Known) -> list[Consequence]:
    if command.number in known.changes.decided:
        return []
    proposed = _pending(command, known)
    approved = ChangeApproved(
        number=command.number,
        kind=proposed.kind,
        decision_reference=given(command.decision_reference),
        on=command.on,
    )
    events: list[Consequence] = [approved]
    particulars = _changed(proposed.kind, proposed.wish, known)
    changed = tuple(
        name for name in Particulars.__slots__ if getattr(particulars, name) != getattr(known.particulars, name)
    )
    if changed:
        amended = InstitutionAmended(particulars=particulars, listing=known.listing, changed=changed, on=command.on)
        events.append(amended)
    if proposed.kind is ChangeKind.ORGANIZER:
        profile = replace(known.profile, organizer=proposed.wish.organizer)
        events.append(ProfileRecorded(profile=profile, changed=("organizer",), on=command.on))
    return [*events, *_moved(command, known.particulars, particulars, proposed.wish)]


def _moved(command: ApproveChange, before: Particulars, after: Particulars, wish: Wish) -> list[FileTransferred]:
    """The file moves when another department is competent from now on."""
    if not after.departments or before.departments[:1] == after.departments[:1]:
        return []
    return [
        FileTransferred(
            from_department=before.departments[0] if before.departments else "",
            to_department=after.departments[0],
            consent_reference=wish.consent_reference,
            on=command.on,
        )
    ]


def unapproved(changed: tuple[str, ...], listing: Listing, on: date, before: Known) -> list[UnapprovedChangeNoticed]:
    """What a later edition of the same register changed that an application would have had to change. What another
    register states first is no change, and a gap that is filled is none.
    """
    is_later = listing.register == before.listing.register and succeeds(listing, before.listing)
    if not is_later or not isinstance(before.licence, Licensed | Rectifying | Suspended):
        return []
    return [
        UnapprovedChangeNoticed(kind=kind, register=listing.register, on=on)
        for name, kind in _STATED.items()
        if name in changed and getattr(before.particulars, name)
    ]


_STATED: Mapping[str, ChangeKind] = {"legal_representative": ChangeKind.REPRESENTATIVE}
"""Of what a list states. A name that is spelled otherwise is corrected; the organizer is on no list."""


def _pending(command: ApproveChange | RefuseChange, known: Known) -> ChangeProposed:
    if (why := change_hindrance(type(command), known)) is not None:
        raise why
    pending = known.changes.pending
    assert pending is not None, "the hindrance asks for it"
    if pending.number != command.number:
        raise ChangeUnknown(number=command.number)
    return pending


def _changed(kind: ChangeKind, wish: Wish, known: Known) -> Particulars:
    """The particulars as the change wants them."""
    particulars = known.particulars
    match kind:
        case ChangeKind.NAME:
            if wish.name == particulars.name:
                return particulars
            former = tuple(dict.fromkeys((*particulars.former_names, particulars.name)))
            return replace(particulars, name=wish.name, former_names=former)
        case ChangeKind.REPRESENTATIVE:
            return replace(particulars, legal_representative=wish.legal_representative)
        case ChangeKind.CATEGORY | ChangeKind.TO_NON_SUBJECT:
            departments = wish.departments or particulars.departments
            return replace(particulars, categories=wish.categories, departments=departments)
        case ChangeKind.ADDRESS:
            return replace(particulars, region=wish.region or particulars.region)
        case ChangeKind.TO_NON_PROFIT:
            return replace(particulars, nature=Nature.NON_PROFIT)
        case ChangeKind.ORGANIZER | ChangeKind.MERGER | ChangeKind.SPLIT:
            return particulars
        case _:
            assert_never(kind)


def _before(known: Known) -> Wish:
    particulars = known.particulars
    return Wish(
        name=particulars.name,
        organizer=known.profile.organizer,
        legal_representative=particulars.legal_representative,
        categories=particulars.categories,
        departments=particulars.departments,
        region=particulars.region,
    )
