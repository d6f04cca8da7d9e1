"""What people do to leads about teaching without a licence (线索), and who must be somebody else.

One rule: whoever answered the questions of the triage does not confirm the verdict.
"""

from __future__ import annotations

from typing import Final

from mingjing_inspection.acts import INTAKE, PATROL
from mingjing_inspection.domain import lead_facts as f
from mingjing_inspection.domain.hotspot import HotspotVisitReported, ReportHotspotVisit
from mingjing_inspection.domain.lead_link import LinkLeads, PartLeads
from mingjing_inspection.domain.lead_others import LeadOtherSettled, SettleOther
from mingjing_kernel.identity import Act, Role, roles

REPORTING: Final = PATROL | INTAKE
TRIAGING: Final = roles(Role.INSPECTOR, Role.CASE_OFFICER)

REPORT_LEAD = Act(
    name="report-lead",
    zh="上报无证培训线索",
    en="report a lead about a place",
    roles=REPORTING,
    asks=f.ReportLead,
    leaves=(f.LeadReported,),
)
SEE_AGAIN = Act(name="see-lead-again", zh="补充线索", en="add what was seen again", roles=REPORTING, asks=f.SeeAgain)
FIND_PREMISES = Act(
    name="find-premises",
    zh="认定无证办学场所",
    en="find that somebody teaches there without a licence",
    roles=TRIAGING,
    asks=f.FindPremises,
    leaves=(f.UnlicensedPremisesFound,),
)
ANSWER_TRIAGE = Act(
    name="answer-triage",
    zh="填写O1/O2研判",
    en="answer a question of the triage",
    roles=TRIAGING,
    asks=f.AnswerTriage,
    leaves=(f.TriageAnswered,),
)
CONFIRM_TRIAGE = Act(
    name="confirm-triage",
    zh="确认研判结论",
    en="confirm the verdict of the triage",
    roles=roles(Role.INSPECTOR, Role.CASE_OFFICER, Role.APPROVER),
    asks=f.ConfirmTriage,
    leaves=(f.TriageConfirmed,),
    apart_from=frozenset({"answer-triage"}),
)
SETTLE_OTHER = Act(
    name="settle-other-lead-report",
    zh="处理同号异文线索",
    en="decide on another report under a lead's id",
    roles=TRIAGING,
    asks=SettleOther,
    leaves=(LeadOtherSettled,),
)
OPEN_LEAD_PEOPLE = Act(name="open-lead-people", zh="查看线索涉及人员", en="open who the lead is about", roles=TRIAGING)
LINK_LEADS = Act(name="link-leads", zh="关联线索", en="link two leads", roles=TRIAGING, asks=LinkLeads)
PART_LEADS = Act(name="part-leads", zh="取消线索关联", en="part two leads", roles=TRIAGING, asks=PartLeads)
PLACE_LEAD_ACTS = (REPORT_LEAD, SEE_AGAIN, FIND_PREMISES, ANSWER_TRIAGE, CONFIRM_TRIAGE, SETTLE_OTHER, OPEN_LEAD_PEOPLE)
LINK_ACTS = (LINK_LEADS, PART_LEADS)

REPORT_HOTSPOT_VISIT = Act(
    name="report-hotspot-visit",
    zh="上报热点巡查",
    en="report a visit to a hot-spot",
    roles=PATROL,
    asks=ReportHotspotVisit,
    leaves=(HotspotVisitReported,),
)
HOTSPOT_ACTS = (REPORT_HOTSPOT_VISIT,)
