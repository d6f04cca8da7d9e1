"""What people do to findings (问题案卷), and who must be somebody else.

One rule: who reported does not verify, who handled neither extends, nor checks, nor closes, and whoever looks at a
closed one for the sample had no hand in it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from mingjing_inspection.acts import PATROL
from mingjing_inspection.domain import finding_commands as c
from mingjing_inspection.domain import finding_facts as f
from mingjing_inspection.domain.finding_sample import FindingSampleDrawn
from mingjing_kernel.identity import Act, Role, roles

VERIFIERS: Final = roles(Role.GRID_OFFICER, Role.INSPECTOR, Role.CASE_OFFICER)
DISPATCHERS: Final = roles(Role.INSPECTOR, Role.CASE_OFFICER, Role.APPROVER)
HANDLERS: Final = roles(Role.INSPECTOR, Role.CASE_OFFICER, Role.LICENSING_OFFICER, Role.FUND_REGULATOR)
TASK_FORCE: Final = roles(Role.APPROVER)
_HANDLED: Final = frozenset({"start-handling", "feed-back-finding"})
_LENGTHENED: Final = frozenset({"extend-finding"})
"""Who gave the time does not use it."""


def _reporter(fact: f.FindingReported) -> Iterable[str]:
    """The officer whose visit it came from, though the system wrote it down."""
    return (fact.by,)


REPORT_FINDING = Act(
    name="report-finding",
    zh="上报问题",
    en="report a finding",
    roles=PATROL | roles(Role.CASE_OFFICER),
    asks=c.ReportFinding,
    leaves=(f.FindingReported,),
    also=_reporter,
)
VERIFY_FINDING = Act(
    name="verify-finding",
    zh="核实立案",
    en="verify a finding",
    roles=VERIFIERS,
    asks=c.VerifyFinding,
    leaves=(f.FindingVerified,),
    apart_from=frozenset({"report-finding"}),
)
WRITE_OFF_FINDING = Act(
    name="write-off-finding",
    zh="不予立案",
    en="write a finding off",
    roles=VERIFIERS,
    asks=c.WriteOffFinding,
    leaves=(f.FindingWrittenOff,),
    apart_from=frozenset({"report-finding"}),
)
DISPATCH_FINDING = Act(
    name="dispatch-finding", zh="派遣", en="dispatch a finding", roles=DISPATCHERS, asks=c.DispatchFinding
)
ALLOT_FINDING = Act(
    name="allot-finding",
    zh="专班指定",
    en="say for the task force whose it is",
    roles=TASK_FORCE,
    asks=c.AllotFinding,
    leaves=(f.FindingAllotted,),
    apart_from=frozenset({"return-finding"}),
)
RETURN_FINDING = Act(
    name="return-finding",
    zh="退回",
    en="return a finding",
    roles=HANDLERS,
    asks=c.ReturnFinding,
    leaves=(f.FindingReturned,),
)
START_HANDLING = Act(
    name="start-handling",
    zh="开始处置",
    en="take a finding on",
    roles=HANDLERS,
    asks=c.StartHandling,
    leaves=(f.HandlingStarted,),
    apart_from=_LENGTHENED,
)
EXTEND_FINDING = Act(
    name="extend-finding",
    zh="同意延期",
    en="extend the time of a finding",
    roles=DISPATCHERS,
    asks=c.ExtendFinding,
    leaves=(f.FindingExtended,),
    apart_from=_HANDLED,
)
FEED_BACK_FINDING = Act(
    name="feed-back-finding",
    zh="反馈",
    en="feed back what was done",
    roles=HANDLERS,
    asks=c.FeedBackFinding,
    leaves=(f.FindingFedBack,),
    apart_from=_LENGTHENED,
)
RECHECK_FINDING = Act(
    name="recheck-finding",
    zh="核查",
    en="check that it was put right",
    roles=VERIFIERS,
    asks=c.RecheckFinding,
    leaves=(f.FindingRechecked,),
    apart_from=_HANDLED,
)
CLOSE_FINDING = Act(
    name="close-finding",
    zh="结案",
    en="close a finding",
    roles=DISPATCHERS,
    asks=c.CloseFinding,
    leaves=(f.FindingClosed,),
    apart_from=_HANDLED,
)
REOPEN_FINDING = Act(
    name="reopen-finding", zh="重新打开", en="reopen a finding", roles=DISPATCHERS, asks=c.ReopenFinding
)
LIST_FINDING = Act(
    name="list-finding", zh="挂牌督办", en="put a finding on the superior's list", roles=TASK_FORCE, asks=c.ListFinding
)
REINSPECT_FINDING = Act(
    name="reinspect-finding",
    zh="抽查复核",
    en="inspect a closed finding once more",
    roles=VERIFIERS,
    asks=c.ReinspectFinding,
    leaves=(f.FindingReinspected,),
    apart_from=_HANDLED | {"recheck-finding", "close-finding"},
)
FINDING_ACTS = (
    REPORT_FINDING,
    VERIFY_FINDING,
    WRITE_OFF_FINDING,
    DISPATCH_FINDING,
    ALLOT_FINDING,
    RETURN_FINDING,
    START_HANDLING,
    EXTEND_FINDING,
    FEED_BACK_FINDING,
    RECHECK_FINDING,
    CLOSE_FINDING,
    REOPEN_FINDING,
    REINSPECT_FINDING,
    LIST_FINDING,
)
HANDLER_ACTS: Final = frozenset({RETURN_FINDING, START_HANDLING, FEED_BACK_FINDING})
"""What the department does that has the finding; the others are for the department whose file it is."""

DRAW_SAMPLE = Act(
    name="draw-finding-sample",
    zh="抽取复核样本",
    en="draw a sample of closed findings",
    roles=DISPATCHERS,
    leaves=(FindingSampleDrawn,),
)
