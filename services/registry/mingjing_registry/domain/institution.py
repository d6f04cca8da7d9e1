"""Institution 校外培训机构: registration, licence, custody, annual check, and the whitelist that follows from them.

One rule: every fact that the whitelist depends on is on this stream, so that entry and exit are decided, with their
reason, in the transaction of the fact that caused them.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from functools import reduce
from typing import Literal, TypeAlias, assert_never
from uuid import UUID

from mingjing_kernel.decider import Decider
from mingjing_registry.domain import blacklisted
from mingjing_registry.domain.licence import Licence, LicenceCommand, LicenceEvent, NoLicence, RecordLicence
from mingjing_registry.domain.licensing import decide_licence, evolve_licence, terms_of
from mingjing_registry.domain.particulars import Listing, Particulars
from mingjing_registry.domain.reconciliation import amended, is_stale, refuse_contradiction, succeeds
from mingjing_registry.domain.refusals import InstitutionUnknown, NameMissing
from mingjing_registry.domain.whitelist import Standing, WhitelistEntered, WhitelistLeft, standing_of

CheckResult: TypeAlias = Literal["pass", "basic-pass", "fail"]
"""Annual check 年检结论: 合格, 基本合格, 不合格."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordInstitution:
    """Take over one row of a register: particulars, licence and annual check, all or nothing."""

    particulars: Particulars
    listing: Listing
    licence: RecordLicence | None = None
    annual_check: CheckResult | None = None
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivateCustody:
    """The funds service says that the custody account 托管专用账户 is active (X15)."""

    account_id: str
    bank: str
    account_name: str
    opened_on: date
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class EndCustody:
    """The custody account was closed or is no longer active."""

    account_id: str
    reason: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordAnnualCheck:
    """The result of the annual check 年检."""

    result: CheckResult
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A notice the institution filed 报备: pause, relocation, change."""

    matter: str
    filed_on: date
    begins_on: date | None
    ends_on: date | None
    content: str
    published: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FileNotice:
    """File a notice; ``spoken_name`` is how the filer called the institution."""

    notice: Notice
    spoken_name: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class InstitutionRegistered:
    """The institution entered our register."""

    particulars: Particulars
    listing: Listing
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class InstitutionAmended:
    """Particulars changed; ``changed`` names the fields."""

    particulars: Particulars
    listing: Listing
    changed: tuple[str, ...]
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class NameNoted:
    """Another register spells the name otherwise; look-ups find it under both."""

    name: str
    register: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class CustodyActivated:
    """The whitelist's funds condition is met."""

    account_id: str
    bank: str
    account_name: str
    opened_on: date
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class CustodyEnded:
    """The whitelist's funds condition is no longer met."""

    account_id: str
    reason: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnualCheckRecorded:
    """The annual check's result."""

    result: CheckResult
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeFiled:
    """A notice was filed."""

    notice: Notice
    spoken_name: str
    on: date


Command: TypeAlias = (
    RecordInstitution
    | ActivateCustody
    | EndCustody
    | RecordAnnualCheck
    | FileNotice
    | blacklisted.Command
    | LicenceCommand
)
Fact: TypeAlias = (
    InstitutionRegistered
    | InstitutionAmended
    | NameNoted
    | CustodyActivated
    | CustodyEnded
    | AnnualCheckRecorded
    | NoticeFiled
    | WhitelistEntered
    | WhitelistLeft
)
Event: TypeAlias = Fact | blacklisted.Fact | LicenceEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class Custody:
    """What funds last said about the account."""

    account_id: str = ""
    bank: str = ""
    account_name: str = ""
    is_active: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    """Not registered here; funds may have spoken first, and its word is kept."""

    custody: Custody = field(default_factory=Custody)


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """In the register."""

    particulars: Particulars
    listing: Listing
    names: frozenset[str]
    custody: Custody
    licence: Licence = field(default_factory=NoLicence)
    annual_check: CheckResult | None = None
    is_white: bool = False
    notices: frozenset[Notice] = frozenset()
    listings: frozenset[UUID] = frozenset()
    """Published blacklistings in force."""


Institution: TypeAlias = Unknown | Known


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
            )


def _decide(command: Command, institution: Institution) -> list[Event]:
    match command:
        case RecordInstitution():
            return _record(command, institution)
        case ActivateCustody():
            return _activate(command, institution.custody)
        case EndCustody(account_id=account_id, reason=reason, on=on):
            current = institution.custody
            # A closing that arrives after the account was replaced concerns the old one.
            if not current.is_active or current.account_id != account_id:
                return []
            return [CustodyEnded(account_id=account_id, reason=reason, on=on)]
        case RecordAnnualCheck(result=result, on=on):
            known = _known(institution)
            return [] if known.annual_check == result else [AnnualCheckRecorded(result=result, on=on)]
        case FileNotice(notice=notice, spoken_name=spoken_name, on=on):
            filed = NoticeFiled(notice=notice, spoken_name=spoken_name, on=on)
            return [] if notice in _known(institution).notices else [filed]
        case blacklisted.NoteBlacklisting() | blacklisted.NoteBlacklistEnded():
            return list(blacklisted.decide(command, _known(institution).listings))
        case _:
            known = _known(institution)
            return list(decide_licence(command, known.licence, known.particulars))


def _record(command: RecordInstitution, institution: Institution) -> list[Event]:
    stated = command.particulars
    if not stated.name:
        raise NameMissing
    if isinstance(institution, Unknown):
        events: list[Event] = [
            InstitutionRegistered(particulars=stated, listing=command.listing, on=command.on),
        ]
        licence: Licence = NoLicence()
        checked: CheckResult | None = None
    elif is_stale(command.listing, institution.listing):
        return []
    else:
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
    if command.licence is not None:
        events += decide_licence(command.licence, licence, stated)
    if command.annual_check not in (None, checked):
        events.append(AnnualCheckRecorded(result=command.annual_check, on=command.on))
    return events


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
            return replace(known, particulars=particulars, listing=listing, names=names)
        case NameNoted(name=name):
            return replace(known, names=known.names | {name})
        case AnnualCheckRecorded(result=result):
            return replace(known, annual_check=result)
        case NoticeFiled(notice=notice):
            return replace(known, notices=known.notices | {notice})
        case blacklisted.InstitutionBlacklisted() | blacklisted.InstitutionCleared():
            return replace(known, listings=blacklisted.evolve(known.listings, event))
        case WhitelistEntered():
            return replace(known, is_white=True)
        case WhitelistLeft():
            return replace(known, is_white=False)
        case InstitutionRegistered() | CustodyActivated() | CustodyEnded():
            raise AssertionError("evolve() handles these before the institution is known")
        case _:
            return replace(known, licence=evolve_licence(known.licence, event))


def _known(institution: Institution) -> Known:
    match institution:
        case Known():
            return institution
        case Unknown():
            raise InstitutionUnknown
        case _:
            assert_never(institution)
