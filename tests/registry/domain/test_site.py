from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from mingjing_kernel.divisions import TableMissing
from mingjing_kernel.settings import SettingsInvalid, load_settings
from mingjing_kernel.testing.spec import Spec
from mingjing_registry.domain.application import Waiver
from mingjing_registry.domain.check import Numbers
from mingjing_registry.domain.floor_area import Room, area_judged
from mingjing_registry.domain.licence import (
    Accepted,
    Applied,
    Cancelled,
    Expired,
    Licence,
    LicenceTerms,
    Licensed,
    NoLicence,
    Rectifying,
    Revoked,
    Suspended,
)
from mingjing_registry.domain.licence_refusals import (
    RuleNotOfASite,
    SiteAreaShort,
    SiteAreaUnmeasured,
    SiteFiguresIncomplete,
    SiteOfOnlineLicence,
)
from mingjing_registry.domain.profile import Mode
from mingjing_registry.domain.refusals import (
    AddressMissing,
    LicenceNotInThatState,
    ReasonMissing,
    SignaturesMissing,
    SiteCheckMissing,
    SiteNotInThatState,
    SiteSignatureMissing,
    SiteUnknown,
)
from mingjing_registry.domain.site import (
    SITE,
    ApproveSite,
    CloseSite,
    Command,
    Event,
    Place,
    ProposeSite,
    RecordSite,
    SignSite,
    Site,
    SiteApproved,
    SiteClosed,
    SiteProposed,
    SiteSigned,
    online_only,
    unlicensed,
)
from mingjing_registry.domain.site_area import SiteAreaChecked, SiteAreaWaived, SiteMeasured, WaiveSiteArea
from mingjing_registry.settings import RegistrySettings
from mingjing_registry.sources.divisions import division

ON = date(2026, 6, 30)
HOLDER = UUID(int=1)
TERMS = LicenceTerms(number="教民1")
PLACE = Place(address="西湖区留下街道文三路1号", town_code="330106013", grid_code="330106013001001")
RECORD = RecordSite(institution_id=HOLDER, place=PLACE, area_m2=86, register="education", on=ON)
PROPOSE = ProposeSite(institution_id=HOLDER, place=PLACE, area_m2=86, on=ON)
SIGN = SignSite(officer="甲", site_check_reference="K1", area_m2=90, students_max=30, on=ON)
APPROVE = ApproveSite(officer="乙", on=ON)
PROPOSED = SiteProposed(institution_id=HOLDER, place=PLACE, area_m2=86, on=ON)
SIGNED = SiteSigned(officer="甲", site_check_reference="K1", on=ON)
MEASURED = SiteMeasured(area_m2=90, students_max=30, site_check_reference="K1", on=ON)
WAIVER = Waiver(rule="R6", reason="户外项目", legal_basis="", by="丙", on=ON)
WAIVE = WaiveSiteArea(waiver=WAIVER, on=ON)
LISTED = SiteApproved(
    institution_id=HOLDER,
    place=PLACE,
    area_m2=86,
    signed_by=(),
    site_check_reference="",
    register="education",
    on=ON,
)
APPROVED = replace(LISTED, area_m2=90, signed_by=("甲", "乙"), site_check_reference="K1", register="")
ENOUGH = SiteAreaChecked(
    check=area_judged([Room(address=PLACE.address, area_m2=90, students_max=30)], 300),
    waived=False,
    policy_version="default/1",
    on=ON,
)
CLOSE = CloseSite(reason="搬迁", on=ON)
CLOSED = SiteClosed(institution_id=HOLDER, reason="搬迁", on=ON)

Sites = Spec[Command, Site, Event]


@pytest.fixture
def site() -> Sites:
    return Spec(SITE)


def test_a_listed_site_is_approved_once(site: Sites) -> None:
    site.given().when(RECORD).then(LISTED)
    site.given(LISTED).when(RECORD).then()


def test_a_site_is_proposed_then_approved_then_closed(site: Sites) -> None:
    site.given().when(PROPOSE).then(PROPOSED)
    site.given(PROPOSED).when(PROPOSE).then()
    site.given(PROPOSED).when(SIGN).then(MEASURED, SIGNED)
    site.given(PROPOSED, MEASURED, SIGNED).when(SIGN).then()
    site.given(PROPOSED, MEASURED, SIGNED).when(APPROVE).then(ENOUGH, APPROVED)
    site.given(PROPOSED, MEASURED, SIGNED, ENOUGH, APPROVED).when(APPROVE).then()
    site.given(APPROVED).when(CLOSE).then(CLOSED)
    site.given(APPROVED, CLOSED).when(CLOSE).then()
    site.given(APPROVED, CLOSED).when(PROPOSE).then(PROPOSED)


