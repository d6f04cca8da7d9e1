"""Deeds on an institution that works: annual checks, pauses, stops, closing."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from mingjing_console.asking import Asked
from mingjing_console.deeds import REFERENCE, WHY, Deed, day, number, one_of, text
from mingjing_console.office_words import CHECK_RESULT
from mingjing_console.words import Words

PURPOSE: Words = MappingProxyType(
    {
        "pause": ("临时停课", "Pause"),
        "closure": ("停业（提前公告）", "Closure, told in advance"),
        "relocation": ("搬迁（提前公告）", "Relocation, told in advance"),
    }
)
CLOSING_STEP: Words = MappingProxyType(
    {
        "student-refunds": ("一、退还学员费用", "1. Student refunds"),
        "wages": ("二、职工工资和社会保险", "2. Wages and social insurance"),
        "other-debts": ("三、其他债务", "3. Other debts"),
    }
)
_YEAR: Final = number("year", "年度", "Year")
_RESULT: Final = one_of("result", "结论", "Result", CHECK_RESULT)
_UNTIL: Final = day("rectify_until", "整改期限（不合格时）", "Put right by (after a fail)", required=False)
_NOTICE: Final = text("notice_reference", "公告编号", "Public notice")
_NOTICED: Final = day("noticed_on", "公告日期", "Told the public on")

CHECKING: Mapping[str, Deed] = {
    "record-annual-check": Deed(path="/annual-check", asks=(_RESULT,)),
    "open-annual-check": Deed(
        path="/annual-checks/{year}/opening", asks=(_YEAR, day("due_on", "报送截止", "Report due on"))
    ),
    "submit-annual-report": Deed(
        path="/annual-checks/{year}/report",
        asks=(
            _YEAR,
            text("reference", "报告编号", "Report"),
            number("students", "学员人数", "Students"),
            number("staff", "从业人数", "Staff"),
            Asked(name="income_fen", zh="收入（元）", en="Income in yuan", kind="yuan"),
            Asked(name="refunds_fen", zh="退费（元）", en="Refunds in yuan", kind="yuan"),
            text("statement", "说明", "Statement", "long", required=False),
        ),
    ),
    "review-annual-report": Deed(
        path="/annual-checks/{year}/review",
        asks=(
            _YEAR,
            one_of("proposed", "拟定结论", "Proposed result", CHECK_RESULT),
            text("findings", "初审情况", "Findings", "long"),
        ),
    ),
    "decide-annual-check": Deed(path="/annual-checks/{year}/result", asks=(_YEAR, _RESULT, WHY, _UNTIL)),
    "recheck-annual-check": Deed(path="/annual-checks/{year}/recheck", asks=(_YEAR, _RESULT, WHY, _UNTIL)),
}
OPERATING: Mapping[str, Deed] = {
    "begin-operation": Deed(path="/operation/beginning", asks=(WHY,)),
    "declare-pause": Deed(
        path="/operation/pause",
        asks=(
            one_of("purpose", "事由", "Purpose", PURPOSE),
            _NOTICE,
            _NOTICED,
            day("begins_on", "停课起", "Begins on"),
            day("ends_on", "停课至", "Ends on", required=False),
        ),
    ),
    "confirm-stop": Deed(path="/operation/stop", asks=(REFERENCE, WHY)),
    "begin-closing": Deed(
        path="/operation/closing",
        asks=(
            _NOTICE,
            _NOTICED,
            day("ends_on", "停办日期", "Ends on"),
            text("liquidator", "清算组", "Who liquidates"),
        ),
    ),
    "complete-closing-step": Deed(
        path="/operation/closing/{step}", asks=(one_of("step", "清算步骤", "Step", CLOSING_STEP), REFERENCE)
    ),
    "close-down": Deed(path="/operation/end", asks=(WHY,)),
    "ask-liability": Deed(path="/liability/question"),
}
