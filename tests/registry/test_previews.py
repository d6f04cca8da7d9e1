"""Preview before commit: what a file would come to, whose words its columns are, and what confirming does."""

import io
from typing import Any
from uuid import UUID

import pytest
import xlsxwriter  # type: ignore[import-untyped]

from mingjing_kernel.identifiers import derived_id, new_id
from registry.conftest import Caller, World

MUDUO, JIRANG = "91330106MA00001B3D", "52330106MJ00001U19"
HEADER = "机构名称,统一社会信用代码,办学许可证号,发证日期,有效期至,培训类别,负责人,电话,地址\n"
MUDUO_ROW = (
    f"杭州木铎轩书画培训学校有限公司,{MUDUO},教民133010670000016,2019-06-07,2028-06-07,书法,范杰俊,19900004241,"
    "西湖区三墩镇莲花街123号商铺21号\n"
)
JIRANG_ROW = (
    f"杭州市西湖区击壤屿培训学校,{JIRANG},教民133010670000026,2023-06-21,2028-06-21,数学,范伟刚,19900007256,"
    "西湖区灵隐街道三墩街573号瑞禾广场A座505室\n"
)
WRONG_ROW = "杭州西湖区朗月堂培训学校,52330106MJ0000RE6X,,,,书法,袁宇洋,19900008456,西湖区三墩镇教工路914号\n"


def file(*rows: str, title: str = "统计截止：2026年6月30日,,,,,,,,\n") -> bytes:
    return (title + HEADER + "".join(rows)).encode()


