"""Same person, new jacket over HTTP: who applies after a revocation is found, shown, judged, and remembered."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from mingjing_kernel.identifiers import derived_id
from mingjing_registry.domain.likeness import LikenessProposed
from mingjing_registry.domain.matching_run import MatchingRan
from mingjing_registry.domain.staff import subject_of
from mingjing_registry.intake.matching_duty import MatchingDuty
from mingjing_registry.matching.numbers import MatchNumbers
from registry.conftest import Caller, World
from registry.listing import Listed
from registry.test_api import HEADER, JIRANG_ROW
from registry.test_blacklist import WITHDRAWAL
from registry.test_grounds import FILE, MUDUO_ID, PENALTY
from registry.test_rules_and_deadlines import put

NEW = {
    "name": "杭州目铎轩书画培训中心",
    "uscc": "",
    "items": "书法",
    "legal_representative": "范杰俊",
    "phone": "19900004241",
    "address": "西湖区三墩镇莲花街123号商铺21号",
}
MANAGER = "11010519491231002X"
"""The standard's own sample."""
JUDGED = {"is_same": True, "reason": "经核身份证件属同一人"}
REVOCATION = PENALTY | {"hearing_notice_reference": "西教听〔2026〕1号"}


def matching(world: World) -> MatchingDuty:
    """The duty of this process."""
    found = world.host.duties["matching"]
    assert isinstance(found, MatchingDuty)
    return found


def code(organisation: str) -> str:
    """A credit code whose check digit is right."""
    charset = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    body = f"91330106{organisation}"
    total = sum(charset.index(one) * pow(3, at, 31) for at, one in enumerate(body))
    return body + charset[(31 - total % 31) % 31]


async def register(clerk: Caller) -> str:
    """A new institution; its id."""
    answer = await clerk.post("/institutions", NEW | {"uscc": code("MA00002B6")})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["institution_id"])


@pytest.fixture(name="clerk")
async def make_clerk(world: World) -> Caller:
    """Of a county in which a licence was just revoked."""
    clerk = world.caller("licensing-officer")
    await clerk.send(FILE.encode(), "名单.csv")
    revoked = await world.caller("approver").post(f"/institutions/{MUDUO_ID}/licence/revocation", REVOCATION)
    assert revoked.status_code == 200, revoked.text
    return clerk


async def only(clerk: Caller, path: str = "/likenesses", **params: Any) -> dict[str, Any]:
    """The one item of a list."""
    (item,) = (await clerk.get(path, **params))["items"]
    return dict(item)


async def look(world: World, clerk: Caller) -> None:
    """What the duty does within seconds."""
    await matching(world).look()
    clerk.position = str(await world.host.log.head())


async def move_in(clerk: Caller, institution: str) -> None:
    """It wants to teach where the other one taught."""
    answer = await clerk.post(f"/institutions/{institution}/sites", {"address": NEW["address"], "area_m2": 200})
    assert answer.status_code < 300, answer.text


async def test_a_new_jacket_is_shown_on_the_application_with_its_reasons(world: World, clerk: Caller) -> None:
    institution = await register(clerk)
    await move_in(clerk, institution)
    await look(world, clerk)
    found = await only(clerk, f"/institutions/{institution}/likenesses")
    assert (found["former_id"], found["grounds"], found["state"]) == (str(MUDUO_ID), ["revoked"], "open")
    assert found["score"] == sum(line["adds"] for line in found["lines"]) == 1_000
    lines = {line["field"]: line for line in found["lines"]}
    assert (lines["phone"]["here"], lines["phone"]["sentence_zh"]) == ("199****4241", "电话相同")
    assert lines["person-name"]["here"] == "范**"
    assert (lines["name"]["finding"], lines["address"]["finding"]) == ("alike", "same-room")
    # Both sides show it; nothing else happened to the applicant.
    assert (await only(clerk, f"/institutions/{MUDUO_ID}/likenesses"))["institution_id"] == institution
    assert (await clerk.get(f"/institutions/{institution}"))["licence_state"] == "no-licence"
    exported = await clerk.read("/likenesses", format="csv")
    assert "疑似原机构" in exported.text


