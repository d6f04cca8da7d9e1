"""The national platform's roster: its word beside ours, compared, explained, never mixed."""

from datetime import date
from typing import Any

from mingjing_kernel.identifiers import derived_id, new_id
from mingjing_kernel.service.duty import DutyKeeper
from registry.conftest import Caller, World
from registry.test_previews import HEADER, JIRANG, JIRANG_ROW, MUDUO, MUDUO_ROW, WRONG_ROW, file

LANGYUE = "52330106MJ0000RE6K"
LANGYUE_ROW = (
    f"杭州西湖区朗月堂培训学校,{LANGYUE},3301067000421,2019-01-26,2028-01-26,数学,袁宇洋,19900008456,"
    "西湖区三墩镇教工路914号华渚邻里中心C座106室\n"
)


def roster(*rows: str) -> bytes:
    head = HEADER.strip() + ",机构状态\n"
    return (head + "".join(row.strip() + ",正常\n" for row in rows)).encode()


async def send(clerk: Caller, content: bytes, **params: Any) -> Any:
    headers = clerk.headers | {"Content-Type": "application/octet-stream", "Idempotency-Key": str(new_id())}
    answer = await clerk.client.post("/registry/v1/roster", params=params, headers=headers, content=content)
    clerk.position = answer.headers.get("Mingjing-Position", clerk.position)
    return answer


async def differing(clerk: Caller, **params: Any) -> dict[str, tuple[str, list[str]]]:
    items = (await clerk.get("/roster/differences", **params))["items"]
    return {item["uscc"]: (item["kind"], item["differences"]) for item in items}


async def test_the_platform_is_compared_and_never_overwrites(world: World) -> None:
    clerk = world.caller("licensing-officer")
    empty = (await clerk.post("/roster/reconciliation")).json()
    assert (empty["because"], empty["found"]["agreeing"]) == ("no-roster", 0)
    assert (await clerk.send(file(MUDUO_ROW, JIRANG_ROW))).status_code == 200

    theirs = roster(MUDUO_ROW.replace("范杰俊", "王某").replace("2028-06-07", "2027-06-07"), LANGYUE_ROW, WRONG_ROW)
    assert (await send(clerk, theirs)).json()["type"] == "urn:mingjing:problem:roster-undated"
    done = (await send(clerk, theirs, stated_on="2026-06-30", name="全国平台.csv")).json()
    assert done["taken"] == {"rows": 3, "stated": 2, "unchanged": 0, "gone": 0, "kept_aside": 1}
    assert await differing(clerk) == {
        MUDUO: ("differs", ["expires_on=2028-06-07|2027-06-07", "legal_representative=范杰俊|王某"]),
        JIRANG: ("missing-there", ["missing-there"]),
        LANGYUE: ("missing-here", ["missing-here"]),
    }
    one = await clerk.get(f"/institutions/{derived_id('institution', MUDUO)}")
    assert (one["legal_representative"], one["expires_on"]) == ("范杰俊", "2028-06-07")

    found = (await clerk.post("/roster/reconciliation")).json()
    assert (found["found"], found["because"]) == (
        {"agreeing": 0, "missing_here": 1, "missing_there": 1, "differing": 1, "noted": 0},
        "",
    )
    assert (await clerk.get("/roster"))["last"]["on"] == "2026-07-01"
    older = await send(clerk, theirs, stated_on="2026-05-31")
    assert older.json()["type"] == "urn:mingjing:problem:roster-outdated"
    assert (await world.replayed()).differences == 0


async def test_a_note_explains_a_difference_until_it_becomes_another(world: World) -> None:
    clerk = world.caller("licensing-officer")
    assert (await clerk.send(file(MUDUO_ROW))).status_code == 200
    assert (await send(clerk, roster(MUDUO_ROW.replace("范杰俊", "王某")), stated_on="2026-06-30")).status_code == 200
    id = derived_id("institution", MUDUO)
    note = {"kind": "asked-platform", "text": "已函请平台更正", "reference": "西教函〔2026〕3号"}
    assert (await clerk.post(f"/roster/differences/{id}/note", note)).status_code == 200
    (item,) = (await clerk.get("/roster/differences", is_noted=True))["items"]
    assert (item["note_kind"], item["note_text"], item["noted_by"]) == (
        "asked-platform",
        "已函请平台更正",
        "licensing-officer",
    )
    before = await world.host.log.head()

    assert (await send(clerk, roster(MUDUO_ROW.replace("范杰俊", "李某")), stated_on="2026-07-01")).status_code == 200
    (item,) = (await clerk.get("/roster/differences"))["items"]
    assert (item["is_noted"], item["note_text"]) == (False, "已函请平台更正")
    (then,) = (await clerk.get("/roster/differences", as_of=f"@{before}"))["items"]
    assert (then["is_noted"], then["their_legal_representative"]) == (True, "王某")

    gone = (await send(clerk, roster(LANGYUE_ROW), stated_on="2026-07-01", name="更正.csv")).json()
    assert gone["taken"]["gone"] == 1
    assert (await differing(clerk))[MUDUO] == ("missing-there", ["missing-there"])
    settled = await clerk.post(f"/roster/differences/{derived_id('institution', JIRANG)}/note", note)
    assert settled.json()["type"] == "urn:mingjing:problem:roster-unknown"
    assert (await world.replayed()).differences == 0


