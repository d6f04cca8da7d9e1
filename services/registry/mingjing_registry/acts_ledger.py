"""Who reads the base ledger, and what a person may do to the profiles that it is exported by, declared once.

One rule: whoever proposed how the ledger is handed to others does not approve it.
"""

from __future__ import annotations

from typing import Final

from mingjing_kernel.identity import Act, Role, roles
from mingjing_registry.domain import export_profile

LEDGER_READERS: Final = roles(
    Role.LICENSING_OFFICER, Role.FUND_REGULATOR, Role.CASE_OFFICER, Role.APPROVER, Role.AUDITOR, Role.ADMINISTRATOR
)
"""Officials who may read about money: the ledger states what institutions hold and owe."""
_DECIDING: Final = roles(Role.APPROVER, Role.ADMINISTRATOR)

PROPOSE_PROFILE = Act(
    name="propose-export-profile", zh="提出导出对照", en="propose an export profile",
    roles=_DECIDING | {Role.LICENSING_OFFICER}, asks=export_profile.ProposeProfile,
    leaves=(export_profile.ProfileProposed,), thing=export_profile.version_of,
)  # fmt: skip
APPROVE_PROFILE = Act(
    name="approve-export-profile", zh="批准导出对照", en="approve an export profile",
    roles=_DECIDING, asks=export_profile.ApproveProfile,
    leaves=(export_profile.ProfileApproved,), thing=export_profile.version_of,
    apart_from=frozenset({"propose-export-profile"}),
)  # fmt: skip
WITHDRAW_PROFILE = Act(
    name="withdraw-export-profile", zh="撤回导出对照", en="withdraw a proposed export profile",
    roles=_DECIDING | {Role.LICENSING_OFFICER}, asks=export_profile.WithdrawProfile,
)  # fmt: skip
PROFILE_ACTS = (PROPOSE_PROFILE, APPROVE_PROFILE, WITHDRAW_PROFILE)
