"""Grid versions and grid posts: who may do what when, and what stays readable."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingjing_inspection.domain import grid_version_refusals as refused
from mingjing_inspection.domain.grid_code import code_problem
from mingjing_inspection.domain.grid_post import (
    GRID_POST,
    FillPost,
    OfficerIsDeputy,
    PersonMissing,
    Post,
    PostFilled,
    PostOfCommunity,
    Posts,
    PostVacant,
    PostVacated,
    TenureBeforeLast,
    VacatedBeforeBegun,
    VacatePost,
)
from mingjing_inspection.domain.grid_problems import (
    CodeMalformed,
    CommunityNumberZero,
    CountyForeign,
    SequenceZero,
    TownNotInCounty,
)
from mingjing_inspection.domain.grid_version import AREAS_MAX, GRID_VERSION, Approved, Draft, Proposed, hindrance
from mingjing_inspection.domain.grid_version_facts import (
    ApproveGrids,
    Area,
    AreasDrawn,
    Aside,
    DraftGrids,
    DropFeature,
    FeatureDropped,
    FeaturesKeptAside,
    GridsApproved,
    GridsDrafted,
    GridsProposed,
    ProposeGrids,
    RecordRedraw,
    Redraw,
    ReturnGrids,
    WithdrawGrids,
)
from mingjing_kernel.refusal import Refusal
from mingjing_kernel.testing.hindrance import walk
from mingjing_kernel.testing.spec import Spec

AT = datetime(2026, 7, 1, 1, 0, tzinfo=UTC)
TODAY = date(2026, 7, 1)
DAY = timedelta(days=1)
GRID, OTHER, COMMUNITY = "330106109001001", "330106109001002", "330106109001"
SQUARE = (((1_200_000_000, 300_000_000), (1_200_010_000, 300_000_000), (1_200_010_000, 300_010_000)),)
NOTHING_MOVED = Redraw(sites=0, moved=0, unchanged=0, outside=0, place_unknown=0, tasks_moved=0, tasks_kept=0)


def area(code: str) -> Area:
    return Area(code=code, name="网格", shape=SQUARE, area_m2=5_000)


def aside(key: str) -> Aside:
    return Aside(key=key, number=1, code=key, name="", outline=(), problems=())


def draft(*areas: Area, waiting: tuple[Aside, ...] = (), county: str = "330106") -> DraftGrids:
    return DraftGrids(
        county=county, department="education", name="一版", coordinates="WGS-84", digest="d", areas=areas,
        aside=waiting, drafted_at=AT,
    )  # fmt: skip


DRAFTED = GridsDrafted(
    county="330106", department="education", name="一版", coordinates="WGS-84", digest="d", grids=1, kept_aside=0,
    drafted_at=AT,
)  # fmt: skip
DRAWN = AreasDrawn(areas=(area(GRID),))
PROPOSED = GridsProposed(grids=1, proposed_at=AT)
APPROVED = GridsApproved(effective_on=TODAY + DAY, approved_at=AT)


@pytest.fixture
def version() -> Spec[Any, Any, Any]:
    return Spec(GRID_VERSION)


@pytest.fixture
def posts() -> Spec[Any, Any, Any]:
    return Spec(GRID_POST)


def test_what_is_valid_is_drafted_and_what_is_not_waits(version: Spec[Any, Any, Any]) -> None:
    version.when(draft(area(GRID), waiting=(aside(OTHER),))).then(
        GridsDrafted(
            county="330106", department="education", name="一版", coordinates="WGS-84", digest="d", grids=1,
            kept_aside=1, drafted_at=AT,
        ),
        AreasDrawn(areas=(area(GRID),)),
        FeaturesKeptAside(aside=(aside(OTHER),)),
    )  # fmt: skip


def test_a_feature_that_waits_is_mended_by_its_code_or_dropped(version: Spec[Any, Any, Any]) -> None:
    waiting = version.given(DRAFTED, DRAWN, FeaturesKeptAside(aside=(aside(OTHER), aside("#3@x"))))
    mended = GRID_VERSION.fold(
        [*waiting.history, *GRID_VERSION.decide(draft(area(OTHER)), GRID_VERSION.fold(waiting.history))]
    )
    assert isinstance(mended, Draft)
    assert (set(mended.areas), set(mended.aside)) == ({GRID, OTHER}, {"#3@x"})
    waiting.when(DropFeature(key="#3@x", reason="多余", dropped_at=AT)).then(
        FeatureDropped(key="#3@x", reason="多余", grids=1, kept_aside=1, dropped_at=AT)
    )
    waiting.when(DropFeature(key="nothing", reason="多余", dropped_at=AT)).then_refused(refused.FeatureNotInDraft)
    waiting.when(ProposeGrids(problems=0, proposed_at=AT)).then_refused(refused.FeaturesAside)


def test_of_a_code_that_is_drawn_and_waits_the_waiting_feature_is_dropped_first() -> None:
    facts = [DRAFTED, DRAWN, FeaturesKeptAside(aside=(aside(GRID),))]
    for key, drawn, waiting in ((GRID, {GRID}, set[str]()), (GRID, set(), set())):
        facts += GRID_VERSION.decide(DropFeature(key=key, reason="错", dropped_at=AT), GRID_VERSION.fold(facts))
        state = GRID_VERSION.fold(facts)
        assert isinstance(state, Draft)
        assert (set(state.areas), set(state.aside)) == (drawn, waiting)


def test_nothing_is_proposed_that_does_not_fit_together(version: Spec[Any, Any, Any]) -> None:
    version.given(DRAFTED).when(ProposeGrids(problems=0, proposed_at=AT)).then_refused(refused.NoGridsDrawn)
    outline_only = version.given(DRAFTED, AreasDrawn(areas=(area(COMMUNITY),)))
    outline_only.when(ProposeGrids(problems=0, proposed_at=AT)).then_refused(refused.NoGridsDrawn)
    version.given(DRAFTED, DRAWN).when(ProposeGrids(problems=1, proposed_at=AT)).then_refused(
        refused.VersionHasProblems
    )
    version.given(DRAFTED, DRAWN).when(ProposeGrids(problems=0, proposed_at=AT)).then(PROPOSED)


def test_a_version_comes_into_force_today_or_later_and_is_never_edited(version: Spec[Any, Any, Any]) -> None:
    proposed = version.given(DRAFTED, DRAWN, PROPOSED)
    proposed.when(ApproveGrids(effective_on=TODAY - DAY, today=TODAY, approved_at=AT)).then_refused(
        refused.EffectiveInPast
    )
    proposed.when(ApproveGrids(effective_on=TODAY + DAY, today=TODAY, approved_at=AT)).then(APPROVED)
    approved = proposed.given(APPROVED)
    approved.when(draft(area(OTHER))).then_refused(refused.VersionAlreadyApproved)
    approved.when(ApproveGrids(effective_on=TODAY + DAY, today=TODAY, approved_at=AT)).then()
    approved.when(WithdrawGrids(reason="", today=TODAY, withdrawn_at=AT)).then_refused(refused.ReturnUnreasoned)
    approved.when(WithdrawGrids(reason="错", today=TODAY + DAY, withdrawn_at=AT)).then_refused(refused.GridsInForce)
    state = GRID_VERSION.fold(approved.history)
    assert isinstance(state, Approved)
    assert set(state.areas) == {GRID}


def test_a_redraw_is_recorded_once(version: Spec[Any, Any, Any]) -> None:
    approved = version.given(DRAFTED, DRAWN, PROPOSED, APPROVED)
    facts = GRID_VERSION.decide(RecordRedraw(on=TODAY, redraw=NOTHING_MOVED), GRID_VERSION.fold(approved.history))
    assert len(facts) == 1
    approved.given(*facts).when(RecordRedraw(on=TODAY, redraw=NOTHING_MOVED)).then()


def test_a_draft_is_of_one_county_and_not_endless(version: Spec[Any, Any, Any]) -> None:
    version.given(DRAFTED).when(draft(county="330105")).then_refused(refused.AnotherCounty)
    many = tuple(aside(f"#{number}") for number in range(AREAS_MAX + 1))
    version.when(draft(waiting=many)).then_refused(refused.DraftTooLarge)


STEPS = st.sampled_from([
    draft(area(GRID)), draft(area(OTHER), waiting=(aside("#1"),)), DropFeature(key="#1", reason="错", dropped_at=AT),
    ProposeGrids(problems=0, proposed_at=AT), ReturnGrids(reason="再改", returned_at=AT),
    ApproveGrids(effective_on=TODAY + DAY, today=TODAY, approved_at=AT),
    WithdrawGrids(reason="不用", today=TODAY, withdrawn_at=AT), RecordRedraw(on=TODAY, redraw=NOTHING_MOVED),
])  # fmt: skip
OF_A_STATE = frozenset({
    refused.VersionNotDrafted, refused.VersionProposed, refused.VersionNotProposed, refused.VersionAlreadyApproved,
    refused.VersionNotApproved, refused.VersionWithdrawn,
})  # fmt: skip


@given(st.lists(STEPS, max_size=12))
def test_what_a_screen_says_of_a_version_is_what_the_decider_does(commands: list[Any]) -> None:
    state = walk(GRID_VERSION, hindrance, commands, OF_A_STATE)
    assert not isinstance(state, Proposed) or state.areas


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("33010610900100", CodeMalformed),
        ("33010610900100A", CodeMalformed),
        ("330105109001001", CountyForeign),
        ("330106999001001", TownNotInCounty),
        ("330106109000001", CommunityNumberZero),
        ("330106109001000", SequenceZero),
        ("330106109001001", None),
        ("330106109001", None),
    ],
)
def test_a_code_says_county_town_community_and_number(code: str, why: type[Refusal] | None) -> None:
    problem = code_problem(code, "330106", {"330106109"})
    assert problem is None if why is None else type(problem) is why


def fill(person: str, from_on: date, post: Post = Post.OFFICER, code: str = GRID) -> FillPost:
    return FillPost(code=code, post=post, person=person, from_on=from_on, filled_at=AT)


def filled(person: str, from_on: date, post: Post = Post.OFFICER) -> PostFilled:
    return PostFilled(code=GRID, post=post, person=person, from_on=from_on, filled_at=AT)


def test_whoever_comes_next_ends_the_tenure_before(posts: Spec[Any, Any, Any]) -> None:
    ended = PostVacated(
        code=GRID, post=Post.OFFICER, person="甲", from_on=TODAY, last_on=TODAY + 4 * DAY, vacated_at=AT
    )
    held = posts.given(filled("甲", TODAY))
    held.when(fill("乙", TODAY + 5 * DAY)).then(ended, filled("乙", TODAY + 5 * DAY))
    held.when(fill("甲", TODAY + 5 * DAY)).then()
    held.when(fill("乙", TODAY)).then_refused(TenureBeforeLast)
    held.given(ended).when(fill("甲", TODAY + 9 * DAY)).then(filled("甲", TODAY + 9 * DAY))


def test_posts_are_filled_by_fitting_people(posts: Spec[Any, Any, Any]) -> None:
    held = posts.given(filled("甲", TODAY))
    held.when(fill("甲", TODAY, Post.DEPUTY)).then_refused(OfficerIsDeputy)
    posts.when(fill("甲", TODAY, Post.COMMUNITY_LEADER)).then_refused(PostOfCommunity)
    posts.when(fill("甲", TODAY, Post.OFFICER, COMMUNITY)).then_refused(PostOfCommunity)
    posts.when(fill(" ", TODAY)).then_refused(PersonMissing)
    posts.when(VacatePost(code=GRID, post=Post.DEPUTY, last_on=TODAY, vacated_at=AT)).then_refused(PostVacant)
    held.when(VacatePost(code=GRID, post=Post.OFFICER, last_on=TODAY - DAY, vacated_at=AT)).then_refused(
        VacatedBeforeBegun
    )


fills = st.builds(
    fill, st.sampled_from("甲乙丙"), st.integers(0, 30).map(lambda days: TODAY + days * DAY),
    st.sampled_from([Post.OFFICER, Post.DEPUTY]),
)  # fmt: skip
vacancies = st.builds(
    VacatePost, code=st.just(GRID), post=st.sampled_from([Post.OFFICER, Post.DEPUTY]),
    last_on=st.integers(0, 30).map(lambda days: TODAY + days * DAY), vacated_at=st.just(AT),
)  # fmt: skip


@given(st.lists(fills | vacancies, max_size=20))
def test_on_no_day_does_a_grid_have_two_officers_or_an_officer_who_is_her_own_deputy(commands: list[Any]) -> None:
    state: Posts = GRID_POST.initial
    for command in commands:
        try:
            state = GRID_POST.fold(GRID_POST.decide(command, state), state)
        except Refusal:
            continue
    for days in range(32):
        on = [one for one in state.tenures if one.is_on(TODAY + days * DAY)]
        assert len({one.post for one in on}) == len(on)
        assert len({one.person for one in on}) == len(on)
