"""What a list says of a code or number that was another's, or was no number: nobody loses a licence by it."""

from __future__ import annotations

from datetime import date

import pytest

from mingjing_kernel.identifiers import derived_id
from mingjing_kernel.log import Outcome
from mingjing_registry.domain.licence import LicenceApproved, LicenceTerms
from mingjing_registry.domain.number_refusals import LicenceNumberTaken
from mingjing_registry.intake.number_guard import _still_free
from registry.conftest import World
from registry.test_api import JIRANG, JIRANG_ROW, MUDUO, MUDUO_ROW, file
from registry.test_available_actions import RENEWAL, actions
from registry.test_licence_life import done, refused
from registry.test_numbers_in_time import CONVERTED, NUMBER, PATH, converted, found

WITHDRAWN = "机构名称,统一社会信用代码,原办学许可证号,处理方式,日期,原法定代表人,原联系电话,原办学地址\n"


def withdrawn(code: str) -> bytes:
    row = f"杭州木铎轩书画培训学校有限公司,{code},{NUMBER},自愿注销,2026-06-30,范杰俊,19900004241,西湖区三墩镇\n"
    return f"{WITHDRAWN}{row}".encode()


async def test_a_former_code_that_a_list_calls_over_is_for_a_person_to_judge(world: World) -> None:
    clerk = await converted(world, CONVERTED)
    (row_id,) = (await clerk.send(withdrawn(MUDUO), "注销.csv")).json()["kept_aside"]
    (aside,) = (await clerk.get("/kept-aside"))["items"]
    assert aside["problems"][-1]["code"] == "former-code-ended"
    path = f"/kept-aside/{row_id}/mending"
    assert await refused(clerk, path, {"prevails": True, "fields": {}}) == "row-still-wrong"
    assert (await clerk.get(PATH))["licence_state"] == "licensed"
    await done(clerk, path, {"fields": {"uscc": CONVERTED}})
    assert (await clerk.get(PATH))["licence_state"] == "cancelled"
    assert (await world.replayed()).differences == 0


async def test_a_number_once_mistyped_at_another_one_serves_whose_it_is(world: World) -> None:
    clerk, theirs = world.caller("licensing-officer"), "教民133010670000026"
    await clerk.send("截至2026年5月31日\n".encode() + file(MUDUO_ROW.replace(NUMBER, theirs)), "一.csv")
    await clerk.send("截至2026年6月30日\n".encode() + file(MUDUO_ROW), "二.csv")
    (row_id,) = (await clerk.send(file(JIRANG_ROW), "三.csv")).json()["kept_aside"]
    await done(clerk, f"/kept-aside/{row_id}/mending", {"prevails": True, "fields": {}})
    sent = (await clerk.send(file(JIRANG_ROW.replace("数学", "数学、语文")), "四.csv")).json()
    assert sent["kept_aside"] == [], "it holds the number by now"
    path = f"/institutions/{derived_id('institution', JIRANG)}"
    assert (await actions(clerk, path))["sign-renewal"]["available"]
    await done(clerk, f"{path}/licence/renewal-signature", RENEWAL)
    chief = world.caller("licensing-officer", subject="chief")
    await done(chief, f"{path}/licence/renewal")
    held = {row["name"]: row["licence_number"] for row in await found(clerk, theirs, "/public/institutions")}
    assert sorted(held.values()) == [NUMBER, theirs]


async def test_what_is_no_number_is_nobodys_own(world: World) -> None:
    clerk = world.caller("licensing-officer")
    rows = (MUDUO_ROW.replace(NUMBER, "办理中"), JIRANG_ROW.replace("教民133010670000026", "办理中"))
    sent = (await clerk.send(file(*rows), "名单.csv")).json()
    assert (sent["counts"]["taken"], sent["kept_aside"]) == (2, [])


@pytest.mark.parametrize(("number", "is_taken"), [(NUMBER, True), ("教民133010670000099", False), ("", False)])
async def test_a_grant_is_guarded_for_the_number_that_it_gives(world: World, number: str, is_taken: bool) -> None:
    clerk = world.caller("licensing-officer")
    await clerk.send(file(MUDUO_ROW, JIRANG_ROW.replace("教民133010670000026", "")), "名单.csv")
    terms = LicenceTerms(number=number)
    granted = LicenceApproved(
        terms=terms,
        signed_by=("甲", "乙"),
        site_check_reference="K1",
        checks=(),
        waived=(),
        policy_version="1",
        on=date(2026, 7, 1),
    )
    outcome, log = Outcome(position=0, version=1, events=(granted,)), world.host.log
    async with log.pool.acquire() as connection:
        guarded = _still_free(log, derived_id("institution", "另一家"), 0, connection, [outcome])
        if is_taken:
            with pytest.raises(LicenceNumberTaken):
                await guarded
        else:
            await guarded
