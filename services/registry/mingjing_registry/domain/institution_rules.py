"""Institution rules: which part decides what, and the whitelist that follows from all of it.

One rule: every command of every noun on this stream passes here, so that no fact escapes the whitelist.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import replace
from datetime import date
from functools import cache, reduce
from typing import Any, TypeAlias, assert_never

from mingjing_kernel.decider import Decider, changed
from mingjing_registry.domain import (
    annual_check,
    application,
    blacklisted,
    change,
    credit_code,
    dismissal,
    liability,
    operation,
    record_facts,
    rectification,
)
from mingjing_registry.domain.annual_check import AnnualCheckRecorded, CheckResult
from mingjing_registry.domain.annual_check_rules import decide_annual_check, evolve_annual_checks
from mingjing_registry.domain.application_rules import decide_application, evolve_application
from mingjing_registry.domain.change_rules import decide_change, evolve_changes, unapproved
from mingjing_registry.domain.credit_code import CodeLed, Holder, LeadToHolder
from mingjing_registry.domain.credit_code_rules import as_known_here, code_with, decide_code, evolve_codes
from mingjing_registry.domain.ended_number import ended_after, finally_ended
from mingjing_registry.domain.granting import approve, cancel, renew
from mingjing_registry.domain.institution import (
    ActivateCustody,
    Command,
    Custody,
    CustodyActivated,
    CustodyEnded,
    EndCustody,
    Event,
    FileNotice,
    Institution,
    InstitutionAmended,
    InstitutionRegistered,
    Known,
    NameNoted,
    NoticeFiled,
    OwnCommand,
    RecordInstitution,
    Unknown,
)
from mingjing_registry.domain.liability import Liability, LiabilityAsked, LiabilityStated, decide_liability
from mingjing_registry.domain.licence import (
    ApproveLicence,
    CancelLicence,
    Licence,
    LicenceApplied,
    LicenceApproved,
    LicenceEvent,
    LicenceRecorded,
    LicenceRenewed,
    NoLicence,
    RecordLicence,
    RenewLicence,
)
from mingjing_registry.domain.licensing import decide_licence, evolve_licence, terms_of
from mingjing_registry.domain.merging import merged_away
from mingjing_registry.domain.number_refusals import CodeTaken
from mingjing_registry.domain.operation_rules import decide_operation, evolve_operation
from mingjing_registry.domain.reconciliation import amended, is_stale, refuse_contradiction, succeeds
from mingjing_registry.domain.record_facts import MaterialsSummarised, ProfileRecorded, StaffSummarised
from mingjing_registry.domain.record_rules import decide_record
from mingjing_registry.domain.rectification_rules import decide_rectification
from mingjing_registry.domain.refusals import InstitutionUnknown, NameMissing
from mingjing_registry.domain.whitelist import Standing, WhitelistEntered, WhitelistLeft, standing_of


def decide(command: Command, institution: Institution) -> list[Event]:
    """The facts that follow, with the whitelist's entry or exit last."""
    events = _decide(command, institution)
    if not events:
        return events
    return [*events, *_whitelist(reduce(evolve, events, institution), command.on)]


def evolve(institution: Institution, event: Event) -> Institution:
    """The institution after one fact."""
    match event:
        case InstitutionRegistered(particulars=particulars, listing=listing):
            names = frozenset({particulars.name, *particulars.former_names})
            return Known(particulars=particulars, listing=listing, names=names, custody=institution.custody)
        case CustodyActivated(account_id=account_id, bank=bank, account_name=account_name):
            custody = Custody(account_id=account_id, bank=bank, account_name=account_name, is_active=True)
            return replace(institution, custody=custody)
        case CustodyEnded():
            return replace(institution, custody=replace(institution.custody, is_active=False))
        case CodeLed(institution_id=institution_id, name=name):
            return Unknown(custody=institution.custody, holder=Holder(institution_id=institution_id, name=name))
        case _:
            return _evolve_known(_known(institution), event)


INSTITUTION: Decider[Command, Institution, Event] = Decider(initial=Unknown(), decide=decide, evolve=evolve)


def standing(institution: Institution) -> Standing:
    """Why the institution is on the whitelist, or what keeps it off."""
    match institution:
        case Unknown():
            return Standing.NOT_REGISTERED
        case Known():
            return standing_of(
                registered=bool(institution.particulars.uscc),
                licence=institution.licence,
                custody_active=institution.custody.is_active,
                check_failed=institution.annual_check == "fail",
                blacklisted=bool(institution.listings),
                closed=institution.operation.state is operation.OperationState.CLOSED,
            )


