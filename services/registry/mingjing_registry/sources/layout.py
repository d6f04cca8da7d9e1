"""Layout: which column means what, recognised from the header's words and never from the file's name.

One rule: a new spelling of a header is one more word in ``SYNONYMS``.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal, TypeAlias

from mingjing_registry.sources.workbook import Sheet, SheetRow, Value

HEADER_WITHIN_ROWS = 15
"""Titles and empty rows may come first, but not more than these."""

Kind: TypeAlias = Literal["register", "withdrawn", "notices"]

SYNONYMS: dict[str, tuple[str, ...]] = {
    "serial": ("序号", "编号"),
    "town": ("镇街", "街道", "所属镇街", "所在镇街"),
    "name": ("机构名称", "单位名称", "机构全称", "机构", "培训机构名称", "名称"),
    "uscc": ("统一社会信用代码", "社会信用代码", "信用代码"),
    "licence_number": (
        "办学许可证号",
        "批准文号",
        "意见书/许可文号",
        "原办学许可证号",
        "许可证号",
        "办学许可证编号",
    ),
    "issued_on": ("发证日期", "批准日期", "取得时间", "发证时间"),
    "expires_on": ("有效期至", "截止时间", "到期日期"),
    "validity": ("有效期限", "有效期", "许可期限"),
    "nature": ("机构性质", "性质", "办学性质"),
    "items": ("培训类别", "培训项目", "培训内容", "类别"),
    "legal_representative": ("法定代表人", "法人/负责人", "原法定代表人", "负责人", "法人"),
    "phone": ("联系电话", "手机", "原联系电话", "电话"),
    "representative_and_phone": ("负责人及电话", "联系人及电话"),
    "sites": ("办学地址", "地址", "场所1", "原办学地址", "场所"),
    "more_sites": ("场所2及以上", "其他场所"),
    "area_m2": ("面积", "建筑面积"),
    "custody_bank": ("托管银行", "监管银行"),
    "custody_account": ("专户账号", "监管账号"),
    "custody_open": ("是否开户",),
    "annual_check": ("年检结论", "年检", "年审结论"),
    "staff_count": ("从业人数", "教职工数"),
    "student_count": ("在册学员", "学员数"),
    "remark": ("备注",),
    "ended_how": ("处理方式", "处理结果"),
    "ended_on": ("日期", "处理日期", "注销日期"),
    "filed_on": ("受理日期",),
    "matter": ("事项",),
    "begins_on": ("起", "开始日期"),
    "ends_on": ("止", "结束日期"),
    "content": ("内容",),
    "published": ("是否公示",),
}

_FIELD_OF = {word: field for field, words in SYNONYMS.items() for word in words}
_NEEDED: dict[Kind, frozenset[str]] = {
    "withdrawn": frozenset({"name", "uscc", "ended_how", "ended_on"}),
    "notices": frozenset({"name", "matter", "content", "filed_on"}),
    "register": frozenset({"name", "uscc"}),
}
_IN_BRACKETS = re.compile(r"\(.*?\)|㎡|m2")


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the data of one sheet begins and which field each column holds."""

    kind: Kind
    columns: tuple[tuple[int, str], ...]
    """(column index, field), in column order; a field may have several columns."""
    header_row: int
    """Number (from 1) of the first header row: titles stand above."""
    data_row: int
    """Number (from 1) of the first row under the header."""


def recognise(sheet: Sheet) -> Layout | None:
    """The sheet's layout, or ``None`` when no header can be found."""
    best: tuple[int, int] = (0, 0)
    for index, row in enumerate(sheet.rows[:HEADER_WITHIN_ROWS]):
        hits = len(_fields(row))
        if hits > best[0]:
            best = (hits, index)
    hits, index = best
    if hits == 0:
        return None
    columns, depth = _columns(sheet.rows, index)
    present = {field for _, field in columns}
    for kind, needed in _NEEDED.items():
        if needed <= present:
            return Layout(kind, tuple(columns), index + 1, index + 1 + depth)
    return None


def _columns(rows: tuple[SheetRow, ...], index: int) -> tuple[list[tuple[int, str]], int]:
    """Fields by column, and how many rows the header takes: a second row fills the groups of the first."""
    upper = _fields(rows[index])
    lower = _fields(rows[index + 1]) if index + 1 < len(rows) else {}
    if not lower or not _is_header(rows[index + 1]):
        return sorted(upper.items()), 1
    return sorted({**upper, **lower}.items()), 2


def _is_header(row: SheetRow) -> bool:
    """A continuation of the header has header words and nothing else."""
    return all(_field(value) is not None for value in row.cells if _key(value))


def _fields(row: SheetRow) -> dict[int, str]:
    found = ((column, _field(value)) for column, value in enumerate(row.cells))
    return {column: field for column, field in found if field is not None}


def _field(value: Value) -> str | None:
    return _FIELD_OF.get(_key(value))


def _key(value: Value) -> str:
    if not isinstance(value, str):
        return "" if value == "" else str(value)
    text = re.sub(r"\s+", "", unicodedata.normalize("NFKC", value))
    return _IN_BRACKETS.sub("", text) or text
