"""Remembered headers: needed fields, one title a field, replaced and not doubled."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from mingjing_inspection.domain.complaint_columns import (
    COLUMNS,
    FIELDS,
    REMEMBERED_MAX,
    ColumnFieldMissing,
    ColumnFieldUnknown,
    ColumnNamed,
    ColumnsOfNobody,
    ColumnsTooMany,
    ColumnTitleUnfit,
    RememberColumns,
    Remembered,
)
from mingjing_inspection.sources.layout import LAYOUTS
from mingjing_kernel.refusal import Refusal

AT = datetime(2026, 7, 1, tzinfo=UTC)
SAID = {"number": "流水号", "received_at": "来电时间", "text": "来电内容"}


def command(columns: dict[str, str], layout: str = "12345") -> RememberColumns:
    named = tuple(ColumnNamed(field=field, title=title) for field, title in columns.items())
    return RememberColumns(layout=layout, columns=named, by="苏小暑", at=AT)


def test_the_fields_are_those_that_files_are_read_by() -> None:
    assert {layout.name: frozenset(layout.fields) for layout in LAYOUTS} == FIELDS


def test_the_same_columns_said_again_are_no_news_and_said_otherwise_replace() -> None:
    (first,) = COLUMNS.decide(command(SAID), Remembered())
    state = COLUMNS.evolve(Remembered(), first)
    assert COLUMNS.decide(replace(command(SAID), by="何处暑"), state) == []
    turned = {**SAID, "text": SAID["number"], "number": SAID["text"]}
    (second,) = COLUMNS.decide(command(turned), state)
    assert COLUMNS.evolve(state, second).known == (second,)


@pytest.mark.parametrize(
    ("columns", "layout", "refusal"),
    [
        (SAID, "12388", ColumnsOfNobody),
        ({**SAID, "uscc": "代码"}, "12345", ColumnFieldUnknown),
        ({"number": "流水号", "text": "来电内容"}, "12345", ColumnFieldMissing),
        ({**SAID, "title": "流水号"}, "12345", ColumnTitleUnfit),
        ({**SAID, "title": " "}, "12345", ColumnTitleUnfit),
    ],
)
def test_what_no_file_could_be_read_by_is_refused(columns: dict[str, str], layout: str, refusal: type[Refusal]) -> None:
    with pytest.raises(refusal) as caught:
        COLUMNS.decide(command(columns, layout), Remembered())
    assert type(caught.value) is refusal


def test_there_is_a_limit() -> None:
    state = Remembered()
    for number in range(REMEMBERED_MAX):
        (fact,) = COLUMNS.decide(command({**SAID, "number": f"流水号{number}"}), state)
        state = COLUMNS.evolve(state, fact)
    with pytest.raises(ColumnsTooMany):
        COLUMNS.decide(command(SAID), state)
