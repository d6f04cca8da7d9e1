"""How the log stands by its own daily verification, computed by whoever reads.

The one rule: the age is the reader's arithmetic. A verifier that died, or never ran, is overdue all by itself.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Literal

from pydantic import BaseModel, Field

from mingjing_kernel.audit.self_verification import (
    SelfVerificationClean,
    SelfVerificationFailed,
    SelfVerificationFound,
)
from mingjing_kernel.identifiers import derived_id
from mingjing_kernel.log import Log

OVERDUE_AFTER = timedelta(hours=25)
LOOKED_BACK_MAX = 50
STREAM_ID = derived_id("self-verification")
"""Of the one stream of a log."""


class StandingFinding(BaseModel):
    """One thing that is wrong, in both languages."""

    code: str
    zh: str
    en: str


class Standing(BaseModel):
    """What the last self-verification said, and whether one is missing 每日自检结果."""

    state: Literal["clean", "found", "never"] = Field(description="clean 完好, found 有问题, never 尚无结果")
    is_overdue: bool = Field(description="No result for 25 hours 逾期")
    at: datetime | None = Field(default=None, description="When the last run ended")
    age_seconds: int | None = None
    size: int = 0
    root: str = Field(default="", description="Hexadecimal; as it was computed")
    findings: list[StandingFinding] = []
    failed_at: datetime | None = Field(default=None, description="A later run could not take place")
    failed_because: str = ""

    def in_short(self) -> dict[str, Any]:
        """For the health page: no findings, which may name streams."""
        return self.model_dump(mode="json", include={"state", "is_overdue", "at", "age_seconds", "size"})


async def standing(log: Log, now: datetime) -> Standing:
    """How this log stands at a moment."""
    rows = await log.pool.fetch(
        f"""SELECT type, data FROM "{log.schema}".events WHERE stream = $1 ORDER BY version DESC LIMIT $2""",
        f"self-verification-{STREAM_ID}",
        LOOKED_BACK_MAX,
    )
    events = [log.decode(row["type"], row["data"]) for row in rows]
    failed = events[0] if events and isinstance(events[0], SelfVerificationFailed) else None
    last = next((event for event in events if not isinstance(event, SelfVerificationFailed)), None)
    found = Standing(state="never", is_overdue=False)
    if last is None:
        began = await log.pool.fetchval(f'SELECT recorded_at FROM "{log.schema}".events WHERE position = 1')
        found.is_overdue = began is not None and now - began > OVERDUE_AFTER
    else:
        found = _ended(last, now)
    if failed is not None:
        found.failed_at, found.failed_because = failed.at, failed.because
    return found


def _ended(last: SelfVerificationClean | SelfVerificationFound, now: datetime) -> Standing:
    findings = last.findings if isinstance(last, SelfVerificationFound) else ()
    return Standing(
        state="found" if findings else "clean",
        is_overdue=now - last.at > OVERDUE_AFTER,
        at=last.at,
        age_seconds=int((now - last.at).total_seconds()),
        size=last.size,
        root=last.root,
        findings=[StandingFinding(code=one.code, zh=one.zh, en=one.en) for one in findings],
    )
