"""Rows of a staff list 从业人员花名册: from the cells of one row to who works where as what, or to what is wrong.

One rule: what is said of a person stands in no problem: it names the field and the rule, never the name or the number.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from mingjing_kernel.sealed.redact import is_identity_number
from mingjing_registry.domain.identity import Identity, identity_of
from mingjing_registry.domain.kept_aside import Cell, Problem
from mingjing_registry.domain.particulars import Category
from mingjing_registry.domain.staff_facts import LOST_DIGITS, Proof, Qualification, Work
from mingjing_registry.sources.cells import Report, tight
from mingjing_registry.sources.days import read_day
from mingjing_registry.sources.layout import SYNONYMS, Vocabulary
from mingjing_registry.sources.names import read_name
from mingjing_registry.sources.problem_rule import Severity
from mingjing_registry.sources.problems import severity_of
from mingjing_registry.sources.trades import category_of

STAFF: Final = Vocabulary(
    {
        "serial": SYNONYMS["serial"],
        "name": (*SYNONYMS["name"], "所在机构", "所属机构", "任职机构", "工作单位"),
        "person": ("姓名", "教师姓名", "人员姓名", "从业人员姓名"),
        "sex": ("性别",),
        "id_number": ("身份证号", "身份证号码", "身份证件号码", "证件号码", "身份证"),
        "phone": SYNONYMS["phone"],
        "post": ("岗位", "岗位类别", "人员类别", "工作岗位"),
        "employment": ("专/兼职", "专兼职", "用工形式", "用工性质"),
        "teaches": ("任教科目", "任教学科", "任教项目", "科目"),
        "certificate": ("教师资格证书号码", "教师资格证号", "教师资格证书编号", "教师资格证"),
        "ability_proof": ("其他能力证明", "能力证明", "专业能力证明", "职业资格证书"),
        "from_on": ("入职时间", "入职日期", "到岗日期", "聘用日期"),
        "left_on": ("离职时间", "离职日期"),
    },
    ("staff",),
)
EVERY_FIELD: Final = frozenset(SYNONYMS) | frozenset(STAFF.synonyms)
"""That a column of any file can hold."""
PERSONAL: Final = frozenset({"person", "sex", "id_number", "certificate", "ability_proof"})
"""Fields of which a row that waits keeps nothing in the clear: who it is, and what leads to her."""
NOT_TAKEN: Final = frozenset({"serial", "phone"})
"""Nobody here needs the telephone of who works at an institution."""
CERTIFICATE_DIGITS: Final = 17
_WORKS: Final = (
    (Work.RESEARCH, r"教研|研发"),
    (Work.MANAGEMENT, r"教务|行政|管理|校长|园长|负责人|财务"),
    (Work.TEACHER, r"教学|教师|老师|教练|任课|授课|讲师"),
    (Work.OTHER, r"招生|后勤|保安|保洁|前台|助教|客服|顾问|其他"),
)
_FULL_TIME: Final = {"专职": True, "全职": True, "兼职": False}
_SCIENTIFIC = re.compile(r"(\d)\.?(\d*)E\+?\d+", re.IGNORECASE)
_UNNAMED: Final = re.compile(r"[\d*?]")


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffRow:
    """Who works where as what, as one row states it; name and number in the clear."""

    employer: str
    name: str
    sex: str
    identity: Identity
    work: Work
    is_full_time: bool
    teaches: str
    qualification: Qualification | None
    from_on: date
    left_on: date | None

    def __repr__(self) -> str:
        """Without the person."""
        return f"StaffRow({self.employer!r}, {self.work!r})"

    @property
    def is_subject(self) -> bool | None:
        """Whether a curriculum subject is taught; ``None`` for a teacher of whom the row does not say what."""
        if self.work is not Work.TEACHER:
            return False
        return category_of(self.teaches) is Category.SUBJECT if self.teaches else None


def examine_staff(cells: Sequence[Cell]) -> tuple[StaffRow | None, tuple[Problem, ...]]:
    """Read one row; ``None`` where something keeps it aside."""
    problems: list[Problem] = []
    held = {cell.field: cell for cell in cells}

    def of(field: str) -> Cell:
        return held.get(field) or Cell(field=field, text="")

    employer = read_name(of("name"), problems.append)[0]
    identity = _identity(of("id_number"), problems.append)
    work = _work(of("post"), problems.append)
    from_on, left_on = (_day(of(field), problems.append) for field in ("from_on", "left_on"))
    if from_on is None and of("from_on").text.strip() == "":
        problems.append(Problem(code="date-missing", field="from_on"))
    if from_on and left_on and left_on < from_on:
        written = f"{from_on.isoformat()} > {left_on.isoformat()}"
        problems.append(Problem(code="dates-reversed", field="left_on", written=written))
    row = StaffRow(
        employer=employer,
        name=_name(of("person"), problems.append),
        sex=_sex(of("sex")),
        identity=identity or _NOBODY,
        work=work or Work.OTHER,
        is_full_time=_full_time(of("employment"), problems.append),
        teaches=tight(of("teaches").text),
        qualification=_qualification(of("certificate"), of("ability_proof"), tight(of("teaches").text), problems),
        from_on=from_on or date.min,
        left_on=left_on,
    )
    kept = any(severity_of(problem) is Severity.ASIDE for problem in problems)
    return (None if kept else row), tuple(problems)


_NOBODY: Final = Identity(number="", shape="other")


def _name(held: Cell, report: Report) -> str:
    name = tight(held.text)
    if not name or _UNNAMED.search(name):
        report(Problem(code="person-missing", field="person"))
    elif name != held.text:
        report(Problem(code="person-spaces", field="person"))
    return name


def _sex(held: Cell) -> str:
    said = tight(held.text)[:1]
    return said if said in ("男", "女") else ""


def _identity(held: Cell, report: Report) -> Identity | None:
    text = tight(held.text).upper().replace("×", "X")
    if not text:
        report(Problem(code="id-missing", field="id_number"))
        return None
    if held.form == "number" or _SCIENTIFIC.fullmatch(text):
        report(Problem(code="id-digits-lost", field="id_number"))
        return None
    identity = identity_of(text)
    if identity is None:
        report(Problem(code="id-shape", field="id_number"))
        return None
    if identity.shape == "resident" and not is_identity_number(identity.number):
        report(Problem(code="id-check-digit", field="id_number"))
        return None
    if identity.shape == "resident":
        report(Problem(code="id-unmasked", field="id_number"))
    return identity


def _work(held: Cell, report: Report) -> Work | None:
    said = tight(held.text)
    found = next((work for work, words in _WORKS if re.search(words, said)), None) if said else None
    if found is None:
        report(Problem(code="post-unknown", field="post", written=held.text[:20]))
    return found


def _full_time(held: Cell, report: Report) -> bool:
    """R8 counts full-time teachers: what is not said is not counted."""
    said = tight(held.text)
    if said not in _FULL_TIME:
        report(Problem(code="employment-unknown", field="employment", written=held.text[:20]))
    return _FULL_TIME.get(said, False)


def _day(held: Cell, report: Report) -> date | None:
    """A day in any clear notation; only what had to be completed or could not be read is worth a word."""
    said: list[Problem] = []
    found = read_day(held, said.append)
    for problem in said:
        if severity_of(problem) is not Severity.TIDIED:
            report(problem)
    return found


def _qualification(certificate: Cell, ability: Cell, teaches: str, problems: list[Problem]) -> Qualification | None:
    number = _certificate(certificate, problems.append)
    if number:
        return Qualification(proof=Proof.TEACHER_CERTIFICATE, number=number, subject=teaches)
    if shown := tight(ability.text):
        return Qualification(proof=Proof.ABILITY, number=shown, subject=teaches)
    return None


def _certificate(held: Cell, report: Report) -> str:
    """The number as far as it is known; empty where the cell names none: 办理中, 无."""
    text = tight(held.text)
    if lost := _SCIENTIFIC.fullmatch(text):
        code = "certificate-scientific" if held.form == "text" else "certificate-digits-lost"
        report(Problem(code=code, field="certificate"))
        return lost[1] + lost[2] + LOST_DIGITS
    if not any(character.isdigit() for character in text):
        return ""
    if text != held.text:
        report(Problem(code="certificate-tidied", field="certificate"))
    if text.isdecimal() and len(text) == CERTIFICATE_DIGITS - 1:
        report(Problem(code="certificate-digit-missing", field="certificate"))
    elif not (text.isdecimal() and len(text) == CERTIFICATE_DIGITS):
        report(Problem(code="certificate-form", field="certificate"))
    return text
