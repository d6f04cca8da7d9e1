"""Checklist file (检查清单文件): the questions of a version as a table, XLSX or CSV, recognised by its header.

One rule: nothing is guessed. A row that cannot be asked says its number, its column and why, and then nothing of the
file is proposed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from mingjing_inspection.domain.checklist import Item, Severity
from mingjing_inspection.domain.checklist_mapping import LABEL_CHARACTERS_MAX, NEEDED, Header
from mingjing_inspection.domain.checklist_versions import CODE, ITEMS_MAX
from mingjing_inspection.sources.layout import HEADER_ROWS_MAX
from mingjing_inspection.sources.table import Table, read_tables
from mingjing_kernel.refusal import Invalid

BYTES_MAX = 1024 * 1024
HEADERS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "code": ("编号", "序号", "代码", "Code"),
        "title_zh": ("检查项", "检查项目", "检查内容", "检查事项", "Item"),
        "title_en": ("英文", "英文名称", "English"),
        "legal_basis": ("法律依据", "检查依据", "依据", "Legal basis"),
        "severity": ("严重程度", "等级", "风险等级", "Severity"),
        "immediate_veto": ("一票否决", "是否一票否决", "Veto"),
        "photo_required": ("须拍照", "必须拍照", "是否拍照", "Photo"),
    }
)
NO_MAPPINGS: Mapping[Header, tuple[str, ...]] = MappingProxyType({})
_FIELD_OF = MappingProxyType({word.lower(): field for field, words in HEADERS.items() for word in words})
SEVERITY_WORDS = MappingProxyType(
    {
        **{one.value.lower(): one for one in Severity},
        **dict.fromkeys(("蓝", "蓝色", "一般", "提示"), Severity.NOTICE),
        **dict.fromkeys(("黄", "黄色", "较重", "较大"), Severity.YELLOW),
        **dict.fromkeys(("红", "红色", "严重", "重大"), Severity.RED),
    }
)
_YES = MappingProxyType(
    {**dict.fromkeys(("是", "√", "y", "yes", "true", "1"), True), **dict.fromkeys(("否", "", "n", "no", "0"), False)}
)


class ChecklistHeaderUnknown(Invalid):
    """No sheet has the header row of a checklist."""

    sentence = "No sheet of the file has the header row of a checklist."
    remedy = "Name the columns 编号, 检查项, 法律依据, 严重程度, or preview it and confirm what its columns hold."
    field = "file"


class ChecklistRowsMistaken(Invalid):
    """Some rows cannot be asked."""

    sentence = "{count} cells of the file cannot be read as a checklist; the first is in row {row}."
    remedy = "Ask for a preview: it names every row, its column and why. Mend the file and send it again."
    field = "file"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistake:
    """One cell that cannot be read."""

    row: int
    column: str
    text: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadChecklist:
    """What a file says, and what of it cannot be asked."""

    sheet: str
    items: tuple[Item, ...]
    mistakes: tuple[Mistake, ...]

    def require_items(self) -> tuple[Item, ...]:
        """The items of a file without a mistake. Raises ``ChecklistRowsMistaken``."""
        if self.mistakes:
            raise ChecklistRowsMistaken(count=len(self.mistakes), row=self.mistakes[0].row)
        return self.items


def read_checklist(content: bytes, mapped: Mapping[Header, tuple[str, ...]] = NO_MAPPINGS) -> ReadChecklist:
    """By a mapping that somebody confirmed for this header, else by known words.

    Raises ``FileTooLarge``, ``FileUnreadable``, ``ChecklistHeaderUnknown``.
    """
    for table in read_tables(content):
        for at, header in enumerate(table.rows[:HEADER_ROWS_MAX]):
            said = mapped.get(labels_of(header))
            places = (
                {field: n for n, field in enumerate(said) if field}
                if said is not None
                else {field: n for n, word in enumerate(header) if (field := _FIELD_OF.get(word.strip().lower()))}
            )
            if places.keys() >= NEEDED:
                return _body(table, at + 1, places, header)
    raise ChecklistHeaderUnknown


def labels_of(row: Sequence[str]) -> Header:
    """The labels of a header row as they are remembered: without the empty ones at its end."""
    cells = [cell.strip()[:LABEL_CHARACTERS_MAX] for cell in row]
    while cells and not cells[-1]:
        cells.pop()
    return tuple(cells)


def _body(table: Table, first: int, places: Mapping[str, int], header: tuple[str, ...]) -> ReadChecklist:
    items: list[Item] = []
    mistakes: list[Mistake] = []
    codes = set[str]()
    for number, row in enumerate(table.rows[first:], start=table.first_line + first):
        if not any(cell.strip() for cell in row):
            continue
        cells = {field: row[place].strip() if place < len(row) else "" for field, place in places.items()}
        wrong = _wrong(cells, codes) if len(items) < ITEMS_MAX else {"code": ("超过条数上限", "too many items")}
        if wrong:
            mistakes += [
                Mistake(row=number, column=header[places[field]], text=cells[field][:60], zh=zh, en=en)
                for field, (zh, en) in wrong.items()
            ]
            continue
        codes.add(cells["code"])
        items.append(_item(cells))
    if not items and not mistakes:
        raise ChecklistHeaderUnknown
    return ReadChecklist(sheet=table.sheet, items=tuple(items), mistakes=tuple(mistakes))


def _wrong(cells: Mapping[str, str], codes: set[str]) -> dict[str, tuple[str, str]]:
    found: dict[str, tuple[str, str]] = {}
    if not CODE.fullmatch(cells["code"]):
        found["code"] = (
            "编号应为 C01 至 C15，可带序号（如 C09-2）",
            "a code is C01 to C15, with a number or not: C09-2",
        )
    elif cells["code"] in codes:
        found["code"] = ("编号重复", "the code stands twice")
    for field in ("title_zh", "legal_basis"):
        if not cells[field]:
            found[field] = ("不能为空", "it is empty")
    if cells["severity"].lower() not in SEVERITY_WORDS:
        found["severity"] = ("应为 蓝、黄、红", "blue, yellow or red: NOTICE, YELLOW, RED")
    for field in ("immediate_veto", "photo_required"):
        if cells.get(field, "").lower() not in _YES:
            found[field] = ("应为 是 或 否", "yes or no")
    return found


def _item(cells: Mapping[str, str]) -> Item:
    return Item(
        code=cells["code"],
        title_zh=cells["title_zh"],
        title_en=cells.get("title_en", ""),
        legal_basis=cells["legal_basis"],
        severity=SEVERITY_WORDS[cells["severity"].lower()],
        immediate_veto=_YES[cells.get("immediate_veto", "").lower()],
        photo_required=_YES[cells.get("photo_required", "").lower()],
    )
