from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from mingjing_kernel.testing.spec import Spec
from mingjing_registry.domain.refusals import (
    AddressMissing,
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
)
from mingjing_registry.sources.divisions import division

ON = date(2026, 6, 30)
HOLDER = UUID(int=1)
PLACE = Place(address="西湖区留下街道文三路1号", town_code="330106013", grid_code="330106013001001")
RECORD = RecordSite(institution_id=HOLDER, place=PLACE, area_m2=86, register="education", on=ON)
PROPOSE = ProposeSite(institution_id=HOLDER, place=PLACE, area_m2=86, on=ON)
SIGN = SignSite(officer="甲", site_check_reference="K1", on=ON)
APPROVE = ApproveSite(officer="乙", on=ON)
PROPOSED = SiteProposed(institution_id=HOLDER, place=PLACE, area_m2=86, on=ON)
SIGNED = SiteSigned(officer="甲", site_check_reference="K1", on=ON)
LISTED = SiteApproved(
    institution_id=HOLDER,
    place=PLACE,
    area_m2=86,
    signed_by=(),
    site_check_reference="",
    register="education",
    on=ON,
)
APPROVED = replace(LISTED, signed_by=("甲", "乙"), site_check_reference="K1", register="")
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
    site.given(PROPOSED).when(SIGN).then(SIGNED)
    site.given(PROPOSED, SIGNED).when(SIGN).then()
    site.given(PROPOSED, SIGNED).when(APPROVE).then(APPROVED)
    site.given(PROPOSED, SIGNED, APPROVED).when(APPROVE).then()
    site.given(APPROVED).when(CLOSE).then(CLOSED)
    site.given(APPROVED, CLOSED).when(CLOSE).then()
    site.given(APPROVED, CLOSED).when(PROPOSE).then(PROPOSED)


def test_a_list_does_not_reopen_a_closed_site(site: Sites) -> None:
    site.given(LISTED, CLOSED).when(RECORD).then()


def test_approval_needs_two_officers_and_a_site_check(site: Sites) -> None:
    site.given(PROPOSED).when(APPROVE).then_refused(SiteSignatureMissing)
    site.given(PROPOSED, SIGNED).when(replace(APPROVE, officer="甲")).then_refused(SignaturesMissing)
    site.given(PROPOSED).when(replace(SIGN, site_check_reference="")).then_refused(SiteCheckMissing)
    site.given(PROPOSED, SIGNED, CLOSED, PROPOSED).when(APPROVE).then_refused(SiteSignatureMissing)


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


def test_an_address_has_one_spelling() -> None:
    table = division()
    for written in ("浙江省杭州市西湖区留下街道文三路1号", "杭州市西湖区留下街道文三路1号", "留下街道文三路1号"):
        assert table.addressed(written) == PLACE.address
    town = table.town_in(PLACE.address)
    assert town is not None
    assert town.code == "330106013"
    assert table.town("留下") == town
    assert table.town_in("西湖区某某镇1号") is None