def strange() -> bytes:
    """A layout that nobody has seen: two header rows with groups, other words, a sheet of instructions."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    page = book.add_worksheet("汇总")
    page.merge_range(0, 0, 0, 6, "西湖区培训机构摸底表")
    page.merge_range(1, 0, 2, 0, "培训机构全名")
    page.merge_range(1, 1, 2, 1, "机构代码（18位）")
    page.merge_range(1, 2, 1, 4, "办学许可")
    page.write_row(2, 2, ["编号", "起始日", "截止日"])
    page.merge_range(1, 5, 2, 5, "主要负责人姓名")
    page.merge_range(1, 6, 2, 6, "经营场所地址")
    rows = [
        ["杭州木铎轩书画培训学校有限公司", MUDUO, "教民133010670000016", "2019-06-07", "2028-06-07", "范杰俊",
         "西湖区三墩镇莲花街123号商铺21号"],
        ["杭州市西湖区击壤屿培训学校", JIRANG, "教民133010670000026", "2023-06-21", "2028-06-21", "范伟刚",
         "西湖区灵隐街道三墩街573号瑞禾广场A座505室"],
    ]  # fmt: skip
    for at, row in enumerate(rows, 3):
        page.write_row(at, 0, row)
    notes = book.add_worksheet("填报说明")
    notes.write_row(0, 0, ["项目", "说明"])
    notes.write_row(1, 0, ["名称", "按登记证书填写"])
    book.close()
    return target.getvalue()


async def preview(clerk: Caller, content: bytes, name: str = "名单.csv", **params: Any) -> Any:
    headers = clerk.headers | {"Content-Type": "application/octet-stream", "Idempotency-Key": str(new_id())}
    answer = await clerk.client.post(
        "/registry/v1/imports/previews", params={"name": name, **params}, headers=headers, content=content
    )
    assert answer.status_code == 201, answer.text
    return answer.json()


async def rows_of(clerk: Caller, shown: Any, **params: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await clerk.get(f"/imports/previews/{shown['preview_id']}/rows", **params))["items"]
    return found


async def confirm(clerk: Caller, shown: Any, **more: Any) -> Any:
    return await clerk.post(f"/imports/previews/{shown['preview_id']}/confirmation", {"seen": shown["seen"], **more})


async def test_a_preview_records_nothing_and_says_what_each_row_would_come_to(world: World) -> None:
    clerk = world.caller("licensing-officer")
    before = await world.host.log.head()
    shown = await preview(clerk, file(MUDUO_ROW, JIRANG_ROW, WRONG_ROW))
    assert await world.host.log.head() == before
    assert shown["counts"] == {
        "rows": 3,
        "new": 2,
        "changed": 0,
        "unchanged": 0,
        "merged": 0,
        "kept_aside": 1,
        "omitted": 0,
    }
    assert [table["how"] for table in shown["tables"]] == ["known"]

    (aside,) = await rows_of(clerk, shown, what="kept-aside")
    last = aside["problems"][-1]
    assert (aside["row"], last["field"], last["rule"]) == (5, "uscc", "GB 32100-2015")
    assert ("校验码" in last["sentence_zh"], bool(last["remedy_zh"]), bool(last["remedy"])) == (True, True, True)

    done = await confirm(clerk, shown)
    assert done.status_code == 200, done.text
    assert (done.json()["counts"]["taken"], done.json()["counts"]["kept_aside"]) == (2, 1)
    again = await preview(clerk, file(MUDUO_ROW, JIRANG_ROW, WRONG_ROW))
    assert again["counts"]["unchanged"] == 2
    assert (await world.replayed()).differences == 0


async def test_a_change_is_shown_field_by_field_and_a_moved_register_is_shown_again(world: World) -> None:
    clerk = world.caller("licensing-officer")
    assert (await clerk.send(file(MUDUO_ROW))).status_code == 200
    later = file(MUDUO_ROW.replace("范杰俊", "范新人").replace("2028-06-07", "2031-06-07"), JIRANG_ROW,
                 title="统计截止：2026年7月1日,,,,,,,,\n")  # fmt: skip
    shown = await preview(clerk, later)
    (changed,) = await rows_of(clerk, shown, what="changed")
    said = {change["field"]: (change["before"], change["after"]) for change in changed["changes"]}
    assert said == {"legal_representative": ("范杰俊", "范新人"), "expires_on": ("2028-06-07", "2031-06-07")}
    assert (shown["counts"]["new"], shown["counts"]["changed"]) == (1, 1)

    assert (await clerk.send(file(JIRANG_ROW), "别的.csv")).status_code == 200  # the register moves meanwhile
    moved = await confirm(clerk, shown)
    assert (moved.status_code, moved.json()["type"]) == (409, "urn:mingjing:problem:preview-moved")
    anew = await clerk.get(f"/imports/previews/{shown['preview_id']}")
    assert anew["counts"]["new"] == 0
    assert (await confirm(clerk, shown, as_it_stands=True)).status_code == 200
    one = await clerk.get(f"/institutions/{derived_id('institution', MUDUO)}")
    assert (one["legal_representative"], one["expires_on"]) == ("范新人", "2031-06-07")


async def test_a_strange_layout_is_guessed_confirmed_and_remembered(world: World) -> None:
    clerk = world.caller("licensing-officer")
    shown = await preview(clerk, strange(), "摸底.xlsx", sender="三墩镇", stated_on="2026-06-30")
    assert (shown["counts"], shown["seen"]) == (None, None)
    table, notes = shown["tables"]
    assert [(column["label"], column["field"]) for column in table["columns"]] == [
        ("培训机构全名", "name"),
        ("机构代码(18位)", "uscc"),
        ("办学许可›编号", "licence_number"),
        ("办学许可›起始日", ""),
        ("办学许可›截止日", ""),
        ("主要负责人姓名", "legal_representative"),
        ("经营场所地址", "sites"),
    ]
    assert (table["header_rows"], table["how"], notes["how"]) == (2, "to-confirm", "to-confirm")
    refused = await clerk.post(f"/imports/previews/{shown['preview_id']}/confirmation", {"seen": ""})
    assert refused.json()["type"] == "urn:mingjing:problem:mapping-unconfirmed"

    fields = [column["field"] for column in table["columns"]]
    fields[3:5] = ["valid_from", "expires_on"]
    header = [column["label"] for column in table["columns"]]
    tables = [
        {"header": header, "fields": fields, "header_rows": 2, "constants": {"items": "书法"}},
        {"header": [column["label"] for column in notes["columns"]], "fields": ["", ""]},
    ]
    mapped = await clerk.post(f"/imports/previews/{shown['preview_id']}/mapping", {"tables": tables})
    assert mapped.status_code == 200, mapped.text
    assert ([table["how"] for table in mapped.json()["tables"]], mapped.json()["counts"]["new"]) == (
        ["mapped", "left-out"],
        2,
    )
    assert (await confirm(clerk, mapped.json())).json()["counts"]["taken"] == 2
    one = await clerk.get(f"/institutions/{derived_id('institution', MUDUO)}")
    assert (one["expires_on"], one["categories"]) == ("2028-06-07", ["art"])

    # The same header from the same sender is no question any more; for another sender it is one.
    assert (await preview(clerk, strange(), "八月.xlsx", sender="三墩镇"))["counts"]["unchanged"] == 2
    assert (await preview(clerk, strange(), sender="灵隐街道"))["counts"] is None
    listed = (await clerk.get("/import-mappings"))["items"]
    assert [(item["sender"], item["kind"], item["is_in_force"]) for item in listed] == [
        ("三墩镇", "register", True)
    ] * 2

    back = {"header": header, "reason": "列名已变"}
    assert (await clerk.post(f"/import-mappings/{listed[0]['mapping_id']}/withdrawal", back)).status_code == 200
    assert (await preview(clerk, strange(), sender="三墩镇", stated_on="2026-07-01"))["counts"] is None
    assert (await world.replayed()).differences == 0


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"fields": ["name", "name", "", "", "", "", ""]}, "column-twice"),
        ({"fields": ["name", "", "", "", "", "", ""]}, "fields-missing"),
        ({"fields": ["name", "uscc"]}, "columns-differ"),
    ],
)
async def test_a_mapping_that_cannot_be_right_is_refused(world: World, change: Any, problem: str) -> None:
    clerk = world.caller("licensing-officer")
    shown = await preview(clerk, strange())
    header = [column["label"] for column in shown["tables"][0]["columns"]]
    answer = await clerk.post(
        f"/imports/previews/{shown['preview_id']}/mapping", {"tables": [{"header": header, "header_rows": 2, **change}]}
    )
    assert answer.json()["type"] == f"urn:mingjing:problem:{problem}", answer.text


async def test_a_waiting_file_is_for_its_department_and_can_be_dropped(world: World) -> None:
    clerk = world.caller("licensing-officer")
    shown = await preview(clerk, file(MUDUO_ROW))
    stranger = world.caller("licensing-officer", department="science", own="science")
    assert (await stranger.read(f"/imports/previews/{shown['preview_id']}")).status_code == 404
    colleague = world.caller("auditor")
    assert (await colleague.read(f"/imports/previews/{shown['preview_id']}")).status_code == 403
    gone = await clerk.client.delete(f"/registry/v1/imports/previews/{shown['preview_id']}", headers=clerk.headers)
    assert gone.status_code == 204
    assert (await clerk.read(f"/imports/previews/{shown['preview_id']}")).status_code == 404
    assert (await clerk.read(f"/imports/previews/{UUID(int=1)}")).status_code == 404
