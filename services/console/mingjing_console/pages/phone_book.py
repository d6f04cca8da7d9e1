"""The telephone book as it is kept 监督举报电话维护: what is published, what is missing, and the forms to change it.

One rule: every competent department, city and county, subject and non-subject, has a published number (S0:89); where
one is missing it is said here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final

from htpy import Element, Node, a, b, details, div, h2, li, p, section, small, summary, ul

from mingjing_console.asking import Asked
from mingjing_console.deeds import Deed, one_of, text
from mingjing_console.deeds_tracks import PHONE
from mingjing_console.gateway import Answer
from mingjing_console.pages.deed_forms import EMPTY, Filled, deed_form, sent_to
from mingjing_console.pages.lookup import trouble
from mingjing_console.pages.shell import both, day, tag
from mingjing_console.words import DEPARTMENT, Words, zh

TITLE: Final = ("监督举报电话维护", "Telephone book")
PATH: Final = "/supervision-phones"
LEVEL: Words = MappingProxyType({"CITY": ("市级", "City"), "COUNTY": ("区县", "County")})
TRAINING: Words = MappingProxyType(
    {
        "SUBJECT": ("学科类", "Subject"),
        "NON_SUBJECT": ("非学科类", "Non-subject"),
        "EVERY": ("学科类、非学科类", "Both"),
    }
)
COMPETENT: Final = (
    ("education", "SUBJECT"),
    ("culture-tourism-sport", "NON_SUBJECT"),
    ("science", "NON_SUBJECT"),
)
"""Which department is the competent one of which training."""
PUBLISHING: Final = Deed(
    path="",
    method="PUT",
    asks=(
        one_of("level", "层级", "Level", LEVEL),
        one_of("training", "培训类型", "Training", TRAINING),
        one_of("department", "主管部门", "Department", DEPARTMENT),
        Asked(name="region", zh="区划代码", en="Division code", kind="text"),
        text("office", "单位名称", "Office"),
        text("phone", "电话（只填单位的，不填个人手机）", "Telephone of the office"),
        text("hours", "接听时间", "Hours", required=False),
    ),
)
_PUBLISH: Final = ("公布", "Publish")
_CHANGE: Final = ("更改", "Change")
_WITHDRAW: Final = ("撤下", "Withdraw")


def book(answer: Answer, filled: Filled = EMPTY, about: str = "") -> Node:
    """What is missing, what is published, and one more. ``about``: which number the filled form is of."""
    if not answer.is_there:
        return trouble(answer)
    rows = answer.items
    new = filled if not about else EMPTY
    return [
        _missing(rows),
        section[
            h2[both("已公布", "Published")],
            ul(".plain.people")[(_line(row, filled if about == str(row["phone_id"]) else None) for row in rows)]
            if rows
            else p(".soft")["还没有公布任何号码。 None yet."],
        ],
        section[
            details(open=bool(new.typed) or not rows)[
                summary[both("新增一个号码", "One more")], sent_to(PATH, PUBLISHING, _PUBLISH, new)
            ]
        ],
        p(".soft")[a(href="/phones")["公众看到的页面 What the public sees"]],
    ]


def _missing(rows: Sequence[Mapping[str, Any]]) -> Node:
    """Competent departments without a number, by level and training."""
    have = {(row["level"], row["department"], row["training"]) for row in rows}
    lacks = [
        f"{zh(LEVEL, level)}{zh(DEPARTMENT, department)}（{zh(TRAINING, training)}）"
        for level in LEVEL
        for department, training in COMPETENT
        if not have & {(level, department, training), (level, department, "EVERY")}
    ]
    if not lacks:
        return section[p[tag("good", "齐全", "Complete"), " 各主管部门、市县两级均已公布。 Every department has one."]]
    return section(role="status")[
        p[tag("warn", f"缺 {len(lacks)} 个", "Missing"), " 以下主管部门还没有公布号码："],
        ul[(li[one] for one in lacks)],
        small(lang="en")["Competent departments without a published number."],
    ]


def _line(row: Mapping[str, Any], filled: Filled | None) -> Element:
    typed = filled or Filled(typed=PUBLISHING.typed(row))
    return li[
        div(".row")[b[row["office"]], b[row["phone"]]],
        p[
            f"{zh(LEVEL, row['level'])} · {zh(DEPARTMENT, row['department'])} · {zh(TRAINING, row['training'])} · ",
            f"{row['region']} · {row['hours'] or '未写接听时间'} ",
            small[f"公布于 {day(row['published_at'])}"],
        ],
        details(open=filled is not None)[
            summary[both(*_CHANGE)], sent_to(f"{PATH}/{row['phone_id']}", PUBLISHING, _CHANGE, typed)
        ],
        details[
            summary[both(*_WITHDRAW)],
            deed_form("supervision-phone", row["phone_id"], "withdraw-phone", PHONE["withdraw-phone"], _WITHDRAW),
        ],
    ]
