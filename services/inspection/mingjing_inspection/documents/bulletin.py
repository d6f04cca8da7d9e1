"""半月通报: the figures of an issued bulletin, in the words of a notice to all departments.

One rule: it says what was counted and up to where; nothing is written by hand.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from mingjing_inspection.domain.bulletin import BulletinIssued
from mingjing_inspection.intake.bulletins import Counted, ratios
from mingjing_inspection.intake.missed_bulletins import made_up_on, made_up_words
from mingjing_kernel.documents.authority import DEPARTMENT
from mingjing_kernel.documents.document import Document, Line, in_pieces, in_words
from mingjing_kernel.log import Recorded

TITLE: Final = ("校外培训机构检查半月通报", "Half-monthly bulletin of inspections")
ISSUER: Final = "校外教育培训监管工作专班"
OFFICERS_PRINTED_MAX: Final = 30
_NAMED: Mapping[str, str] = {
    **DEPARTMENT,
    "fire-rescue": "消防救援大队",
    "human-resources": "人力资源和社会保障局",
    "public-security": "公安局",
    "civil-affairs": "民政局",
    "health": "卫生健康局",
    "town": "镇街",
    "school-supervision": "教育督导",
    "urban-management": "城市管理局",
    "housing": "住房和城乡建设局",
    "utilities": "水务公司",
    "traffic-police": "交警大队",
}
"""As a notice names them; the last are other bodies' that a hotline's export brings along."""


def bulletin_of(fact: Recorded[BulletinIssued], counted: Counted, county: str) -> Document:
    """The document; the same figures give the same one."""
    event, lines = fact.event, counted.figures.departments
    whole = {name: sum(line[name] for line in lines) for name in lines[0] if name != "key"} if lines else {}
    return Document(
        title=TITLE[0],
        title_en=TITLE[1],
        addressee="各有关部门、镇街",
        paragraphs=(
            f"现将{in_words(event.begins_on)}至{in_words(event.ends_on)}检查情况通报如下。"
            f"统计截至登记日志第{event.position}条，指标摘要 SHA-256 为 "
            f"{in_pieces(event.figures_sha256)}，可据此复核。",
            f"全县（市、区）合计：{_said(whole)}" if whole else "本期没有检查记录。",
            *filter(None, [made_up_words(event)]),
        ),
        lines=(*(Line(label=department_named(line["key"]), text=_said(line)) for line in lines), *_officers(counted)),
        authority=county + ISSUER,
        issued_on=in_words(made_up_on(event) or event.ends_on),
    )


def number_of(fact: Recorded[BulletinIssued]) -> str:
    """检查通报〔2026〕第13期: the half of the year's months that it is about."""
    event = fact.event
    half = 2 * event.begins_on.month - (1 if event.begins_on.day == 1 else 0)
    return f"检查通报〔{event.begins_on.year}〕第{half}期"


def department_named(key: str) -> str:
    """A department as a notice names it."""
    return _NAMED.get(key, key or "未明确部门")


def _said(line: Mapping[str, Any]) -> str:
    rates = ratios(dict(line))
    return (
        f"教学点{line['sites']}个，已巡查{line['visited']}个，覆盖率{percent(rates['coverage_bp'])}；"
        f"巡查{line['visits']}次，发现问题{line['with_issues']}次，问题率{percent(rates['issue_bp'])}；"
        f"新增案卷{line['findings']}件，重复问题{line['repeated']}件，重复率{percent(rates['repeat_bp'])}；"
        f"累计责令整改{line['ordered']}件，销号{line['passed']}件，整改率{percent(rates['rectified_bp'])}，"
        f"未到位{line['failed']}件；超期任务{line['overdue_tasks']}项、案卷{line['overdue_findings']}件、"
        f"整改{line['overdue_rectifications']}件，挂牌督办{line['listed']}件。"
    )


def _officers(counted: Counted) -> tuple[Line, ...]:
    shown = counted.figures.officers[:OFFICERS_PRINTED_MAX]
    if not shown:
        return ()
    text = "；".join(f"{one['officer']} {one['visits']}次（发现问题{one['with_issues']}次）" for one in shown)
    rest = len(counted.figures.officers) - len(shown)
    return (Line(label="人员工作量", text=text + (f"；另有{rest}人" if rest > 0 else "")),)


def percent(basis_points: int | None) -> str:
    """Hundredths of a per cent as 12.34%; a dash where there is no ratio."""
    return "——" if basis_points is None else f"{basis_points // 100}.{basis_points % 100:02}%"
