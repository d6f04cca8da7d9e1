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
        details[
            summary[both("回执，请交投诉人保存", "Receipt for the caller")],
            pre[code[json.dumps(receipt, ensure_ascii=False, indent=1)]],
        ]
        if receipt
        else None,
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
        small(".soft")["姓名、电话加密保存，仅凭办案理由可查看。 Sealed; opened only for a reason on record."],
    ]


def _line(
    values: Form, name: str, longest: int, *, kind: str = "text", required: bool = False, asks: bool = False
) -> VoidElement:
    return input(
        type=kind,
        name=name,
        value=values.get(name, ""),
        maxlength=str(longest) if kind != "datetime-local" else None,
        required=required,
        autocomplete="off",
        data_asks="" if asks else None,
    )


def _choice(values: Form, name: str, options: Mapping[str, str]) -> Element:
    return select(name=name)[
        (option(value=value, selected=values.get(name) == value)[word] for value, word in options.items())
    ]
