"""Files and manifests that the tests of evidence send: small, real, and some that only look so."""

from __future__ import annotations

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


PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
WAV = b"RIFF\x2c\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0\x40\x1f\0\0\x80\x3e\0\0\x02\0\x10\0data\x08\0\0\0" + b"\0" * 8
MP3 = b"ID3\x03\0\0\0\0\0\x0a" + b"\0" * 10 + b"\xff\xfb\x90\x00" + b"\0" * 413
M4A = b"\0\0\0\x20ftypM4A \0\0\0\0M4A mp42isom\0\0\0\0\0\0\0\x08mdat"
MP4 = b"\0\0\0\x20ftypisom\0\0\x02\0isomiso2avc1mp41\0\0\0\x08mdat"
HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic\0\0\0\x08mdat"


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
