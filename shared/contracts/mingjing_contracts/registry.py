"""What the registry tells the others: who may teach, where, and since or until when (机构登记).

One rule: whoever hears only these messages can decide whether an institution may charge today.
"""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Literal, TypeAlias
from uuid import UUID

from mingjing_contracts.envelope import Contract

Category: TypeAlias = Literal["subject", "art", "sport", "technology", "other"]
"""学科类, 艺术, 体育, 科技, 其他非学科."""

Nature: TypeAlias = Literal["for_profit", "non_profit", "unknown"]

WhitelistReason: TypeAlias = Literal[
    "not-registered",
    "licence-revoked",
    "licence-cancelled",
    "licence-suspended",
    "licence-expired",
    "licence-absent",
    "under-rectification",
    "custody-inactive",
    "annual-check-failed",
    "blacklisted",
    "conditions-met",
]


class InstitutionRegisteredV1(Contract):
    """An institution (校外培训机构) entered the register. ``region`` is a 9-digit town, or a 6-digit division."""

    subject: ClassVar[str] = "registry.evt.institution.institution-registered.v1"

    institution_id: UUID
    name: str
    short_name: str
    """The brand 字号, as people say it."""
    former_names: tuple[str, ...]
    uscc: str
    nature: Nature
    categories: tuple[Category, ...]
    departments: tuple[str, ...]
    """Competent departments 主管部门, one a category."""
    region: str
    phone: str
    on: date


class InstitutionAmendedV1(Contract):
    """Particulars changed; these are all of them as they are now."""

    subject: ClassVar[str] = "registry.evt.institution.institution-amended.v1"

    institution_id: UUID
    name: str
    short_name: str
    former_names: tuple[str, ...]
    uscc: str
    nature: Nature
    categories: tuple[Category, ...]
    departments: tuple[str, ...]
    region: str
    phone: str
    changed: tuple[str, ...]
    on: date


class InstitutionNameNotedV1(Contract):
    """Another register spells the name otherwise; messages and files may use this spelling."""

    subject: ClassVar[str] = "registry.evt.institution.institution-name-noted.v1"

    institution_id: UUID
    name: str
    on: date


class NoticeFiledV1(Contract):
    """The institution filed a notice (报备): a declared pause, a relocation, a change. Silence then has a reason."""

    subject: ClassVar[str] = "registry.evt.institution.notice-filed.v1"

    institution_id: UUID
    matter: str
    begins_on: date | None
    ends_on: date | None
    content: str
    published: bool
    filed_on: date


class SiteApprovedV1(Contract):
    """A teaching site (教学点) is approved. ``town_code`` has 9 digits and ``grid_code`` 15, or both are empty."""

    subject: ClassVar[str] = "registry.evt.site.site-approved.v1"

    site_id: UUID
    institution_id: UUID
    address: str
    town_code: str
    grid_code: str
    area_m2: int | None
    approved_on: date


class SiteClosedV1(Contract):
    """Teaching at the site ended."""

    subject: ClassVar[str] = "registry.evt.site.site-closed.v1"

    site_id: UUID
    institution_id: UUID
    reason: str
    closed_on: date


class LicenceApprovedV1(Contract):
    """The licence (办学许可证) is in force: granted, taken over from a register, or renewed."""

    subject: ClassVar[str] = "registry.evt.licence.licence-approved.v1"

    institution_id: UUID
    number: str
    """Empty when a register lost its digits."""
    issued_on: date | None
    expires_on: date | None
    on: date


class LicenceRenewedV1(Contract):
    """The licence is in force until a later day."""

    subject: ClassVar[str] = "registry.evt.licence.licence-renewed.v1"

    institution_id: UUID
    expires_on: date
    on: date


LicenceChange: TypeAlias = Literal[
    "organizer",
    "name",
    "representative",
    "category",
    "address",
    "merger",
    "split",
    "to-non-subject",
    "to-non-profit",
]
"""举办者, 名称, 法定代表人, 类别, 地址, 合并, 分立, 学科转非学科, 营转非."""


class LicenceChangeApprovedV1(Contract):
    """What was to change was approved (准予变更, L08 arts 53 to 55): from this day it is so. Nobody is named."""

    subject: ClassVar[str] = "registry.evt.licence.licence-change-approved.v1"

    institution_id: UUID
    kind: LicenceChange
    decision_reference: str
    on: date


class UnapprovedChangeNoticedV1(Contract):
    """A register states otherwise what needs approval, and nobody approved it (F27). An approval that comes later is
    told by ``LicenceChangeApprovedV1``.
    """

    subject: ClassVar[str] = "registry.evt.licence.unapproved-change-noticed.v1"

    institution_id: UUID
    kind: LicenceChange
    register_of: str
    """The department that keeps the register."""
    on: date


