"""Comparing dropped checkpoints with the live log: whether it still extends every one of them.

The one rule: the root is computed from the live log's own tiles. A log that was rewritten, however well it verifies by
itself, does not lead to a root that somebody outside has kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from mingjing_kernel.audit.drop import NOTE_BYTES_MAX, SUFFIX
from mingjing_kernel.audit.note import NoteMalformed, SignatureWrong, VerifierKey, open_checkpoint
from mingjing_kernel.audit.tiles import BeyondTheLog, TileMissing, Tiles
from mingjing_kernel.log import Log
from mingjing_kernel.log.merkle import digest_of

FILES_MAX = 1_000_000


@dataclass(frozen=True, slots=True)
class Compared:
    """How many dropped checkpoints of one log were compared, the largest of them, and which it does not extend."""

    origin: str
    compared: int
    largest: int
    broken: tuple[tuple[str, str, str], ...]
    """File, and why, in Chinese and English."""


def dropped_files(folder: Path, origin: str) -> Iterator[tuple[str, bytes]]:
    """The checkpoints of one log in a folder: name and note. Raises ``OSError``."""
    start = f"{origin.replace('/', '-')}-"
    names = sorted(path for path in folder.iterdir() if path.name.startswith(start) and path.suffix == SUFFIX)
    for path in names[:FILES_MAX]:
        with path.open("rb") as opened:
            yield path.name, opened.read(NOTE_BYTES_MAX + 1)


async def compare(log: Log, origin: str, files: Iterable[tuple[str, bytes]], keys: Sequence[VerifierKey]) -> Compared:
    """Whether the log extends every one of them."""
    hash_name = await log.pool.fetchval(f'SELECT hash FROM "{log.schema}".head')
    tiles = Tiles(log.schema, digest_of(hash_name))
    compared = largest = 0
    broken: list[tuple[str, str, str]] = []
    for name, note in files:
        compared += 1
        try:
            checkpoint = open_checkpoint(note, keys)[1]
            if checkpoint.origin != origin:
                raise SignatureWrong(f"it is a checkpoint of {checkpoint.origin}")
            largest = max(largest, checkpoint.size)
            if await tiles.root(log.pool, checkpoint.size) != checkpoint.root:
                broken.append((name, "现在的日志在此处的根不同：历史被改写。", "The log has another root here now."))
        except (NoteMalformed, SignatureWrong) as wrong:
            broken.append((name, "不是该日志签名的检查点。", f"It is no checkpoint that this log signed: {wrong}."))
        except BeyondTheLog as shorter:
            broken.append((name, "日志现在更短：尾部被截断。", f"The log is shorter now: {shorter}"))
        except TileMissing as missing:
            broken.append((name, "日志缺少瓦片，无法证明。", str(missing)))
    return Compared(origin, compared, largest, tuple(broken))
