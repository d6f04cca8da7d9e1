"""Following a complaint by number and secret (查看进度), and what its citizen may say to it now.

One rule: only what can be done now is offered; the number and the secret are never part of an address.
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
from mingjing_console.pages.shell import both, day, tag
from mingjing_console.track_words import REPLY, WHERE_FROM

TITLE = ("查看进度", "Follow my complaint")
WORDS_CHARACTERS_MAX: Final = 4_000
_STAGES: Final = {
    "RECEIVED": ("warn", "已收到，等待受理", "Received"),
    "HANDLING": ("warn", "办理中", "Being dealt with"),
    "NOT_ACCEPTED": ("bad", "不予受理", "Not accepted"),
    "CLOSED": ("good", "已办结", "Closed"),
}
_NEXT: Final = {
    "RECEIVED": ("答复是否受理，最迟", "You are told whether it is taken up by"),
    "HANDLING": ("办结期限", "To be dealt with by"),
    "NOT_ACCEPTED": ("可申请重新办理至", "Can be taken up again until"),
    "CLOSED": ("可申请重新办理至", "Can be taken up again until"),
}


_OVER: Final = ("NOT_ACCEPTED", "CLOSED")
"""Where the day is one until which she may ask once more; of no use to who may not any more."""


def question(number: str = "") -> Node:
    """Number and secret."""
    return section[
        form(method="post", action="/follow")[
            label[both("编号", "Number"), input(name="number", value=number or None, maxlength="60", required=True)],
            label[both("查询码", "Secret"), input(name="secret", maxlength="40", autocomplete="off", required=True)],
            button(type="submit")[both("查看", "Show")],
        ],
        p(".soft")["查询码遗失，请拨打", a(href="/phones")["监督电话"], "。 Secret lost? Call the office."],
        details[
            summary[both("没有查询码（拨打 12345、12315 等反映的）", "Without a secret")],
            form(method="post", action="/follow/by-phone")[
                label[
                    both("从哪里反映的", "Which way"),
                    select(name="channel")[
                        (option(value=key)[f"{words[0]} {words[1]}"] for key, words in WHERE_FROM.items())
                    ],
                ],
                label[both("编号", "Number"), input(name="number", maxlength="60", required=True)],
                label[both("反映时留下的电话", "The telephone that you gave"), _phone()],
                button(type="submit")[both("查看进度", "Show")],
            ],
            p(".soft")["只能看进度。要补充、回访或撤回，请拨打监督电话索取查询码。 To act, ask for a secret."],
        ],
    ]


def _phone() -> Node:
    return input(name="phone", type="tel", maxlength="40", autocomplete="off", required=True)


def standing(answer: Answer, secret: str, addition_id: str, said: Node = None) -> Node:
    """How it stands, and what she may say now."""
    if not answer.is_there:
        return [said, refused(answer), question()]
    found: dict[str, Any] = answer.body
    hidden = {"number": found["number"], "secret": secret, "addition_id": addition_id}
    key = [input(type="hidden", name=name, value=value) for name, value in hidden.items()]
    zh, en = _NEXT[found["stage"]]
    is_said = found["next_on"] and (found["may_reopen"] or found["stage"] not in _OVER)
    is_asked = found["reopening_asked"] and not found["is_withdrawn"]
    return [
        said,
        section[
            h2[tag(*_STAGES[found["stage"]]), " ", small[found["number"]]],
            p[both("收到", "Received"), f" {day(found['received_at'])}"],
            p[both(zh, en), " ", b[day(found["next_on"])]] if is_said else None,
            p[tag("warn", "已申请重新办理", "Asked to be taken up again")] if is_asked else None,
            _withdrawn(found) if found["is_withdrawn"] else None,
            _replied(found),
        ],
        _answering(key) if found["may_answer"] else None,
        _reopening(key) if found["may_reopen"] else None,
        _adding(key) if found["may_add"] else None,
        _showing(key, found["photos"]) if found["may_add_photo"] else None,
        _withdrawing(key, found) if found["may_withdraw"] else None,
    ]


def recorded() -> Node:
    """That her word is on record."""
    return section[h2[tag("good", "已记录", "Recorded")]]


def _replied(found: dict[str, Any]) -> Node:
    """Whether somebody read what she said last."""
    said = []
    if found.get("reply"):
        zh, en = REPLY.get(found["reply"], (found["reply"], ""))
        said.append(p[tag("good", "答复", "Answer"), f" {zh} ", small(lang="en")[en], f" {day(found['replied_at'])}"])
    if found.get("waits"):
        said.append(p[tag("warn", "您的补充待阅处", "What you said waits to be read")])
    return said or None


def _withdrawn(found: dict[str, Any]) -> Node:
    goes_on = "REPORT" in found["tracks"]
    return p[
        tag("", "投诉已撤回", "Dispute withdrawn"),
        " 举报部分继续查办。 The report goes on." if goes_on else None,
    ]


def _adding(key: list[Any]) -> Node:
    return _folded(
        "补充情况",
        "Add",
        form(method="post", action="/follow/additions")[
            key,
            _words("text", "补充内容", "What you add", is_required=True),
            button(type="submit")[both("补充", "Add")],
        ],
    )


def _showing(key: list[Any], count: int) -> Node:
    return _folded(
        f"补充照片（已有 {count} 张）",
        "Add a photo",
        form(method="post", action="/follow/photo", enctype="multipart/form-data")[
            key,
            label[
                both("照片，8 MB 以内", "JPEG, PNG or WebP"),
                input(type="file", name="photo", accept="image/jpeg,image/png,image/webp", required=True),
            ],
            button(type="submit")[both("上传", "Send")],
        ],
    )


def _answering(key: list[Any]) -> Node:
    return section[
        h2[both("回访：您对办理满意吗", "Are you satisfied")],
        form(method="post", action="/follow/call-back")[
            key,
            label(".check")[
                input(type="radio", name="is_satisfied", value="true", required=True), both("满意", "Satisfied")
            ],
            label(".check")[input(type="radio", name="is_satisfied", value="false"), both("不满意", "Not satisfied")],
            label[
                both("办理评分", "Rating"),
                select(name="rating")[(option(value=str(n))[f"{n} 分"] for n in (5, 4, 3, 2, 1))],
            ],
            _words("text", "想说的话", "Your words"),
            button(type="submit")[both("提交", "Send")],
        ],
    ]


def _reopening(key: list[Any]) -> Node:
    return _folded(
        "申请重新办理",
        "Ask to take it up again",
        form(method="post", action="/follow/reopening")[
            key,
            _words("reason", "哪些没有解决", "What was not dealt with", is_required=True),
            button(type="submit")[both("申请", "Ask")],
        ],
    )


def _withdrawing(key: list[Any], found: dict[str, Any]) -> Node:
    goes_on = "举报部分仍会继续查办。 The report goes on." if "REPORT" in found["tracks"] else "撤回后不能恢复。"
    return _folded(
        "撤回投诉",
        "Withdraw my dispute",
        form(method="post", action="/follow/withdrawal")[
            key,
            p[goes_on],
            _words("reason", "原因（可不填）", "Why (optional)"),
            button(type="submit")[both("撤回", "Withdraw")],
        ],
    )


def _folded(zh: str, en: str, content: Node) -> Node:
    """A section that opens."""
    return section[details[summary[both(zh, en)], content]]


def _words(name: str, zh: str, en: str, *, is_required: bool = False) -> Node:
    return label[both(zh, en), textarea(name=name, rows="4", maxlength=str(WORDS_CHARACTERS_MAX), required=is_required)]
