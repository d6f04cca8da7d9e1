"""A family's word about lessons (家长确认课时): by the guardian's code, without an account and a script.

One rule: opening the page answers nothing. The lessons are shown when the code is sent off, and count when she says so.
"""

from __future__ import annotations

from typing import Any

from htpy import Node, a, button, form, h2, input, label, li, p, section, small, textarea, ul

from mingjing_console.acting import words_of
from mingjing_console.gateway import Answer
from mingjing_console.pages.lookup import trouble
from mingjing_console.pages.shell import both, day, tag

TITLE = ("确认课时", "Confirm lessons")
REASON_CHARACTERS_MAX = 500
HELD, DISPUTED = "held", "disputed"
_STANDING = {
    "pending": ("warn", "已变更，将重新请您确认", "Changed; you will be asked again"),
    "confirmed": ("good", "已确认", "Confirmed"),
    "auto-confirmed": ("good", "逾期自动确认", "Confirmed by silence"),
    "disputed": ("warn", "有异议", "Disputed"),
    "cancelled": ("", "已取消", "Cancelled"),
}


def question(code: str = "") -> Node:
    """The code, typed or brought by the link."""
    return section[
        p[
            "请输入短信或电话告知您的确认码（确认课时或评价机构）。",
            small(lang="en")[" Enter the code that you were sent, to confirm lessons or to rate."],
        ],
        form(".search", method="post", action="/confirm")[
            input(
                name="code",
                value=code,
                placeholder="确认码 Code",
                aria_label="确认码 Code",
                maxlength="40",
                autocomplete="one-time-code",
                required=True,
            ),
            button(type="submit")[both("查看课时", "Show the lessons")],
        ],
        p(".soft")[
            "没有确认码又想评价的，请",
            a(href="/confirm/code")["在此申请"],
            "或致电",
            a(href="/phones")["主管部门"],
            "，由其回拨合同登记的电话告知。",
        ],
        p(".soft")[
            "确认码只发给监护人。任何人不得索要，机构也不得代为确认。",
            small(lang="en")[" The code is the guardian's own. Nobody may ask you for it, the institution neither."],
        ],
    ]


def lessons(code: str, answer: Answer) -> Node:
    """What she is asked about, each with its own answer; or why nothing is shown."""
    if not answer.is_there:
        return [refused(answer), question(code)]
    asked: dict[str, Any] = answer.body
    waiting = [one for one in asked["lessons"] if one["waits"]]
    told = [one for one in asked["lessons"] if not one["waits"]]
    return [
        h2[asked["course"], " ", small[asked["contract_no"]]],
        ul[(_told(one) for one in told)] if told else None,
        _answers(code, waiting) if waiting else p["没有待您答复的课时。 Nothing waits for your answer."],
        p(".soft")[f"有效期至 Valid until {day(asked['expires_at'])}"],
    ]


def done(answer: Answer) -> Node:
    """That her word is on record; or why it is not."""
    if not answer.is_success:
        return [refused(answer), question()]
    return section[
        h2[tag("good", "已记录", "Recorded")],
        p[
            "谢谢。有异议的课时，其费用暂不拨付，由监管人员裁定。",
            small(lang="en")[" Thank you. The money of a disputed lesson stays in custody until an official decides."],
        ],
    ]


def refused(answer: Answer) -> Node:
    """In the words of the refusal."""
    if not isinstance(answer.body, dict) or "detail" not in answer.body:
        return trouble(answer)
    zh, en = words_of(answer)
    return section(role="alert")[p[zh], p(".soft")[small(lang="en")[en]]]


def _told(one: dict[str, Any]) -> Node:
    return li[_what(one), " ", tag(*_STANDING.get(one["standing"], ("", one["standing"], one["standing"])))]


def _answers(code: str, waiting: list[dict[str, Any]]) -> Node:
    return form(method="post", action="/confirm/answer")[
        input(type="hidden", name="code", value=code),
        ul[(li[_what(one), _choice(one["lesson_no"])] for one in waiting)],
        p[
            textarea(
                name="reason",
                rows="3",
                maxlength=str(REASON_CHARACTERS_MAX),
                aria_label="异议理由 What is wrong",
                placeholder="如有异议，请写明情况 If you dispute a lesson, say what is wrong",
            )
        ],
        button(type="submit")[both("提交", "Send")],
    ]


def _choice(lesson_no: str) -> Node:
    """Nothing is chosen beforehand: what she leaves open stays open."""
    options = ((HELD, "已上课", "Held"), (DISPUTED, "有异议", "Dispute"))
    return [
        label[input(type="radio", name=f"lesson {lesson_no}", value=value), both(zh, en)] for value, zh, en in options
    ]


def _what(one: dict[str, Any]) -> Node:
    gift = "（赠课 gift）" if one["is_gift"] else ""
    return f"{one['held_on']} · {one['units']} 课时 {gift}· {one['lesson_no']} "
