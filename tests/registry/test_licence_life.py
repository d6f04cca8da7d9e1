"""A licence's life over HTTP: admission that explains itself, changes, annual check, and an end that pays families."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from mingjing_contracts.funds import CustodyAccountActivatedV1, LiabilityStatedV1
from mingjing_contracts.inspection import VisitReportedV1
from registry.conftest import NOW, Caller, World
from registry.licence_story import CONTENT, SITE_CHECK, TERMS
from registry.test_available_actions import actions, kind
from registry.test_grounds import FILE, MUDUO_ID

PATH = f"/institutions/{MUDUO_ID}"
NEW = {
    "name": "杭州新芽编程培训有限公司",
    "uscc": "91330106MA00001B3D",
    "items": "编程",
    "nature": "营利性",
    "address": "西湖区留下街道文三路1号",
}
DAY = date(2026, 7, 1)


def account() -> CustodyAccountActivatedV1:
    return CustodyAccountActivatedV1(
        account_id=UUID(int=1), institution_id=MUDUO_ID, bank="湖畔商业银行", account_name="专户", opened_on=DAY
    )


async def done(caller: Caller, path: str, body: Any = None) -> dict[str, Any]:
    answer = await caller.post(path, body)
    assert answer.status_code == 200, (path, answer.text)
    return dict(answer.json())


async def refused(caller: Caller, path: str, body: Any = None) -> str:
    answer = await caller.post(path, body)
    assert answer.status_code >= 400, (path, answer.text)
    said = answer.json()
    assert any("\u4e00" <= letter <= "\u9fff" for letter in said["detail"] + said["title"])
    return kind(said)


async def test_from_a_draft_to_a_licence_the_rules_say_what_they_saw(world: World) -> None:
    clerk = world.caller("licensing-officer", own="science")
    chief = world.caller("licensing-officer", own="science", subject="chief")
    approver = world.caller("approver")
    path = f"/institutions/{(await clerk.post('/institutions', NEW)).json()['institution_id']}"
    sparse = CONTENT | {"staff": None}
    await done(clerk, f"{path}/licence/draft", sparse)
    assert await refused(clerk, f"{path}/licence/application", {"profile": {}}) == "application-incomplete"
    await done(clerk, f"{path}/licence/application", sparse)
    await done(clerk, f"{path}/licence/acceptance")
    assert await refused(clerk, f"{path}/licence/signature", TERMS) == "site-check-missing"
    await done(clerk, f"{path}/licence/site-checks", SITE_CHECK)
    said = await clerk.get(f"{path}/admission-checks")
    by_rule = {check["rule"]: check for check in said["checks"]}
    assert said["unmet"] == ["R7", "R8", "R9"]
    assert by_rule["R6"]["seen"] == "86 m² measured for 20 students; at least 6000 dm²"
    assert (by_rule["R1"]["outcome_zh"], by_rule["R1"]["may_be_waived"]) == ("不适用", False)
    assert by_rule["R17"]["seen_zh"] == "2026-07-01 受理，2026-10-01 前决定"

    assert (await actions(chief, path))["approve-licence"]["why_not"]["type"].endswith("first-signature-missing")
    await done(clerk, f"{path}/licence/signature", TERMS)
    assert await refused(clerk, f"{path}/licence/approval") == "admission-unmet"
    assert await refused(chief, f"{path}/licence/approval") == "admission-unmet"
    assert await refused(clerk, f"{path}/licence/waivers", {"rule": "R7", "reason": "试点"}) == "outside-scope"
    assert await refused(approver, f"{path}/licence/waivers", {"rule": "R1", "reason": "试点"}) == "rule-never-waived"
    for rule in said["unmet"]:
        await done(approver, f"{path}/licence/waivers", {"rule": rule, "reason": "名单已另行核对"})
    assert await refused(clerk, f"{path}/licence/approval") in ("signatures-missing", "other-person-must")
    await done(chief, f"{path}/licence/approval")
    clerk.position = chief.position
    seen = await clerk.get(f"{path}/dossier")
    assert (seen["licence_state"], seen["profile"]["organizer"]) == ("licensed", "新芽文化有限公司")
    assert seen["application"]["waivers"]["R7"]["reason"] == "名单已另行核对"
    (row,) = (await clerk.get("/dossiers", application_state="approved"))["items"]
    assert (row["modes"], row["operation_state"]) == (["offline"], "preparing")
    await done(clerk, f"{path}/operation/beginning", {"reason": "开课"})
    (row,) = (await clerk.get("/dossiers", operation_state="operating"))["items"]
    assert (
        await refused(clerk, f"{path}/profile", CONTENT["profile"] | {"organizer": "别人"}) == "change-needs-approval"
    )
    assert (await world.replayed()).differences == 0


async def test_a_change_waits_for_another_officer_and_a_conversion_moves_the_file(world: World) -> None:
    clerk, chief = world.caller("licensing-officer"), world.caller("licensing-officer", subject="chief")
    await clerk.send(FILE.encode(), "名单.csv")
    rename = {"number": "变1", "kind": "name", "name": "杭州新铎堂书画培训学校有限公司", "reason": "更名"}
    await done(clerk, f"{PATH}/changes", rename)
    assert (await clerk.get(PATH))["name"] != rename["name"]
    (row,) = (await clerk.get("/dossiers", change_kind="name"))["items"]
    assert row["change_number"] == "变1"
    said = (await actions(clerk, PATH))["approve-change"]["why_not"]
    assert kind(said) == "other-person-must"
    decision = {"decision_reference": "西教变〔2026〕1号"}
    assert await refused(clerk, f"{PATH}/changes/变1/approval", decision) == "other-person-must"
    assert (await actions(chief, PATH))["approve-change"]["available"]
    await done(chief, f"{PATH}/changes/变1/approval", decision)
    clerk.position = chief.position
    (found,) = (await clerk.get("/institutions", search="木铎轩"))["items"]
    assert found["name"] == rename["name"]
    convert = {"number": "变2", "kind": "category", "categories": ["technology"], "reason": "转型"}
    await done(clerk, f"{PATH}/changes", convert)
    await done(chief, f"{PATH}/changes/变2/approval", decision)
    clerk.position = chief.position
    assert (await clerk.get(PATH))["department"] == "science"
    back = {"number": "变3", "kind": "category", "categories": ["subject"], "reason": "转学科"}
    assert await refused(clerk, f"{PATH}/changes", back) == "subject-licences-closed"
    assert (await world.replayed()).differences == 0


async def test_a_rectification_and_a_failed_check_keep_it_off_the_whitelist(world: World) -> None:
    clerk, chief = world.caller("licensing-officer"), world.caller("licensing-officer", subject="chief")
    await clerk.send(FILE.encode(), "名单.csv")
    await world.tell(account())
    notice = {"reference": "改1", "served_on": "2026-07-01", "matter": "超范围培训", "legal_basis": "第六十二条"}
    await done(clerk, f"{PATH}/licence/rectification", notice | {"deadline": "2026-07-31"})
    (left,) = (await clerk.get("/whitelist", is_listed=False))["items"]
    assert left["reason"] == "under-rectification"
    assert (await clerk.get(PATH))["licence_state"] == "rectifying"
    await done(clerk, f"{PATH}/licence/rectification/end", {"passed": True, "reference": "复1", "reason": "已整改"})
    assert (await clerk.get(PATH))["is_white"]

    year = f"{PATH}/annual-checks/2026"
    report = {"reference": "年报1", "students": 80, "staff": 9, "income_fen": 1_000_000, "refunds_fen": 0}
    await done(clerk, f"{year}/opening", {"due_on": "2026-09-30"})
    await done(clerk, f"{year}/report", report)
    await done(clerk, f"{year}/review", {"proposed": "fail", "findings": "账目不清"})
    result = {"result": "fail", "reason": "账目不清", "rectify_until": "2026-10-31"}
    assert await refused(clerk, f"{year}/result", result) == "other-person-must"
    await done(chief, f"{year}/result", result)
    clerk.position = chief.position
    (row,) = (await clerk.get("/dossiers", check_year=2026, recruitment_restricted=True))["items"]
    assert (row["check_state"], row["check_result"]) == ("decided", "fail")
    assert not (await clerk.get(PATH))["is_white"]
    await done(chief, f"{year}/recheck", {"result": "pass", "reason": "已改正"})
    clerk.position = chief.position
    assert (await clerk.get(PATH))["is_white"]
    assert (await world.replayed()).differences == 0


async def test_who_gives_up_pays_families_first_and_funds_says_when_they_are_paid(world: World) -> None:
    clerk = world.caller("licensing-officer")
    approver = world.caller("approver")
    await clerk.send(FILE.encode(), "名单.csv")
    stop = {"reference": str(UUID(int=7)), "reason": "人去楼空"}
    assert await refused(approver, f"{PATH}/operation/stop", stop) == "stop-not-founded"
    visit = VisitReportedV1(
        visit_id=UUID(int=7), institution_id=MUDUO_ID, site_id=UUID(int=8), task_id=None, outcome="DOOR_CLOSED",
        failed=(), vetoes=(), region="330106109", visited_at=NOW,
    )  # fmt: skip
    await world.tell(visit, visit)
    assert (await clerk.get(f"{PATH}/dossier"))["operation"]["state"] == "operating"
    await done(approver, f"{PATH}/operation/stop", stop)
    plan = {"notice_reference": "公告1", "noticed_on": "2026-06-01", "ends_on": "2026-07-01", "liquidator": "清算组"}
    assert await refused(clerk, f"{PATH}/operation/closing", plan | {"ends_on": "2026-06-30"}) == "notice-too-short"
    await done(clerk, f"{PATH}/operation/closing", plan)
    refunds = f"{PATH}/operation/closing/student-refunds"
    assert await refused(clerk, refunds, {"reference": "付1"}) == "liability-unknown"
    await world.tell(LiabilityStatedV1(institution_id=MUDUO_ID, unconsumed_fen=5_00, on=DAY))
    assert await refused(clerk, refunds, {"reference": "付1"}) == "families-still-owed"
    giving_up = {"application_reference": "申1", "public_notice_reference": "公告1", "reason": "停办"}
    assert await refused(clerk, f"{PATH}/licence/cancellation", giving_up) == "families-still-owed"
    await done(clerk, f"{PATH}/liability/question")
    daily = world.host.duties["liability-questions"]
    nobody = "nobody is closing down of whom funds was not asked today"
    assert await daily.do(DAY) == nobody, "the closing asked already"
    tomorrow = DAY + timedelta(days=1)
    assert await daily.do(tomorrow) == "funds was asked about 1"
    assert await daily.do(tomorrow) == nobody
    await world.tell(LiabilityStatedV1(institution_id=MUDUO_ID, unconsumed_fen=0, on=DAY))
    wages, debts = f"{PATH}/operation/closing/wages", f"{PATH}/operation/closing/other-debts"
    assert await refused(clerk, wages, {"reference": "付2"}) == "closing-out-of-order"
    for step in (refunds, wages, debts):
        await done(clerk, step, {"reference": "付1"})
    await done(clerk, f"{PATH}/licence/cancellation", giving_up)
    await done(clerk, f"{PATH}/operation/end", {"reason": "清算完毕"})
    seen = await clerk.get(f"{PATH}/dossier")
    assert (seen["licence_state"], seen["operation"]["state"]) == ("cancelled", "closed")
    assert await daily.do(tomorrow + timedelta(days=1)) == nobody, "nothing is left to ask"
    assert (await clerk.get("/divisions/330103"))["successors"] == ["330105"]
    assert (await world.replayed()).differences == 0


async def test_who_is_licensed_to_teach_online_only_gets_no_site(world: World) -> None:
    clerk = world.caller("licensing-officer")
    await clerk.send(FILE.encode(), "名单.csv")
    stated = {"address": "西湖区留下街道文三路1号", "area_m2": 86}
    site = (await clerk.post(f"{PATH}/sites", stated)).json()
    await done(clerk, f"{PATH}/profile", {"modes": ["online"]})
    assert await refused(clerk, f"{PATH}/sites", stated) == "site-of-online-licence"
    signed = await clerk.post(f"/sites/{site['site_id']}/signature", {"site_check_reference": "K2"})
    assert (signed.status_code, kind(signed.json())) == (409, "site-of-online-licence")
    assert signed.json()["detail"] == "该机构仅获准线上培训，不设教学点。"
