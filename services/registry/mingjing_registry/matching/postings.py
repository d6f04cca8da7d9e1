"""Postings 倒排索引: which names of many sound like a given one, found by single sounds and by pairs of neighbours.

The one rule: it only narrows down. A name shares some of its sounds with thousands; weighed by how rare each is, a few
dozen remain, and those are compared exactly.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from mingjing_registry.matching.pinyin import syllables

Numbers = npt.NDArray[np.int64]
FOUND_MAX = 160
FAVOUR = 0.1
SHARE_MIN = 0.34
"""Of the weight of the name that is looked for."""
PAIRS_APART = (1, 2)
"""A dropped character brings its neighbours together."""
COMMON_SHARE = 0.02
"""A single sound that more names have is passed over where the name has rarer tokens."""


class Postings:
    """An index over the brands of many names. ``near`` gives rows of the sequence it was made of."""

    def __init__(self, cores: Sequence[str]) -> None:
        self._count = len(cores)
        tokens, rows = _tokens(cores)
        order = np.argsort(tokens, kind="stable")
        self._rows = rows[order].astype(np.int32)
        found, starts, counts = np.unique(tokens[order], return_index=True, return_counts=True)
        weights = np.log1p(self._count / counts)
        # How much each name has to share: a long brand that contains a short one is not it.
        self._weights = np.bincount(rows[order], np.repeat(weights, counts), self._count).astype(np.float32)
        self._lists = {
            token: (start, start + count, weight)
            for token, start, count, weight in zip(
                found.tolist(), starts.tolist(), counts.tolist(), weights.tolist(), strict=True
            )
        }

    def near(self, core: str, favoured: npt.NDArray[np.bool_] | None = None) -> npt.NDArray[np.int64]:
        """The rows that share most with a brand, at most ``FOUND_MAX``, in no order; of equals the favoured ones."""
        lists = [self._lists[token] for token in set(_tokens([core])[0].tolist()) if token in self._lists]
        lists = [one for one in lists if one[1] - one[0] <= COMMON_SHARE * self._count] or lists
        if not lists:
            return np.empty(0, np.int64)
        shared, whole = np.zeros(self._count, np.float32), sum(weight for _, _, weight in lists)
        for start, end, weight in lists:
            # A row stands once in a token's list, so no addition is lost.
            shared[self._rows[start:end]] += weight
        rows = np.flatnonzero(shared >= SHARE_MIN * whole)
        if len(rows) > FOUND_MAX:
            rank = shared[rows] / (whole + self._weights[rows])
            if favoured is not None:
                rank += FAVOUR * favoured[rows]
            rows = rows[np.argpartition(rank, -FOUND_MAX)[-FOUND_MAX:]]
        return rows


def _tokens(cores: Sequence[str]) -> tuple[Numbers, Numbers]:
    """Every sound of each brand, and every pair that stands side by side or with one between, once a brand."""
    table = syllables()
    sounds = table.sounds_of("".join(cores)).astype(np.int64)
    rows = np.repeat(np.arange(len(cores)), [len(core) for core in cores])
    tokens, owners = [sounds], [rows]
    for apart in PAIRS_APART:
        first, second = sounds[:-apart], sounds[apart:]
        together = (rows[:-apart] == rows[apart:]) & (first > 0) & (second > 0)
        # Without order: two characters that changed places are still a pair.
        low, high = np.minimum(first, second)[together], np.maximum(first, second)[together]
        tokens.append(table.count * (low + 1) + high)
        owners.append(rows[apart:][together])
    told, whose = np.concatenate(tokens), np.concatenate(owners)
    base = table.count * (table.count + 2)
    once = np.unique(whose[told > 0] * base + told[told > 0])
    return once % base, once // base