def _decide(command: Command, institution: Institution) -> list[Event]:  # noqa: C901 - one flat case a noun
    if isinstance(command, OwnCommand):
        return _own(command, institution)
    known = _known(institution)
    if isinstance(command, ApproveLicence):
        return [*approve(command, known)]
    if isinstance(command, RenewLicence):
        return [*renew(command, known)]
    if isinstance(command, CancelLicence):
        return [*cancel(command, known)]
    if isinstance(command, application.Command):
        return [*decide_application(command, known)]
    if isinstance(command, record_facts.Command):
        return [*decide_record(command, known)]
    if isinstance(command, change.Command):
        return _then(_changed(command, known), known, command.on)
    if isinstance(command, credit_code.Command):
        return [*decide_code(command, known)]
    if isinstance(command, operation.Command):
        return [*decide_operation(command, known)]
    if isinstance(command, annual_check.Command):
        return [*decide_annual_check(command, known)]
    if isinstance(command, liability.Command):
        return _then(decide_liability(command, known.liability), known, command.on)
    if isinstance(command, dismissal.Command):
        return [*dismissal.decide_dismissal(command)]
    if isinstance(command, blacklisted.Command):
        return [*blacklisted.decide(command, known.listings)]
    if isinstance(command, rectification.Command):
        return [*decide_rectification(command, known.licence)]
    return [*decide_licence(command, known.licence)]


def _changed(command: change.Command, known: Known) -> list[Event]:
    """A change, and the new code that an approved conversion brings with it."""
    events: list[Event] = [*decide_change(command, known)]
    if not events or not isinstance(command, change.ApproveChange):
        return events
    return [*events, *code_with(command, reduce(_evolve_known, events, known))]


def _then(events: Sequence[Event], known: Known, on: date) -> list[Event]:
    """What an approved merger and funds' word lead to, whichever comes last."""
    if not events:
        return []
    after = reduce(_evolve_known, events, known)
    is_new = after.changes.merger is not None and after.changes.merger != known.changes.merger
    asked = [LiabilityAsked(on=on)] if is_new else []
    return [*events, *asked, *merged_away(after, on)]


def _own(command: OwnCommand, institution: Institution) -> list[Event]:
    match command:
        case RecordInstitution():
            return _record(command, institution)
        case LeadToHolder():
            return _lead(command, institution)
        case ActivateCustody():
            return _activate(command, institution.custody)
        case EndCustody(account_id=account_id, reason=reason, on=on):
            current = institution.custody
            # A closing that arrives after the account was replaced concerns the old one.
            if not current.is_active or current.account_id != account_id:
                return []
            return [CustodyEnded(account_id=account_id, reason=reason, on=on)]
        case FileNotice(notice=notice, spoken_name=spoken_name, on=on):
            filed = NoticeFiled(notice=notice, spoken_name=spoken_name, on=on)
            return [] if notice in _known(institution).notices else [filed]
        case _:
            assert_never(command)


def _record(command: RecordInstitution, institution: Institution) -> list[Event]:
    stated = command.particulars
    if not stated.name:
        raise NameMissing
    on_licence = _on_licence(command, institution)
    if isinstance(institution, Unknown):
        if (holder := institution.holder) is not None:
            raise CodeTaken(uscc=stated.uscc, holder=holder.name, institution_id=holder.institution_id)
        events: list[Event] = [
            InstitutionRegistered(particulars=stated, listing=command.listing, on=command.on),
        ]
        licence: Licence = NoLicence()
        checked: CheckResult | None = None
    elif is_stale(command.listing, institution.listing):
        return []
    else:
        stated = as_known_here(stated, institution)
        command = replace(command, particulars=stated)
        refuse_contradiction(
            stated,
            command.listing,
            institution.particulars,
            institution.listing,
            number_stated=command.licence.terms.number if command.licence else "",
            number_known=terms_of(institution.licence).number,
        )
        events = _changes(command, institution)
        licence, checked = institution.licence, institution.annual_check
    if on_licence is not None:
        events += decide_licence(on_licence, licence)
    failed_here = isinstance(institution, Known) and institution.annual_checks.failed is not None
    if command.annual_check not in (None, checked) and not failed_here:
        events.append(AnnualCheckRecorded(result=command.annual_check, on=command.on))
    return events


def _on_licence(command: RecordInstitution, institution: Institution) -> RecordLicence | None:
    """What a list says of the licence, as far as a list can: it revives no number that was revoked or cancelled, and
    what it says is over under a former code may be no more than that code.
    """
    stated = command.licence
    if stated is None or isinstance(institution, Unknown):
        return stated
    if stated.standing == "licensed":
        return None if finally_ended(institution.ended_numbers, stated.terms.number) is not None else stated
    return stated if institution.codes.ended(command.particulars.uscc) is None else None


def _lead(command: LeadToHolder, institution: Institution) -> list[Event]:
    """Nobody else has the code or will register under it. Raises ``CodeTaken``."""
    if isinstance(institution, Known):
        raise CodeTaken(uscc=command.uscc, holder=institution.particulars.name, institution_id=command.at)
    holder = institution.holder
    if holder is None:
        return [CodeLed(uscc=command.uscc, institution_id=command.institution_id, name=command.name, on=command.on)]
    if holder.institution_id != command.institution_id:
        raise CodeTaken(uscc=command.uscc, holder=holder.name, institution_id=holder.institution_id)
    return []


