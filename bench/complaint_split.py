"""Disputes apart from tip-offs: macro-F1 of the shipped model, on what it was not trained on, beside the rules alone.

Value: the macro-F1 of dispute and tip-off on the held-out half of the sample county, from the text alone; a message
that is both counts for both. Raw limit: the rules of imported files from the same text alone. ``rules_declared`` adds
the channel's own word (投诉, 举报 …), which an export has and a caller does not say; those rules were written while
reading both halves. ``by_hand_*``: a hundred messages in other words, which neither was written or trained on.
"""

from __future__ import annotations

import time
from collections.abc import Sequence

from complaint_truth import OUTSIDE, Message, county_truth, f1, model_labels, split_f1, written_by_hand
from figure import Figure
from mingjing_inspection.matching.text_model import LABELS, text_model
from mingjing_inspection.sources.classification import is_within_remit, tracks_of
from stage import Options

NAME = "complaint-split"
USES: set[str] = set()


async def run(options: Options) -> Figure:
    """Measure."""
    rows, by_hand = county_truth().held_out, written_by_hand()
    began = time.process_time()
    said = [model_labels(row.text) for row in rows]
    seconds = time.process_time() - began
    hand_said = [model_labels(row.text) for row in by_hand]
    rules = [_rules(row, declared=False) for row in rows]
    return Figure(
        name=NAME, value=100 * split_f1(rows, said), unit="% macro-F1", raw=100 * split_f1(rows, rules),
        raw_is="the rules, from the text alone",
        details={
            "held_out": len(rows), **_each("f1", rows, said), "concern_right": _concerns(rows),
            "rules_declared": round(split_f1(rows, [_rules(row, declared=True) for row in rows]), 4),
            "by_hand": len(by_hand), "by_hand_f1": round(split_f1(by_hand, hand_said), 4),
            "by_hand_rules": round(split_f1(by_hand, [_rules(row, declared=False) for row in by_hand]), 4),
            "by_hand_concern_right": _concerns(by_hand), "messages_per_s": round(len(rows) / seconds),
            "model": text_model().version,
        },
    )  # fmt: skip


def _each(name: str, rows: Sequence[Message], said: Sequence[frozenset[str]]) -> dict[str, float]:
    return {f"{name}_{label.lower()}": round(f1(list(rows), list(said), label), 4) for label in LABELS}


def _concerns(rows: Sequence[Message]) -> float:
    """How often the first concern is the right one."""
    right = sum(text_model().concern(row.text) is row.concern for row in rows)
    return round(right / len(rows), 4)


def _rules(row: Message, *, declared: bool) -> frozenset[str]:
    """As an import would have it; whom it is about is taken as known where it is, which helps the rules."""
    cells = row.cells if declared else {}
    is_ours = row.labels != {OUTSIDE} and (not row.cells or row.answer["inst"] is not None)
    if not is_within_remit(cells.get("title", ""), cells.get("goods", ""), row.text, is_ours):
        return frozenset({OUTSIDE})
    return frozenset(track.value for track in tracks_of(cells.get("declared", ""), row.text))
