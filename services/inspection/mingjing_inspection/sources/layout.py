"""Layouts of complaint files: which header names which field, recognised from the header row itself.

One rule: a layout is recognised by the headers that no other file has; never by the file's name. Of headers that people
have said the one counts that reads most: a short list of the same hotline takes no column from its long one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from mingjing_inspection.domain.complaint import Channel
from mingjing_inspection.domain.complaint_columns import ComplaintColumnsRemembered
from mingjing_inspection.sources.table import Table
from mingjing_kernel.refusal import Invalid

HEADER_ROWS_MAX = 20
"""How far down a header is looked for: exports start with titles, never with pages of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """``fields``: our field -> the file's header. ``footer``: how a last row starts that only counts."""

    name: str
    channel: Channel
    fields: MappingProxyType[str, str]
    required: frozenset[str]
    footer: str = ""


HOTLINE_12345 = Layout(
    name="12345",
    channel=Channel.HOTLINE_12345,
    fields=MappingProxyType(
        {
            "number": "工单编号",
            "received_at": "受理时间",
            "name": "来电人",
            "phone": "联系电话",
            "declared": "诉求类型",
            "title": "标题",
            "text": "诉求内容",
            "place": "事发地点",
            "respondent": "被反映对象",
            "department": "承办单位",
            "due_on": "办理时限",
            "status": "工单状态",
            "result": "办理结果",
        }
    ),
    required=frozenset({"number", "received_at", "declared", "text", "respondent", "place"}),
    footer="共",
)

MARKET_12315 = Layout(
    name="12315",
    channel=Channel.MARKET_12315,
    fields=MappingProxyType(
        {
            "number": "登记编号",
            "received_at": "登记时间",
            "name": "提供方姓名",
            "phone": "提供方电话",
            "declared": "信息类别",
            "respondent": "涉及主体",
            "uscc": "涉及主体统一社会信用代码",
            "place": "涉及主体地址",
            "goods": "商品/服务",
            "text": "内容",
            "request": "诉求",
            "claimed": "涉及金额(元)",
            "department": "处理机构",
            "status": "状态",
        }
    ),
    required=frozenset({"number", "received_at", "declared", "respondent", "text"}),
)

LAYOUTS = (HOTLINE_12345, MARKET_12315)


class LayoutUnknown(Invalid):
    """No sheet has the headers of a complaint export."""

    sentence = "No sheet of the file has the header row of a complaint export."
    remedy = (
        "Send an export of 12345 (工单编号, 受理时间, …) or 12315 (登记编号, 登记时间, …) with its header row, or "
        "say once which of its columns is which (POST /complaint-headers)."
    )
    field = "file"


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a recognised table: its number as a person counts it, and the text of each known field."""

    number: int
    cells: MappingProxyType[str, str]


def remembered_as(known: Iterable[ComplaintColumnsRemembered]) -> tuple[Layout, ...]:
    """Layouts that people have said: all their titles must stand in the header, word for word."""
    kinds = {layout.name: layout for layout in LAYOUTS}
    return tuple(
        replace(
            kinds[one.layout],
            fields=MappingProxyType({each.field: each.title for each in one.columns}),
            required=frozenset(each.field for each in one.columns),
        )
        for one in known
    )


def recognise(tables: list[Table], remembered: Sequence[Layout] = ()) -> tuple[Layout, list[Row], int | None]:
    """The layout, its rows, and how many rows the file itself says it has. Raises ``LayoutUnknown``."""
    for table in tables:
        for at, header in enumerate(table.rows[:HEADER_ROWS_MAX]):
            layout = _of(header, LAYOUTS) or _of(header, sorted(remembered, key=lambda one: -len(one.fields)))
            if layout is not None:
                below = table.rows[at + 1 :]
                rows = list(_body(layout, header, below, table.first_line + at + 1))
                return layout, rows, _counted(layout, below)
    raise LayoutUnknown


def _of(header: tuple[str, ...], layouts: Iterable[Layout]) -> Layout | None:
    titles = set(header)
    return next((one for one in layouts if {one.fields[field] for field in one.required} <= titles), None)


def _body(layout: Layout, header: tuple[str, ...], rows: tuple[tuple[str, ...], ...], first: int) -> Iterator[Row]:
    places = {field: header.index(title) for field, title in layout.fields.items() if title in header}
    for number, row in enumerate(rows, start=first):
        if not any(row) or _is_footer(layout, row):
            continue
        cells = {field: row[place] if place < len(row) else "" for field, place in places.items()}
        yield Row(number, MappingProxyType(cells))


def _is_footer(layout: Layout, row: tuple[str, ...]) -> bool:
    return bool(layout.footer) and row[0].startswith(layout.footer) and not any(row[1:])


def _counted(layout: Layout, rows: tuple[tuple[str, ...], ...]) -> int | None:
    digits = ["".join(char for char in row[0] if char.isdigit()) for row in rows if row and _is_footer(layout, row)]
    return int(digits[-1]) if digits and digits[-1] else None