async def test_a_judgement_is_remembered_until_facts_change_and_is_reversible(world: World, clerk: Caller) -> None:
    institution = await register(clerk)
    await look(world, clerk)
    likeness = (await only(clerk))["likeness_id"]
    path = f"/likenesses/{likeness}"
    judged = await clerk.post(f"{path}/judgement", {"is_same": False, "reason": "房东转租，两家无关"})
    assert judged.status_code == 200, judged.text
    assert (await only(clerk, state="not-same"))["judged_by"] == "licensing-officer"
    assert (await clerk.post(f"/institutions/{institution}/comparison")).json()["proposed"] == 0
    assert (await clerk.get("/likenesses"))["items"] == []

    withdrawn = await clerk.post(f"{path}/judgement/withdrawal", {"reason": "查到同一账户"})
    assert withdrawn.status_code == 200, withdrawn.text
    assert (await only(clerk))["is_same"] is None
    assert (await clerk.post(f"{path}/judgement", {"is_same": False, "reason": "再查仍无关"})).status_code == 200
    await move_in(clerk, institution)
    compared = await clerk.post(f"/institutions/{institution}/comparison")
    assert compared.json()["proposed"] == 1, "other facts, another question"
    facts = [fact.event for fact in await world.host.log.read(0, 1_000) if fact.stream.startswith("likeness-")]
    assert sum(isinstance(fact, LikenessProposed) for fact in facts) == 2
    assert (await world.replayed()).differences == 0


async def test_who_may_judge_and_who_may_not(world: World, clerk: Caller) -> None:
    await register(clerk)
    await look(world, clerk)
    path = f"/likenesses/{(await only(clerk))['likeness_id']}"
    actions = (await clerk.get(f"{path}/available-actions"))["actions"]
    assert {action["act"] for action in actions if action["available"]} == {"judge-likeness"}
    body = {"is_same": True, "reason": "同一举办者"}
    for other in (world.caller("inspector"), world.caller("licensing-officer", region="330108")):
        assert (await other.post(f"{path}/judgement", body)).status_code == 403
    elsewhere = world.caller("licensing-officer", region="330108")
    assert (await elsewhere.get("/likenesses"))["items"] == []
    assert (await elsewhere.read(f"{path}/available-actions")).status_code == 404
    unknown = derived_id("likeness", "nobody")
    assert (await clerk.post(f"/likenesses/{unknown}/judgement", body)).status_code == 404
    assert (await clerk.post(f"{path}/judgement", body | {"reason": " "})).status_code == 422


async def test_a_night_says_what_it_did_or_why_nothing(world: World, clerk: Caller) -> None:
    duty = matching(world)
    await register(clerk)
    ran = await duty.step()
    assert isinstance(ran, MatchingRan)
    assert (ran.looked_at, ran.proposed, ran.rule_version) == (2, 1, MatchNumbers().version)
    assert await duty.step() is None, "one a day"
    other = MatchingDuty(world.host)
    other.matcher.numbers = MatchNumbers(phone=499)
    again = await other.step()
    assert again is not None
    assert (again.looked_at, again.because) == (2, "the rule is new: everybody was compared")
    third = MatchingDuty(world.host)
    third.matcher.numbers = MatchNumbers(phone=499)
    assert (await third.look_at_news()).looked_at == 0
    started = await third.recall()
    assert started is not None, "a process that has just started reads the record"
    assert (started.on, started.said) == (again.on, f"2 compared, {again.proposed} proposed, 0 lapsed; {again.because}")
    assert "0 compared" not in await third.do(ran.on), "the day has its run: it tells what that came to"


async def adopt_threshold(world: World, number: int, region: str, show: int) -> None:
    """A policy of one region."""
    path = f"/policies/matching/versions/{UUID(int=number)}"
    wanted = {
        "numbers": {"show": show}, "region": region, "effective_on": "2026-07-01", "legal_basis": "本区办法",
        "reason": "试行",
    }  # fmt: skip
    assert (await put(world.caller("approver", region="33"), path, wanted)).status_code == 200
    assert (await world.caller("administrator", region="33").post(f"{path}/approval")).status_code == 201


