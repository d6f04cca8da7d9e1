"""Find whom an application is like among 120,000 institutions: how surely, and how fast on one core.

Raw limit: rapidfuzz alone, every query against every name (whole, brand, sound) and the best taken, no index and no
other field. Precision and recall are of the half of the labelled set that no number was fitted on, at the rule's own
threshold; those of names alone show what the other fields are worth.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from uuid import UUID

import numpy as np
from rapidfuzz.process import cdist

from figure import Figure
from match_sample import Labelled, Sample, chunks
from mingjing_registry.matching.finder import Finder
from mingjing_registry.matching.numbers import MatchNumbers
from mingjing_registry.matching.scoring import CORE, FULL, SPELT
from mingjing_registry.matching.traits import Traits
from stage import Options

NAME = "match"
USES = {"events", "seconds"}
INSTITUTIONS = 120_000
LABELLED = 20_000
RAW_QUERIES = 40
MEMORY_ROWS = 8
"""Of the raw comparison at a time: 120,000 scores each."""


async def run(options: Options) -> Figure:
    """Measure; ``--events`` is how many institutions there are, ``--seconds`` how long of all against all is run."""
    sample = Sample(options.events or INSTITUTIONS)
    register = sample.register()
    began = time.process_time()
    finder, numbers = Finder(register), MatchNumbers()
    built = time.process_time() - began
    tune, test = (list(half) for half in chunks(sample.labelled(LABELLED)))
    tuned, (tested, rate) = _quality(finder, tune, numbers)[0], _quality(finder, test, numbers)
    raw, raw_first = _raw(sample, register, test[:RAW_QUERIES])
    everybody = _all_against_all(finder, register, numbers, options.seconds)
    return Figure(
        name=NAME, value=rate, unit="queries/s a core", raw=raw, raw_is="rapidfuzz over all names, no index",
        details={
            "institutions": len(register), "labelled": LABELLED, "threshold": numbers.threshold,
            "precision": tested[0], "recall": tested[1], "tuning_precision": tuned[0], "tuning_recall": tuned[1],
            "raw_right_first": raw_first, "all_against_all_s": everybody, "index_s": round(built, 1),
            "rule": numbers.version,
        },
    )  # fmt: skip


def _quality(finder: Finder, labelled: Sequence[Labelled], numbers: MatchNumbers) -> tuple[tuple[float, float], float]:
    """Precision and recall at the threshold, and queries a second of processor."""
    right = wrong = owned = 0
    began = time.process_time()
    found = [[each.id for each in finder.like(one.traits, numbers)] for one in labelled]
    seconds = time.process_time() - began
    for one, ids in zip(labelled, found, strict=True):
        owned += one.whose is not None
        right += one.whose in ids
        wrong += len(ids) - (one.whose in ids)
    return (round(right / (right + wrong), 4), round(right / owned, 4)), len(labelled) / seconds


def _raw(sample: Sample, register: dict[UUID, Traits], some: Sequence[Labelled]) -> tuple[float, float]:
    """The bare comparison with everybody: queries a second of processor, and how often the right one is the best."""
    parts = [traits.parts[0] for traits in register.values()]
    wholes, cores, spelt = ([getattr(one, field) for one in parts] for field in ("whole", "core", "spelt"))
    right = owned = 0
    began = time.process_time()
    for start in range(0, len(some), MEMORY_ROWS):
        rows = some[start : start + MEMORY_ROWS]
        asked = [one.traits.parts[0] for one in rows]
        blends = (
            FULL * cdist([one.whole for one in asked], wholes)
            + CORE * cdist([one.core for one in asked], cores)
            + SPELT * cdist([one.spelt for one in asked], spelt)
        )
        best = np.argmax(blends, axis=1)
        owned += sum(one.whose is not None for one in rows)
        right += sum(sample.ids[at] == one.whose for at, one in zip(best.tolist(), rows, strict=True))
    return len(some) / (time.process_time() - began), round(right / max(owned, 1), 4)


def _all_against_all(finder: Finder, register: dict[UUID, Traits], numbers: MatchNumbers, seconds: float | None) -> int:
    """Seconds of one core for everybody against everybody; with ``seconds``, as far as that reaches, and reckoned."""
    began, done = time.process_time(), 0
    for id, traits in register.items():
        finder.like(traits, numbers, but=(id,))
        done += 1
        if seconds is not None and time.process_time() - began > seconds:
            break
    return round((time.process_time() - began) * len(register) / done)
