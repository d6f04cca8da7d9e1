"""Importing 导入: send a file, see how it is read and what each row would come to, correct, confirm; without a script.

One rule: nothing is taken from a page that did not show it: the confirmation carries the name of what was seen.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from htpy import (
    Element,
    Node,
    a,
    b,
    button,
    details,
    div,
    dl,
    form,
    h2,
    input,
    label,
    li,
    option,
    p,
    section,
    select,
    small,
    span,
    summary,
    ul,
)

from mingjing_console import import_words as w
from mingjing_console.acting import KEY
from mingjing_console.gateway import Answer
from mingjing_console.pages.access_forms import field
from mingjing_console.pages.finding import further, rows
from mingjing_console.pages.lookup import trouble
from mingjing_console.pages.shell import both, day, tag
from mingjing_console.pages.standing import fact
from mingjing_console.words import DEPARTMENT, Words, zh
from mingjing_kernel.identifiers import new_id

IMPORTS = ("导入名单", "Import a list")
PREVIEW = ("导入预览", "What a file would come to")
DONE = ("导入结果", "What came of a file")
ACCEPTED = ".xlsx,.xls,.ods,.csv,.txt,.htm,.html"
REMARKS_SHOWN = 200
HEADER_ROWS = ("1", "2", "3")


def front(answer: Answer, refused: Node = None) -> Node:
    """The form for a file, and the files that came before."""
    platform = p[a(href="/imports/roster")[both("全国平台名录及差异", "The platform's roster, and where it differs")]]
    return [refused, _sending(), platform, section[h2[both("已导入的文件", "Files that were taken")], _earlier(answer)]]


def _sending() -> Element:
    return section[
        form(method="post", action="/imports", enctype="multipart/form-data")[
            p(".soft")[
                "支持 xlsx、xls（含网页格式）、ods、CSV；先预览，确认之后才入册。 ",
                small(lang="en")[
                    "Spreadsheets and CSV. You see what would change; nothing is taken before you confirm."
                ],
            ],
            div(".fields")[
                label[both("名单内容", "What it lists"), _plain("sort", w.SORT, "")],
                label[both("文件", "File"), input(name="file", type="file", accept=ACCEPTED, required=True)],
                field("制表单位（非本部门时）", "Who made it, when not your department", "sender"),
                field("统计截止（表内未写明时）", "The list's day, when it does not say", "stated_on", kind="date"),
            ],
            button(type="submit")[both("预览", "Preview")],
        ]
    ]


def _earlier(answer: Answer) -> Node:
    if not answer.is_there:
        return trouble(answer)
    heads = (("日期", "Date"), ("文件", "File"), ("部门", "Department"), ("入册", "Taken"), ("搁置", "Kept aside"))
    found: list[Sequence[Node]] = [
        (
            day(row["imported_on"]),
            [a(href=f"/imports/done/{row['import_id']}")[row["file_name"] or row["digest"][:12]], " ", _state(row)],
            zh(DEPARTMENT, row["department"]),
            str(row["counts"]["taken"] + row["counts"]["withdrawn"] + row["counts"]["notices"]),
            str(row["counts"]["kept_aside"]),
        )
        for row in answer.items
    ]
    return [rows(heads, found), further("/imports", {}, answer)]


def _state(row: Mapping[str, Any]) -> Node:
    return tag("warn", *w.STATE["begun"]) if row["state"] == "begun" else None


def preview(
    shown: Mapping[str, Any], found: Answer | None, what: str, refused: Node = None, *, is_roster: bool = False
) -> Node:
    """One waiting file. ``found``: its rows, once every table can be read."""
    path = f"/imports/{shown['preview_id']}"
    return [
        refused,
        _about(shown),
        _counts(shown["counts"], path, what, is_roster=is_roster) if shown["counts"] else None,
        _confirming(path, shown, is_roster=is_roster) if shown["seen"] else None,
        _rows(found, path, what) if found else None,
        _mapping(path, shown["tables"]),
        section[form(method="post", action=f"{path}/dropping")[button(".quiet", type="submit")[both("放弃", "Drop")]]],
    ]


def _about(shown: Mapping[str, Any]) -> Element:
    return section[
        dl(".wide")[
            fact("文件", "File", shown["file_name"] or "—"),
            fact("主管部门", "Department", zh(DEPARTMENT, shown["department"])),
            fact("制表单位", "Sender", shown["sender"] or "—"),
            fact("统计截止", "Stated on", day(shown["stated_on"])),
        ],
        None
        if shown["seen"]
        else p(".warn")["要先确认各列的含义，见下。 ", small(lang="en")["First say below what the columns mean."]],
    ]


def _counts(counts: Mapping[str, int], path: str, what: str, *, is_roster: bool) -> Node:
    words_of = {**w.WHAT, "omitted": w.OMITTED} if is_roster else w.WHAT
    figures = [
        div(".figure")[
            b[f"{counts[key.replace('-', '_')]:,}"],
            a(href=f"{path}?{urlencode({'what': key})}", aria_current="true" if key == what else None)[both(*words)],
        ]
        for key, words in words_of.items()
    ]
    return div(".figures")[div(".figure")[b[f"{counts['rows']:,}"], a(href=path)[both("全部", "All")]], figures]


_TAKEN = (
    "确认后，新增和变更入册；搁置的行等待补正。",
    "New and changed rows are taken; those kept aside wait to be mended.",
)
_COMPARED = (
    "确认后记为平台的说法并与登记核对；登记本身不变。",
    "It is written down as the platform's word and compared; the register stays as it is.",
)


def _part_of_roster() -> Element:
    words = both("只是名录的一部分（未列的不算缺列）", "Part of the roster only: whom it omits is not missing")
    return label(".check")[input(type="checkbox", name="is_part", value="true"), span[words]]


def _confirming(path: str, shown: Mapping[str, Any], *, is_roster: bool) -> Element:
    said_zh, said_en = _COMPARED if is_roster else _TAKEN
    return section[
        form(method="post", action=f"{path}/confirmation")[
            input(type="hidden", name=KEY, value=str(new_id())),
            input(type="hidden", name="seen", value=shown["seen"]),
            p[f"{said_zh} ", small(lang="en")[said_en]],
            _part_of_roster() if is_roster else None,
            label(".check")[
                input(type="checkbox", name="as_it_stands", value="true"),
                span[
                    both(
                        "预览后登记情况有变的，按现状逐行处理",
                        "Decide each row as the register stands, if it has moved",
                    )
                ],
            ],
            button(type="submit")[both("确认导入", "Confirm")],
        ]
    ]


def _rows(answer: Answer, path: str, what: str) -> Node:
    if not answer.is_there:
        return trouble(answer)
    heads = (("行", "Row"), ("结果", "Outcome"), ("机构", "Institution"), ("变化与问题", "Changes and problems"))
    found: list[Sequence[Node]] = [
        (
            f"{row['sheet']} {row['row']}",
            tag(_KINDS.get(row["what"], ""), *w.WHAT.get(row["what"], w.OMITTED)),
            [row["name"] or "—", " ", small[row["uscc"]]],
            [_changes(row), [_problem(one) for one in row["problems"]]],
        )
        for row in answer.items
    ]
    return section[
        h2[both("逐行", "Row by row")], div(".stack")[rows(heads, found)], further(path, {"what": what}, answer)
    ]


_KINDS = {"new": "good", "changed": "warn", "kept-aside": "bad", "omitted": "warn"}


def _changes(row: Mapping[str, Any]) -> Node:
    if row["what"] == "new" or not row["changes"]:
        return None
    return ul(".plain")[
        (
            li[
                both(*w.CHANGED.get(one["field"], (one["field"], ""))),
                f"：{one['before'] or '空'} → {one['after'] or '空'}",
            ]
            for one in row["changes"]
        )
    ]


def _problem(one: Mapping[str, Any]) -> Element:
    return p(class_="bad" if one["severity"] == "aside" else "soft")[
        one["sentence_zh"] or one["code"],
        " ",
        small(lang="en")[one["sentence"]],
        [" ", b[one["remedy_zh"]], " ", small(lang="en")[one["remedy"]]] if one["remedy_zh"] else None,
    ]


def _mapping(path: str, tables: Sequence[Mapping[str, Any]]) -> Node:
    """Open where a table waits; to be opened by whoever wants a table read in another way."""
    if not any(table["columns"] for table in tables):
        return None
    waits = any(table["how"] == "to-confirm" for table in tables)
    content = form(method="post", action=f"{path}/mapping")[
        input(type="hidden", name=KEY, value=str(new_id())),
        [_table(at, table) for at, table in enumerate(tables) if table["columns"]],
        p(".soft")[
            "确认的对照会记住：同一单位同样的表头，下次不再询问。 ",
            small(lang="en")["Remembered: the same header from the same sender is not asked about again."],
        ],
        button(type="submit")[both("确认对照", "Confirm the columns")],
    ]
    title = both("各列的含义", "What the columns mean")
    return section[h2[title], content] if waits else details(".card")[summary[title], content]


def _table(at: int, table: Mapping[str, Any]) -> Node:
    """One sheet: what it lists, and a drop-down for each of its columns."""
    left_out = table["how"] == "left-out" or (table["how"] == "to-confirm" and table["missing"])
    heads = (("列", "Column"), ("示例", "Cells"), ("含义", "Taken for"))
    found: list[Sequence[Node]] = [
        (
            [b[column["label"] or f"第 {number + 1} 列"], " ", small[both(*w.WHY[column["why"]])]],
            "、".join(column["samples"]) or "—",
            _select(
                f"t{at}.{number}", f"{column['label']} 含义 Taken for", w.FIELD, column["field"], ("不取", "Nothing")
            ),
        )
        for number, column in enumerate(table["columns"])
    ]
    return div[
        p[b[table["sheet"]], " ", tag("warn" if table["how"] == "to-confirm" else "", *w.HOW[table["how"]])],
        p(".bad")[both("没有找到", "Not found"), "：", "、".join(zh(w.FIELD, one) for one in table["missing"])]
        if table["missing"]
        else None,
        div(".fields")[
            label[both("此表是", "This table lists"), _plain(f"t{at}.kind", w.KIND, "" if left_out else table["kind"])],
            label[both("表头行数", "Header rows"), _numbers(f"t{at}.rows", str(table["header_rows"]))],
            label[
                both("每行都有而表中未列的", "What every row says and no column does"),
                _select(f"t{at}.constant", "", w.FIELD, "", ("无", "Nothing")),
            ],
            label[both("内容", "Its text"), input(name=f"t{at}.text", maxlength="500")],
        ],
        div(".stack")[rows(heads, found)],
    ]


def _select(name: str, words: str, of: Words, value: str, empty: tuple[str, str]) -> Element:
    options = (option(value=key, selected=key == value)[f"{said[0]} {said[1]}"] for key, said in of.items())
    return select(name=name, aria_label=words or None)[option(value="")[f"{empty[0]} {empty[1]}"], options]


def _plain(name: str, of: Words, value: str) -> Element:
    return select(name=name)[
        (option(value=key, selected=key == value)[f"{said[0]} {said[1]}"] for key, said in of.items())
    ]


def _numbers(name: str, value: str) -> Element:
    return select(name=name)[(option(value=one, selected=one == value)[one] for one in HEADER_ROWS)]


def done(found: Mapping[str, Any]) -> Node:
    """What came of a file, and what of it deserves a look."""
    counts = found["counts"]
    figures = (
        (("行数", "Rows"), counts["rows"]),
        (("入册", "Taken"), counts["taken"]),
        (("注销吊销", "Withdrawn"), counts["withdrawn"]),
        (("备案公告", "Notices"), counts["notices"]),
        (("重复合并", "Merged"), counts["merged"]),
        (("搁置", "Kept aside"), counts["kept_aside"]),
    )
    heads = (("行", "Row"), ("说明", "Remark"))
    remarks = found["remarks"]
    shown: list[Sequence[Node]] = [(f"{one['sheet']} {one['row']}", _problem(one)) for one in remarks[:REMARKS_SHOWN]]
    more = f"共 {len(remarks):,} 条，显示前 {REMARKS_SHOWN} 条。 The first {REMARKS_SHOWN} of {len(remarks):,}."
    origin = small[f"{day(found['imported_on'])} · SHA-256 {found['digest']}"]
    return [
        section[
            p[b[found["file_name"] or found["digest"][:12]], " ", origin],
            p(".warn")[both(*w.STATE["begun"])] if found["state"] == "begun" else None,
        ],
        div(".figures")[(div(".figure")[b[f"{number:,}"], both(*words)] for words, number in figures)],
        section[p[a(href="/kept-aside")[both("去补正搁置的行", "Mend the rows kept aside")]]]
        if counts["kept_aside"]
        else None,
        section[
            h2[both("值得一看的行", "Rows that deserve a look")],
            p(".soft")[more] if len(remarks) > REMARKS_SHOWN else None,
            div(".stack")[rows(heads, shown)],
        ],
    ]
