"""Application for a licence 办学许可申请: its content, the site check, the first signature, waivers.

One rule: everything that the grant rests on is on file before it, each by the person who did it; applying again
begins with an empty file.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TypeAlias

from mingjing_registry.domain.licence import LicenceTerms
from mingjing_registry.domain.profile import Content


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteCheck:
    """One look at one address 现场核查."""

    reference: str
    address: str
    officer: str
    checked_on: date
    passed: bool
    area_m2: int
    """Training floor area as measured."""
    findings: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiver:
    """A rule that this application need not meet, and why 豁免."""

    rule: str
    reason: str
    legal_basis: str
    by: str
    on: date


# Commands -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftApplication:
    """Keep a draft 草稿; nobody has applied for anything yet."""

    content: Content
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordSiteCheck:
    """Put a site check on file."""

    check: SiteCheck
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class WaiveRule:
    """Let the application pass without this rule."""

    waiver: Waiver
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class SignLicence:
    """The first officer 经办人 proposes the grant with its terms; another one grants it."""

    terms: LicenceTerms
    officer: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class SignRenewal:
    """The first officer proposes a longer validity; another one grants it."""

    expires_on: date
    officer: str
    on: date


Command: TypeAlias = DraftApplication | RecordSiteCheck | WaiveRule | SignLicence | SignRenewal

# Events ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationDrafted:
    """A draft was kept."""

    content: Content
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteChecked:
    """Somebody was there and measured."""

    check: SiteCheck
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleWaived:
    """A rule need not be met by this application."""

    waiver: Waiver
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class LicenceSigned:
    """The first of two signatures under a grant."""

    terms: LicenceTerms
    officer: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class RenewalSigned:
    """The first of two signatures under a renewal."""

    expires_on: date
    officer: str
    on: date


Event: TypeAlias = ApplicationDrafted | SiteChecked | RuleWaived | LicenceSigned | RenewalSigned

# State ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """Who signed first, and what."""

    officer: str
    terms: LicenceTerms


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """The file of the present application."""

    draft: Content | None = None
    content: Content | None = None
    site_checks: tuple[SiteCheck, ...] = ()
    """The last one of each address counts."""
    waivers: dict[str, Waiver] = field(default_factory=dict)
    signature: Signature | None = None
    renewal: RenewalSigned | None = None

    def check_of(self, address: str) -> SiteCheck | None:
        """The last site check of this address."""
        return next((check for check in reversed(self.site_checks) if check.address == address), None)
