"""What a file really is (文件类型识别): by its own bytes, whatever its sender says.

Runs in a worker process: a picture may be made to eat memory. The one rule: a file is one thing; what could be read as
another by another program is refused, not cleaned, since cleaning would alter the original.
"""

from __future__ import annotations

import io
import warnings
import zipfile
from collections.abc import Iterator
from pathlib import Path

import puremagic
from pi_heif import register_heif_opener
from PIL import Image

from mingjing_kernel.evidence.media import ARCHIVE_BYTES_MAX, ARCHIVE_ENTRIES_MAX, IMAGE_PIXELS_MAX, MEDIA_TYPES
from mingjing_kernel.evidence.pages import require_pages
from mingjing_kernel.evidence.recordings import require_recording
from mingjing_kernel.evidence.refusals import (
    EvidenceDisguised,
    EvidenceTypeDiffers,
    EvidenceTypeNotAllowed,
    EvidenceUnreadable,
)

register_heif_opener(thumbnails=False)
HEAD_BYTES = 64 * 1024
TAIL_BYTES = 66 * 1024
"""A ZIP directory ends within this of the end of a file."""
_FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP", "image/heic": "HEIF"}
_RUNS = (b"<script", b"<html", b"<svg", b"<?php", b"<!doctype html")
"""At the very beginning of text that a browser would run; looked for in the first bytes of every file."""
_RUNS_WITHIN = 1024
_BEGINS = {
    "image/jpeg": (b"\xff\xd8\xff",),
    "image/png": (b"\x89PNG\r\n\x1a\n",),
    "application/pdf": (b"%PDF-",),
}
_OFFICE = {
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "word/",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xl/",
}
_RIFF_FORMS = {b"WEBP": "image/webp", b"WAVE": "audio/wav"}
_ISO_BRANDS = {
    "image/heic": (b"heic", b"heix", b"mif1", b"msf1", b"hevc"),
    "audio/mp4": (b"M4A ", b"M4B "),
    "video/mp4": (b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"MSNV", b"3gp4", b"3gp5"),
}


def examine(path: Path, claimed: str) -> str:
    """The media type of a file that may be kept.

    Raises ``EvidenceTypeNotAllowed``, ``EvidenceTypeDiffers``, ``EvidenceDisguised``, ``EvidenceUnreadable``.
    """
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
        file.seek(max(0, path.stat().st_size - TAIL_BYTES))
        tail = file.read(TAIL_BYTES)
    _refuse_what_runs(head, claimed)
    found = list(dict.fromkeys(_candidates(head)))
    if not found:
        raise EvidenceTypeNotAllowed(media_type=_foreign(head), allowed=", ".join(MEDIA_TYPES))
    if claimed not in found:
        raise EvidenceTypeDiffers(claimed=claimed, found=found[0])
    _refuse_second_nature(head, tail, claimed)
    if claimed in _FORMATS:
        _decode(path, claimed)
    if claimed == "application/pdf":
        require_pages(path)
    if MEDIA_TYPES[claimed].read == "outline":
        require_recording(path, claimed)
    if claimed in _OFFICE:
        _unpack(path, claimed)
    return claimed


def _candidates(head: bytes) -> Iterator[str]:
    """The types that are kept and that these bytes can be."""
    if head[4:8] == b"ftyp":
        brands = {head[8:12], *(head[at : at + 4] for at in range(16, min(int.from_bytes(head[:4]), 256), 4))}
        major = head[8:12]
        for name, known in _ISO_BRANDS.items():
            if major in known or (name == "image/heic" and brands & {b"heic", b"heix"}):
                yield name
        return
    if head[:4] == b"RIFF":
        if head[8:12] in _RIFF_FORMS:
            yield _RIFF_FORMS[head[8:12]]
        return
    guessed = {match.extension.lower() for match in _guesses(head)}
    for name, media in MEDIA_TYPES.items():
        begins = _BEGINS.get(name)
        if guessed & set(media.extensions) and (begins is None or head.startswith(begins)):
            yield name


def _guesses(head: bytes) -> list[puremagic.PureMagicWithConfidence]:
    try:
        return puremagic.magic_string(head)
    except (puremagic.PureError, ValueError):  # nothing it knows, or nothing at all
        return []


def _foreign(head: bytes) -> str:
    """What to call a file that is none of ours."""
    return next((match.mime_type for match in _guesses(head) if match.mime_type), "unknown")


def _refuse_what_runs(head: bytes, claimed: str) -> None:
    begin = head[:_RUNS_WITHIN].lower()
    if head[:2] == b"MZ" or head[:4] == b"\x7fELF" or head[:2] == b"#!":
        raise EvidenceDisguised(claimed=claimed, reason="it is a program")
    if any(word in begin for word in _RUNS):
        raise EvidenceDisguised(claimed=claimed, reason="it begins with what a browser would run")


def _refuse_second_nature(head: bytes, tail: bytes, claimed: str) -> None:
    """Two files in one: a picture with an archive behind it, a document that begins later."""
    if claimed != "application/pdf" and b"%PDF-" in head[:_RUNS_WITHIN]:
        raise EvidenceDisguised(claimed=claimed, reason="it is a PDF document as well")
    if claimed not in _OFFICE and _ends_as_archive(tail):
        raise EvidenceDisguised(claimed=claimed, reason="it is an archive as well")


def _ends_as_archive(tail: bytes) -> bool:
    """Whether an end-of-central-directory record stands where a reader of archives would find it."""
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or at + 22 > len(tail):
        return False
    return at + 22 + int.from_bytes(tail[at + 20 : at + 22], "little") == len(tail)


def _decode(path: Path, claimed: str) -> None:
    """An image that cannot be decoded is no evidence of anything. Animated ones count as their first frame."""
    Image.MAX_IMAGE_PIXELS = IMAGE_PIXELS_MAX
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(path, formats=(_FORMATS[claimed],)) as image:
                image.draft("RGB", (512, 512))  # JPEG: a small copy of the whole file, for a fraction of the memory
                image.load()
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as bomb:
        raise EvidenceUnreadable(claimed=claimed, reason="it has more pixels than any camera makes") from bomb
    except MemoryError as huge:
        raise EvidenceUnreadable(claimed=claimed, reason="it needs more memory than a picture may") from huge
    except (OSError, ValueError, SyntaxError, EOFError, RuntimeError) as damaged:
        raise EvidenceUnreadable(claimed=claimed, reason="it is damaged or cut off") from damaged


def _unpack(path: Path, claimed: str) -> None:
    """An office document of the right kind, without programs, and no bomb. Nothing of it is unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as archive:
            entries = archive.infolist()
            names = [entry.filename for entry in entries]
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as damaged:
        raise EvidenceUnreadable(claimed=claimed, reason="it is damaged or cut off") from damaged
    if len(entries) > ARCHIVE_ENTRIES_MAX or sum(entry.file_size for entry in entries) > ARCHIVE_BYTES_MAX:
        raise EvidenceUnreadable(claimed=claimed, reason="it unpacks to more than a document may")
    if "[Content_Types].xml" not in names or not any(name.startswith(_OFFICE[claimed]) for name in names):
        raise EvidenceTypeDiffers(claimed=claimed, found="application/zip")
    if any(name.lower().endswith(("vbaproject.bin", ".exe", ".dll", ".js", ".vbs")) for name in names):
        raise EvidenceDisguised(claimed=claimed, reason="it carries a program")
