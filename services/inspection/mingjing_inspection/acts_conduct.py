"""What officers of education discipline do to restricted leads about school teachers (师德线索).

One rule: only they do anything to one, and who looked into it does not conclude it alone.
"""

from __future__ import annotations

from typing import Final

from mingjing_inspection.domain import conduct_lead as c
from mingjing_kernel.identity import Act, Role, roles

DISCIPLINE: Final = roles(Role.DISCIPLINE_OFFICER)

TAKE_CONDUCT_LEAD = Act(
    name="take-conduct-lead",
    zh="核查师德线索",
    en="look into a lead about a teacher",
    roles=DISCIPLINE,
    asks=c.TakeConductLead,
    leaves=(c.ConductLeadTakenOn,),
)
CONCLUDE_CONDUCT_LEAD = Act(
    name="conclude-conduct-lead",
    zh="师德线索办结",
    en="conclude a lead about a teacher",
    roles=DISCIPLINE,
    asks=c.ConcludeConductLead,
    leaves=(c.ConductLeadConcluded,),
    apart_from=frozenset({"take-conduct-lead"}),
)
OPEN_CONDUCT_PEOPLE = Act(
    name="open-conduct-people",
    zh="查看师德线索涉及人员",
    en="open who a lead about a teacher is about",
    roles=DISCIPLINE,
)
CONDUCT_ACTS = (TAKE_CONDUCT_LEAD, CONCLUDE_CONDUCT_LEAD, OPEN_CONDUCT_PEOPLE)
