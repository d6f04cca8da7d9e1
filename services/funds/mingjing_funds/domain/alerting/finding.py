"""What a rule says (结论) of an account on a day: how bad, measured how, against which threshold, and why in words.

The one rule: a rule always answers. It fires, it is quiet and says why, or it cannot tell and says what is missing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TypeAlias

from mingjing_funds.domain.alert import Severity
from mingjing_kernel.text import Bilingual

Words: TypeAlias = Callable[[], tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule's answer. ``measures`` are the values that it looked at, by name; ``threshold`` what they were held to."""

    severity: Severity | None
    measures: tuple[tuple[str, int], ...]
    threshold: int
    words: Words = field(compare=False, repr=False)
    is_unknown: bool = False
    """The rule lacks an input: not quiet, but unable to tell."""

    @property
    def because(self) -> Bilingual:
        """Why, in words: put together when somebody reads them. Nobody reads most of the quiet ones."""
        return Bilingual(*self.words())


def fires(severity: Severity | None, threshold: int, words: Words, /, **measures: int) -> Finding:
    """A rule that could tell; ``severity`` is nothing when its condition is false; ``words`` in Chinese and English."""
    return Finding(severity, tuple(measures.items()), threshold, words)


def unknown(zh: str, en: str) -> Finding:
    """A rule that could not tell, and what it lacks."""
    return Finding(None, (), 0, lambda: (f"无法判断：{zh}。", f"Cannot tell: {en}."), is_unknown=True)


def compared(since: date | None, says: Callable[[], Finding]) -> Finding:
    """What a rule that holds a week against the weeks before says: nothing where a change of bank has taken the weeks
    to another account, or brought contracts without theirs.
    """
    if since is None:
        return says()
    on = since.isoformat()
    return unknown(
        f"变更托管银行，合同于{on}移交，与此前各周不可比，满9周后恢复判断",
        f"contracts were carried to another bank on {on}: weeks are compared again after nine of them",
    )


def dated(finding: Finding, missing_year: int | None) -> Finding:
    """What a rule that counts working days or holidays may say. Where a calendar is missing, no day of it is known to
    be off: it is quiet for sure and fires on a guess, so it cannot tell.
    """
    if missing_year is None or finding.severity is None:
        return finding
    return unknown(f"{missing_year}年放假调休安排尚未发布", f"calendar of {missing_year} not released")


def margined(says: Callable[[int], Finding], missing_year: int | None, margin: int) -> Finding:
    """What a rule that counts days says where a calendar is missing: it fires only where it would with ``margin`` more
    days off than are known, and says so; else it cannot tell. ``says`` answers with so many days taken off its count.
    """
    if missing_year is None:
        return says(0)
    sure = says(margin)
    if sure.severity is None:
        return dated(says(0), missing_year)
    zh, en = f"（{missing_year}年放假调休安排尚未发布，已留{margin}天余量）", f" (no calendar of {missing_year} yet: "
    en += f"{margin} days are left out)"

    def words() -> tuple[str, str]:
        said = sure.words()
        return said[0] + zh, said[1] + en

    return replace(sure, words=words)


def money(fen: int) -> str:
    """An amount in a sentence: whole yuan where nothing is lost, ``83,200``."""
    sign, whole = ("-", -fen) if fen < 0 else ("", fen)
    return f"{sign}{whole // 100:,}" if whole % 100 == 0 else f"{sign}{whole // 100:,}.{whole % 100:02d}"
