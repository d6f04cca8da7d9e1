"""Roster of grid posts 网格岗位名册: a file looked at row by row, confirmed, and the rows that wait to be mended.

One rule: what is confirmed is the very file that was shown: it comes back with the page, and nothing of it was kept.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from htpy import Node, a, button, code, details, div, form, h2, input, label, p, section, small
from htpy import summary as summary_of

from mingjing_console.acting import KEY
from mingjing_console.gateway import Answer
from mingjing_console.pages.finding import rows
from mingjing_console.pages.grids import PATH as GRIDS
from mingjing_console.pages.grids import POST
from mingjing_console.pages.lookup import trouble
from mingjing_console.pages.shell import both, tag
from mingjing_console.words import Words
from mingjing_kernel.identifiers import new_id

TITLE: Final = ("网格岗位名册", "Roster of grid posts")
PATH: Final = f"{GRIDS}/posts"
ROWS_MAX: Final = 200
"""Shown of a preview; the file may have more."""
CELLS: Words = {
    "code": ("网格编码", "Grid"),
    "officer": ("网格员账号", "Officer"),
    "deputy": ("副网格员账号", "Deputy"),
    "inspector": ("责任督学账号", "Linked inspector"),
    "post": ("岗位", "Post"),
    "person": ("人员账号", "Person"),
    "from_on": ("起始日期", "From"),
}
_WHAT: Mapping[str, tuple[str, str, str]] = {
    "fills": ("good", "任命", "Fills"),
    "unchanged": ("", "不变", "Unchanged"),
    "kept-aside": ("bad", "待补正", "To be mended"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A file on its way: what a preview said of it, with its very bytes."""

    name: str
    content: bytes
    from_on: str
    preview: Mapping[str, Any]


def roster(sent: Sent | None, waiting: Answer, today: str, refused: Node = None) -> Node:
    """The form, what a file would do, and what waits."""
    return [
        refused,
        section[
            p(".soft")[
                "XLSX 或 CSV；列名：网格编码、网格员、副网格员、起始日期（填登录账号），或 网格编码、岗位、人员。",
                small(lang="en")[" A row a grid, or a row a post; people by their sign-in accounts."],
            ],
            form(method="post", action=PATH, enctype="multipart/form-data")[
                div(".fields")[
                    label[both("文件", "File"), input(type="file", name="file", required=True)],
                    label[
                        both("未写日期的行自何日起", "From, for rows without a day"),
                        input(type="date", name="from_on", value=sent.from_on if sent else today, required=True),
                    ],
                ],
                button(type="submit")[both("预览", "Preview")],
            ],
            p[a(href=GRIDS)[both("返回网格", "Back to the grids")]],
        ],
        _preview(sent) if sent else None,
        _waiting(waiting, today),
    ]


def _preview(sent: Sent) -> Node:
    found: Sequence[Mapping[str, Any]] = sent.preview["rows"]
    heads = (("行", "Row"), ("网格", "Grid"), ("处理", "What"), ("人员", "People"))
    table = [
        (
            str(one["row"]),
            code[one["code"]],
            tag(*_WHAT[one["what"]]),
            [div[both(*POST[it["post"]]), f" {it['person']}"] for it in one["fills"]],
        )
        for one in found[:ROWS_MAX]
    ]
    more = f"仅显示前 {ROWS_MAX} 行，共 {len(found)} 行。 The first of {len(found)} rows."
    return section[
        h2[both(f"预览：{sent.name}", "Preview")],
        rows(heads, table),
        p(".soft")[more] if len(found) > ROWS_MAX else None,
        _wrong(sent.preview["kept_aside"]),
        _without(sent.preview),
        form(method="post", action=f"{PATH}/taking")[
            input(type="hidden", name=KEY, value=str(new_id())),
            input(type="hidden", name="name", value=sent.name),
            input(type="hidden", name="from_on", value=sent.from_on),
            input(type="hidden", name="content", value=b64encode(sent.content).decode()),
            button(type="submit")[both("确认导入", "Take it")],
        ],
    ]


def _wrong(kept: Sequence[Mapping[str, Any]]) -> Node:
    if not kept:
        return None
    heads = (("行", "Row"), ("问题", "What is wrong"))
    table = [(str(one["row"]), _sentence(one)) for one in kept[:ROWS_MAX]]
    return [
        p(".warn")[f"{len(kept)} 行需补正，其余照办。 {len(kept)} rows wait; the others are done."],
        rows(heads, table),
    ]


def _sentence(one: Mapping[str, Any]) -> Node:
    said, remedy = one["sentence"], one["remedy"]
    return [said["zh"], " ", remedy["zh"], " ", small(lang="en")[said["en"], " ", remedy["en"]]]


def _without(preview: Mapping[str, Any]) -> Node:
    count = preview["without_officer_count"]
    if not count:
        return p(".good")["启用的网格都有网格员。 Every grid in force has an officer."]
    shown = "、".join(preview["without_officer"][:20])
    return p(".warn")[f"仍有 {count} 个网格没有网格员：{shown} ", small(lang="en")["These grids have no officer."]]


def _waiting(answer: Answer, today: str) -> Node:
    title = h2[both("待补正的行", "Rows to be mended")]
    if not answer.is_there:
        return section[title, trouble(answer)]
    if not answer.items:
        return section[title, p(".soft")["没有待补正的行。 Nothing waits."]]
    return section[title, [_mending(one, today) for one in answer.items]]


def _mending(one: Mapping[str, Any], today: str) -> Node:
    cells = {name: one["cells"].get(name, "") for name in CELLS if name in one["cells"]}
    return details[
        summary_of[f"第 {one['row']} 行 ", code[cells.get("code", "")], " ", one["sentence"]["zh"]],
        p[_sentence(one)],
        form(method="post", action=f"{PATH}/{one['file_id']}/{one['row']}")[
            input(type="hidden", name=KEY, value=str(new_id())),
            div(".fields")[
                (
                    label[both(*CELLS[name]), input(name=name, value=value, maxlength="200")]
                    for name, value in cells.items()
                ),
                label[
                    both("未写日期的自何日起", "From, without a day"),
                    input(type="date", name="on", value=today, required=True),
                ],
            ],
            button(type="submit")[both("补正", "Mend")],
        ],
    ]


def done(receipt: Mapping[str, Any]) -> Node:
    """What became of the file."""
    kept = len(receipt["kept_aside"])
    return section(".card")[
        p[
            f"已办理 {receipt['filled']} 行，共 {receipt['rows']} 行，待补正 {kept} 行。 ",
            small(lang="en")[f"{receipt['filled']} of {receipt['rows']} rows are done, {kept} wait."],
        ]
    ]
