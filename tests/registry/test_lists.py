"""Who takes the lists and acknowledges removals; the lists that others keep; the third state of the whitelist."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

import pytest

from mingjing_contracts.registry import BlacklistEndedV1, BlacklistPublishedV1
from mingjing_registry.api.mirror import ENTRIES_MAX
from mingjing_registry.domain.annual_check import RecheckFellDue, RecheckReminded
from mingjing_registry.domain.list_consumer import ConsumerReminded
from mingjing_registry.domain.mirror import StaffBarred
from mingjing_registry.messaging.outbound import OUTBOUND
from registry.conftest import NOW, Caller, World
from registry.listing import Listed
from registry.test_api import MUDUO, MUDUO_ID, MUDUO_ROW, account, file, problem
from registry.test_blacklist import WITHDRAWAL
from registry.test_rules_and_deadlines import put as adopt

CONSUMER = UUID(int=77)
ID_NUMBER = "330106199001011234"
ENTRY = {"source_id": "B-1", "name": "李四光", "id_number": ID_NUMBER, "reason": "猥亵儿童", "barred_on": "2026-01-01"}
PARTY = {"source_id": "S-1", "name": "杭州某某公司", "code": MUDUO, "listed_on": "2026-01-01"}


async def put(caller: Caller, path: str, body: dict[str, Any]) -> Any:
    answer = await caller.client.put(f"/registry/v1{path}", headers=caller.headers, json=body)
    caller.position = answer.headers.get("Mingjing-Position", caller.position)
    return answer


async def listing(world: World) -> Listed:
    answer = await world.caller("licensing-officer").send(file(MUDUO_ROW), "名单.csv")
    assert answer.status_code == 200, answer.text
    await world.tell(account())
    found = Listed(world)
    await found.propose({"institution_id": str(MUDUO_ID)})
    await found.go()
    return found


async def test_a_removal_is_chased_until_the_consumer_has_acknowledged_it(world: World) -> None:
    clerk = world.caller("licensing-officer")
    platform = {
        "kind": "platform", "name": "缴费平台", "contact": "运营部", "organisation": "platform-1",
        "lists": ["black", "white"],
    }  # fmt: skip
    assert (await put(clerk, f"/feeds/consumers/{CONSUMER}", platform)).status_code == 200
    listed = await listing(world)
    clerk.position = str(await world.host.log.head())
    feed = await clerk.get("/feeds/lists")
    assert [(one["list"], one["movement"], one["code"]) for one in feed["items"]] == [
        ("white", "entered", MUDUO), ("black", "entered", MUDUO), ("white", "left", MUDUO),
    ]  # fmt: skip
    assert feed["items"][2]["reason"] == "blacklisted"
    assert feed["items"][0]["proof"].endswith(f"position={feed['items'][0]['position']}")
    (exit_,) = (await clerk.get("/feeds/unacknowledged"))["items"]
    assert (exit_["list"], exit_["thing_id"], exit_["removed_on"]) == ("white", str(MUDUO_ID), "2026-06-19")

    signing = listed.caller("approver")
    then = WITHDRAWAL | {"known_on": "2026-06-22"}
    assert (await listed.do(signing, "withdrawal", then, "2026-06-22")).status_code == 200
    clerk.position = signing.position
    again = await clerk.get("/feeds/lists")
    assert [(one["list"], one["movement"], one["code"]) for one in again["items"]] == [
        ("white", "entered", MUDUO), ("white", "left", MUDUO), ("black", "left", ""), ("white", "entered", MUDUO),
    ]  # fmt: skip
    assert again["items"][1]["reason"] == "blacklist-ended"
    rest = await clerk.get("/feeds/lists", after=feed["position"], list="black")
    assert [one["thing_id"] for one in rest["items"]] == [listed.path.rpartition("/")[2]]
    owed = (await clerk.get("/feeds/unacknowledged"))["items"]
    assert [(one["list"], one["name"], one["due_on"], one["is_overdue"]) for one in owed] == [
        ("white", "缴费平台", "2026-06-23", True), ("black", "缴费平台", "2026-06-24", True),
    ]  # fmt: skip
    said = await world.host.duties["list-reminders"].do(NOW.date())
    assert said == "1 reminded, of 1 that owe an acknowledgement"
    (reminder,) = [one for one in await world.host.log.read(0, 1_000) if isinstance(one.event, ConsumerReminded)]
    assert (reminder.event.owed, reminder.event.due_on) == (2, date(2026, 6, 23))
    assert (reminder.meta.actor, reminder.meta.region) == ("system:list-reminders", "330106")
    assert "nobody reminded" in await world.host.duties["list-reminders"].do(NOW.date())
    assert (await clerk.post("/feeds/reminders")).json()["consumers"] == []
    await settled(world, clerk, again["position"])


async def test_an_exit_from_the_white_list_is_chased_by_the_days_of_the_consumers_region(world: World) -> None:
    clerk = world.caller("licensing-officer")
    bank = {
        "kind": "bank", "name": "托管银行", "contact": "运营部", "organisation": "bank-1", "lists": ["white"],
    }  # fmt: skip
    school = bank | {"kind": "school", "name": "某小学", "organisation": "school-1", "lists": ["black"]}
    assert (await put(clerk, f"/feeds/consumers/{CONSUMER}", bank)).status_code == 200
    assert (await put(clerk, f"/feeds/consumers/{UUID(int=78)}", school)).status_code == 200
    await clerk.send(file(MUDUO_ROW), "名单.csv")
    await world.tell(account())
    assert "nobody owes" in await world.host.duties["list-reminders"].do(NOW.date())
    failed = await clerk.post(f"/institutions/{MUDUO_ID}/annual-check", {"result": "fail"}, reason="年检")
    assert failed.status_code == 200, failed.text
    (owed,) = (await clerk.get("/feeds/unacknowledged"))["items"]
    assert (owed["name"], owed["list"], owed["due_on"], owed["is_overdue"]) == (
        "托管银行", "white", "2026-07-03", False,
    )  # fmt: skip
    version = f"/policies/blacklist/versions/{UUID(int=5)}"
    proposal = {
        "numbers": {"feed-acknowledge-working-days": 1}, "region": "330106", "effective_on": "2026-07-01",
        "legal_basis": "本区办法", "reason": "从快",
    }  # fmt: skip
    assert (await adopt(world.caller("approver"), version, proposal)).status_code == 200
    assert (await world.caller("administrator").post(f"{version}/approval")).status_code == 201
    (sooner,) = (await clerk.get("/feeds/unacknowledged"))["items"]
    assert sooner["due_on"] == "2026-07-02"
    day = date(2026, 7, 3)
    assert await world.host.duties["list-reminders"].do(day) == "1 reminded, of 1 that owe an acknowledgement"


async def settled(world: World, clerk: Caller, position: int) -> None:
    """The platform acknowledges by itself, as what it is; another cannot, and nobody can for what is not written."""
    (consumer,) = (await clerk.get("/feeds/consumers"))["items"]
    assert (consumer["removals_owed"], consumer["reminders"]) == (2, 1)
    path = f"/feeds/consumers/{CONSUMER}/acknowledgements"
    platform = world.caller("list-consumer", organisation="platform-1")
    other = world.caller("list-consumer", organisation="platform-2", subject="other")
    platform.position = other.position = clerk.position
    (own,) = (await platform.get("/feeds/lists"))["consumers"]
    assert (own["consumer_id"], own["removals_owed"], own["reminded_on"]) == (str(CONSUMER), 2, "2026-07-01")
    for anybody in (other, clerk):
        assert (await anybody.get("/feeds/lists"))["consumers"] == []
    institution = world.caller("institution", organisation="platform-1")
    for stranger in (other, institution):
        assert (await stranger.post(path, {"position": position})).status_code == 403
    assert problem(await platform.post(path, {"position": 10**9}))[1] == "nothing-to-acknowledge"
    assert (await platform.post(path, {"position": position})).status_code == 200
    (own,) = (await platform.get("/feeds/lists", after=position))["consumers"]
    assert (own["acknowledged"], own["removals_owed"]) == (position, 0)
    clerk.position = platform.position
    assert (await clerk.get("/feeds/unacknowledged"))["items"] == []
    (consumer,) = (await clerk.get("/feeds/consumers"))["items"]
    assert (consumer["removals_owed"], consumer["acknowledged"]) == (0, position)
    assert (await world.replayed()).differences == 0


async def test_the_staff_blacklist_is_asked_by_number_and_keeps_no_number(world: World) -> None:
    clerk = world.caller("licensing-officer")
    feed = {"source": "国家平台", "stated_on": "2026-06-30", "entries": [ENTRY]}
    for expected in ((1, 0, 0), (0, 1, 0)):
        taken = await clerk.post("/staff-blacklist/imports", feed)
        assert taken.status_code == 200, taken.text
        told = taken.json()
        assert (told["new_or_changed"], told["unchanged"], told["ended"]) == expected
    question = {"id_number": "330106 19900101 1234", "purpose": "拟聘核查"}
    assert (await clerk.post("/staff-blacklist/checks", question)).json()["is_barred"]
    other = {"id_number": "330106199001015678", "purpose": "拟聘核查"}
    assert not (await clerk.post("/staff-blacklist/checks", other)).json()["is_barred"]
    (row,) = (await clerk.get("/staff-blacklist"))["items"]
    assert (row["name"], "identity_digest" in row) == ("李**", False)
    facts = await world.host.log.read(0, 1_000)
    assert sum(isinstance(fact.event, StaffBarred) for fact in facts) == 1
    told = repr([fact.event for fact in facts])
    assert ID_NUMBER not in told
    assert "李四光" not in told
    older = feed | {"stated_on": "2026-06-01"}
    assert problem(await clerk.post("/staff-blacklist/imports", older))[1] == "feed-older"
    emptied = feed | {"stated_on": "2026-07-01", "entries": []}
    refused = await clerk.post("/staff-blacklist/imports", emptied)
    assert problem(refused) == (409, "list-shrunken", "is_confirmed")
    assert "超过一半" in refused.json()["detail"]
    assert (await clerk.post("/staff-blacklist/checks", question)).json()["is_barred"]
    confirmed = emptied | {"is_confirmed": True}
    assert (await clerk.post("/staff-blacklist/imports", confirmed)).json()["ended"] == 1
    assert not (await clerk.post("/staff-blacklist/checks", question)).json()["is_barred"]
    assert (await world.replayed()).differences == 0


async def test_the_market_regulators_list_is_what_its_source_says(world: World) -> None:
    officer = world.caller("case-officer")
    lines = (
        f"编号,企业名称,统一社会信用代码,列入日期\nS-1,杭州某某公司,{MUDUO},2026-01-01\nS-2,另一公司,,2026年2月1日\n"
    )
    path = "/registry/v1/dishonesty-list/files"
    given = {"source": "市场监管", "stated_on": "2026-06-30"}
    headers = officer.headers | {"Idempotency-Key": str(UUID(int=5)), "Content-Type": "application/octet-stream"}
    sent = await officer.client.post(path, params=given, headers=headers, content=lines.encode("gb18030"))
    assert sent.status_code == 200, sent.text
    assert sent.json()["new_or_changed"] == 2
    officer.position = sent.headers["Mingjing-Position"]
    feed = {"source": "市场监管", "stated_on": "2026-07-01", "entries": [PARTY | {"ends_on": "2029-01-01"}]}
    told = (await officer.post("/dishonesty-list/imports", feed)).json()
    assert (told["new_or_changed"], told["ended"]) == (1, 1)
    (row,) = (await officer.get("/dishonesty-list"))["items"]
    assert (row["code"], row["ends_on"], row["stated_on"]) == (MUDUO, "2029-01-01", "2026-07-01")
    assert len((await officer.get("/dishonesty-list", is_live=False))["items"]) == 1
    headers["Idempotency-Key"] = str(UUID(int=6))
    broken = await officer.client.post(
        path, params=given, headers=headers, content="编号,企业名称,列入日期\n9,甲,无\n".encode()
    )
    assert problem(broken)[1] == "list-row-wrong"
    assert (await world.caller("approver", region="330108").post("/dishonesty-list/imports", feed)).status_code == 403


async def test_who_is_on_the_regulators_list_is_weighed_in_licensing(world: World) -> None:
    clerk = world.caller("licensing-officer")
    assert (await clerk.send(file(MUDUO_ROW), "名单.csv")).status_code == 200
    path = f"/institutions/{MUDUO_ID}/admission-checks"

    async def said() -> dict[str, Any]:
        found: dict[str, Any] = await clerk.get(path)
        assert "B2" not in found["unmet"]
        line: dict[str, Any] = found["dishonesty"]
        return line

    assert (await said())["outcome"] == "unknown"
    feed = {"source": "市场监管", "stated_on": "2026-06-30", "entries": [PARTY | {"authority": "市场监管局"}]}
    assert (await clerk.post("/dishonesty-list/imports", feed)).status_code == 200
    line = await said()
    assert (line["outcome"], line["values"]["authority"]) == ("fail", "市场监管局")
    over = feed | {"stated_on": "2026-07-01", "entries": [PARTY | {"ends_on": "2026-06-30"}]}
    assert (await clerk.post("/dishonesty-list/imports", over)).status_code == 200
    assert (await said())["outcome"] == "pass"


async def test_a_file_may_be_longer_than_a_feed_and_a_broken_one_ends_nobody(world: World) -> None:
    officer = world.caller("case-officer")
    path = "/registry/v1/dishonesty-list/files"

    async def sent(count: int, number: int, **more: str) -> Any:
        lines = [f"S-{one},第{one}公司,2026-01-01" for one in range(count)]
        headers = officer.headers | {
            "Idempotency-Key": str(UUID(int=number)), "Content-Type": "application/octet-stream",
        }  # fmt: skip
        given = {"source": "市场监管", "stated_on": "2026-06-30", **more}
        content = "\n".join(["编号,企业名称,列入日期", *lines]).encode()
        return await officer.client.post(path, params=given, headers=headers, content=content)

    whole = await sent(ENTRIES_MAX + 1, 5)
    assert whole.status_code == 200, whole.text
    assert whole.json()["new_or_changed"] == ENTRIES_MAX + 1
    broken = await sent(ENTRIES_MAX // 2, 6)
    assert problem(broken) == (409, "list-shrunken", "is_confirmed")
    part = await sent(ENTRIES_MAX // 2, 7, is_complete="false")
    assert (part.json()["unchanged"], part.json()["ended"]) == (ENTRIES_MAX // 2, 0)
    shorter = await sent(ENTRIES_MAX // 2, 8, is_confirmed="true")
    assert shorter.json()["ended"] == ENTRIES_MAX // 2 + 1


async def restriction_runs_out(world: World, clerk: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    """Reminded of on the last day, noted on the day after; and it stands until somebody checks again."""
    (clock,) = (await clerk.get("/deadlines", rule="recruitment-restriction"))["items"]
    assert (clock["due_on"], clock["id"]) == ("2026-10-31", str(MUDUO_ID))
    keeper = world.host.deadlines
    assert keeper is not None
    for day, done in (("2026-10-30", 0), ("2026-10-31", 1), ("2026-11-01", 1)):
        monkeypatch.setattr(world.host, "now", lambda day=day: datetime.fromisoformat(f"{day}T04:00:00+00:00"))
        assert (await keeper.step()).done == done, day
    monkeypatch.undo()
    noted = [type(one.event) for one in await world.host.log.read(0, 1_000)]
    assert noted[-2:] == [RecheckReminded, RecheckFellDue]
    clerk.position = str(await world.host.log.head())
    (clock,) = (await clerk.get("/deadlines", rule="recruitment-restriction"))["items"]
    assert clock["fired_on"] == "2026-11-01"
    actions = (await clerk.get(f"/institutions/{MUDUO_ID}/available-actions"))["actions"]
    assert {one["act"]: one["due_on"] for one in actions if one["due_on"]} == {"recheck-annual-check": "2026-10-31"}


async def test_under_rectification_is_a_state_of_its_own(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    clerk = world.caller("licensing-officer")
    await clerk.send(file(MUDUO_ROW), "名单.csv")
    await world.tell(account())
    chief, check = world.caller("licensing-officer", subject="chief"), f"/institutions/{MUDUO_ID}/annual-checks/2026"
    report = {"reference": "年报1", "students": 80, "staff": 9, "income_fen": 1_000_000, "refunds_fen": 0}
    assert (await clerk.post(f"{check}/opening", {"due_on": "2026-09-30"})).status_code == 200
    assert (await clerk.post(f"{check}/report", report)).status_code == 200
    assert (await clerk.post(f"{check}/review", {"proposed": "fail", "findings": "账目不清"})).status_code == 200
    failed = {"result": "fail", "reason": "账目不清", "rectify_until": "2026-10-31"}
    assert (await chief.post(f"{check}/result", failed)).status_code == 200
    clerk.position = chief.position
    (row,) = (await clerk.get("/whitelist", rectifying=True))["items"]
    assert (row["is_listed"], row["rectifying"], row["reason"]) == (False, True, "annual-check-failed")
    (found,) = (await clerk.get("/public/institutions", search=MUDUO))["items"]
    assert (found["rectifying"], found["is_white"]) == (True, False)
    assert (found["recruitment_restricted"], found["recruitment_rectify_until"]) == (True, "2026-10-31")
    assert found["recruitment_notice"].startswith("限制招生：2026年度年检不合格，应于2026-10-31前整改")
    assert "账目不清" not in str(found), "an officer's words are not published"
    await restriction_runs_out(world, clerk, monkeypatch)
    alone = await clerk.post(f"/institutions/{MUDUO_ID}/annual-check", {"result": "pass"})
    assert problem(alone)[:2] == (409, "annual-check-failed")
    assert (await chief.post(f"{check}/recheck", {"result": "pass", "reason": "已改正"})).status_code == 200
    clerk.position = chief.position
    (row,) = (await clerk.get("/whitelist"))["items"]
    assert (row["is_listed"], row["rectifying"]) == (True, False)


async def test_others_are_told_of_publication_and_end(world: World) -> None:
    listed = await listing(world)
    assert (await listed.do(listed.caller("approver"), "withdrawal", WITHDRAWAL)).status_code == 200
    facts = await world.host.log.read(0, 1_000)
    told = [OUTBOUND[type(fact.event)](fact) for fact in facts if type(fact.event) in OUTBOUND]
    lists = [one for one in told if isinstance(one, BlacklistPublishedV1 | BlacklistEndedV1)]
    assert [type(one) for one in lists] == [BlacklistPublishedV1, BlacklistEndedV1]
    assert {one.institution_id for one in lists} == {MUDUO_ID}
