"""Half-monthly bulletin of complaints 投诉半月通报: the figures that the visitor may see, with the files.

One rule: on time is told of everything that was to be done, late and still open included, with its parts beside.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from htpy import Node, a, code, h2, p, section, small

from mingjing_console.gateway import Answer
from mingjing_console.pages.finding import question, rows, typed
from mingjing_console.pages.lookup import trouble
from mingjing_console.pages.shell import both

TITLE: Final = ("投诉半月通报", "Half-monthly bulletin of complaints")
PATH: Final = "/complaint-bulletin"
_HEADS: Final = (
    ("名称", "Name"), ("投诉举报", "Complaints"), ("在办", "Open"), ("超期未办", "Late and open"),
    ("按期率", "On time"), ("属实率", "Substantiated"), ("重复率", "Repeated"), ("满意率", "Satisfied"),
    ("每千名学员", "Per 1,000 pupils"),
)  # fmt: skip
_BY: Final = (
    ("all", "合计", "All"), ("channel", "按渠道", "By channel"), ("track", "按类别", "By kind"),
    ("department", "按部门", "By department"), ("town", "按镇街", "By town"), ("category", "按培训类别", "By category"),
    ("matter", "按事项", "By matter"), ("institution", "投诉最多的机构", "Most complained of"),
)  # fmt: skip


def shown(asked: Mapping[str, str], found: Answer) -> Node:
    """One table a division; the files below the whole."""
    ask = section[question(PATH, typed("截至日期（每月15日或月末为完整半月）", "Up to", "on", asked["on"], "date"))]
    if not found.is_there:
        return [ask, trouble(found)]
    said = found.body
    ends, position = said["ends_on"], said["position"]
    made_up = f"（{said['made_up_on']} 补发 made up for）" if said["made_up_on"] else ""
    pdf: Node = [a(href=f"{PATH}/{ends}.pdf")[both("已印发的通报 PDF", "The issued bulletin")], made_up]
    files = p[a(href=f"{PATH}/{ends}.xlsx")[both("导出 XLSX", "Export")], " ", pdf if said["issued_position"] else None]
    counted = small[
        f"统计登记日志第 {said['since_position']} 条之后至第 {position} 条 Counted to entry {position}. SHA-256 ",
        code[said["figures_sha256"][:16]],
    ]
    parts = []
    for by, zh, en in _BY:
        lines = [_line(line) for line in said["items"] if line["by"] == by]
        if lines or by == "all":
            period = f"{said['begins_on']} 至 {ends}" if by == "all" else zh
            parts.append(section[h2[both(period, en)], rows(_HEADS, lines), [files, counted] if by == "all" else None])
    return [ask, parts]


def _line(line: Mapping[str, Any]) -> Sequence[Node]:
    due = line["kept"] + line["missed"] + line["overdue_open"]
    looked_at = line["substantiated"] + line["unsubstantiated"]
    per = line["per_1000_pupils_hundredths"]
    return (
        line["name"] or line["key"] or "—",
        str(line["complaints"]),
        str(line["open"]),
        str(line["overdue_open"]),
        _rate(line["on_time_bp"], line["kept"], due),
        _rate(line["substantiated_bp"], line["substantiated"], looked_at),
        _rate(line["repeated_bp"], line["repeated"], line["received"]),
        _rate(line["satisfied_bp"], line["satisfied"], line["called_back"]),
        "—" if per is None else f"{per // 100}.{per % 100:02}（{line['pupils']}人）",
    )


def _rate(basis_points: int | None, part: int, whole: int) -> str:
    return "—" if basis_points is None else f"{basis_points // 100}.{basis_points % 100:02}% ({part}/{whole})"