def _activate(command: ActivateCustody, custody: Custody) -> list[Event]:
    if custody.is_active and custody.account_id == command.account_id:
        return []
    activated = CustodyActivated(
        account_id=command.account_id,
        bank=command.bank,
        account_name=command.account_name,
        opened_on=command.opened_on,
        on=command.on,
    )
    return [activated]


def _changes(command: RecordInstitution, institution: Known) -> list[Event]:
    listing, on = command.listing, command.on
    particulars, changed = amended(command.particulars, listing, institution.particulars, institution.listing)
    events: list[Event] = []
    if changed:
        # A gap filled by another department leaves the list that answers for the institution as it was.
        source = listing if listing.overriding or succeeds(listing, institution.listing) else institution.listing
        events.append(InstitutionAmended(particulars=particulars, listing=source, changed=changed, on=on))
        events += unapproved(changed, listing, on, institution)
    spellings = {command.particulars.name, *command.particulars.former_names}
    unheard = spellings - institution.names - {particulars.name, *particulars.former_names}
    return events + [NameNoted(name=name, register=listing.register, on=on) for name in sorted(unheard)]


def _whitelist(after: Institution, on: date) -> list[Event]:
    if isinstance(after, Unknown):
        return []
    reason = standing(after)
    if (reason is Standing.CONDITIONS_MET) == after.is_white:
        return []
    if after.is_white:
        return [WhitelistLeft(reason=reason, on=on)]
    particulars, terms = after.particulars, terms_of(after.licence)
    entered = WhitelistEntered(
        name=particulars.name,
        uscc=particulars.uscc,
        licence_number=terms.number,
        expires_on=terms.expires_on,
        category=particulars.categories[0] if particulars.categories else "",
        department=particulars.departments[0] if particulars.departments else "",
        region=particulars.region,
        custody_bank=after.custody.bank,
        custody_account_name=after.custody.account_name,
        reason=reason,
        on=on,
    )
    return [entered]


def _evolve_known(known: Known, event: Event) -> Known:
    match event:
        case InstitutionAmended(particulars=particulars, listing=listing):
            names = known.names | {particulars.name, *particulars.former_names}
            return changed(known, particulars=particulars, listing=listing, names=names)
        case NameNoted(name=name):
            return changed(known, names=known.names | {name})
        case NoticeFiled(notice=notice):
            return changed(known, notices=known.notices | {notice})
        case WhitelistEntered():
            return changed(known, is_white=True)
        case WhitelistLeft():
            return changed(known, is_white=False)
        case ProfileRecorded(profile=profile):
            return changed(known, profile=profile)
        case StaffSummarised(summary=staff):
            return changed(known, staff=staff)
        case MaterialsSummarised(summary=materials):
            return changed(known, materials=materials)
        case InstitutionRegistered() | CustodyActivated() | CustodyEnded() | CodeLed():
            raise AssertionError("evolve() handles these before the institution is known")
        case _:
            return _evolve_noun(known, event)


def _evolve_noun(known: Known, event: Event) -> Known:
    """What a fact changes in each noun; a few concern two of them."""
    kind: Any = type(event)
    return changed(known, **{noun: after(known, event) for noun, after in _nouns_of(kind)})


_Evolved: TypeAlias = tuple[str, Any, Callable[[Known, Any], object]]
_NOUNS: tuple[_Evolved, ...] = (
    ("licence", LicenceEvent, lambda known, event: evolve_licence(known.licence, event)),
    (
        "ended_numbers",
        LicenceEvent,
        lambda known, event: ended_after(known.ended_numbers, terms_of(known.licence).number, event),
    ),
    ("codes", credit_code.CodeGiven | change.ChangeApproved, lambda known, event: evolve_codes(known.codes, event)),
    (
        "application",
        application.Event | LicenceApplied | LicenceApproved | LicenceRenewed,
        lambda known, event: evolve_application(known.application, event),
    ),
    ("changes", change.Event, lambda known, event: evolve_changes(known.changes, event)),
    ("operation", operation.Event | LicenceRecorded, lambda known, event: evolve_operation(known.operation, event)),
    ("annual_checks", annual_check.Event, lambda known, event: evolve_annual_checks(known.annual_checks, event)),
    ("annual_check", AnnualCheckRecorded, lambda _, event: event.result),
    ("listings", blacklisted.Fact, lambda known, event: blacklisted.evolve(known.listings, event)),
    (
        "liability",
        LiabilityStated,
        lambda _, event: Liability(unconsumed_fen=event.unconsumed_fen, stated_on=event.stated_on),
    ),
)
"""Each noun, the facts that concern it, and what it is after one of them."""


@cache
def _nouns_of(kind: Hashable) -> tuple[tuple[str, Callable[[Known, Any], object]], ...]:
    """Found once for a kind of fact: a register of thousands of rows asks for each of them, twice."""
    assert isinstance(kind, type)
    return tuple((noun, after) for noun, facts, after in _NOUNS if issubclass(kind, facts))


def _known(institution: Institution) -> Known:
    match institution:
        case Known():
            return institution
        case Unknown():
            raise InstitutionUnknown
        case _:
            assert_never(institution)
