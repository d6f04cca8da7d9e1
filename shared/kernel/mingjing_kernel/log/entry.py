"""The canonical bytes of one log entry, which its leaf hash covers: every column, in one exact form.

The one rule: this format is frozen. A change to it is a new first line and a new log.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
ENTRY_FORMAT = b"mingjing/entry/v1\n%d\n%b\n%d\n%b\n%d\n%d\n%d\n%d\n%b%b"
LEAF_FORMAT = b"\x00" + ENTRY_FORMAT
"""RFC 6962 puts a zero byte before a leaf; here it saves a copy on the hot path."""
HEAD_FORMAT = LEAF_FORMAT.removesuffix(b"%b%b")
"""A leaf without its body: nine lines of text, the last two of which say how long data and meta are."""
HEAD_LINES = 9


def micros(moment: datetime) -> int:
    """Microseconds since 1970 UTC: how moments enter the hash."""
    return (moment - EPOCH) // _MICROSECOND


def moment(microseconds: int) -> datetime:
    """The way back from ``micros``."""
    return EPOCH + timedelta(microseconds=microseconds)


def entry_bytes(
    position: int,
    stream: str,
    version: int,
    type_: str,
    occurred_micros: int,
    recorded_micros: int,
    data: bytes,
    meta: bytes,
) -> bytes:
    """All columns but the leaf. Stream and type hold no line break, so the header is unambiguous; the lengths of
    data and meta stand before them.
    """
    return ENTRY_FORMAT % (
        position,
        stream.encode(),
        version,
        type_.encode(),
        occurred_micros,
        recorded_micros,
        len(data),
        len(meta),
        data,
        meta,
    )
