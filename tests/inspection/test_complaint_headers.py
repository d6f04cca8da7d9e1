"""Another hotline's export is refused once, its columns are said once, and every later file is read by itself."""

from __future__ import annotations

import io
from typing import Any

import xlsxwriter  # type: ignore[import-untyped]

from inspection.conftest import World
from inspection.samples import registered

XLSX = {"Content-Type": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
COLUMNS = {
    "number": "流水号", "received_at": "来电时间", "text": "来电内容", "respondent": "被诉单位", "phone": "主叫号码",
    "declared": "类别",
}  # fmt: skip


def exported(*rows: tuple[str, ...]) -> bytes:
    held = io.BytesIO()
    with xlsxwriter.Workbook(held, {"in_memory": True}) as book:
        sheet = book.add_worksheet("工单")
        sheet.write_row(0, 0, ["某市热线工单"])
        sheet.write_row(1, 0, [*COLUMNS.values(), "备注"])
        for at, row in enumerate(rows, start=2):
            sheet.write_row(at, 0, row)
    return held.getvalue()


def row(number: str, text: str) -> tuple[str, ...]:
    return (number, "2026-06-28 18:00:37", text, "木铎轩", "19900008888", "投诉", "")


async def sent(operator: Any, content: bytes) -> Any:
    return await operator.send("POST", "/complaint-files?name=b.xlsx", content=content, headers=XLSX)


async def test_columns_said_once_read_every_later_file(world: World) -> None:
    await world.tell(registered())
    operator = world.caller("hotline-operator", "operator")
    refused = await sent(operator, exported(row("A20260628000001", "木铎轩不退费")))
    assert refused.status_code == 422
    assert "各列含义" in refused.json()["remedy"]
    said = await operator.send("POST", "/complaint-headers", json={"layout": "12345", "columns": COLUMNS})
    assert said.status_code == 201, said.text
    first = (await sent(operator, exported(row("A20260628000001", "木铎轩不退费，请帮忙退学费")))).json()
    assert (first["layout"], first["taken"], first["matched"], first["kept_aside"]) == ("12345", 1, 1, [])
    later = (await sent(operator, exported(row("A20260629000002", "木铎轩老师没有资格")))).json()
    assert (later["taken"], later["kept_aside"]) == (1, [])
    await world.caught_up()
    items = (await operator.get("/complaints"))["items"]
    assert {one["number"] for one in items} == {"A20260628000001", "A20260629000002"}
    assert items[0]["complainant_masked"]["phone"] == "199****8888"
    (known,) = (await operator.get("/complaint-headers"))["items"]
    assert known["columns"] == COLUMNS


async def test_a_shorter_header_said_later_takes_no_column_from_a_fuller_one(world: World) -> None:
    await world.tell(registered())
    operator = world.caller("hotline-operator", "operator")
    short = {field: COLUMNS[field] for field in ("number", "received_at", "text")}
    for columns in (COLUMNS, short):
        said = await operator.send("POST", "/complaint-headers", json={"layout": "12345", "columns": columns})
        assert said.status_code == 201, said.text
    taken = (await sent(operator, exported(row("A20260630000003", "不退学费")))).json()
    assert (taken["taken"], taken["matched"]) == (1, 1), "by its respondent"
    await world.caught_up()
    (item,) = (await operator.get("/complaints"))["items"]
    assert item["complainant_masked"]["phone"] == "199****8888"


async def test_what_is_remembered_leaves_known_exports_as_they_are_and_takes_a_grant(world: World) -> None:
    stranger = world.caller("grid-officer", "grid")
    said = await stranger.send("POST", "/complaint-headers", json={"layout": "12345", "columns": COLUMNS})
    assert said.status_code == 403
    operator = world.caller("hotline-operator", "operator")
    wrong = await operator.send("POST", "/complaint-headers", json={"layout": "12345", "columns": {"number": "号"}})
    assert (wrong.status_code, wrong.json()["field"]) == (422, "columns")
