"""Institution 校外培训机构: its commands, facts and state; what each part decides stands in the file of its noun.

One rule: every fact that the whitelist depends on is on this stream, so that entry and exit are decided, with their
reason, in the transaction of the fact that caused them (``institution_rules.py``).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TypeAlias
from uuid import UUID

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
)
from mingjing_registry.domain.annual_check import AnnualChecks, CheckResult
from mingjing_registry.domain.application import Application
from mingjing_registry.domain.change import Changes
from mingjing_registry.domain.credit_code import CodeLed, Codes, Holder, LeadToHolder
from mingjing_registry.domain.ended_number import EndedNumber
from mingjing_registry.domain.liability import Liability
from mingjing_registry.domain.licence import Licence, LicenceCommand, LicenceEvent, NoLicence, RecordLicence
from mingjing_registry.domain.operation import Operation
from mingjing_registry.domain.particulars import Listing, Particulars
from mingjing_registry.domain.profile import MaterialsSummary, Profile, StaffSummary
from mingjing_registry.domain.whitelist import WhitelistEntered, WhitelistLeft


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
class NoticeFiled:
    """A notice was filed."""

    notice: Notice
    spoken_name: str
    on: date


OwnCommand: TypeAlias = RecordInstitution | LeadToHolder | ActivateCustody | EndCustody | FileNotice
Command: TypeAlias = (
    OwnCommand
    | LicenceCommand
    | application.Command
    | record_facts.Command
    | change.Command
    | credit_code.Command
    | operation.Command
    | annual_check.Command
    | liability.Command
    | dismissal.Command
    | blacklisted.Command
)
Fact: TypeAlias = (
    InstitutionRegistered
    | InstitutionAmended
    | CodeLed
    | NameNoted
    | CustodyActivated
    | CustodyEnded
    | NoticeFiled
    | WhitelistEntered
    | WhitelistLeft
)
Event: TypeAlias = (
    Fact
    | LicenceEvent
    | application.Event
    | record_facts.Event
    | change.Event
    | credit_code.CodeGiven
    | operation.Event
    | annual_check.Event
    | liability.Event
    | dismissal.Event
    | blacklisted.Fact
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Custody:
    """What funds last said about the account."""

    account_id: str = ""
    bank: str = ""
    account_name: str = ""
    is_active: bool = False


_NO_CUSTODY, _NO_LICENCE, _NO_PROFILE, _NO_APPLICATION = Custody(), NoLicence(), Profile(), Application()
_NO_CHANGES, _NOT_RUNNING, _NO_CHECKS, _NOTHING_SAID = Changes(), Operation(), AnnualChecks(), Liability()
_NO_CODES = Codes()
"""How each institution begins. One of each for all: a list registers thousands, and none of these ever changes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    """Not registered here; funds may have spoken first, and its word is kept."""

    custody: Custody = _NO_CUSTODY
    holder: Holder | None = None
    """The institution whose code it is that would register somebody here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """In the register."""

    particulars: Particulars
    listing: Listing
    names: frozenset[str]
    custody: Custody
    codes: Codes = _NO_CODES
    licence: Licence = _NO_LICENCE
    ended_numbers: tuple[EndedNumber, ...] = ()
    annual_check: CheckResult | None = None
    is_white: bool = False
    notices: frozenset[Notice] = frozenset()
    profile: Profile = _NO_PROFILE
    staff: StaffSummary | None = None
    materials: MaterialsSummary | None = None
    application: Application = _NO_APPLICATION
    changes: Changes = _NO_CHANGES
    operation: Operation = _NOT_RUNNING
    annual_checks: AnnualChecks = _NO_CHECKS
    liability: Liability = _NOTHING_SAID
    listings: frozenset[UUID] = frozenset()
    """Published blacklistings in force."""


Institution: TypeAlias = Unknown | Known
