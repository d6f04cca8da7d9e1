"""Which files may be evidence (允许的证据类型), how large each may be, and how many may be on their way.

One rule: what is not in the table is not kept. Archives are not: nobody can say what is in them, and a scanner gives
up on some. HTML and SVG are not: they run scripts where they are opened.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

MIB = 1024 * 1024
PART_BYTES_MAX = 8 * MIB
PART_BYTES_MIN = 64 * 1024
"""Of every part but the last."""
PARTS_MAX = 10_000
"""Of one file."""
OPEN_UPLOADS_MAX = 200
"""On their way at once from one person: a day of patrols without a network."""
OPEN_BYTES_MAX = 8 * 1024 * MIB
"""On their way at once from one person."""
UPLOAD_DAYS_MAX = 14
"""How long a file may take to arrive."""
THINGS_MAX = 50
"""That one piece of evidence may belong to."""
IMAGE_PIXELS_MAX = 220_000_000
"""Phones take 200 million; more is a bomb."""
ARCHIVE_BYTES_MAX = 500 * MIB
"""What the parts of one office document may unpack to."""
ARCHIVE_ENTRIES_MAX = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaType:
    """One type that is kept. ``extensions`` are what the type's files end with, the first for our own names."""

    name: str
    zh: str
    extensions: tuple[str, ...]
    bytes_max: int
    read: Literal["decoded", "outline", "no"] = "no"
    """What is looked at when it comes: everything in it is decoded (and shown as a copy with a watermark), or only
    whether there is something to be played.
    """

    @property
    def has_display_copy(self) -> bool:
        """Whether it can be shown as another file, made apart."""
        return self.read == "decoded"


MEDIA_TYPES: dict[str, MediaType] = {
    one.name: one
    for one in (
        MediaType(name="image/jpeg", zh="照片", extensions=(".jpg", ".jpeg", ".jpe", ".jfif"), bytes_max=60 * MIB,
                  read="decoded"),
        MediaType(name="image/png", zh="图片", extensions=(".png",), bytes_max=60 * MIB, read="decoded"),
        MediaType(name="image/webp", zh="图片", extensions=(".webp",), bytes_max=60 * MIB, read="decoded"),
        MediaType(name="image/heic", zh="照片", extensions=(".heic", ".heif"), bytes_max=60 * MIB,
                  read="decoded"),
        MediaType(name="application/pdf", zh="文件", extensions=(".pdf",), bytes_max=100 * MIB,
                  read="decoded"),
        MediaType(name="audio/mpeg", zh="录音", extensions=(".mp3", ".mpga"), bytes_max=200 * MIB,
                  read="outline"),
        MediaType(name="audio/mp4", zh="录音", extensions=(".m4a", ".f4a"), bytes_max=200 * MIB,
                  read="outline"),
        MediaType(name="audio/wav", zh="录音", extensions=(".wav",), bytes_max=500 * MIB, read="outline"),
        MediaType(name="video/mp4", zh="录像", extensions=(".mp4",), bytes_max=2048 * MIB, read="outline"),
        MediaType(name="application/vnd.openxmlformats-officedocument.wordprocessingml.document", zh="文档",
                  extensions=(".docx",), bytes_max=50 * MIB),
        MediaType(name="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", zh="表格",
                  extensions=(".xlsx",), bytes_max=50 * MIB),
    )
}  # fmt: skip
