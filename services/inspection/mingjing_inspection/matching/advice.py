"""Advice 提示: what follows from a message's words for its tracks, category, departments and urgency.

The one rule: everything said here names the words that led to it. The table of dispatch says whose matter it is, the
table of urgency which words are pressing; nothing is decided.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from mingjing_inspection.domain.complaint import Track
from mingjing_inspection.domain.concern import MATTERS, Concern
from mingjing_inspection.domain.dispatching import Suggestion
from mingjing_inspection.domain.finding_terms import Matter
from mingjing_inspection.domain.urgency import URGENCY_V1, urgent_words
from mingjing_inspection.matching.text_model import Reading, TextModel
from mingjing_inspection.matching.trades import trades_said


@dataclass(frozen=True, slots=True, kw_only=True)
class Department:
    """Whose matter it may be, by which line of the table; empty where the grid has to look first."""

    department: str
    matter: str
    ground: str
    legal_basis: str
    matrix: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """What the words lead to. ``trades``: by category, the word that spoke of it."""

    reading: Reading
    is_urgent: bool
    urgent_words: tuple[str, ...]
    urgency_rule: str
    trades: Mapping[str, str]
    departments: tuple[Department, ...]


def advice(
    model: TextModel, title: str, text: str, category: str, *, is_ours: bool, owner: Callable[[Matter, str], Suggestion]
) -> Advice:
    """Of a message so far. ``category`` is the institution's where one is known, and ``is_ours`` says that one is;
    ``owner`` is the table of dispatch in force, by matter and category.
    """
    whole = f"{title}。{text}"
    reading, trades = model.read(whole), trades_said(whole)
    words = urgent_words(whole)
    likely = category or next(iter(trades), "")
    concern = Concern(reading.concerns[0].label)
    is_message = bool(reading.tracks) or is_ours
    return Advice(
        reading=reading,
        # A question about an announced pause carries the words but no danger to fees.
        is_urgent=bool(words) and is_message and reading.tracks != (Track.WORK_ORDER,),
        urgent_words=words,
        urgency_rule=URGENCY_V1.version,
        trades=trades,
        departments=_departments(concern, likely, owner) if is_message else (),
    )


def _departments(concern: Concern, category: str, owner: Callable[[Matter, str], Suggestion]) -> tuple[Department, ...]:
    """One line a department, the first matter's first."""
    found: dict[str, Department] = {}
    for matter in MATTERS[concern]:
        one = owner(matter, category)
        found.setdefault(
            one.department,
            Department(
                department=one.department,
                matter=matter.value,
                ground=one.ground.value,
                legal_basis=one.legal_basis,
                matrix=one.matrix,
            ),
        )
    return tuple(found.values())
