"""The operator's desk (受理投诉): one form for one call, suggestions beside it, and the next call at once.

One rule: the form works without a script: one button asks for suggestions, the other takes the complaint. Everything
is reached with the keyboard.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from htpy import (
    Element,
    Node,
    VoidElement,
    b,
    button,
    code,
    details,
    div,
    fieldset,
    form,
    input,
    kbd,
    label,
    legend,
    option,
    p,
    pre,
    section,
    select,
    small,
    summary,
    textarea,
)

from mingjing_console.acting import KEY
from mingjing_console.complaint_words import DECLARED
from mingjing_console.pages.shell import both, tag
from mingjing_console.words import CHANNEL, TRACK

TITLE = ("受理投诉", "Take a complaint")
TEXT_MAX = 8_000
ORIGIN = ("origin_place", "origin_reference", "origin_link", "origin_due_on")
Form = Mapping[str, str]


def desk(values: Form, key: str, hints: Node) -> Node:
    """The form and what is suggested."""
    return form("#desk.desk", method="post", action="/complaints/new")[
        div[
            input(type="hidden", name=KEY, value=key),
            _call(values),
            _whom(values),
            _caller(values),
            p[
                button("#take", type="submit", name="do", value="take")[both("受理", "Take it")],
                " ",
                button(".quiet", type="submit", name="do", value="look")[both("查看提示", "Suggest")],
                " ",
                small(".soft")[kbd["Ctrl+Enter"], " 受理 · ", kbd["Alt+1…3"], " 选机构"],
            ],
        ],
        div(".hints")[p("#hints-said.soft", role="status"), div("#hints", aria_live="polite")[hints]],
    ]


def refused(words: tuple[str, str]) -> Node:
    """Why the service did not take it."""
    return section(role="alert")[tag("bad", "未能受理", "Not taken"), p[words[0]], p[small(lang="en")[words[1]]]]


def taken(number: str, said: Mapping[str, Any]) -> Node:
    """It stands; the receipt is the caller's."""
    receipt = said.get("receipt")
    return section(role="status")[
        p[
            tag("good", "已受理", "Taken"), f" {number} ",
            tag("bad", "紧急：2 小时内响应", "Urgent") if said["is_urgent"] else None,
            None if said["institution_id"] else tag("warn", "机构待认定", "Institution open"),
        ],
        _secret(said.get("secret", "")),
        details[
            summary[both("回执，请交投诉人保存", "Receipt for the caller")],
            pre[code[json.dumps(receipt, ensure_ascii=False, indent=1)]],
        ]
        if receipt
        else None,
    ]  # fmt: skip


def _secret(secret: str) -> Node:
    """To be read to the caller now: it is shown once, and to nobody again."""
    if not secret:
        return None
    return p(".bad")[
        both("查询码", "Secret"), " ", b[secret],
        " 请读给投诉人：凭编号和查询码可查进度、补充、撤回。 Read it to the caller now; it is shown once.",
    ]  # fmt: skip


def _call(values: Form) -> Node:
    return fieldset[
        legend[both("来电", "The call")],
        label[
            "内容 What was said",
            textarea(
                name="text", required=True, maxlength=str(TEXT_MAX), autofocus=True, data_asks="", rows="6",
            )[values.get("text", "")],
        ],
        label["标题 Title", _line(values, "title", 300, asks=True)],
        div(".pair")[
            label["诉求类型 Kind", _choice(values, "declared", {word: word for word in DECLARED})],
            label["渠道 Channel", _choice(values, "channel", {code: word for code, (word, _) in CHANNEL.items()})],
            label["编号 Number", _line(values, "number", 60, required=True)],
            label["受理时间 Received", _line(values, "received_at", 20, kind="datetime-local", required=True)],
        ],
        _origin(values),
        fieldset[
            legend[both("类别（不选则由系统按原规则判断）", "Tracks")],
            [
                label(".inline")[
                    input(type="checkbox", name=f"track.{code}", value="true", checked=f"track.{code}" in values),
                    " ", both(*words),
                ]
                for code, words in TRACK.items()
            ],
        ],
    ]  # fmt: skip


def _origin(values: Form) -> Node:
    """What the channel says of itself: a school's referral, a letter, a report in the media, a superior's order."""
    return details(open=any(values.get(name) for name in ORIGIN))[
        summary[both("学校转来、来信、媒体、上级交办的来源", "Where it came from")],
        div(".pair")[
            label["学校、媒体或交办单位 School, medium or authority", _line(values, "origin_place", 200)],
            label["来信或交办编号 Its number", _line(values, "origin_reference", 100)],
            label["报道链接 Where it stands", _line(values, "origin_link", 500)],
            label["交办期限（须填编号） Due on", _line(values, "origin_due_on", 10, kind="date")],
        ],
    ]


def _whom(values: Form) -> Node:
    return fieldset[
        legend[both("被反映方", "The respondent")],
        div(".pair")[
            label["名称 Name", _line(values, "respondent", 300, asks=True)],
            label["地点 Place", _line(values, "place", 300, asks=True)],
            label["电话 Telephone", _line(values, "respondent_phone", 40, kind="tel", asks=True)],
            label["统一社会信用代码 Code", _line(values, "uscc", 40, asks=True)],
            label["涉及金额（元） Sum claimed", _line(values, "claimed", 20)],
        ],
    ]


def _caller(values: Form) -> Node:
    return fieldset[
        legend[both("投诉人（留空为匿名）", "The caller; empty: anonymous")],
        div(".pair")[
            label["姓名 Name", _line(values, "name", 100)],
            label["电话 Telephone", _line(values, "phone", 40, kind="tel", asks=True)],
        ],
        label(".inline")[
            input(type="checkbox", name="is_confidential", value="true", checked="is_confidential" in values),
            " ", both("隐去身份（只有经办机关知道）", "Confidential"),
        ],
        details(open=bool(values.get("relation") or values.get("represented")))[
            summary[both("代他人反映", "On behalf of somebody")],
            div(".pair")[
                label["与其关系 Relation", _line(values, "relation", 40)],
                label["被代理人姓名 For whom", _line(values, "represented", 100)],
            ],
        ],
        small(".soft")["姓名、电话加密保存，仅凭办案理由可查看。 Sealed; opened only for a reason on record."],
    ]  # fmt: skip


def _line(
    values: Form, name: str, longest: int, *, kind: str = "text", required: bool = False, asks: bool = False
) -> VoidElement:
    return input(
        type=kind,
        name=name,
        value=values.get(name, ""),
        maxlength=str(longest) if kind not in ("datetime-local", "date") else None,
        required=required,
        autocomplete="off",
        data_asks="" if asks else None,
    )


def _choice(values: Form, name: str, options: Mapping[str, str]) -> Element:
    return select(name=name)[
        (option(value=value, selected=values.get(name) == value)[word] for value, word in options.items())
    ]
