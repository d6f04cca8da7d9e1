"""Files of hotlines 投诉文件导入: an export in one step, what became of it, and columns that are explained once.

One rule: the service reads the file; the page shows what it said of it and keeps nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from htpy import Node, a, button, details, div, form, h2, input, label, option, p, section, select, small, summary

from mingjing_console.acting import KEY
from mingjing_console.gateway import Answer
from mingjing_console.pages.finding import rows
from mingjing_console.pages.lookup import trouble
from mingjing_console.pages.shell import both, day, tag
from mingjing_console.words import Words
from mingjing_kernel.identifiers import new_id

TITLE: Final = ("投诉文件导入", "Complaint files")
PATH: Final = "/complaint-files"
HEADER: Final = f"{PATH}/header"
KEPT_SHOWN_MAX: Final = 100
TITLE_CHARACTERS_MAX: Final = 60
LAYOUTS: Final = ("12345", "12315")
FIELDS: Words = {
    "number": ("编号（必填）", "Number"),
    "received_at": ("受理时间（必填）", "Received at"),
    "text": ("内容（必填）", "What was said"),
    "declared": ("诉求类型", "Kind"),
    "title": ("标题（仅 12345）", "Title"),
    "name": ("诉求人姓名", "Name"),
    "phone": ("诉求人电话", "Telephone"),
    "respondent": ("被反映对象", "Respondent"),
    "place": ("地点", "Place"),
    "uscc": ("统一社会信用代码（仅 12315）", "Code of the respondent"),
    "goods": ("商品或服务（仅 12315）", "Goods"),
    "request": ("诉求（仅 12315）", "Request"),
    "claimed": ("金额（仅 12315）", "Sum"),
    "department": ("承办单位", "Department"),
    "due_on": ("办理时限（仅 12345）", "Due"),
    "status": ("状态", "State"),
    "result": ("办理结果（仅 12345）", "Result"),
}
"""What a column may hold; which export has which the service says."""
_COUNTS: Words = {
    "taken": ("新收", "Taken"),
    "updated": ("更新", "Updated"),
    "unchanged": ("不变", "Unchanged"),
    "matched": ("认出机构", "Institution known"),
    "urgent": ("涉资金安全", "Urgent"),
    "missing_rows": ("缺少", "Missing"),
}


def front(
    files: Answer, headers: Answer, said: Mapping[str, str], *, refused: Node = None, taken: Mapping[str, Any] | None
) -> Node:
    """The form, what became of the file that was sent, what came before, and how columns are explained."""
    return [
        refused,
        _taken(taken) if taken else None,
        section[
            p(".soft")[
                "12345 或 12315 的导出，XLSX 或 CSV；重复发送不会重复收件。 Sent again, nothing is taken twice."
            ],
            form(method="post", action=PATH, enctype="multipart/form-data")[
                input(type="hidden", name=KEY, value=str(new_id())),
                label[both("文件", "File"), input(type="file", name="file", required=True)],
                button(type="submit")[both("导入", "Take in")],
            ],
        ],
        _explaining(headers, said),
        section[h2[both("已导入", "Taken in")], _files(files)],
    ]


def _taken(receipt: Mapping[str, Any]) -> Node:
    kept = receipt["kept_aside"]
    return section[
        h2[tag("good", "已导入", "Taken in")],
        p[f"{receipt['layout']}，{receipt['rows']} 行。 {receipt['rows']} rows."],
        p[(f"{zh} {receipt[name]} · " for name, (zh, _) in _COUNTS.items())],
        [
            p(".warn")[f"待补正 {len(kept)} 行 Kept aside"],
            rows(
                (("行", "Row"), ("字段", "Field"), ("原因与办法", "Why, and what to do")),
                [
                    (str(one["row"]), one["field"], [one["sentence"]["zh"], " ", small[one["remedy"]["zh"]]])
                    for one in kept[:KEPT_SHOWN_MAX]
                ],
            ),
        ]
        if kept
        else None,
        p[a(href="/complaint-tracks")[both("去办理", "To the tracks")]],
    ]


def _explaining(headers: Answer, said: Mapping[str, str]) -> Node:
    known = headers.items
    return section[
        details(open=bool(said))[
            summary[both("导出的表头不同？说明一次各列含义", "Another header? Say once which column is which")],
            p(".soft")[
                "照表头逐字填写列名，没有的留空。以后同样表头的文件自动识别。 Word for word; read so from then on."
            ],
            form(method="post", action=HEADER)[
                input(type="hidden", name=KEY, value=str(new_id())),
                label[
                    both("哪里的导出", "Whose export"),
                    select(name="layout")[
                        (option(value=one, selected=said.get("layout") == one)[one] for one in LAYOUTS)
                    ],
                ],
                div(".fields")[(_column(field, words, said) for field, words in FIELDS.items())],
                button(type="submit")[both("记住", "Remember")],
            ],
            [_known(one) for one in known],
        ]
    ]


def _known(header: Mapping[str, Any]) -> Node:
    titles = "、".join(header["columns"].values())
    return p(".soft")[f"已记住（{header['layout']}）：{titles} ", small[day(header["remembered_at"])]]


def _column(field: str, words: tuple[str, str], said: Mapping[str, str]) -> Node:
    value = said.get(f"column:{field}", "")
    return label[both(*words), input(name=f"column:{field}", value=value, maxlength=str(TITLE_CHARACTERS_MAX))]


def _files(files: Answer) -> Node:
    if not files.is_there:
        return trouble(files)
    heads = (("导入时间", "When"), ("文件", "File"), ("格式", "Layout"), ("行数", "Rows"), ("待补正", "Kept aside"))
    found: list[Sequence[Node]] = [
        (day(one["imported_at"]), one["name"] or "—", one["layout"], str(one["rows"]), str(one["kept_aside"]))
        for one in files.items
    ]
    return rows(heads, found) if found else p(".soft")["尚未导入。 None yet."]
