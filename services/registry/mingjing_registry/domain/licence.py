"""School-running licence 办学许可证: states, commands and facts; what may follow what is in ``licensing.py``."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Literal, TypeAlias

from mingjing_registry.domain import rectification
from mingjing_registry.domain.check import Check, Numbers
from mingjing_registry.domain.liability import FRESH_DAYS_MAX
from mingjing_registry.domain.profile import Content

Ending: TypeAlias = Literal["licensed", "cancelled", "revoked"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LicenceTerms:
    """Number and validity of one licence. ``number`` is empty when a register lost its digits."""

    number: str
    issued_on: date | None = None
    valid_from: date | None = None
    expires_on: date | None = None


# States ---------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class NoLicence:
    """Never licensed."""


@dataclass(frozen=True, slots=True)
class Refused:
    """Not granted 不予许可. Terminal for that application."""

    reason: str
    ended: LicenceTerms | None = None
    """The licence that ended before: no register revives it."""


@dataclass(frozen=True, slots=True)
class Applied:
    """Application filed 已提交, or returned for completion 退回补正."""

    returned: bool = False
    ended: LicenceTerms | None = None


@dataclass(frozen=True, slots=True)
class Accepted:
    """Application accepted 已受理; decision due within three months (L08 art 17)."""

    on: date
    decide_by: date | None = None
    is_overdue: bool = False
    ended: LicenceTerms | None = None


@dataclass(frozen=True, slots=True)
class Licensed:
    """In force."""

    terms: LicenceTerms


@dataclass(frozen=True, slots=True)
class Suspended:
    """Temporarily withheld 暂扣, until reinstated or revoked."""

    terms: LicenceTerms
    decision_reference: str


@dataclass(frozen=True, slots=True)
class Rectifying:
    """In force, and to be put right by a day 限期整改; not on the whitelist meanwhile."""

    terms: LicenceTerms
    reference: str
    deadline: date
    lapsed: bool = False
    looked_at: str = ""
    """The last look that did not find it put right."""


@dataclass(frozen=True, slots=True)
class Expired:
    """Past its last day 有效期届满; may be renewed."""

    terms: LicenceTerms
    under: Rectifying | None = None
    """What was to be put right when it ran out still is."""


@dataclass(frozen=True, slots=True)
class Cancelled:
    """Given up voluntarily 注销. Terminal for its number."""

    terms: LicenceTerms


@dataclass(frozen=True, slots=True)
class Revoked:
    """Taken away as a penalty 吊销. Terminal for its number."""

    terms: LicenceTerms


Licence: TypeAlias = (
    NoLicence | Refused | Applied | Accepted | Licensed | Rectifying | Suspended | Expired | Cancelled | Revoked
)

# Commands -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordLicence:
    """Take over what a register states about a licence that was decided elsewhere and earlier."""

    terms: LicenceTerms
    standing: Ending
    standing_since: date | None = None
    note: str = ""
    stated_on: date | None = None
    """The register's own day: a licence that had run out by then is recorded as expired."""
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplyForLicence:
    """The organizer 举办者 files an application."""

    content: Content
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnApplication:
    """Send the application back for completion."""

    reason: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptApplication:
    """Take the complete application in; the three months (or what a policy says) start."""

    decision_months: int = 3
    policy_version: str = "default/1"
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteDecisionOverdue:
    """Note that the time for the decision has passed; harmless while it has not, or once it is decided."""

    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class RefuseLicence:
    """Decide against the application."""

    reason: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ApproveLicence:
    """Grant the licence as the first officer signed it: the second signature, by rules with these numbers."""

    officer: str
    numbers: Numbers
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class SuspendLicence:
    """Withhold the licence by a penalty decision that has been served 已送达."""

    decision_reference: str
    served_on: date | None
    reason: str
    legal_basis: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ReinstateLicence:
    """End the suspension."""

    decision_reference: str
    reason: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class RevokeLicence:
    """Take the licence away: penalty decision served, hearing notice given before (L07 art 63)."""

    decision_reference: str
    served_on: date | None
    hearing_notice_reference: str
    reason: str
    legal_basis: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelLicence:
    """Give the licence up: application, liquidation finished, no family owed anything, public notice (S0:132)."""

    application_reference: str
    public_notice_reference: str
    reason: str
    fresh_days_max: int = FRESH_DAYS_MAX
    """How old the word of funds may be, by the policy in force."""
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpireLicence:
    """Note that the last day of validity has passed; harmless while it has not."""

    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class RenewLicence:
    """Extend the validity as the first officer signed it: the second signature, by rules with these numbers."""

    officer: str
    numbers: Numbers = field(default_factory=Numbers)
    on: date


LicenceCommand: TypeAlias = (
    RecordLicence
    | ApplyForLicence
    | ReturnApplication
    | AcceptApplication
    | NoteDecisionOverdue
    | RefuseLicence
    | ApproveLicence
    | SuspendLicence
    | ReinstateLicence
    | RevokeLicence
    | CancelLicence
    | ExpireLicence
    | RenewLicence
    | rectification.Command
)

# Events ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class LicenceRecorded:
    """A register's statement about a licence was taken over."""

    terms: LicenceTerms
    standing: Ending
    standing_since: date | None
    note: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class LicenceApplied:
    """An application was filed."""

    content: Content
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class LicenceReturned:
    """The application went back for completion."""

    reason: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class LicenceAccepted:
    """The application was accepted; it is to be decided by a day that follows from a policy."""

    decide_by: date | None = None
    policy_version: str = ""
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionOverdue:
    """The time for the decision on an accepted application passed without one."""

    accepted_on: date
    decide_by: date
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class LicenceRefused:
    """The application was refused."""

    reason: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class LicenceApproved:
    """The licence was granted, on these checks under this version of the policy."""

    terms: LicenceTerms
    signed_by: tuple[str, ...]
    site_check_reference: str
    checks: tuple[Check, ...]
    waived: tuple[str, ...]
    policy_version: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class LicenceSuspended:
    """The licence is withheld: no new orders, no charges; refunds stay open (X11)."""

    decision_reference: str
    served_on: date
    reason: str
    legal_basis: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class LicenceReinstated:
    """The suspension ended."""

    decision_reference: str
    reason: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class LicenceRevoked:
    """The licence was taken away."""

    decision_reference: str
    served_on: date
    hearing_notice_reference: str
    reason: str
    legal_basis: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class LicenceCancelled:
    """The licence was given up."""

    application_reference: str
    public_notice_reference: str
    reason: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class LicenceExpired:
    """The last day of validity has passed."""

    expired_on: date
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class LicenceRenewed:
    """The validity was extended."""

    expires_on: date
    signed_by: tuple[str, ...]
    on: date


LicenceEvent: TypeAlias = (
    LicenceRecorded
    | LicenceApplied
    | LicenceReturned
    | LicenceAccepted
    | DecisionOverdue
    | LicenceRefused
    | LicenceApproved
    | LicenceSuspended
    | LicenceReinstated
    | LicenceRevoked
    | LicenceCancelled
    | LicenceExpired
    | LicenceRenewed
    | rectification.Event
)
