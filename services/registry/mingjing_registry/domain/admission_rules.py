"""The rules R1–R17, one function each, and what an approval needs of them (domain §3.2).

One rule: a function looks at facts and numbers and says what it saw; whether that stops an act is decided at the end
of this file, once.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from mingjing_registry.domain.admission import Facts, Rule
from mingjing_registry.domain.annual_check import CheckResult
from mingjing_registry.domain.check import Check, Numbers, Outcome
from mingjing_registry.domain.floor_area import Room, area_judged, area_not_applicable, area_unknown
from mingjing_registry.domain.operation import OperationState
from mingjing_registry.domain.particulars import Category, Nature, Particulars
from mingjing_registry.domain.profile import COMPULSORY, Mode, Premises, Price, StaffSummary, Stage
from mingjing_registry.domain.staffing import full_time_needed, teaching_needed

STANDARD_LESSON_MINUTES = 45
NEVER_WAIVED = frozenset({"R1", "R2"})
"""The law leaves no room: subject training (L01)."""
REPORTED_ONLY = frozenset({"R17"})
"""A late decision is a fault of the department: it is shown, and does not make the decision later still."""


def subject_closed(facts: Facts, numbers: Numbers) -> Check:
    """R1: no new licences for subject training of school children and preschoolers."""
    if not facts.is_subject:
        return _check("R1", Outcome.NOT_APPLICABLE, "no-subject-training")
    if not facts.is_new or not numbers.subject_closed:
        return _check("R1", Outcome.PASS, "no-new-subject-licence")
    return _check("R1", Outcome.FAIL, "new-subject-licence")


def subject_is_non_profit(facts: Facts, numbers: Numbers) -> Check:
    """R2: subject institutions of the compulsory stage are non-profit; by policy those of every stage."""
    return non_profit(facts.particulars, facts.profile.stages, numbers)


def non_profit(particulars: Particulars, stages: Collection[Stage], numbers: Numbers) -> Check:
    """R2 of what is on file. A company whose stages nobody stated is not let through: it may teach the compulsory."""
    nature = particulars.nature
    if Category.SUBJECT not in particulars.categories:
        return _check("R2", Outcome.NOT_APPLICABLE, "no-subject-training")
    if nature is Nature.NON_PROFIT:
        return _check("R2", Outcome.PASS, "nature", nature=nature.value)
    if not numbers.non_profit_every_stage and stages and not COMPULSORY & set(stages):
        return _check("R2", Outcome.PASS, "no-compulsory-stage", stages="、".join(stages))
    if nature is Nature.UNKNOWN:
        return _check("R2", Outcome.UNKNOWN, "nature-unknown")
    if not numbers.non_profit_every_stage and not stages:
        return _check("R2", Outcome.UNKNOWN, "stages-unknown", nature=nature.value)
    return _check("R2", Outcome.FAIL, "nature", nature=nature.value)


def licence_first(facts: Facts, _numbers: Numbers) -> Check:
    """R3: the licence comes before registration and trading."""
    if not facts.is_new:
        return _check("R3", Outcome.NOT_APPLICABLE, "licensed-already")
    teaching = facts.operation is OperationState.OPERATING
    seen = "operation-state" if facts.particulars.uscc else "not-registered-yet"
    return _judged("R3", not teaching, seen, state=facts.operation.value)


def one_licence_each(facts: Facts, _numbers: Numbers) -> Check:
    """R4: online and offline, subject and non-subject, each take a licence of their own."""
    modes, categories = facts.profile.modes, facts.particulars.categories
    if not modes or not categories:
        return _check("R4", Outcome.UNKNOWN, "mode-or-category-missing")
    mixed = facts.is_subject and len(categories) > 1
    words = {"modes": "、".join(mode.value for mode in modes), "categories": "、".join(categories)}
    return _judged("R4", len(modes) == 1 and not mixed, "modes-and-categories", **words)


def sites_checked(facts: Facts, _numbers: Numbers) -> Check:
    """R5: every address is looked at and approved on its own."""
    if Mode.OFFLINE not in facts.profile.modes and facts.profile.modes:
        return _check("R5", Outcome.NOT_APPLICABLE, "online-only")
    if not facts.premises:
        return _check("R5", Outcome.UNKNOWN, "no-premises-stated")
    missing = [one.address for one in facts.premises if not _passed(facts, one)]
    return _judged("R5", not missing, "sites-not-checked", count=len(missing), addresses="、".join(missing))


def area_suffices(facts: Facts, numbers: Numbers) -> Check:
    """R6: enough training floor area for the students of one session."""
    if Mode.OFFLINE not in facts.profile.modes and facts.profile.modes:
        return area_not_applicable()
    measured = [(one, facts.application.check_of(one.address)) for one in facts.premises]
    if not measured or any(check is None for _, check in measured):
        return area_unknown()
    rooms = [
        Room(address=one.address, area_m2=check.area_m2, students_max=one.students_max)
        for one, check in measured
        if check is not None
    ]
    return area_judged(rooms, numbers.area_per_student_dm2_min)


def teachers_qualify(facts: Facts, _numbers: Numbers) -> Check:
    """R7: qualified teachers, none of them in a school's service or on the staff blacklist."""
    staff = facts.staff
    if staff is None or staff.total == 0:
        return _check("R7", Outcome.UNKNOWN, "staff-unknown")
    fits = not (staff.unqualified or staff.in_service or staff.blacklisted)
    seen = {"unqualified": staff.unqualified, "in_service": staff.in_service, "blacklisted": staff.blacklisted}
    return _judged("R7", fits, "teachers", **seen)


