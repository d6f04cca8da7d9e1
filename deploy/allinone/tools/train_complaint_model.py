"""Train the small model of complaints and pack it into the inspection service; the same data give the same weights.

Run: ``uv run python deploy/allinone/tools/train_complaint_model.py``

Trained on: the tuning half of the sample county's complaints (all synthetic) and ``complaint_training.tsv``, messages
written by hand. Never on the other half, nor on ``bench/complaint_messages.tsv``: ``mingjing bench complaint-split``
measures there. Logistic regression, one answer against all others, by accelerated gradient steps.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import sys
from collections import Counter
from importlib import import_module, resources
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from mingjing_inspection.matching.text_model import MODEL_FILE, SCALE, WEIGHT_UNIT, answers, pieces

_ROOT = Path(__file__).parents[3]
_BY_HAND = Path(__file__).parent / "complaint_training.tsv"
BY_HAND_WEIGHT = 2.0
SEEN_MIN = 2
"""Messages in which a piece must stand."""
RIDGE = 1.0
STEPS = 300
WEIGHT_MIN = 2
"""Hundredths: what weighs less is left out of the file."""
Numbers = npt.NDArray[np.float64]


def main() -> None:
    """Train, and write the file."""
    sys.path.insert(0, str(_ROOT / "bench"))
    truth: Any = import_module("complaint_truth")
    messages = [*truth.county_truth().tuning, *truth.written_by_hand(_BY_HAND)]
    by_hand = [not message.cells for message in messages]
    texts = [pieces(message.text) for message in messages]
    seen = Counter(piece for text in texts for piece in text)
    known = sorted(piece for piece, times in seen.items() if times >= SEEN_MIN)
    rows = _rows(texts, {piece: at for at, piece in enumerate(known)})
    worth = np.where(by_hand, BY_HAND_WEIGHT, 1.0)
    columns = [_fitted(rows, _is(answer, messages), worth) for answer in answers()]
    _write(known, np.round(np.array(columns) * WEIGHT_UNIT).astype(int))


def _rows(texts: list[set[str]], places: dict[str, int]) -> Numbers:
    rows = np.zeros((len(texts), len(places) + 1))
    for at, text in enumerate(texts):
        here = [places[piece] for piece in text if piece in places]
        rows[at, here] = SCALE / max(1.0, len(here)) ** 0.5
    rows[:, -1] = 1.0
    return rows


def _is(answer: str, messages: list[Any]) -> Numbers:
    return np.array([float(answer in message.labels or answer == message.concern.value) for message in messages])


def _fitted(rows: Numbers, wanted: Numbers, worth: Numbers) -> Numbers:
    """Weights of the pieces, and the bias last; the rarer side weighs more."""
    count, positive = len(wanted), max(wanted.sum(), 1.0)
    balance = np.where(wanted > 0, count / (2 * positive), count / (2 * (count - positive))) ** 0.5 * worth
    steepest = 0.25 * np.linalg.norm(rows * np.sqrt(balance)[:, None], 2) ** 2 + RIDGE
    weights = ahead = np.zeros(rows.shape[1])
    pace = 1.0
    for _ in range(STEPS):
        likely = 1 / (1 + np.exp(-rows @ ahead))
        ridge = RIDGE * ahead
        ridge[-1] = 0.0
        stepped = ahead - (rows.T @ (balance * (likely - wanted)) + ridge) / steepest
        faster = (1 + (1 + 4 * pace * pace) ** 0.5) / 2
        ahead = stepped + (pace - 1) / faster * (stepped - weights)
        weights, pace = stepped, faster
    return weights


def _write(known: list[str], weights: npt.NDArray[np.int_]) -> None:
    told = {
        piece: [[at, weight] for at, weight in enumerate(column) if abs(weight) >= WEIGHT_MIN]
        for piece, column in zip(known, weights[:, :-1].T.tolist(), strict=True)
    }
    kept = {piece: those for piece, those in told.items() if those}
    body = {"answers": list(answers()), "bias": weights[:, -1].tolist(), "weights": kept}
    digest = hashlib.sha256(json.dumps(body, ensure_ascii=False, sort_keys=True).encode()).hexdigest()[:12]
    text = json.dumps({"version": f"complaint-model/{digest}", **body}, ensure_ascii=False, separators=(",", ":"))
    packed = gzip.compress(text.encode(), mtime=0)
    with resources.as_file(resources.files("mingjing_inspection.matching").joinpath(MODEL_FILE)) as target:
        target.write_bytes(packed)
    sys.stdout.write(f"{len(kept)} pieces, {len(packed)} bytes, complaint-model/{digest}\n")


if __name__ == "__main__":
    main()
