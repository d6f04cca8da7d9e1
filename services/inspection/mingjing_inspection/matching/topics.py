"""Hot topics 热点: messages of a window grouped by what they say, each group with words and messages that stand for it.

The one rule: the same messages give the same groups: they are taken in the order in which they came, and nothing is
drawn by lot. A group is neither a finding nor a case; it says where to look.
"""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Final
from uuid import UUID

import numpy as np
import numpy.typing as npt

from mingjing_inspection.domain.concern import Concern
from mingjing_inspection.matching.text_model import text_model
from mingjing_inspection.sources.lexicon import Lexicon
from mingjing_inspection.sources.spoken_words import Word, words_in

MESSAGES_MAX: Final = 3_000
"""Of a window the latest; that there were more is said."""
TEXT_MAX: Final = 400
SPACE, ABOUT = 1_024, 256
GROUPS_MAX: Final = 300
TOGETHER_FROM: Final = 0.4
"""Cosine from which a message belongs to a group: below it, only stock phrases are shared."""
CONCERN_WEIGHT, ABOUT_WEIGHT = 0.5, 0.6
"""Beside the text, which weighs 1: messages of one concern, and about one institution, stand nearer to each other."""
SIZE_MIN: Final = 3
SPEAKING_MAX, WORDS_MAX = 3, 6
PHRASE_CHARACTERS_MAX: Final = 6
SAID_BY_MIN: Final = 2
"""Of a group: what one message alone says tells nothing of it, and may be a name that nobody masked."""
_COMMON: Final = 0.3
"""A piece that stands in more of the messages says nothing."""
Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One complaint of the window."""

    complaint_id: UUID
    received_at: datetime
    institution_id: UUID | None
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """A group: how many messages about how many institutions, and what stands for it, the nearest first."""

    concern: Concern
    words: tuple[str, ...]
    size: int
    institutions: int
    first_at: datetime
    last_at: datetime
    speaking: tuple[Message, ...]


def topics(messages: Sequence[Message], limit: int, brands: Collection[str] = ()) -> list[Topic]:
    """The largest groups first. ``brands`` are names of institutions, of which each is one word."""
    if not messages:
        return []
    ordered = sorted(messages, key=lambda one: (one.received_at, one.complaint_id.int))[-MESSAGES_MAX:]
    parts = [_parts(one.text) for one in ordered]
    seen = Counter(part for text in parts for part in text)
    concerns = [text_model().concern(one.text) for one in ordered]
    rows = _rows(parts, seen, concerns, [one.institution_id for one in ordered])
    groups = [group for group in _groups(rows) if len(group) >= SIZE_MIN]
    whole = Lexicon(brands)
    said = [_words(one.text, whole) for one in ordered] if groups else []
    spread = Counter(word for words in said for word in words)
    found = [
        _topic([ordered[at] for at in group], [said[at] for at in group], [concerns[at] for at in group],
               rows[group], spread, len(ordered))
        for group in groups
    ]  # fmt: skip
    return sorted(found, key=lambda one: (-one.size, one.first_at, one.words))[:limit]


def _parts(text: str) -> set[str]:
    """Pairs and threes of neighbouring characters."""
    plain = "".join(each if each.isalpha() else " " for each in text[:TEXT_MAX])
    return {
        word[at : at + length] for word in plain.split() for length in (2, 3) for at in range(len(word) - length + 1)
    }


def _rows(
    parts: Sequence[set[str]], seen: Counter[str], concerns: Sequence[Concern], about: Sequence[UUID | None]
) -> Numbers:
    """One row of length 1 a message: the rarer a piece, the more it weighs."""
    order, count = list(Concern), len(parts)
    rows = np.zeros((count, SPACE + len(order) + ABOUT))
    for at, text in enumerate(parts):
        for part in sorted(text):
            if 1 < seen[part] <= max(2, _COMMON * count):
                rows[at, zlib.crc32(part.encode()) % SPACE] += np.log1p(count / seen[part])
        rows[at] /= np.linalg.norm(rows[at]) or 1.0
        rows[at, SPACE + order.index(concerns[at])] = CONCERN_WEIGHT
        if (whom := about[at]) is not None:
            rows[at, SPACE + len(order) + zlib.crc32(whom.bytes) % ABOUT] = ABOUT_WEIGHT
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float64)


def _groups(rows: Numbers) -> list[list[int]]:
    """Each message joins the group whose middle it is nearest to, or begins one; then all choose once more."""
    middles = np.zeros((GROUPS_MAX, rows.shape[1]))
    count = 0
    for row in rows:
        alike = _alike(middles[:count], row)
        if count and (alike.max() >= TOGETHER_FROM or count == GROUPS_MAX):
            middles[int(alike.argmax())] += row
        else:
            middles[count] = row
            count += 1
    groups: list[list[int]] = [[] for _ in range(count)]
    for at, row in enumerate(rows):
        alike = _alike(middles[:count], row)
        if alike.max() >= TOGETHER_FROM:
            groups[int(alike.argmax())].append(at)
    return groups


def _alike(middles: Numbers, row: Numbers) -> Numbers:
    lengths = np.linalg.norm(middles, axis=1)
    return np.asarray(np.round(middles @ row / np.where(lengths > 0, lengths, 1.0), 9), np.float64)


def _words(text: str, brands: Lexicon) -> set[str]:
    """Whole words, and two that stand side by side: a phrase says more than its halves."""
    found: set[str] = set()
    for run in words_in(text[:TEXT_MAX], brands):
        found |= {word.text for word in run if word.says_something and len(word.text) > 1}
        found |= {f"{one.text}{two.text}" for one, two in pairwise(run) if _is_phrase(one, two)}
    return found


def _is_phrase(one: Word, two: Word) -> bool:
    """Two words or two single characters: a character beside a word is mostly the rest of another phrase."""
    alike = (len(one.text) > 1) is (len(two.text) > 1)
    short = len(one.text) + len(two.text) <= PHRASE_CHARACTERS_MAX
    return alike and short and one.says_something and two.says_something


def _telling(said: Sequence[set[str]], spread: Counter[str], whole: int) -> tuple[str, ...]:
    """What this group says and the others do not, the longer the better; nothing twice, be it as a part."""
    here = Counter(word for words in said for word in words)
    several = (word for word in here if here[word] >= SAID_BY_MIN)
    ordered = sorted(several, key=lambda word: (-(here[word] / len(said) - spread[word] / whole) * len(word), word))
    words: list[str] = []
    for word in ordered:
        if not any(_overlap(word, other) for other in words):
            words.append(word)
        if len(words) == WORDS_MAX:
            break
    return tuple(words)


def _overlap(one: str, two: str) -> bool:
    return any(one[at : at + 2] in two for at in range(len(one) - 1))


def _topic(
    group: Sequence[Message], said: Sequence[set[str]], concerns: Sequence[Concern], rows: Numbers,
    spread: Counter[str], whole: int,
) -> Topic:  # fmt: skip
    nearest = np.argsort(-np.round(rows @ rows.mean(axis=0), 9), kind="stable")
    chosen: dict[str, Message] = {}
    for at in nearest:
        chosen.setdefault(group[int(at)].text, group[int(at)])
    return Topic(
        concern=Counter(concerns).most_common(1)[0][0],
        words=_telling(said, spread, whole),
        size=len(group),
        institutions=len({one.institution_id for one in group} - {None}),
        first_at=min(one.received_at for one in group),
        last_at=max(one.received_at for one in group),
        speaking=tuple(list(chosen.values())[:SPEAKING_MAX]),
    )
