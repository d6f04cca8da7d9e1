"""What a person may do to the things of this service, declared once: roles, titles, and what takes another person.

One rule: the officer who looked is not the one who closes; everything else follows from grants and from the state.
"""

from __future__ import annotations

from typing import Final

from mingjing_inspection.domain import checklist_mapping
from mingjing_inspection.domain.checklist_versions import (
    ApproveChecklist,
    ChecklistApproved,
    ChecklistProposed,
    ProposeChecklist,
    WithdrawChecklist,
    version_of,
)
from mingjing_inspection.domain.complaint import AttributeComplaint
from mingjing_inspection.domain.complaint_columns import RememberColumns
from mingjing_inspection.domain.task_facts import (
    AcceptTask,
    CloseTask,
    LocateTask,
    SubmitTask,
    TaskClosed,
    TaskSubmitted,
)
from mingjing_inspection.domain.visit import CorrectVisit
from mingjing_kernel.identity import Act, Role, roles

PATROL: Final = roles(Role.GRID_OFFICER, Role.INSPECTOR)
COMPANY: Final = PATROL | roles(Role.CASE_OFFICER)
"""Who counts as an officer beside the one who reports (行政处罚法第四十二条)."""
INTAKE: Final = roles(Role.HOTLINE_OPERATOR, Role.MEDIATOR, Role.CASE_OFFICER)
PLANNING: Final = roles(Role.INSPECTOR, Role.CASE_OFFICER, Role.APPROVER, Role.FUND_REGULATOR)

REPORT_VISIT = Act(name="report-visit", zh="提交巡查", en="report a visit", roles=PATROL)
CORRECT_VISIT = Act(name="correct-visit", zh="更正巡查", en="correct the visit report", roles=PATROL, asks=CorrectVisit)
VISIT_ACTS = (CORRECT_VISIT,)

SUPERVISING: Final = roles(Role.INSPECTOR, Role.CASE_OFFICER, Role.APPROVER)
FORCE_PART = Act(name="force-part", zh="强制采纳待处理上报", en="take a part all the same", roles=SUPERVISING)
DISMISS_PART = Act(name="dismiss-part", zh="不予采纳待处理上报", en="dismiss a part", roles=SUPERVISING)

RULING: Final = roles(Role.INSPECTOR, Role.APPROVER, Role.ADMINISTRATOR)
PROPOSE_CHECKLIST = Act(
    name="propose-checklist",
    zh="提出检查清单",
    en="propose a checklist",
    roles=RULING,
    asks=ProposeChecklist,
    leaves=(ChecklistProposed,),
    thing=version_of,
)
APPROVE_CHECKLIST = Act(
    name="approve-checklist",
    zh="批准检查清单",
    en="approve a checklist",
    roles=roles(Role.APPROVER, Role.ADMINISTRATOR),
    asks=ApproveChecklist,
    leaves=(ChecklistApproved,),
    thing=version_of,
    apart_from=frozenset({"propose-checklist"}),
)
WITHDRAW_CHECKLIST = Act(
    name="withdraw-checklist", zh="撤回检查清单", en="withdraw a checklist", roles=RULING, asks=WithdrawChecklist
)
CHECKLIST_ACTS = (PROPOSE_CHECKLIST, APPROVE_CHECKLIST, WITHDRAW_CHECKLIST)
CONFIRM_CHECKLIST_MAPPING = Act(
    name="confirm-checklist-mapping",
    zh="确认清单表头对照",
    en="confirm how a sender's checklist is read",
    roles=PROPOSE_CHECKLIST.roles,
    asks=checklist_mapping.ConfirmMapping,
)
WITHDRAW_CHECKLIST_MAPPING = Act(
    name="withdraw-checklist-mapping",
    zh="撤回清单表头对照",
    en="withdraw how a sender's checklist is read",
    roles=PROPOSE_CHECKLIST.roles,
    asks=checklist_mapping.WithdrawMapping,
)
CHECKLIST_MAPPING_ACTS = (CONFIRM_CHECKLIST_MAPPING, WITHDRAW_CHECKLIST_MAPPING)

PLAN_TASK = Act(name="plan-task", zh="安排检查", en="plan a task", roles=PLANNING)
LOCATE_TASK = Act(name="locate-task", zh="查明教学点", en="say where to look", roles=PLANNING, asks=LocateTask)
ACCEPT_TASK = Act(name="accept-task", zh="接受任务", en="take the task on", roles=PATROL, asks=AcceptTask)
SUBMIT_TASK = Act(
    name="submit-task",
    zh="提交任务的巡查",
    en="report the visit of the task",
    roles=PATROL,
    asks=SubmitTask,
    leaves=(TaskSubmitted,),
)
CLOSE_TASK = Act(
    name="close-task",
    zh="办结任务",
    en="close the task",
    roles=PLANNING,
    asks=CloseTask,
    leaves=(TaskClosed,),
    apart_from=frozenset({"submit-task"}),
)
TASK_ACTS = (LOCATE_TASK, ACCEPT_TASK, SUBMIT_TASK, CLOSE_TASK)

TAKE_COMPLAINT = Act(name="take-complaint", zh="受理投诉", en="take a complaint", roles=INTAKE)
IMPORT_COMPLAINTS = Act(name="import-complaints", zh="导入投诉文件", en="take in a file of complaints", roles=INTAKE)
REMEMBER_COLUMNS = Act(
    name="remember-complaint-columns",
    zh="记住投诉导出的表头",
    en="say which column of a hotline's export is which",
    roles=INTAKE,
    asks=RememberColumns,
)
ATTRIBUTE_COMPLAINT = Act(
    name="attribute-complaint",
    zh="认定被投诉机构",
    en="say whom the complaint is about",
    roles=INTAKE,
    asks=AttributeComplaint,
)
OPEN_COMPLAINANT = Act(name="open-complainant", zh="查看投诉人", en="open who complained", roles=INTAKE)
CORRECT_COMPLAINANT = Act(
    name="correct-complainant", zh="更正投诉人信息", en="put the complainant's particulars right", roles=INTAKE
)
COMPLAINT_ACTS = (ATTRIBUTE_COMPLAINT, OPEN_COMPLAINANT, CORRECT_COMPLAINANT)
