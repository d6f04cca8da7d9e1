"""The score: symmetric, bounded, certain of itself, and the sum of what its lines add."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from mingjing_registry.api.likeness_words import FIELDS, FINDINGS
from mingjing_registry.matching.finder import Finder
from mingjing_registry.matching.growing import Growing
from mingjing_registry.matching.numbers import POINTS_MAX, MatchNumbers
from mingjing_registry.matching.scoring import likeness
from mingjing_registry.matching.traits import Kind, Traits

NUMBERS = MatchNumbers()
brands = st.text(st.sampled_from("明德启航木铎轩羲和园星光"), min_size=1, max_size=4)
names = st.builds(
    lambda place, brand, which, trade, form: place + brand + which + trade + form,
    st.sampled_from(["", "杭州", "杭州西湖区", "南京"]), brands, st.sampled_from(["", "第一", "第二", "(城西校区)"]),
    st.sampled_from(["书画", "英语", "舞蹈", "科技"]), st.sampled_from(["培训学校", "培训中心", "有限公司", ""]),
)  # fmt: skip
addresses = st.builds(
    lambda county, road, house, room: f"{county}{road}{house}号{room}室",
    st.sampled_from(["西湖区", "杭州市拱墅区", ""]), st.sampled_from(["文一路", "莲花街"]),
    st.integers(1, 3), st.integers(101, 103),
)  # fmt: skip
digests = st.dictionaries(
    st.sampled_from(list(Kind)), st.dictionaries(st.sampled_from("abc"), st.just("***"), max_size=2), max_size=4
)
traits = st.builds(
    Traits, names=st.lists(names | st.text(max_size=8), max_size=3).map(tuple),
    region=st.sampled_from(["", "330106", "330106109", "330105", "320102"]),
    category=st.sampled_from(["", "art", "sport"]),
    addresses=st.lists(addresses | st.text(max_size=12), max_size=2).map(tuple), digests=digests,
)  # fmt: skip


@settings(deadline=None)  # the first example reads the tables
@given(traits, traits)
def test_the_score_is_symmetric_bounded_and_the_sum_of_its_lines(one: Traits, other: Traits) -> None:
    here, there = likeness(one, other, NUMBERS), likeness(other, one, NUMBERS)
    assert here.score == there.score == sum(line.adds for line in here.lines)
    assert 0 <= here.score <= POINTS_MAX
    assert here.fingerprint == there.fingerprint
    assert [(line.field, line.here, line.there) for line in here.lines] == [
        (line.field, line.there, line.here) for line in there.lines
    ]


@given(traits)
def test_who_states_the_same_is_the_same(one: Traits) -> None:
    again = Traits(
        names=one.names, region=one.region, category=one.category, addresses=one.addresses, digests=one.digests
    )
    assert likeness(one, again, NUMBERS).score == POINTS_MAX or not one.names


@given(traits, traits)
def test_every_line_has_its_words(one: Traits, other: Traits) -> None:
    for line in likeness(one, other, NUMBERS).lines:
        assert line.field in FIELDS
        assert (line.field, line.finding) in FINDINGS


@settings(deadline=None)  # the first example reads the tables
@given(st.lists(traits, max_size=12), traits)
def test_the_index_finds_whom_comparing_with_everybody_finds(many: list[Traits], one: Traits) -> None:
    register = {UUID(int=number + 1): each for number, each in enumerate(many)}
    everybody = {id for id, each in register.items() if likeness(one, each, NUMBERS).score >= NUMBERS.threshold}
    found = {each.id for each in Finder(register).like(one, NUMBERS)}
    assert found <= everybody
    # Names that share no sound, and persons who share only a name, lead to nobody: the rest is found.
    led = {id for id in everybody if _leads(one, register[id])}
    assert led <= found


def _leads(one: Traits, other: Traits) -> bool:
    leading = (Kind.CODE, Kind.PERSON, Kind.ACCOUNT, Kind.PHONE)
    return any(one.digests.get(kind, {}).keys() & other.digests.get(kind, {}).keys() for kind in leading)


def school(name: str, **more: object) -> Traits:
    return replace(Traits(names=(name,), region="330106109", category="art"), **more)  # type: ignore[arg-type]


def test_a_new_jacket_is_found_by_sound_by_telephone_and_by_the_room() -> None:
    old = Traits(
        names=("杭州木铎轩书画培训学校有限公司",), region="330106109", category="art",
        addresses=("西湖区三墩镇莲花街123号商铺21号",), digests={Kind.PHONE: {"p": "199****4241"}},
    )  # fmt: skip
    finder = Finder({UUID(int=1): old, UUID(int=2): school("杭州向日葵舞蹈培训学校")})
    for one in (
        school("杭州目铎宣书画培训中心"),
        school("杭州铎木轩书画培训"),
        school("杭州毫不相干舞蹈艺术", digests={Kind.PHONE: {"p": "199****4241"}}),
    ):
        assert [found.id for found in finder.like(one, NUMBERS)] == [UUID(int=1)]
    assert finder.like(school("杭州荻花园舞蹈培训学校"), NUMBERS) == []


def test_sister_schools_and_chains_are_not_one() -> None:
    people = {Kind.PHONE: {"x": "1"}, Kind.PERSON_NAME: {"y": "2"}}
    others = {Kind.PHONE: {"v": "1"}, Kind.PERSON_NAME: {"w": "2"}}
    one = school("杭州木铎轩第一书画培训学校", digests=people)
    assert likeness(one, school("杭州木铎轩第二书画培训学校", digests=others), NUMBERS).score < NUMBERS.threshold
    chain = Traits(names=("南京木铎轩书画培训学校",), region="320102", category="art", digests=others)
    assert likeness(school("杭州木铎轩书画培训学校", digests=people), chain, NUMBERS).score < NUMBERS.threshold


def test_whoever_changed_is_found_as_he_is_and_not_as_he_was() -> None:
    growing, here, there = Growing(), UUID(int=1), UUID(int=2)
    growing.update({here: school("杭州木铎轩书画培训学校"), there: school("杭州向日葵舞蹈培训学校")})
    assert [found.id for found in growing.like(school("杭州木铎轩书画培训学校"), NUMBERS)] == [here]
    growing.update({here: school("杭州荻花园美术培训学校")})
    assert growing.like(school("杭州木铎轩书画培训学校"), NUMBERS) == []
    assert [found.id for found in growing.like(school("杭州荻花园美术培训学校"), NUMBERS)] == [here]
    growing.update({there: None})
    assert growing.like(school("杭州向日葵舞蹈培训学校"), NUMBERS) == []


def test_another_number_is_another_rule() -> None:
    assert MatchNumbers().version == MatchNumbers().version != MatchNumbers(phone=499).version


def test_a_listed_persons_name_is_a_question_in_her_own_county_only() -> None:
    named = {Kind.PERSON_NAME: {"a": "范**"}}
    here = Traits(names=("明德培训学校",), region="330106109", digests=named)
    listed = Traits(names=(), region="330106", digests={Kind.PERSON_NAME: {"a": "blacklisted-1"}}, is_listed=True)
    found = likeness(here, listed, NUMBERS)
    assert [line.finding for line in found.lines] == ["equal-nearby", "listed"]
    assert found.score == NUMBERS.threshold
    assert [each.id for each in Finder({UUID(int=1): listed}).like(here, NUMBERS)] == [UUID(int=1)]
    assert [each.id for each in Finder({UUID(int=1): here}).like(listed, NUMBERS)] == [UUID(int=1)]
    elsewhere = replace(listed, region="330105")
    assert likeness(here, elsewhere, NUMBERS).score < NUMBERS.threshold
    assert Finder({UUID(int=1): elsewhere}).like(here, NUMBERS) == []


def test_an_identity_number_alone_is_enough() -> None:
    numbered = {Kind.PERSON: {"x": "staff-1"}}
    here = Traits(names=("明德培训学校",), region="330106109", digests=numbered)
    barred = Traits(names=(), digests={Kind.PERSON: {"x": "barred-1"}}, is_listed=True)
    (line,) = likeness(here, barred, NUMBERS).lines
    assert (line.field, line.here, line.there, line.adds) == ("person", "staff-1", "barred-1", NUMBERS.person)
