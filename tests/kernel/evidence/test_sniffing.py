"""A file is what its bytes are, and one thing only."""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from kernel.evidence.samples import HEIC, LOCKED_PDF, M4A, MP3, MP4, PDF, WAV, box, document, picture
from mingjing_kernel.evidence.media import MEDIA_TYPES
from mingjing_kernel.evidence.refusals import (
    EvidenceDisguised,
    EvidenceTypeDiffers,
    EvidenceTypeNotAllowed,
    EvidenceUnreadable,
)
from mingjing_kernel.evidence.sniffing import examine
from mingjing_kernel.refusal import Refusal

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HONEST = {
    "image/jpeg": picture("JPEG"),
    "image/png": picture("PNG"),
    "image/webp": picture("WEBP"),
    "image/heic": HEIC,
    "application/pdf": PDF,
    "audio/mpeg": MP3,
    "audio/mp4": M4A,
    "audio/wav": WAV,
    "video/mp4": MP4,
    DOCX: document(),
    XLSX: document("xl/workbook.xml"),
}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "file"


def looked_at(file: Path, content: bytes, claimed: str) -> str:
    file.write_bytes(content)
    return examine(file, claimed)


def test_every_type_that_is_kept_has_an_honest_example() -> None:
    assert set(HONEST) == set(MEDIA_TYPES)


@pytest.mark.parametrize("claimed", sorted(HONEST))
def test_an_honest_file_is_what_it_says(file: Path, claimed: str) -> None:
    assert looked_at(file, HONEST[claimed], claimed) == claimed


@pytest.mark.parametrize("claimed", sorted(MEDIA_TYPES))
@pytest.mark.parametrize("really", sorted(HONEST))
def test_a_file_is_never_taken_for_another_type(file: Path, claimed: str, really: str) -> None:
    if claimed == really:
        return
    with pytest.raises(Refusal) as found:
        looked_at(file, HONEST[really], claimed)
    assert isinstance(found.value, EvidenceTypeDiffers | EvidenceDisguised | EvidenceUnreadable)


SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.mark.parametrize(
    ("content", "claimed", "refusal"),
    [
        (SVG, "image/png", EvidenceDisguised),
        (b"<!DOCTYPE html><html><script>1</script></html>", "application/pdf", EvidenceDisguised),
        (b"MZ" + bytes(200), "image/jpeg", EvidenceDisguised),
        (b"\x7fELF" + bytes(200), "video/mp4", EvidenceDisguised),
        (b"#!/bin/sh\nexit", "audio/mpeg", EvidenceDisguised),
        (b"GIF89a" + bytes(200), "image/png", EvidenceTypeNotAllowed),
        (b"plain words", "application/pdf", EvidenceTypeNotAllowed),
        (b"", "image/jpeg", EvidenceTypeNotAllowed),
        (picture() + document(), "image/jpeg", EvidenceDisguised),
        (b"\xff\xd8\xff" + PDF, "image/jpeg", EvidenceDisguised),
        (picture("PNG")[:-200], "image/png", EvidenceUnreadable),
        (picture()[:4_000], "image/jpeg", EvidenceUnreadable),
        (document("word/document.xml", "word/vbaProject.bin"), DOCX, EvidenceDisguised),
        (document("folder/anything"), DOCX, EvidenceTypeDiffers),
        (document()[:-30], DOCX, EvidenceUnreadable),
        (HEIC[:600], "image/heic", EvidenceUnreadable),
        (PDF[:40], "application/pdf", EvidenceUnreadable),
        (LOCKED_PDF, "application/pdf", EvidenceUnreadable),
        (WAV[:44], "audio/wav", EvidenceUnreadable),
        (WAV.replace(b"fmt ", b"junk"), "audio/wav", EvidenceUnreadable),
        (MP3[:100], "audio/mpeg", EvidenceUnreadable),
        (M4A[: M4A.index(b"moov") - 4] + box(b"mdat", bytes(50)), "audio/mp4", EvidenceUnreadable),
        (MP4.replace(b"trak", b"free"), "video/mp4", EvidenceUnreadable),
        (MP4[: MP4.index(b"mdat") + 20], "video/mp4", EvidenceUnreadable),
    ],
)
def test_what_is_something_else_or_two_things_is_refused(
    file: Path, content: bytes, claimed: str, refusal: type[Refusal]
) -> None:
    with pytest.raises(Refusal) as found:
        looked_at(file, content, claimed)
    assert type(found.value) is refusal


def test_a_document_that_asks_for_a_password_is_refused_with_that_reason(file: Path) -> None:
    with pytest.raises(EvidenceUnreadable, match="password"):
        looked_at(file, LOCKED_PDF, "application/pdf")


def test_a_recording_that_was_cut_off_while_it_was_made_is_taken_as_far_as_it_plays(file: Path) -> None:
    whole = int.from_bytes(WAV[40:44], "little")
    open_ended = WAV[:40] + (0xFFFFFFFF).to_bytes(4, "little") + WAV[44 : 44 + whole // 2]
    assert looked_at(file, open_ended, "audio/wav") == "audio/wav"
    assert looked_at(file, MP3[:-200], "audio/mpeg") == "audio/mpeg"
    assert looked_at(file, M4A[:-20], "audio/mp4") == "audio/mp4"
    growing = M4A + box(b"moof", bytes(30)) + box(b"mdat", bytes(30))[:-9]
    assert looked_at(file, growing, "audio/mp4") == "audio/mp4"


def test_a_picture_that_would_fill_the_memory_is_refused_unread(file: Path) -> None:
    size = struct.pack(">II5B", 60_000, 60_000, 1, 0, 0, 0, 0)
    bomb = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", size) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")
    with pytest.raises(EvidenceUnreadable, match="more pixels"):
        looked_at(file, bomb, "image/png")


def chunk(name: bytes, content: bytes) -> bytes:
    """One chunk of a PNG file."""
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def test_what_a_camera_notes_in_a_picture_does_not_make_it_a_page(file: Path) -> None:
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Comment", "<x:xmpmeta xmlns:x='adobe:ns:meta/'/>")
    written = io.BytesIO()
    Image.new("RGB", (8, 8)).save(written, "PNG", pnginfo=notes)
    assert looked_at(file, written.getvalue(), "image/png") == "image/png"


@given(
    content=st.binary(max_size=2_000), begin=st.sampled_from(sorted(HONEST)), claimed=st.sampled_from(sorted(HONEST))
)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_file_does_more_to_its_reader_than_to_be_taken_or_refused(
    file: Path, content: bytes, begin: str, claimed: str
) -> None:
    try:
        assert looked_at(file, HONEST[begin][:40] + content, claimed) == claimed
    except Refusal as refusal:
        taken_or_refused = refusal.status in (409, 415)
    else:
        taken_or_refused = True
    assert taken_or_refused