def test_a_list_does_not_reopen_a_closed_site(site: Sites) -> None:
    site.given(LISTED, CLOSED).when(RECORD).then()


def test_a_grant_of_two_signatures_reopens_a_closed_site(site: Sites) -> None:
    granted = replace(RECORD, register="", signed_by=("甲", "乙"), site_check_reference="K1")
    opened = replace(LISTED, signed_by=("甲", "乙"), site_check_reference="K1", register="")
    site.given(LISTED, CLOSED).when(granted).then(opened)
    site.given(LISTED, CLOSED, opened).when(granted).then()
    site.given(LISTED, CLOSED).when(replace(granted, signed_by=("甲", "甲"))).then()


def test_approval_needs_two_officers_and_a_site_check(site: Sites) -> None:
    site.given(PROPOSED).when(APPROVE).then_refused(SiteSignatureMissing)
    site.given(PROPOSED, SIGNED).when(replace(APPROVE, officer="甲")).then_refused(SignaturesMissing)
    site.given(PROPOSED).when(replace(SIGN, site_check_reference="")).then_refused(SiteCheckMissing)
    site.given(PROPOSED, SIGNED, CLOSED, PROPOSED).when(APPROVE).then_refused(SiteSignatureMissing)


def test_too_small_or_unmeasured_is_not_approved_unless_the_rule_is_waived(site: Sites) -> None:
    short = replace(MEASURED, students_max=31)
    site.given(PROPOSED, short, SIGNED).when(APPROVE).then_refused(SiteAreaShort)
    site.given(PROPOSED, SIGNED).when(APPROVE).then_refused(SiteAreaUnmeasured)
    stricter = replace(APPROVE, numbers=Numbers(version="v2", area_per_student_dm2_min=301))
    site.given(PROPOSED, MEASURED, SIGNED).when(stricter).then_refused(SiteAreaShort)
    site.given(PROPOSED, short, SIGNED).when(replace(SIGN, students_max=30)).then(MEASURED, SIGNED)
    given = SiteAreaWaived(waiver=WAIVER, on=ON)
    site.given(PROPOSED, SIGNED).when(WAIVE).then(given)
    site.given(PROPOSED, SIGNED, given).when(WAIVE).then()
    excused, approved = SITE.decide(APPROVE, SITE.fold((PROPOSED, short, SIGNED, given)))
    assert isinstance(excused, SiteAreaChecked)
    assert (excused.waived, excused.check.outcome, excused.check.values["needed_dm2"]) == (True, "fail", "9300")
    assert isinstance(approved, SiteApproved)
    site.given(PROPOSED).when(WaiveSiteArea(waiver=replace(WAIVER, rule="R5"), on=ON)).then_refused(RuleNotOfASite)
    site.given(PROPOSED).when(WaiveSiteArea(waiver=replace(WAIVER, reason=" "), on=ON)).then_refused(ReasonMissing)
    site.given(APPROVED).when(WAIVE).then_refused(SiteNotInThatState)


def test_a_waiver_holds_for_the_figures_that_it_was_given_on(site: Sites) -> None:
    given, worse = SiteAreaWaived(waiver=WAIVER, on=ON), replace(MEASURED, area_m2=40, students_max=200)
    short = replace(MEASURED, students_max=31)
    site.given(PROPOSED, short, SIGNED, given, worse, SIGNED).when(APPROVE).then_refused(SiteAreaShort)
    site.given(PROPOSED, SIGNED, given, worse, SIGNED).when(APPROVE).then_refused(SiteAreaShort)
    again = SITE.fold((PROPOSED, short, SIGNED, given, replace(short, on=date(2026, 7, 1)), SIGNED))
    assert isinstance(SITE.decide(APPROVE, again)[-1], SiteApproved), "the same figures once more"
    site.given(PROPOSED, short, SIGNED, given, worse, SIGNED).when(WAIVE).then(given)