class LicenceSuspendedV1(Contract):
    """The licence is withheld (暂扣): no new orders, no charges from now on; refunds stay open (X11)."""

    subject: ClassVar[str] = "registry.evt.licence.licence-suspended.v1"

    institution_id: UUID
    decision_reference: str
    reason: str
    on: date


class LicenceReinstatedV1(Contract):
    """The suspension ended: charging is allowed again."""

    subject: ClassVar[str] = "registry.evt.licence.licence-reinstated.v1"

    institution_id: UUID
    decision_reference: str
    on: date


class LicenceRevokedV1(Contract):
    """The licence was taken away (吊销): charging is blocked, refunds stay open (X11)."""

    subject: ClassVar[str] = "registry.evt.licence.licence-revoked.v1"

    institution_id: UUID
    decision_reference: str
    reason: str
    on: date


class LicenceCancelledV1(Contract):
    """The licence was given up (注销): charging is blocked, refunds stay open (X11)."""

    subject: ClassVar[str] = "registry.evt.licence.licence-cancelled.v1"

    institution_id: UUID
    reason: str
    on: date


class LicenceExpiredV1(Contract):
    """The last day of validity has passed (有效期届满)."""

    subject: ClassVar[str] = "registry.evt.licence.licence-expired.v1"

    institution_id: UUID
    expired_on: date
    on: date


class WhitelistEnteredV1(Contract):
    """On the whitelist (白名单) from this day."""

    subject: ClassVar[str] = "registry.evt.institution.whitelist-entered.v1"

    institution_id: UUID
    reason: WhitelistReason
    on: date


class WhitelistLeftV1(Contract):
    """Off the whitelist from this day, for this reason."""

    subject: ClassVar[str] = "registry.evt.institution.whitelist-left.v1"

    institution_id: UUID
    reason: WhitelistReason
    on: date


OperationState: TypeAlias = Literal[
    "preparing", "operating", "paused-declared", "stopped-abnormal", "closing", "closed"
]
"""筹备, 正常运营, 已报备停课, 异常停业, 清算注销中, 已关闭."""


class OperationStateChangedV1(Contract):
    """Teaching goes on differently from this day (运营状态), whatever the licence says."""

    subject: ClassVar[str] = "registry.evt.institution.operation-state-changed.v1"

    institution_id: UUID
    before: OperationState
    state: OperationState
    reason: str
    on: date


class LiabilityAskedV1(Contract):
    """The registry asks funds what families are still owed (未消课负债); the answer is ``LiabilityStatedV1``."""

    subject: ClassVar[str] = "registry.evt.institution.liability-asked.v1"

    institution_id: UUID
    on: date


BlacklistGrade: TypeAlias = Literal["minor", "general", "serious"]
BlacklistCause: TypeAlias = Literal["expired", "repaired", "annulled", "corrected"]


class BlacklistPublishedV1(Contract):
    """On the education blacklist (教育黑名单) from this day (X12). A natural person is not named."""

    subject: ClassVar[str] = "registry.evt.blacklist.blacklist-published.v1"

    listing_id: UUID
    institution_id: UUID | None
    """Empty for a party without an entry in the register."""
    name: str
    code: str
    grade: BlacklistGrade
    document_number: str
    ends_on: date
    """The first day on which nothing is shown any more, whether or not the end is told."""
    on: date


class BlacklistEndedV1(Contract):
    """The listing is over: nothing is published, shared or used any more; what followed from it is reversed (X13)."""

    subject: ClassVar[str] = "registry.evt.blacklist.blacklist-ended.v1"

    listing_id: UUID
    institution_id: UUID | None
    cause: BlacklistCause
    on: date


class DismissalDemandedV1(Contract):
    """Somebody who works there is on the staff blacklist and must be dismissed (X14); the person is not named."""

    subject: ClassVar[str] = "registry.evt.institution.dismissal-demanded.v1"

    institution_id: UUID
    member_id: UUID
    """Of the staff record; only the registry knows whose it is."""
    decision_reference: str
    on: date


AnnualCheckResult: TypeAlias = Literal["pass", "basic-pass", "fail"]
"""合格, 基本合格, 不合格."""


class AnnualCheckRecordedV1(Contract):
    """The annual check (年检) had this result; ``year`` is null where a register says it without one."""

    subject: ClassVar[str] = "registry.evt.institution.annual-check-recorded.v1"

    institution_id: UUID
    year: int | None
    result: AnnualCheckResult
    on: date


class StaffEnrolledV1(Contract):
    """Somebody works there from now on (从业人员). ``member_id`` is of the staff record, which says whose it is."""

    subject: ClassVar[str] = "registry.evt.staff-member.staff-enrolled.v1"

    member_id: UUID
    institution_id: UUID
    is_teacher: bool
    on: date


class StaffLeftV1(Contract):
    """The person works there no more."""

    subject: ClassVar[str] = "registry.evt.staff-member.staff-left.v1"

    member_id: UUID
    left_on: date
    on: date
