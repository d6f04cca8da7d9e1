"""The chart of a what-if (推演图表): alerts told a week under the numbers in force (grey) and under others (blue), SVG.

The one rule: every bar carries its count, and the whole says in words what it shows; colours are not all there is.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from mingjing_funds.intake.what_if import Week

WIDTH, HEIGHT = 900, 340
LEFT, TOP, TALL = 20, 64, 200
GREY, BLUE = "#969696", "#1c5fb0"
_BASE = TOP + TALL


def chart(weeks: Sequence[Week], title_zh: str, title_en: str) -> str:
    """One picture that needs no script, no font file and no style sheet."""
    most = max(1, *(max(week.before, week.after) for week in weeks))
    room = (WIDTH - 2 * LEFT) / len(weeks)
    bars = "".join(_week(week, LEFT + room * place, room, most) for place, week in enumerate(weeks))
    before, after = sum(week.before for week in weeks), sum(week.after for week in weeks)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" font-family="sans-serif">'
        f"<title>{escape(title_zh)} {escape(title_en)}</title>"
        f"<desc>现行阈值{before}次，调整后{after}次。 {before} under the numbers in force, {after} under others.</desc>"
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>'
        f"{_text(LEFT, 26, title_zh, 16)}{_text(LEFT, 44, title_en, 11)}{bars}"
        f'<line x1="{LEFT}" y1="{_BASE}" x2="{WIDTH - LEFT}" y2="{_BASE}" stroke="#444444"/>'
        f"{_legend(LEFT, GREY, f'现行阈值 Numbers in force（{before}）')}"
        f"{_legend(WIDTH // 2, BLUE, f'调整后 Changed numbers（{after}）')}</svg>"
    )


def _week(week: Week, at: float, room: float, most: int) -> str:
    wide = min(room * 0.38, 24)
    middle = at + room / 2
    return (
        _bar(middle - wide, wide, week.before, most, GREY)
        + _bar(middle, wide, week.after, most, BLUE)
        + _text(middle, _BASE + 16, week.since.strftime("%m-%d"), 9, "middle")
    )


def _bar(x: float, wide: float, count: int, most: int, colour: str) -> str:
    tall = TALL * count / most
    return f'<rect x="{x:.1f}" y="{_BASE - tall:.1f}" width="{wide:.1f}" height="{tall:.1f}" fill="{colour}"/>' + _text(
        x + wide / 2, _BASE - tall - 3, str(count), 8, "middle"
    )


def _legend(x: float, colour: str, words: str) -> str:
    return f'<rect x="{x}" y="{HEIGHT - 34}" width="12" height="12" fill="{colour}"/>' + _text(
        x + 18, HEIGHT - 24, words, 11
    )


def _text(x: float, y: float, words: str, size: int, anchor: str = "start") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" text-anchor="{anchor}">{escape(words)}</text>'
