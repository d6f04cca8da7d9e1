"""What a spreadsheet unpacks to is known before it is unpacked."""

from __future__ import annotations

import contextlib
import copy
import io
import random
import struct
import warnings
import zipfile
import zlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingjing_kernel.spreadsheet import DAMAGED, ENTRIES_MAX, PLACES_MAX, UNPACKED_BYTES_MAX, unpacked


def packed(pages: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        for name, page in pages.items():
            made.writestr(name, page)
    return target.getvalue()


def archive(**pages: bytes) -> bytes:
    return packed({f"xl/worksheets/{name}.xml": b"<sheetData>" + page for name, page in pages.items()})


def test_places_are_counted_between_the_first_and_the_last_cell_of_the_widest_sheet() -> None:
    small = b'<c r="A1"><v>1</v></c>'
    wide = b'<c r="C3" s="1"><v>1</v></c><c r="AB12" t="s"><v>2</v></c><x:c r="D4"><x:v>3</x:v></x:c>'
    assert unpacked(archive(sheet1=small, sheet2=wide)).places == 10 * 26
    assert unpacked(archive(sheet1=b"<sheetData/>")).places == 0


def test_a_cell_that_only_has_a_colour_takes_no_room() -> None:
    coloured = b'<c r="A1"><v>1</v></c><c r="XFD1048576" s="4"/>'
    assert unpacked(archive(sheet1=coloured)).places == 1


def test_one_stray_cell_in_the_last_corner_and_a_page_of_nothing_are_too_large() -> None:
    stray = unpacked(archive(sheet1=b'<c r="A1"><v>1</v></c><c r="XFD1048576"><v>1</v></c>'))
    assert stray.places == 16_384 * 1_048_576 > PLACES_MAX
    assert stray.is_too_large
    empty = unpacked(archive(sheet1=b" " * (UNPACKED_BYTES_MAX + 1)))
    assert (empty.places, empty.is_too_large) == (0, True)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", archive(sheet1=b"<c/>")[:-30]])
def test_a_damaged_archive_raises_what_is_named(content: bytes) -> None:
    with pytest.raises(DAMAGED):
        unpacked(content)


PAGE = b'<sheetData><c r="A1"><v>1</v></c>' + b" " * 10_000


def lying(content: bytes, **said: int) -> bytes:
    """The archive with other words in its directory (and in the entry's own header) about its one entry."""
    places = {"crc": (16, 14), "size": (24, 22)}
    made = bytearray(content)
    directory = made.rindex(b"PK\x01\x02")
    for name, value in said.items():
        for at in (directory + places[name][0], places[name][1]):
            struct.pack_into("<I", made, at, value)
    return bytes(made)


def test_an_archive_that_says_it_is_small_and_is_not_is_damaged() -> None:
    honest = packed({"xl/worksheets/sheet1.xml": PAGE})
    assert unpacked(honest).size_bytes == len(PAGE)
    # With the checksum of what a reader sees who believes the directory: it would find nothing wrong.
    short = lying(honest, size=100, crc=zlib.crc32(PAGE[:100]))
    assert zipfile.ZipFile(io.BytesIO(short)).read("xl/worksheets/sheet1.xml") == PAGE[:100]
    for content in (short, lying(honest, size=20_000), lying(honest, crc=1)):
        with pytest.raises(zipfile.BadZipFile):
            unpacked(content)


def test_entries_that_share_their_bytes_or_their_name_are_damaged() -> None:
    first, second = io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(first, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("a.xml", random.Random(1).randbytes(2_000))
        for number in range(20):  # every further entry of the directory leads to the first one's bytes
            again = copy.copy(made.infolist()[0])
            again.filename = f"b{number}.xml"
            made.filelist.append(again)
    with pytest.raises(zipfile.BadZipFile, match="overlap"):
        unpacked(first.getvalue())
    with warnings.catch_warnings(), zipfile.ZipFile(second, "w") as made:
        warnings.simplefilter("ignore")
        made.writestr("a.xml", b"1")
        made.writestr("a.xml", b"2")
    with pytest.raises(zipfile.BadZipFile, match="one name"):
        unpacked(second.getvalue())


def test_an_archive_of_too_many_files_is_damaged() -> None:
    with pytest.raises(zipfile.BadZipFile, match="more than"):
        unpacked(archive(**{f"sheet{number}": b"" for number in range(ENTRIES_MAX + 1)}))


@given(st.dictionaries(st.text("abc", min_size=1, max_size=3), st.binary(max_size=2_000), max_size=5), st.data())
def test_what_any_program_packs_is_read_and_no_damaged_byte_ends_the_reader(pages: dict[str, bytes], data: Any) -> None:
    content = packed(pages)
    assert unpacked(content).size_bytes == sum(map(len, pages.values()))
    at = data.draw(st.integers(0, len(content) - 1))
    broken = content[:at] + bytes([data.draw(st.integers(0, 255))]) + content[at + 1 :]
    with contextlib.suppress(*DAMAGED):
        unpacked(broken)


FAR = b"<v>1</v></c>"


@pytest.mark.parametrize(
    "cell",
    [
        b"<c r='XFD1048576'>",
        b'<c s="1" r="XFD1048576">',
        b'<c r = "xfd1048576">',
        b'<c x=">" r="XFD1048576">',
        b"<c x='/>'\n\tr=\"XFD1048576\" t='n' >",
        b'<x:c r="XFD1048576">',
    ],
)
@pytest.mark.parametrize("name", ["xl/worksheets/sheet1.xml", "xl/media/picture.png"])
def test_a_stray_cell_is_found_however_and_wherever_it_is_written(name: str, cell: bytes) -> None:
    page = b'<sheetData><row r="1"><c r="A1"><v>1</v></c></row><row>' + cell + FAR + b"</row></sheetData>"
    assert unpacked(packed({name: page})).is_too_large


def test_cells_that_name_no_place_are_counted_from_their_rows() -> None:
    cells = b"<c><v>1</v></c>" * 30
    page = b"<sheetData><row>" + cells + b'</row><row r="1000000">' + cells + b"</row></sheetData>"
    assert unpacked(packed({"a.xml": page})).is_too_large
    small = b"<sheetData><row>" + cells + b"</row><row>" + cells + b"<c/></row></sheetData>"
    assert 60 <= unpacked(packed({"a.xml": small})).places <= 200


def test_a_sheet_that_readers_could_see_differently_is_damaged() -> None:
    for cell in (b'<c x="<" r="XFD1048576">', b'<c r="A1" '):
        with pytest.raises(zipfile.BadZipFile):
            unpacked(packed({"a.xml": b"<sheetData>" + cell + FAR}))
    with pytest.raises(zipfile.BadZipFile, match="binary"):
        unpacked(packed({"xl/workbook.bin": b""}))
    assert unpacked(packed({"xl/media/picture.png": b"\x89PNG <c \x00 <c/ noise"})).places == 0


@pytest.mark.parametrize("page", [b"<sheetData>" + b"<c " * 300_000, b"<sheetData>" + b"<c '" * 300_000])
def test_nonsense_is_looked_at_in_one_pass(page: bytes) -> None:
    with pytest.raises(zipfile.BadZipFile):
        unpacked(packed({"a.xml": page}))


def open_document(rows: str) -> bytes:
    spaces = ("office", "table", "text")
    declared = " ".join(f'xmlns:{one}="urn:oasis:names:tc:opendocument:xmlns:{one}:1.0"' for one in spaces)
    return packed(
        {"content.xml": f"<office:document-content {declared}><table:table>{rows}</table:table>"
                        f"</office:document-content>".encode()}
    )  # fmt: skip


def row(times: int = 1, *cells: str) -> str:
    return f'<table:table-row table:number-rows-repeated="{times}">{"".join(cells)}</table:table-row>'


def cell(times: int = 1, text: str = "") -> str:
    inside = f"<text:p>{text}</text:p>" if text else ""
    return f'<table:table-cell table:number-columns-repeated="{times}">{inside}</table:table-cell>'


def test_what_an_open_document_repeats_is_counted_and_its_empty_rest_is_not() -> None:
    assert unpacked(open_document(row(16, cell(1000, "x")))).places == 16_000
    usual = row(1, cell(1, "名称"), cell(16_383)) + row(20, cell(2, "x")) + row(1_048_555, cell(16_384))
    assert unpacked(open_document(usual)).places == 21 * 2
    for rows in (
        row(1_048_576, cell(16_384, "x")),
        row(1, cell(100, "x")) + row(1_000_000, cell(1)) + row(1, cell(1, "x")),
        row(1, cell(100, "x")) + "<!-- <table:table> -->" + row(1_000_000, cell(1)) + row(1, cell(1, "x")),
        row(1, cell(100, "x")) + row(1, cell(1, "x")).replace('"1"', '"&#49;000000"', 1),
    ):
        assert unpacked(open_document(rows)).is_too_large
    with pytest.raises(zipfile.BadZipFile):
        unpacked(open_document("<table:table-row>"))