async def test_the_threshold_is_that_of_the_place_where_the_present_one_is(world: World, clerk: Caller) -> None:
    """A county that wants certainty is shown nothing less; what another place wants is none of its business."""
    await adopt_threshold(world, 1, "330106", 1_000)
    await adopt_threshold(world, 2, "330108", 100)
    other = {"phone": "19900009999", "legal_representative": "王小明", "address": "西湖区三墩镇莲花街1号"}
    answer = await clerk.post("/institutions", NEW | other | {"uscc": code("MA00002B6")})
    assert answer.status_code == 201, answer.text
    ran = await matching(world).step()
    assert ran is not None
    assert (ran.looked_at, ran.proposed) == (2, 0)
    numbers = matching(world).matcher.numbers
    assert (numbers.threshold, numbers.places) == (100, (("", "*", 500), ("330106", "*", 1_000), ("330108", "*", 100)))
    assert ran.rule_version == numbers.version != MatchNumbers().version, "another threshold is another rule"
    await adopt_threshold(world, 3, "330106", 300)
    again = await matching(world).step()
    assert again is not None
    assert (again.looked_at, again.proposed) == (2, 1)
    (proposed,) = [one for one in await world.host.log.read(0, 1_000) if isinstance(one.event, LikenessProposed)]
    assert 300 <= proposed.event.resemblance.score < 1_000
    assert proposed.meta.reason.endswith(f"threshold by {UUID(int=3)}")


async def test_who_was_blacklisted_without_a_licence_comes_back_until_the_listing_is_annulled(world: World) -> None:
    clerk = world.caller("licensing-officer")
    listed = Listed(world)
    await listed.propose({"organisation": "木铎轩书画社", "code": code("MA00002B6")})
    await listed.go()
    institution = await register(clerk)
    await look(world, clerk)
    found = await only(clerk)
    assert (found["institution_id"], found["former_id"]) == (institution, listed.path.rpartition("/")[2])
    assert (found["grounds"], found["former_name"]) == (["blacklisted"], "木铎轩书画社")
    then = WITHDRAWAL | {"known_on": "2026-06-22"}
    assert (await listed.do(listed.caller("approver"), "withdrawal", then, "2026-06-22")).status_code == 200
    await look(world, clerk)
    assert (await clerk.get("/likenesses"))["items"] == []
    assert (await only(clerk, state="lapsed"))["institution_id"] == institution
    assert (await world.replayed()).differences == 0


async def enrol(clerk: Caller, institution: str, member_id: UUID, name: str = "范杰俊") -> None:
    """Somebody who runs the place."""
    member = {"name": name, "id_number": MANAGER, "work": "management", "is_subject": False, "is_full_time": True,
              "from_on": "2026-06-01"}  # fmt: skip
    path = f"/registry/v1/institutions/{institution}/staff/{member_id}"
    answer = await clerk.client.put(path, headers=clerk.headers, json=member)
    assert answer.status_code == 200, answer.text


async def bar(clerk: Caller, stated_on: str, *entries: dict[str, str]) -> None:
    """The staff blacklist of a day, whole."""
    feed = {"source": "national-platform", "stated_on": stated_on, "is_complete": True, "is_confirmed": True,
            "entries": list(entries)}  # fmt: skip
    answer = await clerk.post("/staff-blacklist/imports", feed)
    assert answer.status_code == 200, answer.text


