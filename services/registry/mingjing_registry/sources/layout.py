"""Layout: which column means what, recognised from the header's words and never from the file's name.

One rule: a new spelling of a header is one more word in ``SYNONYMS``.
"""

from __future__ import annotations

from collections.abc import Mapping as Mapped
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from mingjing_registry.domain.import_mapping import NEEDED, Constant, Kind, Mapping
from mingjing_registry.sources.headers import SEPARATOR, Header, find_header, header_at, key_of
from mingjing_registry.sources.sheet import Sheet

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
    "valid_from": ("有效期起", "有效期自", "有效期起始", "有效期开始"),
    "expires_on": ("有效期至", "截止时间", "到期日期", "有效期止", "有效期截止", "有效期终止", "有效期结束"),
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
    "status": ("机构状态", "办学状态", "许可状态", "状态"),
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
    constants: tuple[Constant, ...] = ()
    """What every row says although no column does."""


@dataclass(frozen=True)
class Vocabulary:
    """The words of one sort of file: fields with their spellings, and what each kind of table must say."""

    synonyms: Mapped[str, tuple[str, ...]]
    kinds: tuple[Kind, ...]

    @cached_property
    def needed(self) -> Mapped[Kind, frozenset[str]]:
        """Fields by kind, in the order in which kinds are tried."""
        return {kind: NEEDED[kind] for kind in NEEDED if kind in self.kinds}

    @cached_property
    def _field_of(self) -> Mapped[str, str]:
        return {word: field for field, words in self.synonyms.items() for word in words}

    def is_known(self, key: str) -> bool:
        """Whether a header cell says a field's name."""
        return key in self._field_of

    def field_of(self, label: str) -> str | None:
        """The field of a column by its label: group and title together, else the title, else the group.

        A title that is only a number of order (编号) means nothing by itself below a group.
        """
        group, _, title = label.rpartition(SEPARATOR)
        whole, own, above = (
            key_of(part) for part in (label.replace(SEPARATOR, ""), title, group.replace(SEPARATOR, ""))
        )
        if not group:
            return self._field_of.get(own)
        found = self._field_of.get(whole) or self._field_of.get(own)
        return self._field_of.get(above) if found in (None, "serial") else found


REGISTER: Final = Vocabulary(SYNONYMS, ("withdrawn", "notices", "register", "roster"))
"""Lists of institutions."""


def header_of(sheet: Sheet, words: Vocabulary = REGISTER) -> Header | None:
    """The sheet's header, known or not; ``None`` when there is no row that could be one."""
    return find_header(sheet, words.is_known)


def recognise(sheet: Sheet, header: Header | None = None, words: Vocabulary = REGISTER) -> Layout | None:
    """The sheet's layout by known words, or ``None`` when they are not enough."""
    header = header or header_of(sheet, words)
    if header is None:
        return None
    found = ((at, words.field_of(label)) for at, label in enumerate(header.labels))
    columns = tuple((at, field) for at, field in found if field is not None)
    present = {field for _, field in columns}
    for kind, needed in words.needed.items():
        if needed <= present:
            return Layout(kind, columns, header.first_row, header.data_row)
    return None


def laid_out(sheet: Sheet, header: Header, mapping: Mapping, words: Vocabulary = REGISTER) -> Layout:
    """The layout that a person confirmed for this header."""
    header = header_at(sheet, header.first_row, words.is_known, mapping.header_rows)
    columns = tuple((at, field) for at, field in enumerate(mapping.fields) if field)
    return Layout(mapping.kind, columns, header.first_row, header.data_row, mapping.constants)
