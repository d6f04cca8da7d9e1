"""The sample county's complaints with their answers, in two halves that are cut by the hash of their numbers.

The one rule: the tuning half may be looked at, fitted on and trained on; the other is only measured. A second set of
a hundred messages in other words, written by hand, is never trained on either.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mingjing.county.county import County
from mingjing_inspection.domain.concern import Concern
from mingjing_inspection.matching.text_model import LABELS, text_model
from mingjing_inspection.sources.complaint_file import open_file

DISPUTE, REPORT, WORK_ORDER, OUTSIDE = LABELS
TRACKS = {
    "dispute": {DISPUTE}, "report": {REPORT}, "both": {DISPUTE, REPORT}, "consult": {WORK_ORDER},
    "praise": {WORK_ORDER}, "not_ours": {OUTSIDE},
}  # fmt: skip
LETTERS = {"D": {DISPUTE}, "R": {REPORT}, "B": {DISPUTE, REPORT}, "W": {WORK_ORDER}, "N": {OUTSIDE}}
CONCERNS = {
    "closed": Concern.CLOSURE, "warning": Concern.CLOSURE, "refund_normal": Concern.REFUND,
    "refund_stall": Concern.REFUND, "quality": Concern.QUALITY, "service": Concern.QUALITY,
    "unrelated": Concern.UNRELATED, "consult": Concern.CONSULT, "promo": Concern.PRIVATE_PAYMENT,
    "ads": Concern.ADVERTISING, "labour": Concern.WAGES, "fake_confirm": Concern.FALSE_CONFIRMATION,
    "fire": Concern.FIRE, "praise": Concern.PRAISE, "limits": Concern.FEES,
    "unlicensed_childcare": Concern.CHILDCARE, "unlicensed_withdrawn": Concern.UNLICENSED,
    "unlicensed_flat": Concern.UNLICENSED, "time_limit": Concern.TEACHING, "new_site": Concern.NEW_SITE,
    "jacket": Concern.JACKET, "mixed": Concern.REFUND, "loan": Concern.LOAN, "in_service": Concern.STAFF,
}  # fmt: skip
HAND_WRITTEN = Path(__file__).parent / "complaint_messages.tsv"


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A text and what it really is."""

    text: str
    labels: frozenset[str]
    concern: Concern
    cells: dict[str, str]
    answer: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """Both halves, and the whole of the answers."""

    tuning: list[Message]
    held_out: list[Message]
    whole: dict[str, Any]


def is_held_out(number: str) -> bool:
    """By the hash of a complaint's number, once and for all."""
    return bool(hashlib.sha256(number.encode()).digest()[0] & 1)


def county_truth() -> Truth:
    """The complaints of both files."""
    cells: dict[str, dict[str, str]] = {}
    with County() as county:
        whole = json.loads(county.read("truth.json"))
        for delivery in county.deliveries():
            if delivery.folder == "complaints":
                rows = open_file(county.read(delivery.path)).rows
                cells |= {row.cells["number"]: dict(row.cells) for row in rows}
    halves: tuple[list[Message], list[Message]] = [], []
    for one in whole["complaints"]:
        here = cells[one["id"]]
        message = Message(
            text=here["text"], labels=frozenset(TRACKS[one["track"]]), concern=CONCERNS[one["topic"]],
            cells=here, answer=one,
        )  # fmt: skip
        halves[is_held_out(one["id"])].append(message)
    return Truth(tuning=halves[0], held_out=halves[1], whole=whole)


def written_by_hand(path: Path = HAND_WRITTEN) -> list[Message]:
    """Lines of letter, concern and text."""
    lines = (line.split("\t") for line in path.read_text(encoding="utf-8").splitlines())
    return [
        Message(text=text, labels=frozenset(LETTERS[letter]), concern=Concern(concern), cells={}, answer={})
        for letter, concern, text in lines
    ]


def model_labels(text: str) -> frozenset[str]:
    """What the shipped model says."""
    return frozenset(track.value for track in text_model().read(text).tracks) or frozenset({OUTSIDE})


def f1(rows: list[Message], said: list[frozenset[str]], label: str) -> float:
    """Of one label."""
    both = sum(label in row.labels and label in one for row, one in zip(rows, said, strict=True))
    either = sum(label in row.labels for row in rows) + sum(label in one for one in said)
    return 2 * both / either if either else 0.0


def split_f1(rows: list[Message], said: list[frozenset[str]]) -> float:
    """Macro-F1 of dispute and tip-off; a message that is both counts for both."""
    return (f1(rows, said, DISPUTE) + f1(rows, said, REPORT)) / 2
