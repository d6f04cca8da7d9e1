"""Ratings (家长评价): the form for a family with a code, and what many of them come to for everybody.

One rule: a figure stands beside the number of ratings behind it; of few there is none.
"""

from __future__ import annotations

from typing import Any, Final

from htpy import (
    Node,
    a,
    b,
    button,
    details,
    form,
    h2,
    input,
    label,
    option,
    p,
    section,
    select,
    small,
    summary,
    textarea,
)

from mingjing_console.gateway import Answer
from mingjing_console.pages.confirmation import refused
from mingjing_console.pages.lookup import trouble
from mingjing_console.pages.shell import both, tag

TITLE = ("家长评价", "What families think")
TEXT_CHARACTERS_MAX: Final = 1_000


def question(code: str, *, is_open: bool = False) -> Node:
    """Beside the lessons: the same code, another answer; open at once where there is no lesson to answer."""
    return section[
        details(open=is_open)[
            summary[both("评价机构和课程", "Rate")],
            form(method="post", action="/confirm/rating")[
                input(type="hidden", name="code", value=code),
                _stars("institution_stars", "机构", "Institution"),
                _stars("lesson_stars", "课程", "Lessons"),
                label[
                    both("想说的话", "Your words"), textarea(name="text", rows="3", maxlength=str(TEXT_CHARACTERS_MAX))
                ],
                button(type="submit")[both("评价", "Rate")],
            ],
            p(".soft")[
                "每份合同每学期一次，可以修改。机构看得到评价，看不到是谁。",
                small(lang="en")[" Once a contract and term. The institution does not see who."],
            ],
        ]
    ]


def done(answer: Answer) -> Node:
    """That it is on record; or why it is not."""
    if not answer.is_success:
        return refused(answer)
    return section[h2[tag("good", "已评价", "Rated")], p["谢谢。 Thank you."]]


def summed(institution_id: str, name: str, answer: Answer) -> Node:
    """The figures, or that there are too few."""
    if not answer.is_there:
        return trouble(answer)
    found: dict[str, Any] = answer.body
    back = p[a(href=f"/institutions/{institution_id}")[name], " · ", a(href="/confirm")[both("凭码评价", "Rate")]]
    if not found["is_enough"]:
        few = f"评价不足 {found['least']} 条，暂不公开。"
        return [back, section[p[few, small(lang="en")[" Too few ratings to be published."]]]]
    share = found["content_permille"]
    return [
        back,
        section[
            p[both("评价数", "Ratings"), " ", b[str(found["count"])]],
            p[both("满意比例至少", "Content, at least"), " ", b[f"{share // 10}.{share % 10}%"]],
            p[both("机构评分", "Institution"), " ", b[_of_five(found["institution_hundredths"])]],
            p[both("课程评分", "Lessons"), " ", b[_of_five(found["lesson_hundredths"])]],
            p(".soft")[
                "只有缴费进入托管专户的家长能评价。比例取威尔逊区间下限，评价越少越保守。",
                small(lang="en")[" Only families that paid into custody rate. Lower end of Wilson's interval."],
            ],
        ],
    ]


def _stars(name: str, zh: str, en: str) -> Node:
    return label[both(zh, en), select(name=name)[(option(value=str(n))[f"{n} 分"] for n in (5, 4, 3, 2, 1))]]


def _of_five(hundredths: int) -> str:
    return f"{hundredths // 100}.{hundredths % 100:02d} / 5"
