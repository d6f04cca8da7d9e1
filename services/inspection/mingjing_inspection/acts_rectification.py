"""What people do to rectifications (限期整改) and leads (线索), and who must be somebody else.

One rule: who ordered it does not decide on the pause; who ordered or reported it does not look whether it is right.
"""

from __future__ import annotations

from typing import Final

from mingjing_inspection.domain import lead
from mingjing_inspection.domain import rectification_facts as r
from mingjing_kernel.identity import Act, Role, roles

ORDERING: Final = roles(Role.INSPECTOR, Role.CASE_OFFICER)
READERS: Final = roles(Role.INSTITUTION)

ORDER_RECTIFICATION = Act(
    name="order-rectification",
    zh="责令限期整改",
    en="order a rectification",
    roles=ORDERING,
    asks=r.OrderRectification,
    leaves=(r.RectificationOrdered,),
    apart_from=frozenset({"decide-recruiting-pause"}),
)
DECLINE_RECTIFICATION = Act(
    name="decline-rectification",
    zh="不予责令",
    en="order no rectification",
    roles=ORDERING,
    asks=r.DeclineRectification,
)
DECIDE_PAUSE = Act(
    name="decide-recruiting-pause",
    zh="决定是否暂停招生",
    en="decide on a pause of recruiting",
    roles=roles(Role.APPROVER),
    asks=r.DecidePause,
    leaves=(r.RecruitingPauseDecided,),
    apart_from=frozenset({"order-rectification"}),
)
SERVE_RECTIFICATION = Act(
    name="serve-rectification", zh="送达通知书", en="serve the notice", roles=ORDERING, asks=r.ServeRectification
)
SELF_REPORT = Act(
    name="self-report-rectification",
    zh="自报整改完成",
    en="report that it is put right",
    roles=ORDERING | READERS,
    asks=r.SelfReport,
    leaves=(r.RectificationSelfReported,),
)
RECHECK_RECTIFICATION = Act(
    name="recheck-rectification",
    zh="整改复查",
    en="look whether it is put right",
    roles=roles(Role.INSPECTOR, Role.CASE_OFFICER, Role.GRID_OFFICER),
    asks=r.RecheckRectification,
    leaves=(r.RectificationRechecked,),
    apart_from=frozenset({"order-rectification", "self-report-rectification"}),
)
RECTIFICATION_ACTS = (
    ORDER_RECTIFICATION,
    DECLINE_RECTIFICATION,
    DECIDE_PAUSE,
    SERVE_RECTIFICATION,
    SELF_REPORT,
    RECHECK_RECTIFICATION,
)

VERIFY_LEAD = Act(
    name="verify-lead",
    zh="核查线索",
    en="verify a lead",
    roles=ORDERING,
    asks=lead.VerifyLead,
    leaves=(lead.LeadVerificationStarted,),
)
CONCLUDE_LEAD = Act(
    name="conclude-lead",
    zh="线索办结",
    en="conclude a lead",
    roles=roles(Role.INSPECTOR, Role.CASE_OFFICER, Role.APPROVER),
    asks=lead.ConcludeLead,
    leaves=(lead.LeadConcluded,),
    apart_from=frozenset({"verify-lead"}),
)
LEAD_ACTS = (VERIFY_LEAD, CONCLUDE_LEAD)
