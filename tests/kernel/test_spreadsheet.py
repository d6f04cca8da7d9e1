"""What a spreadsheet unpacks to is known before it is unpacked."""

from __future__ import annotations

import io
import zipfile

import pytest

from mingjing_kernel.spreadsheet import DAMAGED, PLACES_MAX, UNPACKED_BYTES_MAX, unpacked


def archive(**pages: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        for name, page in pages.items():
            made.writestr(f"xl/worksheets/{name}.xml", page)
    return target.getvalue()


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
