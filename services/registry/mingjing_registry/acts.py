"""What a person may do to the things of this service, declared once: roles, titles, and what takes another person.

One rule: licensing and punishing are different people's work (L07). Whoever granted or renewed an institution's
licence, or signed beside, does not suspend, reinstate or revoke it, and the other way round.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from mingjing_kernel.identity import OFFICIALS, Act, Role, roles
from mingjing_registry.domain import licence
from mingjing_registry.domain.import_mapping import ConfirmMapping, WithdrawMapping
from mingjing_registry.domain.institution import RecordAnnualCheck
from mingjing_registry.domain.kept_aside import DismissRow, SettleRow
from mingjing_registry.domain.roster import NoteDifference
from mingjing_registry.domain.site import ApproveSite, CloseSite

LICENSING: Final = roles(Role.LICENSING_OFFICER)
PUNISHING: Final = roles(Role.APPROVER, Role.CASE_OFFICER)
"""Suspend, reinstate, revoke: after a penalty case, whose decision they cite."""

_GRANTING: Final = frozenset({"approve-licence", "renew-licence"})
_PENALTY: Final = frozenset({"suspend-licence", "reinstate-licence", "revoke-licence"})


def _signatures(fact: licence.LicenceApproved | licence.LicenceRenewed) -> Iterable[str]:
    return fact.signed_by


def _licensing(name: str, zh: str, en: str, asks: type) -> Act:
    return Act(name=name, zh=zh, en=en, roles=LICENSING, asks=asks)


def _granting(name: str, zh: str, en: str, asks: type, leaves: type) -> Act:
    return Act(
        name=name, zh=zh, en=en, roles=LICENSING, asks=asks, leaves=(leaves,), also=_signatures, apart_from=_PENALTY
    )


def _penalty(name: str, zh: str, en: str, asks: type, leaves: type) -> Act:
    return Act(name=name, zh=zh, en=en, roles=PUNISHING, asks=asks, leaves=(leaves,), apart_from=_GRANTING)


REGISTER_INSTITUTION = Act(name="register-institution", zh="登记机构", en="register an institution", roles=LICENSING)
IMPORT_REGISTER = Act(name="import-register", zh="导入机构名单", en="take in a register file", roles=LICENSING)
NOTE_EXPIRY = Act(name="note-expiry", zh="登记许可到期", en="note which licences ran out", roles=OFFICIALS)

APPLY = _licensing("apply-for-licence", "申请办学许可", "apply for a licence", licence.ApplyForLicence)
RETURN = _licensing("return-application", "退回补正", "send the application back", licence.ReturnApplication)
ACCEPT = _licensing("accept-application", "受理申请", "accept the application", licence.AcceptApplication)
REFUSE = _licensing("refuse-licence", "不予许可", "refuse the licence", licence.RefuseLicence)
APPROVE = _granting("approve-licence", "准予许可", "grant the licence", licence.ApproveLicence, licence.LicenceApproved)
RENEW = _granting("renew-licence", "延续许可", "renew the licence", licence.RenewLicence, licence.LicenceRenewed)
SUSPEND = _penalty(
    "suspend-licence", "暂扣许可", "suspend the licence", licence.SuspendLicence, licence.LicenceSuspended
)
REINSTATE = _penalty(
    "reinstate-licence", "解除暂扣", "end the suspension", licence.ReinstateLicence, licence.LicenceReinstated
)
REVOKE = _penalty("revoke-licence", "吊销许可", "revoke the licence", licence.RevokeLicence, licence.LicenceRevoked)
CANCEL = _licensing("cancel-licence", "注销许可", "cancel the licence", licence.CancelLicence)
CHECK = _licensing("record-annual-check", "登记年检", "record the annual check", RecordAnnualCheck)
PROPOSE_SITE = Act(name="propose-site", zh="申报教学点", en="propose a site", roles=LICENSING)
INSTITUTION_ACTS = (
    APPLY, RETURN, ACCEPT, REFUSE, APPROVE, RENEW, SUSPEND, REINSTATE, REVOKE, CANCEL, CHECK, PROPOSE_SITE
)  # fmt: skip

APPROVE_SITE = _licensing("approve-site", "批准教学点", "approve the site", ApproveSite)
CLOSE_SITE = _licensing("close-site", "停用教学点", "close the site", CloseSite)
SITE_ACTS = (APPROVE_SITE, CLOSE_SITE)

MEND_ROW = _licensing("mend-row", "更正搁置行", "mend the row and take it", SettleRow)
RETRY_ROW = _licensing("retry-row", "重试搁置行", "try the row again as it is", SettleRow)
DISMISS_ROW = _licensing("dismiss-row", "不予导入", "dismiss the row", DismissRow)
ROW_ACTS = (MEND_ROW, RETRY_ROW, DISMISS_ROW)

CONFIRM_MAPPING = _licensing("confirm-mapping", "确认导入对照", "confirm how a sender's table is read", ConfirmMapping)
WITHDRAW_MAPPING = _licensing(
    "withdraw-mapping", "撤回导入对照", "withdraw how a sender's table is read", WithdrawMapping
)
MAPPING_ACTS = (CONFIRM_MAPPING, WITHDRAW_MAPPING)

TAKE_ROSTER = Act(name="take-roster", zh="导入平台名录", en="take in the platform's roster", roles=LICENSING)
RECONCILE_ROSTER = Act(
    name="reconcile-roster", zh="核对平台名录", en="compare the platform's roster", roles=LICENSING | {Role.AUDITOR}
)
NOTE_DIFFERENCE = _licensing("note-difference", "备注平台差异", "note why the platform differs", NoteDifference)
ROSTER_ENTRY_ACTS = (NOTE_DIFFERENCE,)
