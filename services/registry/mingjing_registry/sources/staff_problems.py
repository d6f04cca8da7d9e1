"""Problems of staff lists 从业人员花名册, in two languages. One rule: no sentence repeats what is said of a person."""

from __future__ import annotations

from typing import Final

from mingjing_registry.sources.problem_rule import Rule, Severity

_ASIDE, _LOOK, _TIDIED = Severity.ASIDE, Severity.LOOK, Severity.TIDIED
_ID_REMEDY = (
    "Write the first ten and the last four characters and four stars between: 3301061990****0007.",
    "身份证号请写前十位、四个星号和后四位，如 3301061990****0007。",
)
_CERTIFICATE_REMEDY = (
    "Take the number from the certificate (17 digits) and keep the cell as text.",
    "按教师资格证书填写 17 位号码，单元格设为文本格式。",
)
_QUALIFIED = "R7 (教监管厅函〔2021〕9号)"

STAFF_RULES: Final[dict[str, Rule]] = {
    "person-missing": Rule(
        _ASIDE,
        "There is no name, or one that names nobody.",
        "姓名为空，或所填不是姓名。",
        "Give the name as on the identity card.",
        "按身份证填写姓名。",
    ),
    "id-missing": Rule(_ASIDE, "There is no identity number.", "身份证号为空。", *_ID_REMEDY),
    "id-digits-lost": Rule(
        _ASIDE,
        "The identity number was kept as a number and lost digits.",
        "身份证号被存为数字，末位丢失。",
        *_ID_REMEDY,
        "GB 11643-1999",
    ),
    "id-shape": Rule(
        _ASIDE,
        "This is no identity number, or so much of it is hidden that it may be anybody's.",
        "不是身份证号，或遮盖过多、无法识别。",
        *_ID_REMEDY,
        "GB 11643-1999",
    ),
    "id-check-digit": Rule(
        _ASIDE,
        "The identity number has no possible birthday or a wrong check character.",
        "身份证号的出生日期或校验码不符。",
        *_ID_REMEDY,
        "GB 11643-1999",
    ),
    "post-unknown": Rule(
        _ASIDE,
        "“{written}” does not say what kind of work it is.",
        "“{written}”看不出岗位类别。",
        "Write teaching, research, management or other: 教学, 教研, 行政, 其他.",
        "请填写教学、教研、行政或其他。",
        "R8",
    ),
    "left-already": Rule(
        _ASIDE,
        "The record says that this person left on {suggestion}, and the row something else.",
        "登记为 {suggestion} 离职，本行记载不同。",
        "Ask the institution; if the person came back, give the day on which she began anew.",
        "请向机构核实；如重新入职，请填写新的入职日期。",
    ),
    "twice-in-list": Rule(
        _ASIDE,
        "The same person stands in this list for the same institution already, in row {suggestion}.",
        "同一机构的同一人在本表中已列于第 {suggestion} 行。",
        "Delete one of the rows.",
        "删除重复行。",
    ),
    "not-in-charge": Rule(
        _ASIDE,
        "The institution is under another department: that department takes its staff in.",
        "该机构由其他主管部门负责，其从业人员由该部门导入。",
        "Send the row to the department in charge.",
        "请将本行转交主管部门。",
    ),
    "id-unmasked": Rule(
        _LOOK,
        "The whole identity number stands in a list that should mask it; it was sealed.",
        "名册应脱敏，本行为完整身份证号；已加密保存。",
        *_ID_REMEDY,
        "PIPL art. 6",
    ),
    "certificate-digits-lost": Rule(
        _LOOK,
        "The certificate's number was kept as a number and lost digits; what is left of it was recorded.",
        "教师资格证号被存为数字，末位丢失；仅登记其余各位。",
        *_CERTIFICATE_REMEDY,
        _QUALIFIED,
    ),
    "certificate-scientific": Rule(
        _LOOK,
        "The certificate's number was typed in scientific notation and lost digits; what is left of it was recorded.",
        "教师资格证号为科学计数法，末位丢失；仅登记其余各位。",
        *_CERTIFICATE_REMEDY,
        _QUALIFIED,
    ),
    "certificate-digit-missing": Rule(
        _LOOK,
        "The certificate's number has 16 digits instead of 17; recorded as it is.",
        "教师资格证号少一位（16 位）；照原样登记。",
        *_CERTIFICATE_REMEDY,
        _QUALIFIED,
    ),
    "certificate-form": Rule(
        _LOOK,
        "The certificate's number has an unknown form; recorded as it is.",
        "教师资格证号格式不明；照原样登记。",
        *_CERTIFICATE_REMEDY,
        _QUALIFIED,
    ),
    "qualification-missing": Rule(
        _LOOK,
        "This teacher has no qualification that is enough for what she teaches.",
        "该教学人员没有与任教科目相符的资格。",
        "Send the certificate, or give the person other work.",
        "补报资格证书，或调整岗位。",
        _QUALIFIED,
    ),
    "employment-unknown": Rule(
        _LOOK,
        "“{written}” says neither full-time nor part-time; counted as part-time.",
        "“{written}”未说明专职或兼职；按兼职计。",
        "Write 专职 or 兼职.",
        "请填写专职或兼职。",
        "R8",
    ),
    "person-spaces": Rule(_TIDIED, "Spaces were removed from the name.", "已去除姓名中的空格。"),
    "certificate-tidied": Rule(
        _TIDIED, "The certificate's number was read in half-width digits.", "教师资格证号按半角数字读取。"
    ),
}
"""Further rules of ``problems.RULES``."""
