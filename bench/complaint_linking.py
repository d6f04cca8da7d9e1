"""Whom a complaint is about: recall, precision and top-3 on the half of the sample county that nothing was tuned on.

Value: messages a second on one core. Raw limit: rapidfuzz alone, the message against every brand, no index, no address
and no sound; its first guess stands beside ours. ``rules_*`` is the matcher of imported files, which names nobody
unless everything typed points to one alone. The clues were thought of while reading messages of both halves; their
points and the two thresholds were chosen on the tuning half.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from rapidfuzz.fuzz import partial_ratio

from complaint_truth import Message, Truth, county_truth
from figure import Figure
from mingjing_inspection.domain.premises import Names
from mingjing_inspection.matching.linking import SHOWN_MAX, Described, Linker, Said, is_sure
from mingjing_inspection.settings import InspectionSettings
from mingjing_inspection.sources.matching import NameIndex, Typed, brand_of, normalised
from mingjing_kernel.identifiers import derived_id
from stage import Options

NAME = "complaint-linking"
USES: set[str] = set()
RAW_MESSAGES = 60


async def run(options: Options) -> Figure:
    """Measure."""
    truth = county_truth()
    linker, index, brands = institutions(truth)
    tuned, (tested, rate) = quality(linker, truth, truth.tuning)[0], quality(linker, truth, truth.held_out)
    rules = _rules(index, truth)
    raw, raw_first = _raw(brands, truth, [row for row in truth.held_out if row.answer["inst"]][:RAW_MESSAGES])
    return Figure(
        name=NAME, value=rate, unit="messages/s a core", raw=raw, raw_is="rapidfuzz over all brands, no index",
        details={
            "institutions": len(brands), "held_out": len(truth.held_out), **tested,
            "rules_recall": rules["recall"], "rules_precision": rules["precision"], "raw_right_first": raw_first,
            "tuning_recall": tuned["recall"], "tuning_precision": tuned["precision"], "tuning_top3": tuned["top3"],
        },
    )  # fmt: skip


def institutions(truth: Truth) -> tuple[Linker, NameIndex, dict[UUID, str]]:
    """Everybody of the sample county, those that lost their licence too."""
    index, many = NameIndex(places=InspectionSettings().name_places), list[Described]()
    whole = truth.whole
    for one in (*whole["institutions"], *whole["withdrawn"], *whole["revoked"]):
        names = Names(
            full_name=one["name"], former_names=tuple(one["former_names"]), uscc=one["uscc"], phone=one["phone"]
        )
        addresses = tuple(site["address"] for site in one["sites"])
        id = institution_of(one["id"])
        index.add(id, names)
        many.append(Described(institution_id=id, names=names, category=one["category"], addresses=addresses))
    brands = {one.institution_id: brand_of(index.without_place(normalised(one.names.full_name))) for one in many}
    return Linker(index, many), index, brands


def institution_of(number: str) -> UUID:
    """The id of an institution of the answers."""
    return derived_id("bench-institution", number)


def said(row: Message) -> Said:
    """A message as the operator has typed it in the end."""
    cells = row.cells
    return Said(
        text=row.text, title=cells.get("title", ""), respondent=cells["respondent"], uscc=cells.get("uscc", ""),
        place=cells.get("place", ""),
    )  # fmt: skip


def meant(row: Message, truth: Truth) -> UUID | None:
    """Whom it really is about: who goes on without a licence is named by the institution that lost it."""
    formerly: dict[str, Any] = {one["id"]: one["formerly"] for one in truth.whole["unlicensed"]}
    number = row.answer["inst"] or formerly.get(row.answer["unlicensed"] or "")
    return institution_of(number) if number else None


def quality(linker: Linker, truth: Truth, rows: Sequence[Message]) -> tuple[dict[str, float], float]:
    """Recall, precision, top-1 and top-3; and messages a second of processor."""
    began = time.process_time()
    found = [linker.candidates(said(row)) for row in rows]
    seconds = time.process_time() - began
    right = wrong = shown = first = 0
    for row, ranked in zip(rows, found, strict=True):
        whom, is_owned = meant(row, truth), row.answer["inst"] is not None
        if is_sure(ranked):
            right += ranked[0].institution_id == whom and is_owned
            wrong += ranked[0].institution_id != whom
        if is_owned:
            first += bool(ranked) and ranked[0].institution_id == whom
            shown += whom in {one.institution_id for one in ranked[:SHOWN_MAX]}
    owned = sum(row.answer["inst"] is not None for row in rows)
    return {
        "recall": round(right / owned, 4), "precision": round(right / max(1, right + wrong), 4),
        "top1": round(first / owned, 4), "top3": round(shown / owned, 4),
    }, len(rows) / seconds  # fmt: skip


def _rules(index: NameIndex, truth: Truth) -> dict[str, float]:
    right = wrong = owned = 0
    for row in truth.held_out:
        told = said(row)
        typed = Typed(respondent=told.respondent, uscc=told.uscc, title=told.title, text=told.text)
        found, whom = index.match(typed).institution_id, meant(row, truth)
        owned += row.answer["inst"] is not None
        right += found is not None and found == whom and row.answer["inst"] is not None
        wrong += found is not None and found != whom
    return {"recall": round(right / owned, 4), "precision": round(right / max(1, right + wrong), 4)}


def _raw(brands: dict[UUID, str], truth: Truth, rows: Sequence[Message]) -> tuple[float, float]:
    began, right = time.process_time(), 0
    for row in rows:
        text = f"{row.cells['respondent']}。{row.cells.get('title', '')}。{row.text}"
        best = max(brands, key=lambda id: (partial_ratio(brands[id], text), id))
        right += best == meant(row, truth)
    return len(rows) / (time.process_time() - began), round(right / len(rows), 4)
