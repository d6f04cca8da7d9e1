"""The small model 小模型: tracks and concern of a message, from the pieces of its text.

The one rule: sums of whole weights, the same everywhere, and the pieces that weighed most are told. It is trained by
``deploy/allinone/tools/train_complaint_model.py`` and shipped with the package; asking it needs no network.
"""

from __future__ import annotations

import gzip
import json
import math
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import groupby
from typing import Final

from mingjing_inspection.domain.complaint import Track
from mingjing_inspection.domain.concern import Concern

TEXT_MAX: Final = 2_000
"""Of a longer text the beginning is looked at: what matters is said first."""
PIECE_MAX: Final = 3
SCALE: Final = 3.0
"""How much the pieces weigh against the bias; the tool trains with the same."""
WEIGHT_UNIT: Final = 100
WORDS_MAX, WORD_MAX = 6, 12
PIECES_TOLD: Final = 12
"""The heaviest pieces, of which the words are made that a person is shown."""
OUTSIDE: Final = "OUTSIDE"
"""Nothing of off-campus training."""
LABELS: Final = (Track.DISPUTE.value, Track.REPORT.value, Track.WORK_ORDER.value, OUTSIDE)
MODEL_FILE: Final = "complaint_model.json.gz"
_BREAK = re.compile(r"[^\u4e00-\u9fffA-Za-z0]+")
_DIGITS = re.compile(r"\d+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """One answer of the model: ``points`` in hundredths of the logit, and the words that weighed most for it."""

    label: str
    points: int
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What the model makes of a message. ``tracks`` is empty where it is about something else altogether."""

    tracks: tuple[Track, ...]
    labels: tuple[Weighed, ...]
    """All four, the likeliest first."""
    concerns: tuple[Weighed, ...]
    """The likeliest three."""
    version: str


@dataclass(frozen=True, slots=True)
class TextModel:
    """``weights``: of each piece, the index of an answer (labels, then concerns) and its weight in hundredths."""

    version: str
    weights: Mapping[str, Sequence[tuple[int, int]]]
    bias: Sequence[int]

    def concern(self, text: str) -> Concern:
        """The likeliest concern alone: for many texts at once."""
        known = [those for piece in pieces(text) if (those := self.weights.get(piece)) is not None]
        totals = [0] * len(self.bias)
        for those in known:
            for answer, weight in those:
                totals[answer] += weight
        points = self._points(totals, len(known))
        return Concern(_names()[max(range(len(LABELS), len(points)), key=lambda answer: points[answer])])

    def _points(self, totals: Sequence[int], known: int) -> list[int]:
        scale = SCALE / math.sqrt(max(1, known))
        return [round(total * scale) + bias for total, bias in zip(totals, self.bias, strict=True)]

    def read(self, text: str) -> Reading:
        """Of a title and a text together, or of a text that is still being typed."""
        known = [piece for piece in sorted(pieces(text)) if piece in self.weights]
        totals = [0] * len(self.bias)
        spoke: list[list[tuple[int, str]]] = [[] for _ in self.bias]
        for piece in known:
            for answer, weight in self.weights[piece]:
                totals[answer] += weight
                if weight > 0 and len(piece) > 1:
                    spoke[answer].append((weight, piece))
        points = self._points(totals, len(known))
        ranked = sorted(range(len(LABELS)), key=lambda answer: -points[answer])
        about = sorted(range(len(LABELS), len(points)), key=lambda answer: -points[answer])[:3]

        def weighed(answer: int) -> Weighed:
            strongest = sorted(spoke[answer], reverse=True)[:PIECES_TOLD]
            return Weighed(label=_names()[answer], points=points[answer], words=_words(strongest, text[:TEXT_MAX]))

        return Reading(
            tracks=_tracks(points),
            labels=tuple(weighed(answer) for answer in ranked),
            concerns=tuple(weighed(answer) for answer in about),
            version=self.version,
        )


def _words(strongest: Iterable[tuple[int, str]], text: str) -> tuple[str, ...]:
    """Where the pieces stand in the text; those that touch are one word, and the heaviest word comes first."""
    weights = [0] * len(text)
    for weight, piece in strongest:
        at = text.find(piece)
        while at >= 0:
            weights[at : at + len(piece)] = [before + weight for before in weights[at : at + len(piece)]]
            at = text.find(piece, at + 1)
    found: dict[str, int] = {}
    for is_told, run in groupby(range(len(text)), key=lambda at: weights[at] > 0):
        places = list(run)[:WORD_MAX]
        if is_told:
            word = text[places[0] : places[-1] + 1]
            found[word] = max(found.get(word, 0), sum(weights[at] for at in places))
    return tuple(sorted(found, key=lambda word: (-found[word], word))[:WORDS_MAX])


def pieces(text: str) -> set[str]:
    """Runs of one to three characters that stand together; any number is one 0."""
    plain = _DIGITS.sub("0", unicodedata.normalize("NFKC", text[:TEXT_MAX]))
    found: set[str] = set()
    for part in _BREAK.split(plain):
        for length in range(1, PIECE_MAX + 1):
            found.update(part[at : at + length] for at in range(len(part) - length + 1))
    return found


@cache
def text_model() -> TextModel:
    """Read once from the package's data."""
    packed = files("mingjing_inspection.matching").joinpath(MODEL_FILE).read_bytes()
    told = json.loads(gzip.decompress(packed))
    if told["answers"] != list(_names()):
        raise ValueError("the model was trained for other answers: train it anew")
    weights = {piece: [(at, weight) for at, weight in those] for piece, those in told["weights"].items()}
    return TextModel(version=told["version"], weights=weights, bias=told["bias"])


def answers() -> tuple[str, ...]:
    """Labels, then concerns: the order of the weights."""
    return _names()


@cache
def _names() -> tuple[str, ...]:
    return (*LABELS, *(concern.value for concern in Concern))


def _tracks(points: Sequence[int]) -> tuple[Track, ...]:
    """The likeliest label; dispute and tip-off together where the other of the two is likelier than not, too."""
    first = max(range(len(LABELS)), key=lambda answer: points[answer])
    if LABELS[first] == OUTSIDE:
        return ()
    if LABELS[first] == Track.WORK_ORDER.value:
        return (Track.WORK_ORDER,)
    return tuple(track for at, track in enumerate((Track.DISPUTE, Track.REPORT)) if at == first or points[at] > 0)