def staff_suffices(facts: Facts, numbers: Numbers) -> Check:
    """R8: half of the staff teaches, and enough of them full-time for the students of a session."""
    staff = facts.staff
    if staff is None or staff.total == 0:
        return _check("R8", Outcome.UNKNOWN, "staff-unknown")
    enough = staff.teaching >= teaching_needed(staff.total, numbers.teaching_percent_min)
    is_online = bool(facts.profile.modes) and Mode.OFFLINE not in facts.profile.modes
    if enough and not is_online and not facts.premises:
        return _check("R8", Outcome.UNKNOWN, "no-premises-stated")
    needed = 0 if is_online else _full_time_needed(facts, numbers)
    return _judged("R8", enough and staff.full_time_teachers >= needed, "staff-shares", **_shares(staff, needed))


def foreigners_lawful(facts: Facts, _numbers: Numbers) -> Check:
    """R9: no foreigners who are abroad; those in China lawfully employed."""
    staff = facts.staff
    if staff is None:
        return _check("R9", Outcome.UNKNOWN, "staff-unknown")
    abroad, unlawful = staff.foreigners_abroad, staff.foreigners_unlawful
    return _judged("R9", not (abroad or unlawful), "foreigners", abroad=abroad, unlawful=unlawful)


def custody_open(facts: Facts, _numbers: Numbers) -> Check:
    """R10: the custody account stands before the first charge; an applicant has its agreement."""
    if facts.custody_active:
        return _check("R10", Outcome.PASS, "custody-active")
    agreed = facts.is_new and bool(facts.custody_agreement)
    number = facts.custody_agreement
    return _judged("R10", agreed, "custody-agreement", agreement=number)


def materials_reviewed(facts: Facts, _numbers: Numbers) -> Check:
    """R11: materials filed and reviewed, nothing overseas, nothing ahead of the syllabus."""
    made = facts.materials
    if made is None:
        return _check("R11", Outcome.UNKNOWN, "materials-unknown")
    fits = not (made.unreviewed or made.overseas or made.ahead_of_syllabus)
    seen = {"unreviewed": made.unreviewed, "overseas": made.overseas, "ahead": made.ahead_of_syllabus}
    return _judged("R11", fits, "materials", filed=made.filed, **seen)


def prices_published(facts: Facts, numbers: Numbers) -> Check:
    """R12: prices are published; those for compulsory-stage subjects keep to the guide price."""
    profile = facts.profile
    if not profile.prices or not profile.prices_published_at:
        return _check("R12", Outcome.FAIL, "prices-not-published", count=len(profile.prices))
    if not facts.is_subject or not COMPULSORY & set(profile.stages):
        return _check("R12", Outcome.PASS, "prices-published", count=len(profile.prices))
    if not numbers.guide_price_fen:
        return _check("R12", Outcome.UNKNOWN, "guide-price-unknown")
    above = [price.item for price in profile.prices if _is_above(price, numbers)]
    return _judged("R12", not above, "prices-above-guide", count=len(above), items="、".join(above))


def no_subject_adverts(facts: Facts, _numbers: Numbers) -> Check:
    """R13: no advertising of subject training."""
    if not facts.is_subject:
        return _check("R13", Outcome.NOT_APPLICABLE, "no-subject-training")
    if facts.materials is None:
        return _check("R13", Outcome.UNKNOWN, "adverts-unknown")
    return _judged("R13", not facts.materials.adverts_in_breach, "adverts", count=facts.materials.adverts_in_breach)


