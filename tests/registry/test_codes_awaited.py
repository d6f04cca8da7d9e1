"""Who waits for a code, found under whichever spelling; and whose file a name without a code leads to."""

from __future__ import annotations

from mingjing_registry.codec import ROSTER_ENTRIES
from mingjing_registry.intake.roster import entry_id
from registry.conftest import World
from registry.licence_story import CONTENT
from registry.test_api import HEADER, MUDUO, MUDUO_ID, MUDUO_ROW, file
from registry.test_licence_life import done, refused
from registry.test_numbers_in_time import CONVERTED, PATH, RIGHT, UNREGISTERED, converted, done_at, given
from registry.test_roster import send

SPELT = UNREGISTERED["name"].replace("杭州", "杭州市西湖区")
LISTED = f"{SPELT},{CONVERTED},,,,编程,甲,19900000001,,\n"


async def test_another_spelling_of_who_waits_for_a_code_makes_no_second_institution(world: World) -> None:
    clerk = world.caller("licensing-officer", own="science")
    path = f"/institutions/{(await done_at(clerk, UNREGISTERED))['institution_id']}"
    sent = (await clerk.send(file(LISTED), "一.csv")).json()
    (row_id,) = sent["kept_aside"]
    (aside,) = (await clerk.get("/kept-aside"))["items"]
    assert (aside["problems"][-1]["code"], UNREGISTERED["name"] in aside["problems"][-1]["sentence_zh"]) == (
        "code-awaited",
        True,
    )
    by_hand = {"name": SPELT, "uscc": CONVERTED, "items": "编程"}
    assert await refused(clerk, "/institutions", by_hand) == "row-still-wrong"
    await done(clerk, f"{path}/code", given(CONVERTED, "first"))
    await done(clerk, f"/kept-aside/{row_id}/retry")
    assert await refused(clerk, "/institutions", UNREGISTERED | {"name": SPELT}) == "name-has-code"
    assert len((await clerk.get("/institutions"))["items"]) == 1
    assert (await world.replayed()).differences == 0


async def test_another_institution_of_the_brand_is_taken_when_somebody_says_so(world: World) -> None:
    clerk = await converted(world)
    other = f"杭州木铎轩舞蹈培训学校,{CONVERTED},,,,舞蹈,甲,19900000001,,\n"
    (row_id,) = (await clerk.send(file(other), "一.csv")).json()["kept_aside"]
    answer = await clerk.post(f"/kept-aside/{row_id}/mending", {"fields": {}, "prevails": True}, reason="另一家机构")
    assert answer.status_code == 200, answer.text
    assert len((await clerk.get("/institutions"))["items"]) == 2
    await done_at(clerk, UNREGISTERED | {"name": "杭州木铎轩编程培训学校"})
    await done(clerk, f"{PATH}/code", given("52330106MJ00001U19", "conversion"))
    assert RIGHT not in {row["uscc"] for row in (await clerk.get("/institutions"))["items"]}


async def test_a_roster_that_names_both_codes_of_one_institution_says_one_thing_of_it(world: World) -> None:
    clerk = await converted(world, CONVERTED)
    head, both = HEADER.strip() + ",机构状态\n", (MUDUO_ROW, MUDUO_ROW.replace(MUDUO, CONVERTED))
    status = {MUDUO_ROW: "注销", both[1]: "正常"}
    for day, rows in (("2026-06-29", both), ("2026-06-30", both[::-1])):
        content = (head + "".join(f"{row.strip()},{status[row]}\n" for row in rows)).encode()
        done = (await send(clerk, content, stated_on=day)).json()
        assert (done["taken"]["rows"], done["taken"]["stated"] + done["taken"]["unchanged"]) == (2, 1)
        entry, _ = await world.host.log.state(ROSTER_ENTRIES, entry_id(MUDUO_ID))
        assert (entry.entry.uscc, entry.entry.status) == (CONVERTED, "正常")


async def test_a_list_that_names_both_codes_takes_the_row_with_the_present_one(world: World) -> None:
    clerk = await converted(world, CONVERTED)
    present = MUDUO_ROW.replace(MUDUO, CONVERTED)
    sent = (await clerk.send(file(MUDUO_ROW, present), "同.csv")).json()
    assert (sent["counts"]["taken"], sent["counts"]["merged"], sent["kept_aside"]) == (1, 1, [])
    other = MUDUO_ROW.replace("范杰俊", "王某")
    sent = (await clerk.send(file(other, present), "异.csv")).json()
    assert (sent["counts"]["taken"], len(sent["kept_aside"])) == (1, 1)
    assert (await clerk.get(PATH))["legal_representative"] == "范杰俊"
    assert (await world.replayed()).differences == 0


async def test_a_name_is_free_again_when_its_first_bearer_is_called_otherwise_or_was_refused(world: World) -> None:
    clerk = world.caller("licensing-officer", own="science")
    first = (await done_at(clerk, UNREGISTERED))["institution_id"]
    await done(clerk, f"/institutions/{first}/code", given(CONVERTED, "first"))
    renamed = f"杭州白鹭洲编程培训学校,{CONVERTED},,,,编程,甲,19900000001,,\n"
    (row_id,) = (await clerk.send(file(renamed), "一.csv")).json()["kept_aside"]
    await done(clerk, f"/kept-aside/{row_id}/mending", {"fields": {}, "prevails": True})
    second = (await done_at(clerk, UNREGISTERED))["institution_id"]
    assert second != first
    assert (await done_at(clerk, UNREGISTERED))["institution_id"] == second, "the same applicant again"
    for step, body in (("application", CONTENT), ("acceptance", None), ("refusal", {"reason": "不符合"})):
        await done(clerk, f"/institutions/{second}/licence/{step}", body)
    third = (await done_at(clerk, UNREGISTERED | {"legal_representative": "乙"}))["institution_id"]
    assert third not in (first, second)
    assert (await world.replayed()).differences == 0
