"""What a list says of a code or number that was another's, or was no number: nobody loses a licence by it."""

from __future__ import annotations

from registry.conftest import World
from registry.test_api import MUDUO
from registry.test_licence_life import done, refused
from registry.test_numbers_in_time import CONVERTED, NUMBER, PATH, converted

WITHDRAWN = "机构名称,统一社会信用代码,原办学许可证号,处理方式,日期,原法定代表人,原联系电话,原办学地址\n"


def withdrawn(code: str) -> bytes:
    row = f"杭州木铎轩书画培训学校有限公司,{code},{NUMBER},自愿注销,2026-06-30,范杰俊,19900004241,西湖区三墩镇\n"
    return f"{WITHDRAWN}{row}".encode()


async def test_a_former_code_that_a_list_calls_over_is_for_a_person_to_judge(world: World) -> None:
    clerk = await converted(world, CONVERTED)
    (row_id,) = (await clerk.send(withdrawn(MUDUO), "注销.csv")).json()["kept_aside"]
    (aside,) = (await clerk.get("/kept-aside"))["items"]
    assert aside["problems"][-1]["code"] == "former-code-ended"
    path = f"/kept-aside/{row_id}/retry"
    assert await refused(clerk, path, {"prevails": True}) == "row-still-wrong"
    assert (await clerk.get(PATH))["licence_state"] == "licensed"
    await done(clerk, path, {"fields": {"uscc": CONVERTED}})
    assert (await clerk.get(PATH))["licence_state"] == "cancelled"
    assert (await world.replayed()).differences == 0