async def test_people_are_known_again_by_their_identity_numbers(world: World, clerk: Caller) -> None:
    """The same manager as of a revoked institution, and then she is on the staff blacklist herself."""
    answer = await clerk.post(
        "/institutions", {"name": "西湖区羲和篮球俱乐部", "uscc": code("MA00003B1"), "items": "篮球"}
    )
    assert answer.status_code == 201, answer.text
    institution = str(answer.json()["institution_id"])
    await enrol(clerk, institution, UUID(int=71), "化名")
    await enrol(clerk, str(MUDUO_ID), UUID(int=72))
    await look(world, clerk)
    found = await only(clerk)
    assert (found["institution_id"], found["former_id"]) == (institution, str(MUDUO_ID))
    line = next(line for line in found["lines"] if line["field"] == "person")
    assert (line["here"], line["there"]) == (subject_of(UUID(int=71)), subject_of(UUID(int=72)))
    assert MANAGER not in str(found)

    entry = {"source_id": "B3-1", "name": "范杰俊", "id_number": MANAGER, "reason": "虐待儿童",
             "decision_reference": "甲", "barred_on": "2026-06-01"}  # fmt: skip
    await bar(clerk, "2026-06-30", entry)
    await look(world, clerk)
    of_list = next(item for item in (await clerk.get("/likenesses"))["items"] if item["grounds"] == ["staff-blacklist"])
    assert (of_list["institution_id"], of_list["former_name"]) == (institution, "从业人员黑名单人员")
    assert [line["field"] for line in of_list["lines"]] == ["person"]
    assert (await clerk.post(f"/likenesses/{of_list['likeness_id']}/judgement", JUDGED)).status_code == 200
    operator = world.caller("hotline-operator")
    operator.position = clerk.position
    by_number = (await operator.post("/matches/search", {"id_number": MANAGER})).json()["items"]
    assert {item["institution_id"] for item in by_number} == {institution, str(MUDUO_ID)}
    assert MANAGER not in str(by_number)
    await bar(clerk, "2026-07-01")
    await look(world, clerk)
    assert (await world.replayed()).differences == 0


async def test_an_open_one_lapses_when_nothing_speaks_for_it_any_more(world: World, clerk: Caller) -> None:
    await register(clerk)
    await look(world, clerk)
    back = matching(world)
    assert len((await clerk.get("/likenesses"))["items"]) == 1
    back.matcher.numbers = MatchNumbers(phone=1, person_name=1, name_least=1, name_alike=1, name_equal=1)
    ran = await back.step()
    assert ran is not None
    assert (ran.proposed, ran.lapsed) == (0, 1)
    clerk.position = str(await world.host.log.head())
    assert (await only(clerk, state="lapsed"))["former_id"] == str(MUDUO_ID)


async def test_an_operator_finds_whom_a_caller_means(world: World, clerk: Caller) -> None:
    operator = world.caller("hotline-operator")
    operator.position = clerk.position
    found = (await operator.post("/matches/search", {"name": "木夺轩书画"})).json()
    assert [item["institution_id"] for item in found["items"]] == [str(MUDUO_ID)]
    assert found["items"][0]["licence_state"] == "revoked"
    by_phone = (await operator.post("/matches/search", {"phone": "199 0000 4241"})).json()
    assert "19900004241" not in str(by_phone)
    assert [item["institution_id"] for item in by_phone["items"]] == [str(MUDUO_ID)]
    listed = HEADER.replace("年检结论", "专户账号") + JIRANG_ROW.replace(",合格", ",3301061234567890123")
    assert (await clerk.send(listed.encode(), "账户.csv")).status_code == 200
    operator.position = clerk.position
    by_account = (await operator.post("/matches/search", {"account": "33010612 34567890123"})).json()
    assert [item["name"] for item in by_account["items"]] == ["杭州市西湖区击壤屿培训学校"]
    assert "3301061234567890123" not in str(by_account)
    by_address = (
        await operator.post("/matches/search", {"address": "西湖区灵隐街道三墩街573号瑞禾广场A座505室"})
    ).json()
    assert "杭州市西湖区击壤屿培训学校" in [item["name"] for item in by_address["items"]]
    assert (await operator.post("/matches/search", {})).status_code == 422
    elsewhere = world.caller("hotline-operator", region="330108")
    assert (await elsewhere.post("/matches/search", {"name": "木铎轩"})).json()["items"] == []
