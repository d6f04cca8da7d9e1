"""What a search finds: the same with the index of terms as by a look at every row."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from mingjing_registry.projections.search_terms import PAIRS_MAX, candidates, pairs_of
from registry.conftest import Caller, World
from registry.test_api import JIRANG, JIRANG_ROW, MUDUO, MUDUO_ROW, file

FORMER_ROW = JIRANG_ROW.replace("击壤屿培训学校,", "击壤屿文化培训中心（原名：杭州松间鹭培训部）,")
NAMES = ("杭州木铎轩书画培训学校有限公司", "杭州市西湖区击壤屿培训学校", "西湖区击壤屿")
NUMBERS = (MUDUO, MUDUO.lower(), MUDUO[:9], JIRANG, "教民133010670000016", "教民1330106", "教民13301067000002")
ADDRESSES = ("三墩", "莲花街123号", "瑞禾广场A座505室", "23号商铺", "三墩街573号瑞禾", "没有这条路")


async def found(caller: Caller, path: str, search: str, **more: str) -> list[str]:
    return [one["uscc"] for one in (await caller.get(path, search=search, **more))["items"]]


async def test_a_search_finds_the_same_as_a_look_at_every_row(world: World) -> None:
    clerk = world.caller("licensing-officer")
    for number, row in enumerate((MUDUO_ROW + JIRANG_ROW, FORMER_ROW)):
        assert (await clerk.send(file(row), f"{number}.csv")).status_code == 200
    then = f"@{await world.host.log.head()}"
    texts = {name[at : at + length] for name in NAMES for at in range(0, len(name), 3) for length in (1, 2, 5, 30)}
    seen = set()
    for text in sorted(texts | set(NUMBERS) | {"松间鹭", "%_", "书_", "画培\\"}):
        now = await found(clerk, "/institutions", text)
        assert now == await found(clerk, "/institutions", text, as_of=then), text
        seen.update(now)
    assert seen == {MUDUO, JIRANG}
    public = Caller(world.client, {}, clerk.position)
    for text in (*ADDRESSES, *NUMBERS, "木铎", "培训"):
        assert await found(public, "/public/institutions", text) == await found(
            public, "/public/institutions", text, as_of=then
        ), text
    assert await found(public, "/public/institutions", "莲花街") == [MUDUO]


async def test_a_closed_site_leads_nobody_there(world: World) -> None:
    clerk = world.caller("licensing-officer")
    assert (await clerk.send(file(MUDUO_ROW), "名单.csv")).status_code == 200
    public = Caller(world.client, {}, clerk.position)
    edition = (await public.get("/public/edition"))["edition"]
    assert await found(public, "/public/institutions", "莲花街") == [MUDUO]
    (site,) = (await clerk.get("/sites"))["items"]
    assert (await public.get("/public/edition"))["edition"] == edition
    closed = await clerk.post(f"/sites/{site['site_id']}/closing", {"reason": "搬迁"})
    assert closed.status_code == 200, closed.text
    public.position = clerk.position
    assert await found(public, "/public/institutions", "莲花街") == []
    assert (await public.get("/public/edition"))["edition"] != edition
    assert (await world.replayed()).differences == 0


@given(st.text(max_size=40), st.text(max_size=20), st.text(max_size=20))
def test_whatever_stands_in_a_text_is_among_its_pairs(search: str, before: str, after: str) -> None:
    assert set(pairs_of(search)) <= set(pairs_of(before + search + after))
    assert (candidates(search) is None) == (len(search) < 2)


def test_a_long_search_asks_for_few_pairs() -> None:
    longest = "".join(chr(0x4E00 + n) for n in range(100))
    statement = candidates(longest)
    assert statement is not None
    asked = max((value for value in statement.compile().params.values()), key=len)
    assert len(asked) <= PAIRS_MAX
    assert set(asked) <= {one + other for one, other in itertools.pairwise(longest)}
