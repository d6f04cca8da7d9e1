"""Recordings (录音录像): whether a file holds sound or pictures that a player can find. They are not decoded here.

Runs in a worker process. The one rule: what is refused is what no player opens: a file whose recording is missing, or
whose index was never written because the device died before it ended.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import IO

from mingjing_kernel.evidence.refusals import EvidenceUnreadable

BOXES_MAX = 100_000
"""Of one file; a recording of a day in fragments has fewer."""
_RIFF_HEAD, _BOX_HEAD, _LONG_BOX_HEAD = 12, 8, 16
_ID3_HEAD, _MPEG_HEAD = 10, 4
_SEARCHED_BYTES = 64 * 1024
"""Between the tag and the first frame of an MP3 file some programs leave room."""
_KBITS = {
    "1": (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    "2": (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
_HERTZ = {3: (44_100, 48_000, 32_000), 2: (22_050, 24_000, 16_000), 0: (11_025, 12_000, 8_000)}
"""By the version bits of a frame: MPEG-1, MPEG-2, MPEG-2.5."""


def require_recording(path: Path, claimed: str) -> None:
    """Raises ``EvidenceUnreadable`` where there is nothing to play."""
    with path.open("rb") as file:
        is_there = {"audio/wav": _is_wave, "audio/mpeg": _is_mpeg}.get(claimed, _is_iso)(file, path.stat().st_size)
    if not is_there:
        raise EvidenceUnreadable(claimed=claimed, reason="there is no recording in it that can be played")


def _is_wave(file: IO[bytes], size: int) -> bool:
    """A format before some samples."""
    at, has_format = _RIFF_HEAD, False
    for _ in range(BOXES_MAX):
        file.seek(at)
        head = file.read(_BOX_HEAD)
        if len(head) < _BOX_HEAD:
            return False
        name, length = head[:4], int.from_bytes(head[4:], "little")
        if name == b"data":
            # A recorder that was cut off leaves the length open; what stands there plays.
            return has_format and at + _BOX_HEAD < size and length > 0
        has_format = has_format or name == b"fmt "
        at += _BOX_HEAD + length + length % 2
    return False


def _is_iso(file: IO[bytes], size: int) -> bool:
    """An index with a track, and content, whichever comes first."""
    has_index, has_content = False, False
    for name, begin, end in _boxes(file, 0, size):
        if name == b"moov":
            has_index = has_index or any(inner == b"trak" for inner, _, _ in _boxes(file, begin, end))
        has_content = has_content or (name == b"mdat" and end > begin)
    return has_index and has_content


def _boxes(file: IO[bytes], at: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Name, begin and end of what stands in each box (ISO/IEC 14496-12, 4.2); content that breaks off plays so far."""
    for _ in range(BOXES_MAX):
        if at + _BOX_HEAD > end:
            return
        file.seek(at)
        head = file.read(_LONG_BOX_HEAD)
        length, begin = int.from_bytes(head[:4]), at + _BOX_HEAD
        if length == 1:
            length, begin = int.from_bytes(head[_BOX_HEAD:]), at + _LONG_BOX_HEAD
        until = end if length == 0 else at + length
        if until < begin or (until > end and head[4:_BOX_HEAD] != b"mdat"):
            return
        yield head[4:_BOX_HEAD], begin, min(until, end)
        at = until


def _is_mpeg(file: IO[bytes], size: int) -> bool:
    """Two frames, one after the other: sync bits alone turn up in anything."""
    file.seek(0)
    head, begin = file.read(_ID3_HEAD), 0
    if head[:3] == b"ID3" and len(head) == _ID3_HEAD:
        begin = _ID3_HEAD + sum((byte & 0x7F) << 7 * place for place, byte in enumerate(reversed(head[6:])))
    file.seek(begin)
    searched = file.read(_SEARCHED_BYTES)
    for at in range(len(searched) - _MPEG_HEAD + 1):
        length = _frame_bytes(searched[at : at + _MPEG_HEAD])
        if not length:
            continue
        file.seek(begin + at + length)
        if begin + at + length == size or _frame_bytes(file.read(_MPEG_HEAD)):
            return True
    return False


def _frame_bytes(head: bytes) -> int:
    """How long a frame of layer III is (ISO/IEC 11172-3, 2.4.1.3); 0 where none begins."""
    if len(head) < _MPEG_HEAD or head[0] != 0xFF or head[1] & 0xE0 != 0xE0:
        return 0
    version, layer = head[1] >> 3 & 3, head[1] >> 1 & 3
    rate, hertz, padding = head[2] >> 4, head[2] >> 2 & 3, head[2] >> 1 & 1
    if layer != 1 or version == 1 or rate in (0, 15) or hertz == 3:
        return 0
    is_first = version == 3
    kbits = _KBITS["1" if is_first else "2"][rate]
    return (144 if is_first else 72) * kbits * 1_000 // _HERTZ[version][hertz] + padding
