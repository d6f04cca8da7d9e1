"""Checklists 检查清单: a file looked at, its columns said what they hold, proposed, decided on by somebody else.

One rule: what is confirmed is the very file that was shown: it comes back with the page, and nothing of it was kept. A
guess at a column is a choice in a form, and counts when a person sends it.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from htpy import (
    Element,
    Node,
    VoidElement,
    b,
    button,
    code,
    details,
    div,
    form,
    h2,
    input,
    label,
    option,
    p,
    section,
    select,
    small,
)
from htpy import summary as summary_of

from mingjing_console.acting import KEY
from mingjing_console.gateway import Answer
from mingjing_console.pages.finding import rows
from mingjing_console.pages.lookup import trouble
from mingjing_console.pages.shell import both, day, tag
from mingjing_console.words import SEVERITY, Words, en, zh
from mingjing_kernel.identifiers import new_id

TITLE: Final = ("检查清单", "Checklists")
PATH: Final = "/checklists"
COLUMN: Final = "column-"
"""Begins the name of each field that says what a column holds."""
SAMPLES_SHOWN: Final = 3
NOTHING: Final = "nothing"
FIELD: Words = MappingProxyType(
    {
        "code": ("编号", "Code"),
        "title_zh": ("检查项", "Question"),
        "title_en": ("检查项（英文）", "Question in English"),
        "legal_basis": ("法律依据", "Legal basis"),
        "severity": ("严重程度", "Severity"),
        "immediate_veto": ("一票否决", "Veto"),
        "photo_required": ("须拍照", "Photo needed"),
    }
)
WHY: Words = MappingProxyType(
    {
        "remembered": ("该报送方以前如此", "As this sender had it before"),
        "known": ("列名已知", "A known name"),
        "content": ("按内容推断", "By what is in it"),
        "similar": ("列名相近", "A name like it"),
        NOTHING: ("无法推断", "Nothing to go by"),
    }
)
CHANGE: Words = MappingProxyType(
    {"added": ("新增", "Added"), "changed": ("修改", "Changed"), "left-out": ("删去", "Left out")}
)
STATE: Words = MappingProxyType(
    {"proposed": ("待批准", "Proposed"), "approved": ("已批准", "Approved"), "withdrawn": ("已撤回", "Withdrawn")}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A file on its way: what a preview said of it, with its very bytes."""

    name: str
    sender: str
    content: bytes
    preview: Mapping[str, Any]


def shown(
    known: Answer, proposals: Answer, mappings: Answer, today: str, above: Node = None, sent: Sent | None = None
) -> Node:
    """The form for a file, what it says, and what stands."""
    return [
        above,
        _sending(sent),
        _seen(sent, today) if sent else None,
        _versions(known, proposals),
        _remembered(mappings),
    ]


def _sending(sent: Sent | None) -> Element:
    return section[
        p(".soft")[
            "XLSX 或 CSV；列名：编号、检查项、法律依据、严重程度、一票否决、须拍照。",
            "列名不同的，先确认一次，以后同一报送方照此读取。",
            small(lang="en")[" Other headers are confirmed once by a person, and remembered for their sender."],
        ],
        form(method="post", action=PATH, enctype="multipart/form-data")[
            div(".fields")[
                label[both("文件", "File"), input(type="file", name="file", required=True)],
                _line("报送方（制表单位）", "Who wrote it", "sender", sent.sender if sent else "", required=False),
            ],
            button(type="submit")[both("预览", "Preview")],
        ],
    ]


def _seen(sent: Sent, today: str) -> Node:
    preview = sent.preview
    title = h2[both(f"预览：{sent.name}", "Preview")]
    if preview["question"] is not None:
        return section[title, _asking(sent, preview["question"])]
    found = preview["items"]
    heads = (("编号", "Code"), ("检查项", "Question"), ("依据", "Legal basis"), ("程度", "Severity"), ("要求", "Asks"))
    table = [
        (code[one["code"]], one["title_zh"], one["legal_basis"], zh(SEVERITY, one["severity"]), _duties(one))
        for one in found
    ]
    wrong = [(str(one["row"]), one["column"], one["text"], _words(one)) for one in preview["mistakes"]]
    mistaken = (("行", "Row"), ("列", "Column"), ("内容", "Text"), ("问题", "What is wrong"))
    return section[
        title,
        [p(".warn")[f"{len(wrong)} 处需改正后重新上传。 To be put right in the file."], rows(mistaken, wrong)]
        if wrong
        else None,
        rows(heads, table),
        _changes(preview),
        _proposing(sent, today) if found and not wrong else None,
    ]


def _asking(sent: Sent, question: Mapping[str, Any]) -> Node:
    """Each column with what it may hold."""
    missing = "、".join(zh(FIELD, one) for one in question["missing"])
    return [
        p(".warn")[
            f"第 {question['row']} 行的列名不认识，请说明各列含义。 ",
            small(lang="en")[f"The header in row {question['row']} is not known: say what each column holds."],
        ],
        p(".soft")[f"尚未找到：{missing} Not found yet"] if missing else None,
        form(method="post", action=f"{PATH}/mapping")[
            _carried(sent),
            input(type="hidden", name="header", value=json.dumps(question["header"], ensure_ascii=False)),
            _line("报送方（制表单位）", "Who wrote it", "sender", sent.sender),
            div(".fields")[(_column(at, one) for at, one in enumerate(question["columns"]))],
            button(type="submit")[both("确认列名对照", "Confirm")],
        ],
    ]


