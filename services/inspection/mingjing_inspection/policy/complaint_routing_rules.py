"""Routing of complaints as data (转办规则): matter × place × category → department, in force by the day of receipt.

One rule: a line is a number of a policy: proposed by one person, approved by another, for a region and a category, from
a day on. What was routed before keeps the version that its fact names; what was received before falls under its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from mingjing_inspection.domain.complaint_routing import COMPLAINT_MATRIX_V1
from mingjing_inspection.domain.dispatching import ANY, COMPETENT, TOWN
from mingjing_inspection.domain.finding_terms import Matter
from mingjing_kernel.policy.rule import Number, Rule

DEPARTMENTS: Final = (
    ("", "权责不明，网格先核实", "nobody yet, the grid looks first"),
    (COMPETENT, "主管部门", "the competent department"),
    ("education", "教育", "education"),
    ("culture-tourism-sport", "文旅体育", "culture, tourism and sport"),
    ("science", "科技", "science"),
    ("market-regulation", "市场监管", "market regulation"),
    ("fire-rescue", "消防救援", "fire rescue"),
    ("human-resources", "人社", "human resources"),
    ("public-security", "公安", "public security"),
    ("school-supervision", "教育督导", "school supervision"),
    ("civil-affairs", "民政", "civil affairs"),
    ("health", "卫健", "health"),
    (TOWN, "镇街", "the town"),
)
"""The number of a line is its place here. Add, never move: versions in the log name them."""
_CODE: Final = {department: at for at, (department, _, _) in enumerate(DEPARTMENTS)}
_ZH: Final = "，".join(f"{at} {zh}" for at, (_, zh, _) in enumerate(DEPARTMENTS))
_LINES: Final = {line.matter: line for line in COMPLAINT_MATRIX_V1.lines if line.region == ANY == line.category}
_MATTER_ZH: Final[Mapping[Matter, str]] = {
    Matter.LICENCE: "办学许可与法人登记", Matter.SCOPE: "培训范围", Matter.STAFF: "从业人员",
    Matter.TEACHING_TIME: "培训时间", Matter.FEES: "收费", Matter.CUSTODY: "预收费监管", Matter.CONTRACT: "合同",
    Matter.MATERIALS: "培训材料", Matter.FIRE_SAFETY: "场所与消防", Matter.HYGIENE: "卫生与食品",
    Matter.ADVERTISING: "广告", Matter.HIDDEN_TRAINING: "隐形变异培训", Matter.CHILDCARE_COVER: "以托管名义培训",
    Matter.PERSONAL_DATA: "学员信息", Matter.WAGES_RENT: "欠薪欠租", Matter.IN_SERVICE_TEACHER: "在职教师有偿补课",
    Matter.FRAUD: "涉嫌诈骗", Matter.SCHOOL: "学校方面", Matter.OTHER: "其他",
}  # fmt: skip
_CATEGORY_ZH: Final = {
    "subject": "学科类", "art": "文化艺术类", "sport": "体育类", "technology": "科技类", "other": "其他类",
}  # fmt: skip


def number_of(matter: Matter) -> str:
    """The name of a matter's number."""
    return matter.value.lower().replace("_", "-")


def _line(name: str, zh: str, en: str, department: str) -> Number:
    return Number(
        name=name, zh=f"{zh}（{_ZH}）", en=en, default=_CODE[department], at_most=len(DEPARTMENTS) - 1,
        unit="department",
    )  # fmt: skip


ROUTING_RULE: Final = Rule(
    name="complaint-routing",
    zh="投诉举报转办",
    en="Which department has a complaint, by its matter",
    numbers=tuple(
        _line(
            number_of(matter),
            _MATTER_ZH[matter],
            f"Department of {number_of(matter)}",
            _LINES[matter].department if matter in _LINES else "",
        )
        for matter in Matter
    ),
    legal_basis="各地权责清单；产品默认值（转办表 complaint-matrix/1）",
)
COMPETENT_RULE: Final = Rule(
    name="complaint-competent-department",
    zh="主管部门",
    en="Which department is competent, by the category of training",
    numbers=tuple(
        _line(category, zh, f"Competent for {category}", COMPLAINT_MATRIX_V1.competent[category])
        for category, zh in _CATEGORY_ZH.items()
    ),
    legal_basis="中办发〔2021〕40号；产品默认值（转办表 complaint-matrix/1）",
)
LEGAL_BASIS: Final[Mapping[Matter, str]] = {matter: line.legal_basis for matter, line in _LINES.items()}
"""Of the released table, where nobody has decided otherwise."""
ROUTING_RULES: Final = (ROUTING_RULE, COMPETENT_RULE)


def department_of(code: int) -> str:
    """The department that a number of a line means."""
    return DEPARTMENTS[code][0]
