"""Credit codes and licence numbers over HTTP: each is one institution's, and what is over still finds it."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from mingjing_kernel.identifiers import derived_id
from mingjing_registry.intake import identifying, importing
from mingjing_registry.intake.port import Registry
from mingjing_registry.sources.register_file import ParsedFile
from registry.conftest import Caller, World
from registry.licence_story import CONTENT, SITE_CHECK, TERMS, licensed
from registry.test_api import JIRANG_ROW, MUDUO, MUDUO_ID, MUDUO_ROW, file
from registry.test_available_actions import actions, kind
from registry.test_licence_life import done, refused

PATH = f"/institutions/{MUDUO_ID}"
CONVERTED = "52330106MJ0000018E"
RIGHT = "91330106MA0000015K"
NUMBER = "教民133010670000016"
CONVERT = {"number": "转1", "kind": "to-non-profit", "reason": "营转非"}
DECISION = {"decision_reference": "西教变〔2026〕2号"}
UNREGISTERED = {
    "name": "杭州新芽编程培训学校",
    "items": "编程",
    "nature": "非营利性",
    "address": "西湖区留下街道文三路1号",
}


async def converted(world: World, code: str = "") -> Caller:
    """The institution of the file, converted to non-profit."""
    clerk, chief = world.caller("licensing-officer"), world.caller("licensing-officer", subject="chief")
    assert (await clerk.send(file(MUDUO_ROW), "名单.csv")).status_code == 200
    await done(clerk, f"{PATH}/changes", CONVERT)
    await done(chief, f"{PATH}/changes/转1/approval", DECISION | {"uscc": code})
    clerk.position = chief.position
    return clerk


async def found(caller: Caller, search: str, path: str = "/institutions") -> list[dict[str, Any]]:
    return list((await caller.get(path, search=search))["items"])


def given(code: str, ground: str, reason: str = "") -> dict[str, str]:
    return {"uscc": code, "ground": ground, "reference": "登记证书1号", "reason": reason}


async def test_a_conversion_brings_a_new_code_and_the_former_one_still_finds_it(world: World) -> None:
    clerk = await converted(world)
    before = f"@{await world.host.log.head()}"
    assert (await clerk.get(PATH))["code_state"] == "due"
    assert [row["uscc"] for row in (await clerk.get("/institutions", code_state="due"))["items"]] == [MUDUO]
    assert await refused(clerk, f"{PATH}/code", given(RIGHT, "conversion")) == "code-contradicts-nature"
    await done(clerk, f"{PATH}/code", given(CONVERTED, "conversion"))
    for search in (MUDUO, CONVERTED, MUDUO.lower()):
        (row,) = await found(clerk, search)
        assert (row["institution_id"], row["uscc"], row["code_state"]) == (str(MUDUO_ID), CONVERTED, "stands")
        world.public.position = clerk.position
        (shown,) = (await clerk.get("/public/institutions", search=search))["items"]
        assert shown["former_codes"] == [{"uscc": MUDUO, "ended_by": "conversion", "until": "2026-07-01"}]
    assert (await clerk.get(PATH, as_of=before))["uscc"] == MUDUO
    told = (await clerk.get(f"{PATH}/timeline"))["items"]
    assert any(MUDUO in one["zh"] and CONVERTED in one["zh"] for one in told)
    assert (await world.replayed()).differences == 0


async def test_a_new_code_makes_no_second_institution_whichever_list_names_it(world: World) -> None:
    clerk = await converted(world, CONVERTED)
    row = MUDUO_ROW.replace(MUDUO, CONVERTED)
    sent = (await clerk.send(file(row), "新.csv")).json()
    assert (sent["counts"]["taken"], sent["kept_aside"]) == (1, [])
    old = (await clerk.send(file(MUDUO_ROW.replace("合格", "基本合格")), "旧.csv")).json()
    assert [remark["code"] for remark in old["remarks"]] == ["former-code"]
    (one,) = (await clerk.get("/institutions"))["items"]
    assert (one["uscc"], one["nature"]) == (CONVERTED, "non_profit")
    again = {"name": "杭州流萤坊美术培训学校", "uscc": CONVERTED, "items": "美术"}
    assert await refused(clerk, "/institutions", again) == "contradicts-register"
    assert (await world.replayed()).differences == 0


async def test_a_list_with_the_code_that_a_conversion_waits_for_is_kept_aside_and_then_taken(world: World) -> None:
    clerk = await converted(world)
    sent = (await clerk.send(file(MUDUO_ROW.replace(MUDUO, CONVERTED)), "新.csv")).json()
    (row_id,) = sent["kept_aside"]
    (aside,) = (await clerk.get("/kept-aside"))["items"]
    assert aside["problems"][-1]["code"] == "code-awaited"
    await done(clerk, f"{PATH}/code", given(CONVERTED, "conversion"))
    await done(clerk, f"/kept-aside/{row_id}/retry")
    assert len((await clerk.get("/institutions"))["items"]) == 1


async def test_a_code_is_given_to_one_institution_whoever_asks_at_the_same_time(world: World) -> None:
    clerk = world.caller("licensing-officer")
    await clerk.send(file(MUDUO_ROW), "名单.csv")
    wrong = "91330106MA0000099A"
    other = {"name": "杭州流萤坊美术培训有限公司", "uscc": _with_check(wrong), "items": "美术"}
    path = f"/institutions/{(await done_at(clerk, other))['institution_id']}"
    body = given(RIGHT, "correction", "录入有误")
    answers = await asyncio.gather(clerk.post(f"{PATH}/code", body), clerk.post(f"{path}/code", body))
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    (taken,) = (answer.json() for answer in answers if answer.status_code == 409)
    assert kind(taken) == "code-taken"
    loser = PATH if answers[0].status_code == 409 else path
    assert await refused(clerk, f"{loser}/code", body) == "code-taken"


async def test_a_code_that_was_typed_wrong_is_free_for_whoever_it_belongs_to(world: World) -> None:
    clerk = world.caller("licensing-officer")
    await clerk.send(file(MUDUO_ROW), "名单.csv")
    assert await refused(clerk, f"{PATH}/code", given(RIGHT, "correction")) == "reason-missing"
    assert await refused(clerk, f"{PATH}/code", given("1", "correction", "错")) == "row-still-wrong"
    await done(clerk, f"{PATH}/code", given(RIGHT, "correction", "录入有误"))
    other = MUDUO_ROW.replace("木铎轩", "流萤坊").replace(NUMBER, "教民133010670000017").replace("范杰俊", "毛涵")
    sent = (await clerk.send(file(other, MUDUO_ROW.replace("书法", "书法、国画")), "二.csv")).json()
    assert sent["kept_aside"] != [], "two rows of one file under one code"
    sent = (await clerk.send(file(other), "三.csv")).json()
    assert sent["kept_aside"] == []
    assert {row["uscc"] for row in (await clerk.get("/institutions"))["items"]} == {MUDUO, RIGHT}
    assert (await world.replayed()).differences == 0


async def done_at(clerk: Caller, body: Any) -> dict[str, Any]:
    answer = await clerk.post("/institutions", body)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def _with_check(code: str) -> str:
    """The code with its right check character (GB 32100)."""
    letters = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    total = sum(letters.index(one) * pow(3, at, 31) for at, one in enumerate(code[:17]))
    return code[:17] + letters[(31 - total % 31) % 31]


async def test_who_first_asks_for_the_licence_needs_no_code(world: World) -> None:
    clerk = world.caller("licensing-officer", own="science")
    assert await refused(clerk, "/institutions", UNREGISTERED | {"nature": ""}) == "row-still-wrong"
    made = await done_at(clerk, UNREGISTERED)
    assert (await done_at(clerk, UNREGISTERED))["institution_id"] == made["institution_id"]
    path = f"/institutions/{made['institution_id']}"
    (waiting,) = (await clerk.get("/institutions", code_state="awaited"))["items"]
    assert (waiting["uscc"], waiting["name"]) == ("", UNREGISTERED["name"])
    by_rule = {one["rule"]: one for one in (await clerk.get(f"{path}/admission-checks"))["checks"]}
    assert (by_rule["R3"]["outcome"], "尚无信用代码" in by_rule["R3"]["seen_zh"]) == ("pass", True)
    await _granted(world, clerk, path)
    assert await refused(clerk, f"{path}/operation/beginning", {"reason": "开课"}) == "code-not-yet-given"
    assert not (await clerk.get(path))["is_white"]
    sent = (await clerk.send(file(f"{UNREGISTERED['name']},{CONVERTED},,,,编程,甲,19900000001,,\n"), "名单.csv")).json()
    assert len(sent["kept_aside"]) == 1, "somebody of this name waits for a code"
    await done(clerk, f"{path}/code", given(CONVERTED, "first"))
    assert await refused(clerk, "/institutions", UNREGISTERED) == "name-has-code"
    await done(clerk, f"{path}/operation/beginning", {"reason": "开课"})
    sent = (await clerk.send(file(f"{UNREGISTERED['name']},{CONVERTED},,,,编程,甲,19900000001,,\n"), "二.csv")).json()
    assert len((await clerk.get("/institutions"))["items"]) == 1
    assert (await world.replayed()).differences == 0


async def _granted(world: World, clerk: Caller, path: str) -> None:
    approver = world.caller("approver")
    await licensed_with(world, clerk, approver, path, TERMS)


async def licensed_with(world: World, clerk: Caller, approver: Caller, path: str, terms: Any) -> None:
    del approver
    for step, body in (("application", CONTENT), ("acceptance", None), ("site-checks", SITE_CHECK)):
        await done(clerk, f"{path}/licence/{step}", body)
    await done(clerk, f"{path}/licence/signature", terms)
    chief = world.caller("licensing-officer", own="science", subject="chief")
    await done(chief, f"{path}/licence/approval")
    clerk.position = chief.position


async def test_a_licence_number_is_one_institutions(world: World) -> None:
    clerk = world.caller("licensing-officer", own="science")
    first = f"/institutions/{(await done_at(clerk, UNREGISTERED))['institution_id']}"
    await licensed(world, clerk, first)
    body = UNREGISTERED | {"name": "杭州流萤坊编程培训学校"}
    second = f"/institutions/{(await done_at(clerk, body))['institution_id']}"
    for step, content in (("application", CONTENT), ("acceptance", None), ("site-checks", SITE_CHECK)):
        await done(clerk, f"{second}/licence/{step}", content)
    answer = await clerk.post(f"{second}/licence/signature", TERMS)
    assert (answer.status_code, kind(answer.json())) == (409, "licence-number-taken")
    assert UNREGISTERED["name"] in answer.json()["detail"]
    await done(clerk, f"{second}/licence/signature", TERMS | {"number": NUMBER})
    await clerk.send(file(MUDUO_ROW), "名单.csv")
    chief = world.caller("licensing-officer", own="science", subject="chief")
    chief.position = clerk.position
    assert kind((await actions(chief, second))["approve-licence"]["why_not"]) == "licence-number-taken"
    assert await refused(chief, f"{second}/licence/approval") == "licence-number-taken"


async def test_two_grants_of_one_number_at_the_same_time_are_one(world: World) -> None:
    clerk = world.caller("licensing-officer", own="science")
    paths = []
    for name in ("甲芽", "乙芽", "丙芽"):
        body = UNREGISTERED | {"name": f"杭州{name}编程培训学校"}
        paths.append(f"/institutions/{(await done_at(clerk, body))['institution_id']}")
    for path in paths:
        for step, content in (("application", CONTENT), ("acceptance", None), ("site-checks", SITE_CHECK)):
            await done(clerk, f"{path}/licence/{step}", content)
        await done(clerk, f"{path}/licence/signature", TERMS)
    chief = world.caller("licensing-officer", own="science", subject="chief")
    answers = await asyncio.gather(*(chief.post(f"{path}/licence/approval") for path in paths))
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409]


async def test_of_two_lists_at_the_same_time_one_gives_the_number(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    clerk, other = world.caller("licensing-officer"), world.caller("licensing-officer", subject="other")
    asked = identifying.identified

    async def overtaken(registry: Registry, parsed: ParsedFile) -> ParsedFile:
        """The other list is taken whole between the question and the first row of this one."""
        answer = await asked(registry, parsed)
        monkeypatch.setattr(importing, "identified", asked)
        await other.send(file(MUDUO_ROW), "一.csv")
        return answer

    monkeypatch.setattr(importing, "identified", overtaken)
    stolen = JIRANG_ROW.replace("教民133010670000026", NUMBER)
    fair = JIRANG_ROW.replace("击壤屿", "流萤坊").replace("52330106MJ00001U19", CONVERTED).replace("0000026", "0000027")
    sent = (await clerk.send(file(stolen, fair), "二.csv")).json()
    assert (len(sent["kept_aside"]), sent["counts"]["taken"]) == (1, 1), sent
    (aside,) = (await clerk.get("/kept-aside"))["items"]
    assert aside["problems"][-1]["code"] == "licence-number-taken"
    assert "木铎轩" in aside["problems"][-1]["sentence_zh"]


async def test_a_number_of_another_institution_is_kept_aside_and_an_ended_one_remarked(world: World) -> None:
    clerk, approver = world.caller("licensing-officer"), world.caller("approver")
    await clerk.send(file(MUDUO_ROW), "名单.csv")
    stolen = JIRANG_ROW.replace("教民133010670000026", NUMBER)
    sent = (await clerk.send(file(stolen), "二.csv")).json()
    assert len(sent["kept_aside"]) == 1
    (aside,) = (await clerk.get("/kept-aside"))["items"]
    assert aside["problems"][-1]["code"] == "licence-number-taken"
    assert "木铎轩" in aside["problems"][-1]["sentence_zh"]
    twins = JIRANG_ROW.replace("击壤屿", "流萤坊").replace("52330106MJ00001U19", CONVERTED)
    sent = (await clerk.send(file(JIRANG_ROW, twins), "三.csv")).json()
    assert (sent["counts"]["taken"], len(sent["kept_aside"])) == (1, 1), "one number, two rows of one file"
    revocation = {
        "decision_reference": "罚1", "served_on": "2026-06-30", "reason": "抽逃", "legal_basis": "第六十二条",
        "hearing_notice_reference": "听1",
    }  # fmt: skip
    await done(approver, f"{PATH}/licence/revocation", revocation)
    clerk.position = approver.position
    sent = (await clerk.send(file(MUDUO_ROW.replace("书法", "国画")), "四.csv")).json()
    assert "licence-number-ended" in [remark["code"] for remark in sent["remarks"]]
    assert (await clerk.get(PATH))["licence_state"] == "revoked"
    (shown,) = (await clerk.get("/public/institutions", search=NUMBER))["items"]
    assert shown["ended_numbers"] == [{"number": NUMBER, "how": "revoked", "on": "2026-07-01"}]
    assert (await world.replayed()).differences == 0


async def test_a_replaced_number_still_says_whose_it_was(world: World) -> None:
    clerk = world.caller("licensing-officer")
    await clerk.send("截至2026年5月31日\n".encode() + file(MUDUO_ROW), "一.csv")
    anew = MUDUO_ROW.replace(NUMBER, "教民133010670000099")
    await clerk.send("截至2026年6月30日\n".encode() + file(anew), "二.csv")
    (row,) = await found(clerk, NUMBER, "/public/institutions")
    assert (row["licence_number"], [one["how"] for one in row["ended_numbers"]]) == (
        "教民133010670000099",
        ["replaced"],
    )
    assert derived_id("institution", MUDUO) == MUDUO_ID
