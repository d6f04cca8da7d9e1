"""A citizen's own complaint (投诉举报): the form, and the receipt that she keeps.

One rule: it works without a script and without an account, and it is small; what was typed is never lost by a refusal,
and the form's own id makes a second click the same complaint.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from htpy import Node, a, b, button, code, details, form, h2, input, label, p, pre, section, small, summary, textarea

from mingjing_console.gateway import Answer
from mingjing_console.pages.confirmation import refused
from mingjing_console.pages.shell import both, tag

TITLE = ("投诉举报", "Complain or report")
TEXT_CHARACTERS_MAX: Final = 6_000
_MOST: Final = {
    "respondent": 300,
    "place": 300,
    "request": 1_000,
    "yuan": 16,
    "name": 100,
    "phone": 40,
    "relation": 40,
    "represented": 100,
}
"""Characters of each field, as the service takes them."""
_WAYS: Final = (
    ("CONFIDENTIAL", "隐去身份", "Confidential"),
    ("NAMED", "实名", "Named"),
    ("ANONYMOUS", "匿名", "Anonymous"),
)
_KINDS: Final = (("DISPUTE", "解决我的纠纷", "My dispute"), ("REPORT", "举报违法违规", "Report a breach"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What stands in the form: ``said`` is what she typed, by field; several kinds under ``tracks``."""

    form_id: str
    secret: str
    said: Mapping[str, str]
    tracks: tuple[str, ...] = ()

    def of(self, name: str) -> str:
        """What she typed into one field."""
        return self.said.get(name, "")


def question(asked: Asked, problem: Node = None) -> Node:
    """The form, with what is wrong above it."""
    return [
        problem,
        p(".soft")["人身危险请拨 110。 In danger call 110. ", a(href="/phones")["监督电话 Phones"], " ", _follow()],
        form(method="post", action="/complain")[
            _hidden("form_id", asked.form_id),
            _hidden("secret", asked.secret),
            _hidden("institution", asked.of("institution")) if asked.of("institution") else None,
            section[
                _text(asked, "respondent", "机构", "Whom", required=True),
                _text(asked, "place", "地址", "Where") if not asked.of("institution") else None,
                label[
                    both("发生了什么", "What happened"),
                    textarea(name="text", rows="5", maxlength=str(TEXT_CHARACTERS_MAX), required=True)[
                        asked.of("text")
                    ],
                ],
                _text(asked, "request", "诉求", "What you ask"),
                _text(asked, "yuan", "金额（元）", "Sum", inputmode="decimal"),
                [_check("checkbox", "tracks", kind, kind[0] in asked.tracks) for kind in _KINDS],
            ],
            section[
                [_check("radio", "identity", way, way[0] == asked.of("identity")) for way in _WAYS],
                _text(asked, "name", "姓名", "Name", autocomplete="name"),
                _text(asked, "phone", "电话", "Phone", type="tel", autocomplete="tel"),
                details(open=bool(asked.of("relation")))[
                    summary["代他人提出 For somebody else"],
                    _text(asked, "relation", "与其关系", "Relation"),
                    _text(asked, "represented", "其姓名", "Name"),
                ],
            ],
            button(type="submit")[both("提交", "Send")],
        ],
    ]


def done(told: Mapping[str, Any]) -> Node:
    """The receipt: number and secret large enough to be copied by hand."""
    return [
        section[
            h2[tag("good", "已收到", "Received")],
            p[both("编号", "Number"), " ", b[told["number"]]],
            p[both("查询码", "Secret"), " ", b[told["secret"]]],
            p(".bad")[
                b["请抄下或截图。查询码只显示这一次，遗失不能找回。"],
                small(lang="en")[" Copy both now: the secret is shown once."],
            ],
            p[both("答复是否受理，最迟", "You are told whether it is taken up by"), " ", b[told["told_by"]]],
            p["凭编号和查询码可以", _follow(), "、补充、撤回。"],
        ],
        section[details[summary["存证回执 Log proof"], pre[code[json.dumps(told["receipt"], ensure_ascii=False)]]]]
        if told["receipt"]
        else None,
    ]


def said_again(answer: Answer) -> Node:
    """Why it is not sent yet; what she typed stands below."""
    if isinstance(answer.body, dict) and "detail" in answer.body:
        return refused(answer)
    return section[
        p(".bad")[
            b["没有送到，请再按一次“提交”。重复提交不会变成两件。"],
            small(lang="en")[" Not sent. Press send again: it stays one complaint."],
        ]
    ]


def no_sum() -> Node:
    """The sum is no sum."""
    return section[p(".bad")["金额请填数字，如 5200 或 5200.50。", small(lang="en")[" Write the sum as 5200.50."]]]


def _follow() -> Node:
    return a(href="/follow")["查看进度 Follow"]


def _hidden(name: str, value: str) -> Node:
    return input(type="hidden", name=name, value=value)


def _text(asked: Asked, name: str, zh: str, en: str, **more: Any) -> Node:
    return label[both(zh, en), input(name=name, value=asked.of(name) or None, maxlength=str(_MOST[name]), **more)]


def _check(kind: str, name: str, option: tuple[str, str, str], is_chosen: bool) -> Node:
    value, zh, en = option
    return label(".check")[input(type=kind, name=name, value=value, checked=is_chosen), both(zh, en)]
