"""What the tests of this service tell it: one institution with two sites, and files as hotlines export them."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import xlsxwriter  # type: ignore[import-untyped]

from mingjing_contracts.funds import AlertRaisedV1
from mingjing_contracts.registry import InstitutionRegisteredV1, SiteApprovedV1
from mingjing_inspection.domain.checklist import PATROL_V1
from mingjing_inspection.sources.layout import HOTLINE_12345, MARKET_12315
from mingjing_kernel.identifiers import new_id

MUDUO, YULU = UUID(int=1), UUID(int=2)
SITE, OTHER_SITE = UUID(int=11), UUID(int=12)
GRID, OTHER_GRID = "330106109001001", "330106008001002"
ALERT = UUID(int=21)
PHOTO = "a" * 64


def registered(institution_id: UUID = MUDUO, **changed: Any) -> InstitutionRegisteredV1:
    return InstitutionRegisteredV1(
        **{
            "institution_id": institution_id,
            "name": "杭州西湖区木铎轩书画培训学校有限公司",
            "short_name": "木铎轩",
            "former_names": (),
            "uscc": "91330106MA00001B3D",
            "nature": "for_profit",
            "categories": ("art",),
            "departments": ("culture-tourism-sport",),
            "region": "330106109",
            "phone": "19900004241",
            "on": date(2026, 1, 1),
        }
        | changed
    )


def approved(site_id: UUID = SITE, grid: str = GRID) -> SiteApprovedV1:
    return SiteApprovedV1(
        site_id=site_id,
        institution_id=MUDUO,
        address="西湖区三墩镇莲花街123号",
        town_code=grid[:9],
        grid_code=grid,
        area_m2=420,
        approved_on=date(2026, 1, 1),
    )


def alert(severity: str = "RED", institution_id: UUID | None = MUDUO, alert_id: UUID = ALERT) -> AlertRaisedV1:
    return AlertRaisedV1.model_validate(
        {
            "alert_id": alert_id,
            "rule": "F02",
            "rule_version": "1",
            "severity": severity,
            "account_id": UUID(int=31),
            "institution_id": institution_id,
            "institution_name": "杭州西湖区木铎轩书画培训学校有限公司",
            "department": "culture-tourism-sport",
            "region": "330106109",
            "balance_fen": 100,
            "unconsumed_fen": 200,
            "threshold_fen": 200,
            "explanation_zh": "余额低于未消课负债",
            "explanation_en": "The balance is below the unconsumed liability",
            "on": date(2026, 6, 30),
        }
    )


def visit_body(**changed: Any) -> dict[str, Any]:
    observation = {
        "outcome": "NO_ISSUE",
        "checklist": PATROL_V1.version,
        "answers": [{"item": item.code, "finding": "PASS"} for item in PATROL_V1.items],
        "photos": [PHOTO],
        "position": {"latitude_e7": 302741500, "longitude_e7": 1201551500, "accuracy_metres": 8},
        "visited_at": datetime(2026, 7, 1, 1, 0, tzinfo=UTC).isoformat(),
        "note": "正常上课",
    } | changed.pop("observation", {})
    return {
        "institution_id": str(MUDUO),
        "site_id": str(SITE),
        "observation": observation,
        "device_sent_at": datetime(2026, 7, 1, 1, 30, tzinfo=UTC).isoformat(),
    } | changed


def hotline(a_number: str, **cells: str) -> list[str]:
    row = {
        "number": a_number,
        "received_at": "2026-06-28 18:00:37",
        "name": "李女士",
        "phone": "19900000976",
        "declared": "投诉",
        "title": "培训机构退费纠纷",
        "text": "木铎轩书画不退费，剩8课时。",
        "place": "莲花街",
        "respondent": "",
        "department": "杭州市西湖区文化和广电旅游体育局",
        "due_on": "2026-07-03",
        "status": "办理中",
        "result": "",
    } | cells
    return [row[field] for field in HOTLINE_12345.fields]


def workbook(*rows: list[str], counted: int | None = None) -> bytes:
    """A hotline export: two title rows, the header in row 3, the count in the last row."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        sheet = book.add_worksheet("工单列表")
        sheet.write_row(0, 0, ["杭州市12345政务服务便民热线  工单明细"])
        sheet.write_row(1, 0, ["导出人：坐席管理员"])
        for at, row in enumerate([list(HOTLINE_12345.fields.values()), *rows], start=2):
            for column, cell in enumerate(row):
                sheet.write_string(at, column, cell)
        if counted is not None:
            sheet.write_string(3 + len(rows), 0, f"共{counted}条")
    return buffer.getvalue()


def market(*rows: dict[str, str], encoding: str = "utf-8-sig") -> bytes:
    lines = [",".join(MARKET_12315.fields.values())]
    lines += [",".join(row.get(field, "") for field in MARKET_12315.fields) for row in rows]
    return "\r\n".join(lines).encode(encoding)


async def keep_for(world: Any, months: int, record: str = "complaint") -> None:
    """The retention of complaints, or of another kind of record, is decided by two people."""
    first, second = world.caller("approver", "approver-1"), world.caller("approver", "approver-2")
    path = f"/policies/retention-periods/versions/{new_id()}"
    proposal: dict[str, Any] = {
        "numbers": {record: months},
        "effective_on": "2026-07-01",
        "legal_basis": "档案管理规定",
        "reason": "试行",
    }
    assert (await first.send("PUT", path, json=proposal)).status_code == 200
    assert (await first.send("POST", f"{path}/approval")).status_code == 403
    assert (await second.send("POST", f"{path}/approval")).status_code == 201