async def test_a_mended_row_of_a_roster_stays_the_platforms_word(world: World) -> None:
    clerk = world.caller("licensing-officer")
    assert (await send(clerk, roster(WRONG_ROW), stated_on="2026-06-30")).json()["taken"]["kept_aside"] == 1
    (row,) = (await clerk.get("/kept-aside"))["items"]
    mended = await clerk.post(f"/kept-aside/{row['row_id']}/mending", {"fields": {"uscc": LANGYUE}}, reason="核对证书")
    assert mended.status_code == 200, mended.text
    assert (await clerk.get("/institutions"))["items"] == []
    assert (await differing(clerk))[LANGYUE][0] == "missing-here"


async def test_a_roster_of_another_layout_is_confirmed_once_and_shown_before_it_is_taken(world: World) -> None:
    clerk = world.caller("licensing-officer")
    strange = (
        roster(MUDUO_ROW, WRONG_ROW).decode().replace("机构名称", "培训机构正式名").replace("信用代码", "编码")
    ).encode()
    refused = await send(clerk, strange, stated_on="2026-06-30")
    assert refused.json()["type"] == "urn:mingjing:problem:layout-unknown"
    assert "POST /roster/previews" in refused.json()["remedy"]
    headers = clerk.headers | {"Content-Type": "application/octet-stream", "Idempotency-Key": str(new_id())}
    address = "/registry/v1/roster/previews"
    answer = await clerk.client.post(address, params={"stated_on": "2026-06-30"}, headers=headers, content=strange)
    assert answer.status_code == 201, answer.text
    shown = answer.json()
    assert (shown["counts"], [table["how"] for table in shown["tables"]]) == (None, ["to-confirm"])
    (columns,) = [table["columns"] for table in shown["tables"]]
    fields = [column["field"] for column in columns]
    fields[:2] = ["name", "uscc"]
    tables = [{"header": [column["label"] for column in columns], "fields": fields}]
    path = f"/roster/previews/{shown['preview_id']}"
    mapped = (await clerk.post(f"{path}/mapping", {"tables": tables})).json()
    assert (mapped["counts"]["new"], mapped["counts"]["kept_aside"]) == (1, 1)
    # It waits as a roster: no other door leads to it.
    other = await clerk.post(f"/imports/previews/{shown['preview_id']}/confirmation", {"seen": mapped["seen"]})
    assert other.json()["type"] == "urn:mingjing:problem:preview-unknown"

    for _ in range(2):
        done = await clerk.post(f"{path}/confirmation", {"seen": mapped["seen"]})
        assert done.status_code == 200, done.text
    assert done.json()["repeated"]
    assert (await differing(clerk))[MUDUO][0] == "missing-here"
    assert (await clerk.get("/institutions"))["items"] == []
    later = strange.replace("范杰俊".encode(), "王某".encode())
    taken = (await send(clerk, later, stated_on="2026-07-01")).json()
    assert taken["taken"]["stated"] == 1
    headers["Idempotency-Key"] = str(new_id())
    again = await clerk.client.post(address, params={"stated_on": "2026-07-01"}, headers=headers, content=strange)
    (row,) = (await clerk.get(f"/roster/previews/{again.json()['preview_id']}/rows", what="changed"))["items"]
    assert [(one["field"], one["before"], one["after"]) for one in row["changes"]] == [
        ("legal_representative", "王某", "范杰俊")
    ]
    headers["Idempotency-Key"] = str(new_id())
    short = await clerk.client.post(
        address, params={"stated_on": "2026-07-02"}, headers=headers, content=roster(JIRANG_ROW)
    )
    counts = short.json()["counts"]
    assert (counts["rows"], counts["new"], counts["omitted"]) == (1, 1, 1), "whom the whole roster would not name"
    (gone,) = (await clerk.get(f"/roster/previews/{short.json()['preview_id']}/rows", what="omitted"))["items"]
    assert (gone["uscc"], gone["row"]) == (MUDUO, 0)
    assert (await world.replayed()).differences == 0


def keeper(world: World) -> DutyKeeper:
    name = "roster-reconciliation"
    return DutyKeeper(name, world.host.duties[name], world.host)


async def test_every_day_says_what_it_found_or_why_it_found_nothing(world: World) -> None:
    clerk = world.caller("licensing-officer")
    said = await keeper(world).step()
    assert (said.on, "no-roster" in said.said) == (date(2026, 7, 1), True)
    before = await world.host.log.head()
    await keeper(world).step()  # another process, the same day
    assert await world.host.log.head() == before
    assert (await send(clerk, roster(MUDUO_ROW), stated_on="2026-05-01")).status_code == 200
    await keeper(world).step()  # a roster came: the day is compared again
    last = (await clerk.get("/roster"))["last"]
    assert (last["found"]["missing_here"], last["because"]) == (1, "roster-old")
