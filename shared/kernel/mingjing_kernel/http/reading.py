"""Reads: see your own write, see the past, know the version.

The one rule: a reader that names a position gets an answer that has it or is told to come back; never an older one.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, TypeAlias

from fastapi import Header, Query
from starlette.requests import Request
from starlette.responses import Response

from mingjing_kernel.clock import SHANGHAI, Clock
from mingjing_kernel.http.refusals import AsOfMalformed, HeaderMalformed, NotYetVisible
from mingjing_kernel.http.writing import POSITION_HEADER

WAIT_SECONDS_MAX = 5.0
POSITION_MAX = 2**63 - 1
_POSITION = re.compile(r"[0-9]{1,19}")

Wait: TypeAlias = Callable[[int], Awaitable[object]]
"""Returns when the read models have reached the position; may refuse one that the log does not have."""


@dataclass(frozen=True, slots=True)
class AsOf:
    """A point in the past: a moment (aware, UTC; what was stored until then counts) or a log position."""

    moment: datetime | None = None
    position: int | None = None


def make_fresh(wait: Wait, seconds: float = WAIT_SECONDS_MAX) -> Callable[..., Awaitable[None]]:
    """The dependency that holds a read back until its ``Mingjing-Position`` is visible."""

    async def fresh(
        request: Request,
        mingjing_position: Annotated[
            str | None,
            Header(
                alias=POSITION_HEADER,
                description="Position that the answer to your write named: wait until it is visible",
            ),
        ] = None,
    ) -> None:
        if mingjing_position is None or request.method not in ("GET", "HEAD"):
            return
        if not _POSITION.fullmatch(mingjing_position) or int(mingjing_position) > POSITION_MAX:
            raise HeaderMalformed(header=POSITION_HEADER, reason="a position in the log is expected")
        try:
            async with asyncio.timeout(seconds):
                await wait(int(mingjing_position))
        except TimeoutError as late:
            raise NotYetVisible(position=mingjing_position) from late

    return fresh


def make_as_of(now: Clock) -> Callable[..., Awaitable[AsOf | None]]:
    """The dependency that reads ``?as_of=``; ``None`` means: as it is now."""

    async def as_of(
        as_of: Annotated[
            str | None,
            Query(description="2026-11-22 (end of that day in China), 2026-11-22T09:30:00+08:00, or @12345 (position)"),
        ] = None,
    ) -> AsOf | None:
        return None if as_of is None else parse_as_of(as_of, now())

    return as_of


def parse_as_of(text: str, now: datetime) -> AsOf:
    """A date is the end of that day in China; a moment without a zone is China's time. Not in the future."""
    if text.startswith("@"):
        if not _POSITION.fullmatch(text[1:]) or int(text[1:]) > POSITION_MAX:
            raise AsOfMalformed(reason="after @ comes a log position")
        return AsOf(position=int(text[1:]))
    # A '+' that was not percent-encoded in the query arrives as a space.
    moment = _moment(re.sub(r" (\d\d:?\d\d)$", r"+\1", text.strip()), now)
    if moment > now:
        raise AsOfMalformed(reason="it lies in the future")
    return AsOf(moment=moment)


def _moment(text: str, now: datetime) -> datetime:
    try:
        if len(text) == 10:
            after = datetime.combine(date.fromisoformat(text) + timedelta(days=1), time(), SHANGHAI)
            end = after.astimezone(UTC) - timedelta(microseconds=1)
            begins = end - timedelta(days=1)
            return min(end, now) if begins < now else end  # today, so far
        moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)).astimezone(UTC)
    except (ValueError, OverflowError) as malformed:
        raise AsOfMalformed(reason="neither a date, nor a moment, nor @position") from malformed


def tagged(response: Response, version: int) -> None:
    """Say the version of a single thing, to be sent back as ``If-Match``."""
    response.headers["ETag"] = f'"{version}"'
