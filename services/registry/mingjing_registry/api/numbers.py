"""Which numbers the rules use here and now: the policies in force for the institution's region and category.

One rule: they are asked for once a request and go into the command, so that the event cites what was used.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from mingjing_kernel.http import Kit
from mingjing_kernel.log import Log
from mingjing_kernel.policy import DEFAULT_VERSION, in_force, in_force_in
from mingjing_kernel.policy import Numbers as InForce
from mingjing_registry.api.permission import standing
from mingjing_registry.domain.check import Numbers
from mingjing_registry.domain.days_off import Vacations
from mingjing_registry.domain.evaluation import GradeNumbers, Part
from mingjing_registry.domain.teaching_time import TeachingNumbers
from mingjing_registry.policy.rules import ADMISSION, AFTER_SCHOOL, LIABILITY, NOTICES, PRICING, STAFFING, TEACHING_TIME


async def admission_numbers(kit: Kit, institution_id: UUID, on: date) -> Numbers:
    """Those of the admission rules; the version names every policy that gave one of them."""
    _, here = await standing(kit, institution_id)
    place = (str(here.region), str(here.category))
    admission, staffing, pricing = [
        await in_force(kit.log, rule, on, *place) for rule in (ADMISSION, STAFFING, PRICING)
    ]
    versions = dict.fromkeys((admission.version, staffing.version, pricing.version))
    cited = [version for version in versions if version != DEFAULT_VERSION]
    return Numbers(
        version="+".join(cited) or DEFAULT_VERSION,
        subject_closed=admission["subject-licences-closed"],
        non_profit_every_stage=admission["non-profit-every-stage"],
        area_per_student_dm2_min=admission["area-a-pupil"],
        teaching_percent_min=staffing["teaching-research"],
        full_time_percent_min=staffing["full-time"],
        full_time_preschool_percent_min=staffing["full-time-ages-3-6"],
        guide_price_fen=pricing["guide-price"],
        above_guide_percent_max=pricing["ceiling"],
    )


async def notice_days(kit: Kit, institution_id: UUID, on: date) -> int:
    """How long the public is told before a closure or relocation."""
    _, here = await standing(kit, institution_id)
    return (await in_force(kit.log, NOTICES, on, str(here.region), str(here.category)))["closing-days"]


async def liability_days(kit: Kit, institution_id: UUID, on: date) -> int:
    """For how many days what funds said of it is good."""
    _, here = await standing(kit, institution_id)
    return (await in_force(kit.log, LIABILITY, on, str(here.region), str(here.category)))["fresh-days"]


async def grade_numbers(log: Log, on: date, places: Iterable[tuple[str, str]]) -> dict[tuple[str, str], GradeNumbers]:
    """Those of the evaluation of after-school providers, by region and category."""
    found = await in_force_in(log, AFTER_SCHOOL, on, places)
    return {
        place: GradeNumbers(
            excellent=numbers["excellent"],
            good=numbers["good"],
            passing=numbers["passing"],
            points=tuple((part, numbers[part.value]) for part in Part),
            version=numbers.version,
        )
        for place, numbers in found.items()
    }


async def teaching_numbers(kit: Kit, institution_id: UUID, on: date) -> tuple[TeachingNumbers, Vacations]:
    """Those of the teaching-time rules."""
    _, here = await standing(kit, institution_id)
    found = await in_force(kit.log, TEACHING_TIME, on, str(here.region), str(here.category))
    vacations = Vacations(
        winter=(found["winter-begins"], found["winter-ends"]),
        summer=(found["summer-begins"], found["summer-ends"]),
        days_ahead=found["days-ahead"],
    )
    return _minutes(found), vacations


def _minutes(found: InForce) -> TeachingNumbers:
    return TeachingNumbers(
        version=found.version,
        offline_ends=found["offline-ends"],
        online_ends=found["online-ends"],
        online_lesson_minutes_max=found["online-lesson"],
        online_gap_minutes_min=found["online-gap"],
        school_begins=found["school-begins"],
        school_ends=found["school-ends"],
    )
