"""What a person may do with plans, tasks in hand, draws and stated interests; beside ``acts``.

One rule: who freezes a draw does not enter the value that decides it, and who made a visit does not judge its report.
"""

from __future__ import annotations

from typing import Final

from mingjing_inspection.acts import PATROL, PLANNING
from mingjing_inspection.domain.draw_facts import (
    AnnulDraw,
    CommitDraw,
    DrawAnnulled,
    DrawFrozen,
    DrawLots,
    FreezeDraw,
    LotsDrawn,
    PublishDraw,
)
from mingjing_inspection.domain.interest import StateInterest, WithdrawInterest
from mingjing_inspection.domain.task_steps import (
    AssignTask,
    CancelTask,
    DeclineTask,
    HandOverTask,
    ReviewTask,
    StartTask,
    TaskReviewed,
)
from mingjing_kernel.identity import Act, Role, roles

ASSIGN_TASK = Act(name="assign-task", zh="分派任务", en="assign the task", roles=PLANNING, asks=AssignTask)
DECLINE_TASK = Act(name="decline-task", zh="退回任务", en="decline the task", roles=PATROL, asks=DeclineTask)
HAND_OVER_TASK = Act(
    name="hand-over-task", zh="移交任务", en="hand the task over", roles=PATROL | PLANNING, asks=HandOverTask
)
START_TASK = Act(name="start-task", zh="开始任务", en="set out for the task", roles=PATROL, asks=StartTask)
REVIEW_TASK = Act(
    name="review-task",
    zh="审核巡查报告",
    en="review the report of the task",
    roles=PLANNING,
    asks=ReviewTask,
    leaves=(TaskReviewed,),
    apart_from=frozenset({"submit-task"}),
)
CANCEL_TASK = Act(name="cancel-task", zh="取消任务", en="cancel the task", roles=PLANNING, asks=CancelTask)
STEP_ACTS = (ASSIGN_TASK, DECLINE_TASK, HAND_OVER_TASK, START_TASK, REVIEW_TASK, CANCEL_TASK)

ORDER_CAMPAIGN = Act(name="order-campaign", zh="部署专项行动", en="order a campaign", roles=PLANNING)

DRAWING: Final = roles(Role.INSPECTOR, Role.CASE_OFFICER, Role.APPROVER)
FREEZE_DRAW = Act(
    name="freeze-draw",
    zh="冻结抽查名单",
    en="freeze who may be drawn",
    roles=DRAWING,
    asks=FreezeDraw,
    leaves=(DrawFrozen,),
    thing=lambda fact: fact.attempt,
)
COMMIT_DRAW = Act(name="commit-draw", zh="承诺随机种子", en="commit to the seed", roles=DRAWING, asks=CommitDraw)
DRAW_LOTS = Act(
    name="draw-lots",
    zh="录入公开值并抽取",
    en="enter the public value and draw",
    roles=DRAWING,
    asks=DrawLots,
    leaves=(LotsDrawn,),
    thing=lambda fact: fact.attempt,
    apart_from=frozenset({"freeze-draw"}),
)
PUBLISH_DRAW = Act(name="publish-draw", zh="公布抽查结果", en="publish the result", roles=DRAWING, asks=PublishDraw)
ANNUL_DRAW = Act(
    name="annul-draw",
    zh="宣布抽查无效",
    en="annul the draw",
    roles=DRAWING,
    asks=AnnulDraw,
    leaves=(DrawAnnulled,),
    thing=lambda fact: fact.attempt,
    apart_from=frozenset({"draw-lots"}),
)
DRAW_ACTS = (FREEZE_DRAW, COMMIT_DRAW, DRAW_LOTS, PUBLISH_DRAW, ANNUL_DRAW)

STATE_INTEREST = Act(
    name="state-interest",
    zh="申报利害关系",
    en="state a conflict of interest",
    roles=PATROL | PLANNING,
    asks=StateInterest,
)
WITHDRAW_INTEREST = Act(
    name="withdraw-interest",
    zh="撤销利害关系申报",
    en="withdraw a stated conflict of interest",
    roles=PLANNING,
    asks=WithdrawInterest,
)
INTEREST_ACTS = (STATE_INTEREST, WITHDRAW_INTEREST)
