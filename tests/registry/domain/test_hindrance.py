"""What a screen says of an institution, its licence and its sites is what their deciders do."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingjing_kernel.testing.hindrance import walk
from mingjing_registry.acts import INSTITUTION_ACTS, SITE_ACTS
from mingjing_registry.domain import institution, site
from mingjing_registry.domain.hindrance import hindrance
from mingjing_registry.domain.licence import (
    AcceptApplication,
    ApplyForLicence,
    ExpireLicence,
    RefuseLicence,
    ReinstateLicence,
    RenewLicence,
    ReturnApplication,
)
from mingjing_registry.domain.particulars import Category, Listing, Nature
from mingjing_registry.domain.refusals import (
    InstitutionUnknown,
    LicenceNotInThatState,
    SiteNotInThatState,
    SiteUnknown,
    SubjectLicencesClosed,
    SubjectTrainingForProfit,
)
from registry.domain.test_institution import MUDUO
from registry.domain.test_licence import APPROVE, CANCEL, LATER, ON, REVOKE, SUSPEND
from registry.domain.test_site import APPROVE as APPROVE_SITE
from registry.domain.test_site import PROPOSE

LISTING = Listing(register="教育局", stated_on=ON)
ART = institution.RecordInstitution(particulars=MUDUO, listing=LISTING, on=ON)
SUBJECT = replace(ART, particulars=replace(MUDUO, categories=(Category.SUBJECT,)))
CHARITY = replace(ART, particulars=replace(MUDUO, categories=(Category.SUBJECT,), nature=Nature.NON_PROFIT))
STEPS = (
    ApplyForLicence(on=ON),
    ReturnApplication(reason="缺材料", on=ON),
    AcceptApplication(on=ON),
    RefuseLicence(reason="场地不符", on=ON),
    APPROVE,
    replace(APPROVE, signed_by=("甲",)),
    SUSPEND,
    replace(SUSPEND, decision_reference="D9"),
    ReinstateLicence(decision_reference="D1", reason="已整改", on=ON),
    REVOKE,
    CANCEL,
    replace(CANCEL, liquidation_finished=False),
    RenewLicence(expires_on=LATER.replace(year=2030), signed_by=("甲", "乙"), on=ON),
    ExpireLicence(on=LATER),
    institution.RecordAnnualCheck(result="pass", on=ON),
)
CLOSE_SITE = site.CloseSite(reason="搬迁", on=ON)
SITES = (PROPOSE, APPROVE_SITE, replace(APPROVE_SITE, site_check_reference=""), CLOSE_SITE)


@given(st.sampled_from([(), (ART,), (SUBJECT,), (CHARITY,)]), st.lists(st.sampled_from(STEPS), max_size=14))
def test_an_institution(known: tuple[institution.Command, ...], steps: list[institution.Command]) -> None:
    reasons = frozenset({
        InstitutionUnknown, LicenceNotInThatState, SubjectLicencesClosed, SubjectTrainingForProfit
    })  # fmt: skip
    walk(institution.INSTITUTION, hindrance, (*known, *steps), reasons)


@given(st.lists(st.sampled_from(SITES), max_size=8))
def test_a_site(steps: list[site.Command]) -> None:
    # Proposing is an act on the institution; what it meets at the site is said when it is done.
    steps = [step for step in steps if not isinstance(step, site.ProposeSite)]
    reasons = frozenset({SiteUnknown, SiteNotInThatState})
    walk(site.SITE, site.hindrance, steps, reasons)
    proposed = replace(site.SITE, initial=site.SITE.fold(site.SITE.decide(PROPOSE, site.SITE.initial)))
    walk(proposed, site.hindrance, steps, reasons)


@pytest.mark.parametrize(
    ("acts", "walked"), [(INSTITUTION_ACTS, STEPS), (SITE_ACTS, SITES)], ids=["institution", "site"]
)
def test_every_act_that_gives_a_command_is_asked_about(acts: tuple, walked: tuple) -> None:
    assert {act.asks for act in acts if act.asks} <= {type(step) for step in walked}