def four_nos(facts: Facts, _numbers: Numbers) -> Check:
    """R14: no listing, no capitalization, no foreign control."""
    capital = facts.capital
    if capital is None:
        return _check("R14", Outcome.UNKNOWN, "capital-not-declared")
    found = {
        "listed": capital.is_listed,
        "capitalized": capital.is_capitalized,
        "foreign-controlled": capital.is_foreign_controlled,
    }
    which = [name for name, is_so in found.items() if is_so]
    return _judged("R14", not which, "capital", which="、".join(which))


def changes_approved(facts: Facts, _numbers: Numbers) -> Check:
    """R15: what needs approval is approved before it is so."""
    if facts.pending is None:
        return _check("R15", Outcome.PASS, "no-change-pending")
    return _check("R15", Outcome.FAIL, "change-pending", number=facts.pending.number, kind=facts.pending.kind.value)


def annual_check_passed(facts: Facts, _numbers: Numbers) -> Check:
    """R16: the annual check is not failed."""
    if facts.is_new and facts.annual_check is None:
        return _check("R16", Outcome.NOT_APPLICABLE, "not-licensed-yet")
    result: CheckResult | None = facts.annual_check
    if result is None:
        return _check("R16", Outcome.UNKNOWN, "never-checked")
    return _judged("R16", result != "fail", "annual-check", result=result)


def decided_in_time(facts: Facts, _numbers: Numbers) -> Check:
    """R17: the decision comes within three months of acceptance, or what the policy said on that day."""
    accepted_on, decide_by = facts.accepted_on, facts.decide_by
    if accepted_on is None or decide_by is None:
        return _check("R17", Outcome.NOT_APPLICABLE, "nothing-accepted")
    days = {"accepted_on": str(accepted_on), "due_on": str(decide_by)}
    return _judged("R17", facts.on <= decide_by, "decision-due", **days)


RULES: Mapping[str, Rule] = {
    "R1": subject_closed,
    "R2": subject_is_non_profit,
    "R3": licence_first,
    "R4": one_licence_each,
    "R5": sites_checked,
    "R6": area_suffices,
    "R7": teachers_qualify,
    "R8": staff_suffices,
    "R9": foreigners_lawful,
    "R10": custody_open,
    "R11": materials_reviewed,
    "R12": prices_published,
    "R13": no_subject_adverts,
    "R14": four_nos,
    "R15": changes_approved,
    "R16": annual_check_passed,
    "R17": decided_in_time,
}


def checks(facts: Facts, numbers: Numbers) -> tuple[Check, ...]:
    """What every rule says, in their order."""
    return tuple(rule(facts, numbers) for rule in RULES.values())


def unmet(found: Iterable[Check], waived: Iterable[str]) -> tuple[str, ...]:
    """The rules that stand in the way of an approval."""
    excused = (set(waived) - NEVER_WAIVED) | REPORTED_ONLY
    wrong = (Outcome.FAIL, Outcome.UNKNOWN)
    return tuple(check.rule for check in found if check.outcome in wrong and check.rule not in excused)


def _passed(facts: Facts, one: Premises) -> bool:
    check = facts.application.check_of(one.address)
    return check is not None and check.passed


def _full_time_needed(facts: Facts, numbers: Numbers) -> int:
    pupils = sum(one.students_max for one in facts.premises)
    # An application does not say how many of a session are 3 to 6: where any may be, all are reckoned so.
    small = pupils if Stage.PRESCHOOL in facts.profile.stages else 0
    return full_time_needed(pupils, small, numbers.full_time_percent_min, numbers.full_time_preschool_percent_min)


def _shares(staff: StaffSummary, needed: int) -> dict[str, int]:
    shown = {"total": staff.total, "teaching": staff.teaching, "full_time": staff.full_time_teachers}
    return {**shown, "full_time_needed": needed}


def _is_above(price: Price, numbers: Numbers) -> bool:
    allowed = numbers.guide_price_fen * (100 + numbers.above_guide_percent_max) * price.lessons
    return price.total_fen * STANDARD_LESSON_MINUTES * 100 > allowed * price.minutes_per_lesson


def _judged(rule: str, fits: bool, finding: str, **values: object) -> Check:
    return _check(rule, Outcome.PASS if fits else Outcome.FAIL, finding, **values)


def _check(rule: str, outcome: Outcome, finding: str, **values: object) -> Check:
    return Check(
        rule=rule, outcome=outcome, finding=finding, values={name: str(value) for name, value in values.items()}
    )
