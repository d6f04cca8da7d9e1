"""Half-monthly bulletin 半月通报: the figures that the visitor may see, with the files; each as it was known then."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from htpy import Node, a, code, h2, p, section, small

from mingjing_console.gateway import Answer
from mingjing_console.pages.finding import question, rows, typed
from mingjing_console.pages.findings import department
from mingjing_console.pages.lookup import trouble
from mingjing_console.pages.shell import both

TITLE: Final = ("半月通报", "Half-monthly bulletin")
PATH: Final = "/bulletin"
_HEADS: Final = (
    ("部门", "Department"), ("覆盖率", "Coverage"), ("问题率", "Issues"), ("重复率", "Repeated"),
    ("整改率", "Rectified"), ("超期任务", "Tasks late"), ("超期案卷", "Findings late"),
    ("超期整改", "Rectification late"), ("挂牌督办", "Listed"),
)  # fmt: skip


def shown(asked: Mapping[str, str], found: Answer) -> Node:
    """The table by department, officers below it."""
    ask = section[question(PATH, typed("截至日期（每月15日或月末为完整半月）", "Up to", "on", asked["on"], "date"))]
    if not found.is_there:
        return [ask, trouble(found)]
    said = found.body
    ends, position = said["ends_on"], said["position"]
    made_up = f"（{said['made_up_on']} 补发 made up for）" if said["made_up_on"] else ""
    pdf: Node = [a(href=f"{PATH}/{ends}.pdf")[both("已印发的通报 PDF", "The issued bulletin")], made_up]
    return [
        ask,
        section[
            h2[both(f"{said['begins_on']} 至 {ends}", "By department")],
            rows(_HEADS, [_line(line) for line in said["departments"]]),
            p[
                a(href=f"{PATH}/{ends}.xlsx")[both("导出 XLSX", "Export")],
                " ",
                pdf if said["issued_position"] else None,
            ],
            small[
                f"统计至登记日志第 {position} 条 Counted to entry {position}. SHA-256 ",
                code[said["figures_sha256"][:16]],
            ],
        ],
        section[h2[both("人员工作量", "Officers")], rows(_OFFICERS, [_officer(one) for one in said["officers"]])],
    ]


_OFFICERS: Final = (("人员", "Officer"), ("巡查次数", "Visits"), ("发现问题", "With issues"))


def _officer(one: Mapping[str, Any]) -> Sequence[Node]:
    return one["officer"], str(one["visits"]), str(one["with_issues"])


def _line(line: Mapping[str, Any]) -> Sequence[Node]:
    rates = (
        _rate(line["coverage_bp"], line["visited"], line["sites"]),
        _rate(line["issue_bp"], line["with_issues"], line["entered"]),
        _rate(line["repeat_bp"], line["repeated"], line["findings"]),
        _rate(line["rectified_bp"], line["passed"], line["ordered"]),
    )
    names = ("overdue_tasks", "overdue_findings", "overdue_rectifications", "listed")
    return department(line["key"]), *rates, *(str(line[name]) for name in names)


def _rate(basis_points: int | None, part: int, whole: int) -> str:
    return "—" if basis_points is None else f"{basis_points // 100}.{basis_points % 100:02}% ({part}/{whole})"
