"""The display copy: another file, smaller, marked, without what the camera noted."""

from __future__ import annotations

import io
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image, ImageChops

from kernel.evidence.samples import HEIC, pages, picture
from mingjing_kernel.evidence.display import SIDE_PIXELS_MAX, DisplayCopy, _left_out, chinese_font, draw_copy
from mingjing_kernel.evidence.pages import PAGES_SHOWN_MAX
from mingjing_kernel.evidence.refusals import NoDisplayCopy

LINES = ("明镜 Mingjing 巡查 visit 0123", "查看 viewed by auditor-1", "SHA-256 0123456789abcdef")


def drawn(
    tmp_path: Path, content: bytes, lines: tuple[str, ...] = LINES, font: str = ""
) -> tuple[DisplayCopy, Image.Image]:
    file = tmp_path / "original"
    file.write_bytes(content)
    made = draw_copy(file, "image/jpeg", lines, font)
    assert file.read_bytes() == content
    return made, Image.open(io.BytesIO(made.content))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_copy_is_a_jpeg_of_bounded_size_without_the_cameras_data(tmp_path: Path, kind: str) -> None:
    _, copy = drawn(tmp_path, picture(kind, size=(2_400, 1_000)))
    assert (copy.format, max(copy.size)) == ("JPEG", SIDE_PIXELS_MAX)
    assert (dict(copy.getexif()), copy.info.get("exif"), copy.info.get("comment")) == ({}, None, None)


def test_a_picture_is_shown_as_the_camera_was_held(tmp_path: Path) -> None:
    _, copy = drawn(tmp_path, picture(size=(640, 480)))
    assert copy.size == (480, 640)


def test_the_mark_is_all_over_and_another_viewer_gets_another_picture(tmp_path: Path) -> None:
    content = picture("PNG", size=(800, 800))
    _, one = drawn(tmp_path, content)
    _, other = drawn(tmp_path, content, ("查看 viewed by auditor-2",))
    plain = drawn(tmp_path, content, ("",))[1]
    for left in (0, 400):
        for top in (0, 400):
            quarter = (left, top, left + 400, top + 400)
            assert ImageChops.difference(one.crop(quarter), plain.crop(quarter)).getbbox() is not None
    assert ImageChops.difference(one, other).getbbox() is not None


def test_what_hides_in_transparency_is_shown_on_white(tmp_path: Path) -> None:
    written = io.BytesIO()
    Image.new("RGBA", (50, 50), (255, 0, 0, 0)).save(written, "PNG")
    _, copy = drawn(tmp_path, written.getvalue(), ("",))
    assert min(copy.getpixel((25, 25))) > 240


def test_a_phones_heic_is_shown_as_a_jpeg_without_the_cameras_data(tmp_path: Path) -> None:
    made, copy = drawn(tmp_path, HEIC)
    assert (made.media_type, copy.format, dict(copy.getexif())) == ("image/jpeg", "JPEG", {})
    assert sorted(copy.size) == [64, 96]


def pages_drawn(tmp_path: Path, content: bytes, lines: tuple[str, ...] = LINES) -> list[Image.Image]:
    file = tmp_path / "original"
    file.write_bytes(content)
    made = draw_copy(file, "application/pdf", lines)
    assert (made.media_type, made.content[:5], file.read_bytes()) == ("application/pdf", b"%PDF-", content)
    with pypdfium2.PdfDocument(made.content) as document:
        return [page.render(scale=1).to_pil() for page in document]


def test_a_documents_copy_is_its_pages_as_pictures_each_with_the_mark(tmp_path: Path) -> None:
    script = b"<</S/JavaScript/JS(app.alert(1))>>"
    content = pages(3).replace(b"/Type /Catalog", b"/OpenAction " + script + b" /Type /Catalog")
    assert b"/JavaScript" in content
    shown, plain = pages_drawn(tmp_path, content), pages_drawn(tmp_path, content, ("",))
    assert len(shown) == 3
    for one, other in zip(shown, plain, strict=True):
        assert ImageChops.difference(one.convert("RGB"), other.convert("RGB")).getbbox() is not None
    assert b"/JavaScript" not in draw_copy(tmp_path / "original", "application/pdf", LINES).content


@pytest.mark.parametrize(("content", "kind"), [(HEIC[:600], "image/heic"), (b"%PDF-1.7 nothing", "application/pdf")])
def test_what_was_kept_before_it_could_be_decoded_and_cannot_be_has_no_copy(
    tmp_path: Path, content: bytes, kind: str
) -> None:
    file = tmp_path / "original"
    file.write_bytes(content)
    with pytest.raises(NoDisplayCopy):
        draw_copy(file, kind, LINES)


def test_a_long_document_is_shown_in_part_and_its_copy_says_so(tmp_path: Path) -> None:
    assert len(pages_drawn(tmp_path, pages(PAGES_SHOWN_MAX + 2))) == PAGES_SHOWN_MAX
    assert _left_out(PAGES_SHOWN_MAX) == ""
    assert f"first {PAGES_SHOWN_MAX} only" in _left_out(PAGES_SHOWN_MAX + 1)


def test_a_document_that_takes_too_long_is_shown_as_far_as_time_went(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mingjing_kernel.evidence.pages.SECONDS_DRAWN_MAX", 0.0)
    shown = pages_drawn(tmp_path, pages(5))
    assert len(shown) == 2
    assert shown[1].size[0] == shown[1].size[1]  # the page that says so, instead of the second


def test_chinese_is_written_where_a_font_has_it_and_left_out_openly_where_none_has(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if chinese_font():
        assert drawn(tmp_path, picture())[0].is_chinese
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr("mingjing_kernel.evidence.display._FONT_PLACES", ())
    chinese_font.cache_clear()
    try:
        made, copy = drawn(tmp_path, picture())
        assert not made.is_chinese
        assert copy.format == "JPEG"
    finally:
        chinese_font.cache_clear()
