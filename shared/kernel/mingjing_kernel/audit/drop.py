"""The drop: hands checkpoints to a second agency, into a folder or to an address, so that history has a keeper outside.

The one rule: what was acknowledged is on record, and a record alone is no reason for another drop; else the record of
each drop would need a checkpoint, that checkpoint a drop, and so on for ever.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import os
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit
from uuid import UUID

import httpx
import structlog

from mingjing_kernel.audit.dropped import CHECKPOINT_DROP, Dropped, RecordDrop
from mingjing_kernel.identifiers import derived_id, new_id
from mingjing_kernel.log import Envelope, Log

WAITING_MAX = 64
"""Newest first: a later checkpoint covers what an older one did."""
DELAY_SECONDS_MIN = 2.0
DELAY_SECONDS_MAX = 900.0
POST_SECONDS_MAX = 15.0
NOTE_BYTES_MAX = 64 * 1024
SUFFIX = ".checkpoint"
Post = Callable[[str, int, bytes], Awaitable[None]]
"""``await post(origin, size, note)``: returns when it is acknowledged. Raises ``NotAcknowledged``."""
Seat = Callable[[], Awaitable[str]]
_logger = structlog.get_logger("mingjing.drop")


class NotAcknowledged(Exception):
    """The target did not take the checkpoint, and said or did what stands here."""


class Drop:
    """Drops one log's checkpoints for as long as it runs; ``step`` drops what waits at once."""

    def __init__(self, log: Log, origin: str, target: str, post: Post, seat: Seat, interval: float) -> None:
        self.log = log
        self.target = shown(target)
        self.because = "not yet"
        self.size = 0
        """Of the largest checkpoint that the target acknowledged."""
        self._origin = origin
        self._post = post
        self._seat = seat
        self._interval = interval

    @property
    def id(self) -> UUID:
        """Of the target's stream in the log."""
        return derived_id("checkpoint-drop", self.target)

    async def run(self) -> None:
        """Drop whatever is signed, until cancelled. Trouble is said and waited for, longer each time."""
        delay = DELAY_SECONDS_MIN
        while True:
            try:
                self.because = await self._seat() or await self.step()
                delay = DELAY_SECONDS_MIN
                await asyncio.sleep(self._interval)
            except Exception as trouble:
                self.because = f"{type(trouble).__name__}: {trouble}"
                _logger.warning("drop.waiting", target=self.target, seconds=delay, reason=self.because)
                await asyncio.sleep(delay)
                delay = min(delay * 2, DELAY_SECONDS_MAX)

    async def step(self) -> str:
        """Drop what waits, oldest first; why nothing was dropped, if so. Raises ``NotAcknowledged``."""
        self.size, _ = await self.log.state(CHECKPOINT_DROP, self.id)
        rows = await self.log.pool.fetch(
            f"""SELECT size, note FROM "{self.log.schema}".checkpoints WHERE size > $1 ORDER BY size DESC LIMIT $2""",
            self.size,
            WAITING_MAX,
        )
        if not rows:
            return f"the target has everything up to {self.size}"
        if not await self._says_something(rows[0]["size"]):
            return "only the record of the last drop is new"
        done: list[Dropped] = []
        try:
            for row in reversed(rows):
                note = row["note"].encode()
                await self._post(self._origin, row["size"], note)
                done.append(Dropped(size=row["size"], sha256=hashlib.sha256(note).hexdigest()))
        finally:
            await self._record(done)
        return ""

    async def _says_something(self, until: int) -> bool:
        """Whether anything but the records of drops is new."""
        return bool(
            await self.log.pool.fetchval(
                f"""SELECT EXISTS (SELECT FROM "{self.log.schema}".events
                WHERE position > $1 AND position <= $2 AND stream <> $3)""",
                self.size,
                until,
                CHECKPOINT_DROP.stream(self.id),
            )
        )

    async def _record(self, done: Sequence[Dropped]) -> None:
        if not done:
            return
        command = RecordDrop(target=self.target, checkpoints=tuple(done), at=self.log.now())
        await self.log.handle(
            CHECKPOINT_DROP, self.id, command, Envelope(command_id=new_id(), actor="system:checkpoint-drop")
        )
        self.size = done[-1].size
        _logger.info("drop.acknowledged", target=self.target, size=self.size, checkpoints=len(done))


def is_address(target: str) -> bool:
    """Whether checkpoints are posted over HTTP; otherwise the target is a folder."""
    return target.startswith(("https://", "http://"))


def shown(target: str) -> str:
    """The target without what nobody should read in a log."""
    if not is_address(target):
        return target
    parts = urlsplit(target)
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))


def to_address(client: httpx.AsyncClient, url: str) -> Post:
    """By POST; the key makes a repetition harmless."""

    async def post(origin: str, size: int, note: bytes) -> None:
        headers = {"Content-Type": "text/plain; charset=utf-8", "Idempotency-Key": f"{origin}/{size}"}
        try:
            answer = await client.post(url, content=note, headers=headers, timeout=POST_SECONDS_MAX)
        except httpx.HTTPError as away:
            raise NotAcknowledged(f"{type(away).__name__}: {away}") from away
        if not answer.is_success:
            raise NotAcknowledged(f"the target answered {answer.status_code}")

    return post


def to_folder(folder: Path) -> Post:
    """As files that are never overwritten."""

    async def post(origin: str, size: int, note: bytes) -> None:
        await asyncio.to_thread(_file, folder, folder / file_name(origin, size), note)

    return post


def file_name(origin: str, size: int) -> str:
    """``mingjing-funds-00000000000000001234.checkpoint``: in the order of their sizes."""
    return f"{origin.replace('/', '-')}-{size:020d}{SUFFIX}"


def _file(folder: Path, path: Path, note: bytes) -> None:
    beside = folder / f".{path.name}.{os.getpid()}"
    try:
        with beside.open("wb") as opened:
            opened.write(note)
            opened.flush()
            os.fsync(opened.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(beside, path)  # whole or not at all, and never over another one
        if path.read_bytes() != note:
            raise NotAcknowledged(f"{path.name} is there already and says something else")
    except OSError as failure:
        raise NotAcknowledged(f"{path}: {failure.strerror or failure}") from failure
    finally:
        with contextlib.suppress(OSError):
            beside.unlink()
