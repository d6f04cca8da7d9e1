"""The demo's people do not hold together what must be kept apart, and each duty that takes two has two."""

from __future__ import annotations

import pytest

from mingjing.issuer import PEOPLE
from mingjing_funds import acts as funds
from mingjing_inspection import acts as inspection
from mingjing_inspection import acts_plans as plans
from mingjing_kernel.identity import Act, Dimensions, Scope, conflicts
from mingjing_registry import acts as registry

DECLARED = (
    *registry.INSTITUTION_ACTS,
    *registry.SITE_ACTS,
    *registry.ROW_ACTS,
    *inspection.VISIT_ACTS,
    *inspection.TASK_ACTS,
    *inspection.COMPLAINT_ACTS,
    *plans.STEP_ACTS,
    *plans.DRAW_ACTS,
    *plans.INTEREST_ACTS,
    *funds.ACCOUNT_ACTS,
    *funds.CONTRACT_ACTS,
    *funds.ALERT_ACTS,
)


@pytest.mark.parametrize("key", PEOPLE)
def test_nobody_holds_roles_that_are_kept_apart(key: str) -> None:
    assert conflicts(PEOPLE[key].grants) == ()


@pytest.mark.parametrize("act", DECLARED, ids=lambda act: act.name)
def test_every_act_can_be_done_by_somebody_and_what_takes_two_by_two(act: Act) -> None:
    able = {
        person.key for person in PEOPLE.values() if person.grants and any(g.role in act.roles for g in person.grants)
    }
    assert able
    for name in act.apart_from:
        others = {
            person.key
            for other in DECLARED
            if other.name == name
            for person in PEOPLE.values()
            if any(grant.role in other.roles for grant in person.grants)
        }
        assert any(other != one for one in able for other in others), f"{act.name} and {name} need two people"


def test_a_superior_consents_to_what_the_county_lists() -> None:
    county, city = Dimensions("education", "330106", "art"), Dimensions("education", "3301", "art")
    able = {key for key, person in PEOPLE.items() if Scope(person.grants).may(registry.CONSENT_LISTING, city)}
    deciding = {key for key, person in PEOPLE.items() if Scope(person.grants).may(registry.DECIDE_LISTING, county)}
    assert able == {"approver-city"}
    assert deciding - able, "the county decides, and another than who consents"


def test_a_name_means_one_act_in_a_service() -> None:
    for acts in (
        (*registry.INSTITUTION_ACTS, *registry.SITE_ACTS, *registry.ROW_ACTS),
        (*inspection.VISIT_ACTS, *inspection.TASK_ACTS, *inspection.COMPLAINT_ACTS),
        (*funds.ACCOUNT_ACTS, *funds.CONTRACT_ACTS, *funds.ALERT_ACTS),
    ):
        names = [act.name for act in acts]
        assert len(names) == len(set(names))