def _column(at: int, one: Mapping[str, Any]) -> Element:
    samples = "、".join(one["samples"][:SAMPLES_SHOWN])
    options = (
        option(value=name, selected=name == one["field"])[f"{said[0]} {said[1]}"] for name, said in FIELD.items()
    )
    return label[
        b[one["label"] or f"第 {at + 1} 列"],
        small[f" {samples} · {zh(WHY, one['why'] or NOTHING)} {en(WHY, one['why'] or NOTHING)}"],
        select(name=f"{COLUMN}{at}")[option(value="", selected=not one["field"])["不读取 Not taken"], options],
    ]


def _proposing(sent: Sent, today: str) -> Element:
    return form(method="post", action=f"{PATH}/proposal")[
        _carried(sent),
        input(type="hidden", name=KEY, value=str(new_id())),
        input(type="hidden", name="sender", value=sent.sender),
        div(".fields")[
            label[
                both("版本号（小写字母、数字、连字符）", "Version"),
                input(name="version", required=True, maxlength="40", pattern="[a-z][a-z0-9.\\-]{2,39}"),
            ],
            label[
                both("自何日起施行", "In force from"),
                input(type="date", name="effective_from", value=today, min=today, required=True),
            ],
            _line("理由", "Reason", "reason", ""),
        ],
        button(type="submit")[both("提出", "Propose")],
    ]


def _carried(sent: Sent) -> list[VoidElement]:
    return [
        input(type="hidden", name="name", value=sent.name),
        input(type="hidden", name="content", value=b64encode(sent.content).decode()),
    ]


def _changes(preview: Mapping[str, Any]) -> Node:
    if not preview["changes"]:
        return p(".good")[f"与现行版本 {preview['against']} 相同。 The same as what is in force."]
    said = (f"{one['code']} {zh(CHANGE, one['what'])}" for one in preview["changes"])
    return p(".soft")[f"与现行版本 {preview['against']} 相比：{'、'.join(said)} ", small(lang="en")["against it"]]


def _versions(known: Answer, proposals: Answer) -> Node:
    title = h2[both("清单版本", "Versions")]
    if not known.is_there:
        return section[title, trouble(known)]
    heads = (("版本", "Version"), ("自", "From"), ("检查项", "Questions"), ("", ""))
    table = [
        (
            code[one["version"]],
            day(one["effective_from"]),
            str(len(one["items"])),
            tag("good", "现行", "In force") if one["is_in_force"] else "",
        )
        for one in known.body
    ]
    waiting = [one for one in proposals.body if one["state"] == "proposed"] if proposals.is_there else []
    return [
        section[title, rows(heads, table)],
        section[h2[both("待批准", "Proposed")], (_waiting(one) for one in waiting)] if waiting else None,
        None if proposals.is_there else trouble(proposals),
    ]


def _waiting(one: Mapping[str, Any]) -> Element:
    path = f"{PATH}/{one['version']}"
    return details(open=True)[
        summary_of[code[one["version"]], f" {one['source']} ", tag("warn", zh(STATE, one["state"]), "Proposed")],
        p[f"{one['reason']} · {len(one['items'])} 项 · {day(one['effective_from'])} · {one['proposed_by']}"],
        form(method="post", action=f"{path}/approval")[
            input(type="hidden", name=KEY, value=str(new_id())),
            button(type="submit")[both("批准", "Approve")],
        ],
        form(method="post", action=f"{path}/withdrawal")[
            input(type="hidden", name=KEY, value=str(new_id())),
            _line("理由", "Reason", "reason", ""),
            button(".quiet", type="submit")[both("撤回", "Withdraw")],
        ],
    ]


def _remembered(mappings: Answer) -> Node:
    title = h2[both("各报送方的列名对照", "How each sender's columns are read")]
    if not mappings.is_there:
        return section[title, trouble(mappings)]
    if not mappings.body:
        return section[title, p(".soft")["尚无列名对照。 None is remembered."]]
    return section[title, (_mapping(one) for one in mappings.body)]


def _mapping(one: Mapping[str, Any]) -> Element:
    said = zip(one["header"], one["fields"], strict=True)
    table = [(head, zh(FIELD, name) if name else "不读取 Not taken") for head, name in said]
    return details[
        summary_of[f"{one['sender']} · {len(one['header'])} 列 · {day(one['at'])}"],
        rows((("列名", "Header"), ("含义", "Holds")), table),
        form(method="post", action=f"{PATH}/mapping/withdrawal")[
            input(type="hidden", name=KEY, value=str(new_id())),
            input(type="hidden", name="sender", value=one["sender"]),
            input(type="hidden", name="header", value=json.dumps(one["header"], ensure_ascii=False)),
            _line("理由", "Reason", "reason", ""),
            button(".quiet", type="submit")[both("撤回，下次再问", "Ask again next time")],
        ],
    ]


def _duties(one: Mapping[str, Any]) -> str:
    asked = (("一票否决 Veto", one["immediate_veto"]), ("须拍照 Photo", one["photo_required"]))
    return "、".join(word for word, holds in asked if holds)


def _words(one: Mapping[str, Any]) -> Node:
    return [one["zh"], " ", small(lang="en")[one["en"]]]


def _line(zh_: str, en_: str, name: str, value: str, *, required: bool = True) -> Element:
    return label[both(zh_, en_), input(name=name, value=value, maxlength="100", required=required)]


def proposed(version: str) -> Sequence[Node]:
    """That it waits for somebody else."""
    return [p(".good")[f"已提出 {version}，待他人批准。 ", small(lang="en")["Somebody else approves it."]]]
