"""Files and manifests that the tests of evidence send: small, real, and some that only look so."""

from __future__ import annotations

import base64
import hashlib
import io
import zipfile
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from PIL import Image

from mingjing_kernel.evidence.facts import Datum, DeclareEvidence, Manifest, Place, Thing

AT = datetime(2026, 7, 1, 2, 0, tzinfo=UTC)
VISIT = Thing(kind="visit", id=UUID(int=41))
OTHER = Thing(kind="complaint", id=UUID(int=42))
PLACE = Place(latitude_e6=30_259_924, longitude_e6=120_130_026, accuracy_metres=8, datum=Datum.GCJ_02)
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
"""What every scanner calls infected, and what harms nobody (eicar.org)."""


def picture(kind: str = "JPEG", size: tuple[int, int] = (640, 480), colour: str = "#8a2be2", **options: Any) -> bytes:
    """An image with the camera's own data in it."""
    exif = Image.Exif()
    exif[0x010F] = "Mingjing Phone"
    exif[0x0112] = 6  # to be turned by a quarter
    written = io.BytesIO()
    Image.effect_noise(size, 40).convert("RGB").save(written, kind, exif=exif, **options)
    return written.getvalue()


def document(inside: str = "word/document.xml", *more: str) -> bytes:
    """The least that an office program would open."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in ("[Content_Types].xml", inside, *more):
            archive.writestr(name, "<x/>")
    return written.getvalue()


def pages(count: int = 1, **options: Any) -> bytes:
    """A document of empty pages."""
    written = io.BytesIO()
    page = Image.new("RGB", (300, 200), "white")
    page.save(written, "PDF", save_all=True, append_images=[page] * (count - 1), **options)
    return written.getvalue()


def box(name: bytes, content: bytes = b"") -> bytes:
    """One box of an ISO file."""
    return (len(content) + 8).to_bytes(4) + name + content


PDF = pages()
LOCKED_PDF = (
    b"%PDF-1.3\n2 0 obj<</Type/Pages/Count 1/Kids[4 0 R]>>endobj\n3 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"4 0 obj<</Type/Page/Resources<<>>/MediaBox[0 0 20 20]/Parent 2 0 R>>endobj\n"
    b"5 0 obj<</V 1/R 2/Length 40/P 4294967292/Filter/Standard"
    b"/O<e5a8d2687bd9d0cff946b7ac55f51081dcf0d116554c4bfcb0a5e446f69ea48a>"
    b"/U<5d86f54ad719f549cc4a67a1793f31ef5a2d5595aea8c111f5167c2b333bd1d7>>>endobj\n"
    b"trailer<</Size 6/Root 3 0 R/ID[<4ad233c015c0ecad6d225970d29a573b><4ad233c015c0ecad6d225970d29a573b>]"
    b"/Encrypt 5 0 R>>\n%%EOF\n"
)
"""One page that opens with a password only."""
WAV = b"RIFF\x2c\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0\x40\x1f\0\0\x80\x3e\0\0\x02\0\x10\0data\x08\0\0\0" + b"\0" * 8
MP3 = b"ID3\x03\0\0\0\0\0\x0a" + b"\0" * 10 + (b"\xff\xfb\x90\x00" + b"\0" * 413) * 2
_INDEX = box(b"moov", box(b"mvhd", bytes(100)) + box(b"trak", bytes(20)))
M4A = b"\0\0\0\x20ftypM4A \0\0\0\0M4A mp42isom\0\0\0\0" + _INDEX + box(b"mdat", bytes(50))
MP4 = b"\0\0\0\x20ftypisom\0\0\x02\0isomiso2avc1mp41" + box(b"mdat", bytes(50)) + _INDEX
HEIC = base64.b64decode(
    "AAAAHGZ0eXBoZWljAAAAAG1pZjFoZWljbWlhZgAAAZdtZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAAAAAAAAAA"
    "ADRpbG9jAAAAAERAAAIAAQAAAAABuwABAAAAAAAAALMAAgAAAAACbgABAAAAAAAAAEAAAAA4aWluZgAAAAAAAgAAABVpbmZlAgAA"
    "AAABAABodmMxAAAAABVpbmZlAgAAAQACAABFeGlmAAAAAA5waXRtAAAAAAABAAAA1mlwcnAAAAC3aXBjbwAAAHhodmNDAQNwAAAA"
    "kAAAAAAAHvAA/P34+AAADwNgAAEAGEABDAH//wNwAAADAJAAAAMAAAMAHroCQGEAAQArQgEBA3AAAAMAkAAAAwAAAwAeoDCBBZbq"
    "SSmubgIaDAgAAAMAyAAAAwAIQGIAAQAHRAHBcrAiQAAAABNjb2xybmNseAABAA0ABoAAAAAUaXNwZQAAAAAAAABgAAAAQAAAABBw"
    "aXhpAAAAAAMICAgAAAAXaXBtYQAAAAAAAAABAAEEgQIDBAAAABppcmVmAAAAAAAAAA5jZHNjAAIAAQABAAAA+21kYXQAAACvKAGv"
    "GYAwFe0tH5EE7WEJ/Buq26szItCCyIuPU9W//+o9dSfYb4je48cGPso9eUatFyJvPcIWQJYJUmrOrV/zCeLu3fkY5ZAj05hfuh2s"
    "We9ilkYAgFoqU57IUUD/7D9EfzFjc6dETffRUwCnqoAGBuB8VL6Y7uNfGATfLHO/uqJfofz5bqb19q6SU4AwxdDoA+hufb0LAbRn"
    "q/g0nZ8WJDcY+BoF3AmcJjqmJF+tgAAAAAZFeGlmAABNTQAqAAAACAACAQ8AAgAAAA8AAAAmARIAAwAAAAEABgAAAAAAAE1pbmdq"
    "aW5nIFBob25lAAA="
)
"""96 × 64 points, as a phone makes them; no library that we ship can write one."""


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def manifest(content: bytes = b"abc", media_type: str = "image/jpeg", **changed: Any) -> Manifest:
    values: dict[str, Any] = {
        "size_bytes": len(content),
        "sha256": sha256(content),
        "media_type": media_type,
        "thing": VISIT,
        "device": "Mingjing Phone 7",
        "captured_at": AT - timedelta(minutes=5),
        "place": PLACE,
    }
    return Manifest(**values | changed)


def declare(known: Manifest | None = None, **changed: Any) -> DeclareEvidence:
    values: dict[str, Any] = {
        "manifest": known or manifest(),
        "is_thing_there": True,
        "device_sent_at": AT - timedelta(minutes=2),
        "lapses_at": AT + timedelta(days=14),
        "by": "officer",
        "at": AT,
    }
    return DeclareEvidence(**values | changed)