def test_a_signature_rests_on_the_measurement_of_its_own_check(site: Sites) -> None:
    unmeasured = replace(SIGN, site_check_reference="K2", area_m2=None, students_max=None)
    elsewhere = replace(SIGNED, site_check_reference="K2")
    site.given(PROPOSED, MEASURED, SIGNED).when(unmeasured).then(elsewhere)
    site.given(PROPOSED, MEASURED, SIGNED, elsewhere).when(APPROVE).then_refused(SiteAreaUnmeasured)
    given = SiteAreaWaived(waiver=WAIVER, on=ON)
    site.given(PROPOSED, MEASURED, SIGNED, given, elsewhere).when(APPROVE).then_refused(SiteAreaUnmeasured)
    site.given(PROPOSED, MEASURED, SIGNED).when(replace(unmeasured, officer="丙", site_check_reference="K1")).then(
        replace(SIGNED, officer="丙")
    )


@pytest.mark.parametrize("missing", ["area_m2", "students_max"])
def test_one_figure_without_the_other_is_refused(site: Sites, missing: str) -> None:
    half: Command = replace(SIGN, **{missing: None})  # type: ignore[arg-type]
    site.given(PROPOSED).when(half).then_refused(SiteFiguresIncomplete)


def test_an_online_licence_takes_no_step_towards_an_address() -> None:
    for step in (ProposeSite, SignSite, ApproveSite):
        assert isinstance(online_only(step, (Mode.ONLINE,)), SiteOfOnlineLicence)
        assert online_only(step, (Mode.OFFLINE,)) is None
        assert online_only(step, ()) is None
    assert online_only(CloseSite, (Mode.ONLINE,)) is None


@pytest.mark.parametrize("licence", [Licensed(TERMS), Rectifying(TERMS, "改1", ON)])
def test_a_licence_in_force_takes_another_address(licence: Licence) -> None:
    assert unlicensed(ApproveSite, licence) is None


@pytest.mark.parametrize(
    "licence",
    [NoLicence(), Applied(), Accepted(ON), Suspended(TERMS, "罚1"), Expired(TERMS), Cancelled(TERMS), Revoked(TERMS)],
)
def test_no_address_is_approved_under_a_licence_that_is_not_in_force(licence: Licence) -> None:
    assert isinstance(unlicensed(ApproveSite, licence), LicenceNotInThatState)
    assert unlicensed(CloseSite, licence) is None


def test_states_in_their_order(site: Sites) -> None:
    site.given().when(APPROVE).then_refused(SiteUnknown)
    site.given().when(CLOSE).then_refused(SiteUnknown)
    site.given(APPROVED).when(PROPOSE).then_refused(SiteNotInThatState)
    site.given(LISTED, CLOSED).when(APPROVE).then_refused(SiteNotInThatState)
    site.given(APPROVED).when(replace(CLOSE, reason=" ")).then_refused(ReasonMissing)
    site.given().when(replace(PROPOSE, place=replace(PLACE, address=""))).then_refused(AddressMissing)


def test_a_building_is_always_in_one_grid_of_its_town() -> None:
    table = division()
    for town in table.towns:
        first = table.grid_code(town, f"西湖区{town.name}文三路1号A座203室")
        assert first == table.grid_code(town, f"西湖区{town.name}文三路1号5楼")
        assert first.startswith(town.code)
        assert len(first) == 15
        assert 1 <= int(first[9:12]) <= town.communities
        assert 1 <= int(first[12:]) <= town.grids_per_community


def test_a_county_without_a_table_is_refused_in_words() -> None:
    with pytest.raises(TableMissing, match=r"330102.*serve one of: 330106"):
        division("330102")
    with pytest.raises(SettingsInvalid, match="330102"):
        load_settings(RegistrySettings, county_code="330102")


def test_an_address_has_one_spelling() -> None:
    table = division()
    for written in ("浙江省杭州市西湖区留下街道文三路1号", "杭州市西湖区留下街道文三路1号", "留下街道文三路1号"):
        assert table.addressed(written) == PLACE.address
    for elsewhere in ("上城区解放路1号", "浙江省杭州市上城区解放路1号", "宁波市海曙区解放路1号", "江干区解放路1号",
                      "江西省南昌市西湖区中山路1号"):  # fmt: skip
        assert table.addressed(elsewhere) == elsewhere
        assert table.town_in(elsewhere) is None
    assert table.addressed("文三路上城区1号") == "西湖区文三路上城区1号"
    town = table.town_in(PLACE.address)
    assert town is not None
    assert town.code == "330106013"
    assert table.town("留下") == town
    assert table.town_in("西湖区某某镇1号") is None
