from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from mingjing_kernel.refusal import Refusal
from mingjing_kernel.testing.spec import Spec
from mingjing_registry.domain.export_profile import (
    EXPORT_PROFILES,
    ApproveProfile,
    Command,
    Event,
    Profile,
    ProfileApproved,
    ProfileColumn,
    ProfileProposed,
    Profiles,
    ProfileWithdrawn,
    ProposeProfile,
    Term,
    WithdrawProfile,
)
from mingjing_registry.domain.export_refusals import (
    ProfileBasisMissing,
    ProfileColumnsWrong,
    ProfileFieldUnknown,
    ProfileFormWrong,
    ProfileVersionApproved,
    ProfileVersionUnknown,
    ProfileVersionWithdrawn,
)
from mingjing_registry.sources.export_profiles import shipped

ONE, TWO = UUID(int=1), UUID(int=2)
DAY = date(2026, 7, 1)
NAME = ProfileColumn(heading="机构", field="name")
KIND = ProfileColumn(heading="类型", field="kind", terms=(Term(ours="subject", theirs="学科"),))
PROFILE = Profile(name="national-platform", title="台账", columns=(NAME, KIND), basis="管理办法")
PROPOSE = ProposeProfile(version_id=ONE, profile=PROFILE, effective_on=DAY, reason="新模板", on=DAY)
PROPOSED = ProfileProposed(version_id=ONE, number=1, profile=PROFILE, effective_on=DAY, reason="新模板", on=DAY)
APPROVED = ProfileApproved(version_id=ONE, on=DAY)


@pytest.fixture(name="profiles")
def make_profiles() -> Spec[Command, Profiles, Event]:
    return Spec(EXPORT_PROFILES)


def test_a_version_is_proposed_approved_and_then_counts_from_its_day(profiles: Spec[Command, Profiles, Event]) -> None:
    profiles.given().when(PROPOSE).then(PROPOSED)
    profiles.given(PROPOSED).when(PROPOSE).then()
    profiles.given(PROPOSED).when(ApproveProfile(version_id=ONE, on=DAY)).then(APPROVED)
    profiles.given(PROPOSED, APPROVED).when(ApproveProfile(version_id=ONE, on=DAY)).then()
    state = EXPORT_PROFILES.fold([PROPOSED, APPROVED])
    assert (state.on("national-platform", DAY), state.on("national-platform", date(2026, 6, 30))) == (PROPOSED, None)
    assert EXPORT_PROFILES.fold([PROPOSED]).on("national-platform", DAY) is None
    later = replace(PROPOSED, version_id=TWO, number=2, effective_on=date(2026, 8, 1))
    both = EXPORT_PROFILES.fold([later, PROPOSED, ProfileApproved(version_id=TWO, on=DAY), APPROVED])
    assert both.on("national-platform", date(2026, 8, 1)) == later
    assert both.on("national-platform", DAY) == PROPOSED


def test_what_counts_or_was_taken_back_stays_so(profiles: Spec[Command, Profiles, Event]) -> None:
    withdraw = WithdrawProfile(version_id=ONE, reason="有误", on=DAY)
    withdrawn = ProfileWithdrawn(version_id=ONE, reason="有误", on=DAY)
    profiles.given().when(withdraw).then_refused(ProfileVersionUnknown)
    profiles.given(PROPOSED).when(withdraw).then(withdrawn)
    profiles.given(PROPOSED, withdrawn).when(withdraw).then()
    profiles.given(PROPOSED, APPROVED).when(withdraw).then_refused(ProfileVersionApproved)
    profiles.given(PROPOSED, withdrawn).when(ApproveProfile(version_id=ONE, on=DAY)).then_refused(
        ProfileVersionWithdrawn
    )


@pytest.mark.parametrize(
    ("columns", "reason"),
    [
        ((), ProfileColumnsWrong),
        ((NAME, replace(KIND, heading="机构")), ProfileColumnsWrong),
        ((replace(NAME, heading=" "),), ProfileColumnsWrong),
        ((replace(NAME, field="password"),), ProfileFieldUnknown),
        ((replace(NAME, field=""),), ProfileFieldUnknown),
        ((replace(NAME, form="fen"),), ProfileFormWrong),
        ((ProfileColumn(heading="到期", field="expires_on", form="DD.MM."),), ProfileFormWrong),
    ],
)
def test_columns_show_what_the_ledger_has(
    profiles: Spec[Command, Profiles, Event], columns: tuple[ProfileColumn, ...], reason: type[Refusal]
) -> None:
    profiles.given().when(replace(PROPOSE, profile=replace(PROFILE, columns=columns))).then_refused(reason)


def test_a_profile_has_its_grounds(profiles: Spec[Command, Profiles, Event]) -> None:
    profiles.given().when(replace(PROPOSE, reason=" ")).then_refused(ProfileBasisMissing)
    profiles.given().when(replace(PROPOSE, profile=replace(PROFILE, basis=""))).then_refused(ProfileBasisMissing)


def test_what_ships_is_in_order() -> None:
    assert set(shipped()) == {"national-platform", "national-management-platform", "provincial-platform"}
    assert all(name == profile.name for name, profile in shipped().items())
