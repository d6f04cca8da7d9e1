"""What a person may do with a joint operation (联合检查行动); beside ``acts_plans``.

One rule: the lead's people plan, launch and end it; each member's own people answer for it, share and take over.
"""

from __future__ import annotations

from mingjing_inspection.acts import PATROL, PLANNING
from mingjing_inspection.domain import operation_facts as o
from mingjing_kernel.identity import Act

PLAN_OPERATION = Act(name="plan-operation", zh="部署联合检查", en="plan a joint operation", roles=PLANNING)
ANSWER_OPERATION = Act(
    name="answer-operation", zh="会签联合检查", en="say whether to take part", roles=PLANNING, asks=o.AnswerOperation
)
LAUNCH_OPERATION = Act(
    name="launch-operation", zh="启动联合检查", en="launch the joint operation", roles=PLANNING, asks=o.LaunchOperation
)
POOL_EVIDENCE = Act(
    name="pool-evidence", zh="共享证据", en="share evidence", roles=PATROL | PLANNING, asks=o.PoolEvidence
)
REFER_EVIDENCE = Act(
    name="refer-evidence", zh="引用证据", en="take shared evidence over", roles=PATROL | PLANNING, asks=o.ReferEvidence
)
CONCLUDE_OPERATION = Act(
    name="conclude-operation",
    zh="办结联合检查",
    en="conclude the joint operation",
    roles=PLANNING,
    asks=o.ConcludeOperation,
)
CANCEL_OPERATION = Act(
    name="cancel-operation",
    zh="取消联合检查",
    en="call the joint operation off",
    roles=PLANNING,
    asks=o.CancelOperation,
)
LEAD_ACTS = (LAUNCH_OPERATION, CONCLUDE_OPERATION, CANCEL_OPERATION)
"""The leading department's."""
MEMBER_ACTS = (ANSWER_OPERATION, POOL_EVIDENCE, REFER_EVIDENCE)
"""Each member's own."""
OPERATION_ACTS = (*LEAD_ACTS, *MEMBER_ACTS)
