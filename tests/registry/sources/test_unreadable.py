"""Files that cannot be read: where and why, in words that whoever must mend them understands."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable

import pytest
import xlsxwriter  # type: ignore[import-untyped]

from mingjing_kernel.text import render
from mingjing_registry.domain.refusals import FileTooLarge, FileUnreadable
from mingjing_registry.sources.workbook import read_workbook

SHEET = "xl/worksheets/sheet2.xml"
LATIN_WORD = re.compile(r"[a-z]{3,}")


def book(change: Callable[[bytes], bytes]) -> bytes:
    """Two sheets; the file of the second one is changed."""
    whole, changed = io.BytesIO(), io.BytesIO()
    with xlsxwriter.Workbook(whole, {"in_memory": True}) as made:
        for name in ("甲", "乙"):
            made.add_worksheet(name).write_row(0, 0, ["a", "b"])
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            data = source.read(name)
            target.writestr(name, change(data) if name == SHEET else data)
    return changed.getvalue()


@pytest.mark.parametrize(
    ("content", "where", "why"),
    [
        (b"", "第 0 字节", "文件是空的"),
        (b"\xff\xff\xff", "第 0 字节", "文本不是 UTF-8、UTF-16 或 GB18030 编码"),
        (b"a,b\n\x00,c", "第 4 字节", "既不是电子表格，也不是文本表格"),
        (b"a,b\n" + b"x" * 200_000, "第 2 行", "有单元格过长"),
        (b'a,"b', "第 1 行", "引号没有成对"),
        (b'a\n"b"c,d\n', "第 2 行", "单元格中间出现引号"),
        (b"PK\x03\x04 this is no workbook", "第 0 字节", "电子表格不完整，传输中被截断"),
        (b"\xd0\xcf\x11\xe0 nor this", "第 0 字节", "电子表格已损坏"),
        (book(lambda page: page[:-200]), "工作表“乙”", "电子表格不完整，传输中被截断"),
        (book(lambda page: page.replace(b"</c>", b"</x>")), "工作表“乙”", "电子表格已损坏"),
    ],
)
def test_what_is_damaged_is_named_in_chinese(content: bytes, where: str, why: str) -> None:
    with pytest.raises(FileUnreadable) as caught:
        read_workbook(content)
    told = render(caught.value.sentence, caught.value.values, "mingjing_registry")
    assert told.zh == f"文件在{where}处无法读取：{why}。"
    assert not LATIN_WORD.search(told.zh)


@pytest.mark.parametrize(
    "content",
    [
        book(lambda page: page + b" " * 201_000_000),
        book(lambda page: page.replace(b'r="B1"', b'r="XFD1048576"')),
    ],
    ids=["a small archive that unpacks to a great deal", "one stray cell in the last corner of a sheet"],
)
def test_what_would_take_all_memory_is_refused_before_it_is_unpacked(content: bytes) -> None:
    assert len(content) < 1_000_000
    with pytest.raises(FileTooLarge) as caught:
        read_workbook(content)
    assert not LATIN_WORD.search(render(caught.value.sentence, caught.value.values, "mingjing_registry").zh)
