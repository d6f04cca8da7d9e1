"""Application rules: who may put what on the file of an application, and when (domain of ``application.py``).

One rule: checks, waivers and signatures belong to an accepted application; R1 and R2 are never waived.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import assert_never

from mingjing_kernel.refusal import Refusal
from mingjing_registry.domain.admission_rules import NEVER_WAIVED, RULES
from mingjing_registry.domain.application import (
    Application,
    ApplicationDrafted,
    Command,
    DraftApplication,
    Event,
    LicenceSigned,
    RecordSiteCheck,
    RenewalSigned,
    RuleWaived,
    Signature,
    SignLicence,
    SignRenewal,
    SiteChecked,
    WaiveRule,
)
from mingjing_registry.domain.ended_number import ended_refusal
from mingjing_registry.domain.institution import Known
from mingjing_registry.domain.licence import (
    Accepted,
    Applied,
    Cancelled,
    Expired,
    Licence,
    LicenceApplied,
    LicenceApproved,
    LicenceRenewed,
    Licensed,
    NoLicence,
    Refused,
    Revoked,
)
from mingjing_registry.domain.licence_refusals import DayNotYetCome, RuleNeverWaived, RuleUnknown
from mingjing_registry.domain.licensing import given, name_of, terms_of
from mingjing_registry.domain.refusals import AddressMissing, LicenceNotInThatState, SiteCheckMissing, ValidityReversed


def decide_application(command: Command, known: Known) -> list[Event]:
    """The facts that follow."""
    file = known.application
    match command:
        case DraftApplication(content=content, on=on):
            return (
                [] if file.draft == content else _if_free(command, known, [ApplicationDrafted(content=content, on=on)])
            )
        case RecordSiteCheck():
            return _site_check(command, known)
        case WaiveRule():
            return _waive(command, known)
        case SignLicence(terms=terms, officer=officer, on=on):
            if file.signature == Signature(officer=officer, terms=terms):
                return []
            _unhindered(command, known)
            if (over := ended_refusal(known.ended_numbers, terms.number)) is not None:
                raise over
            begins = terms.valid_from or terms.issued_on or on
            if terms.expires_on is None or terms.expires_on < begins:
                raise ValidityReversed(expires_on=terms.expires_on)
            return [LicenceSigned(terms=terms, officer=officer, on=on)]
        case SignRenewal(expires_on=expires_on, officer=officer, on=on):
            return _sign_renewal(expires_on, officer, on, known)
        case _:
            assert_never(command)


def evolve_application(
    file: Application, event: Event | LicenceApplied | LicenceApproved | LicenceRenewed
) -> Application:
    """The file after one fact. An application that is handed in begins it anew."""
    match event:
        case ApplicationDrafted(content=content):
            return replace(file, draft=content)
        case LicenceApplied(content=content):
            return Application(content=content)
        case SiteChecked(check=check):
            return replace(file, site_checks=(*file.site_checks, check))
        case RuleWaived(waiver=waiver):
            return replace(file, waivers={**file.waivers, waiver.rule: waiver})
        case LicenceSigned(officer=officer, terms=terms):
            return replace(file, signature=Signature(officer=officer, terms=terms))
        case RenewalSigned():
            return replace(file, renewal=event)
        case LicenceApproved():
            return replace(file, signature=None)
        case LicenceRenewed():
            return replace(file, renewal=None)
        case _:
            assert_never(event)


_FREE = (NoLicence, Refused, Applied, Cancelled, Revoked)
_NEEDED: Mapping[type[Command], tuple[type[Licence], ...]] = {
    DraftApplication: _FREE,
    RecordSiteCheck: (Accepted,),
    WaiveRule: (Accepted,),
    SignLicence: (Accepted,),
    SignRenewal: (Licensed, Expired),
}


def application_hindrance(step: type[Command], known: Known) -> Refusal | None:
    """Why the file does not take a step now; ``None`` where it may."""
    needed, licence = _NEEDED[step], known.licence
    if not isinstance(licence, needed):
        names = " or ".join("no-licence" if kind is NoLicence else kind.__name__.lower() for kind in needed)
        return LicenceNotInThatState(state=name_of(licence), needed=names)
    if step is SignLicence and not known.application.site_checks:
        return SiteCheckMissing()
    return None


def _unhindered(command: Command, known: Known) -> None:
    if (why := application_hindrance(type(command), known)) is not None:
        raise why


def _if_free(command: Command, known: Known, events: list[Event]) -> list[Event]:
    _unhindered(command, known)
    return events


def _site_check(command: RecordSiteCheck, known: Known) -> list[Event]:
    check = command.check
    if check in known.application.site_checks:
        return []
    _unhindered(command, known)
    if not check.reference:
        raise SiteCheckMissing
    if not check.address:
        raise AddressMissing
    if check.checked_on > command.on:
        raise DayNotYetCome(day=check.checked_on)
    return [SiteChecked(check=check, on=command.on)]


def _waive(command: WaiveRule, known: Known) -> list[Event]:
    waiver = command.waiver
    if known.application.waivers.get(waiver.rule) == waiver:
        return []
    _unhindered(command, known)
    if waiver.rule not in RULES:
        raise RuleUnknown(rule_named=waiver.rule)
    if waiver.rule in NEVER_WAIVED:
        raise RuleNeverWaived(rule_named=waiver.rule)
    given(waiver.reason)
    return [RuleWaived(waiver=waiver, on=command.on)]


def _sign_renewal(expires_on: date, officer: str, on: date, known: Known) -> list[Event]:
    signed = known.application.renewal
    if signed is not None and (signed.expires_on, signed.officer) == (expires_on, officer):
        return []
    _unhindered(SignRenewal(expires_on=expires_on, officer=officer, on=on), known)
    if expires_on <= (terms_of(known.licence).expires_on or on):
        raise ValidityReversed(expires_on=expires_on)
    return [RenewalSigned(expires_on=expires_on, officer=officer, on=on)]
