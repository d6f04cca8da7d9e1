"""Words of complaints 诉求检索词: the pairs of characters by which one is found, in title, text and respondent.

Not a list for people. One rule: it narrows a search down and decides nothing: whoever asks still looks at the rows
themselves within the own scope, so a search finds the same with it as without. Only what is shown is in it: numbers
and names that are masked there are found by nobody. Two characters are the shortest search of Chinese, for which an
index of three (pg_trgm) finds nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from sqlalchemy import Column, Index, Select, Table, Text, Uuid, select
from sqlalchemy.dialects.postgresql import ARRAY

from mingjing_inspection.domain.complaint import ComplaintTaken
from mingjing_inspection.projections.schema import METADATA
from mingjing_kernel.log import Recorded
from mingjing_kernel.projection import Key, ReadModel, Row

PAIR: Final = 2
ASKED_MAX: Final = 12
"""Pairs of one search: more would not narrow it down further, and each costs a look."""
_COMMON_WORDS: Final = (
    "培训机构",
    "培训学校",
    "退费",
    "不退费",
    "不退",
    "课程",
    "老师",
    "学校",
    "孩子",
    "机构",
    "投诉",
    "课时",
)
"""What every third complaint says: whoever reads all rows in order has a page of such a word sooner."""

complaint_words_table = Table(
    "complaint_words",
    METADATA,
    Column("complaint_id", Uuid, primary_key=True),
    Column("pairs", ARRAY(Text), nullable=False),
)
Index("complaint_words_pairs", complaint_words_table.c.pairs, postgresql_using="gin")


def keys(fact: Recorded[Any]) -> Iterable[Key]:
    """One row a complaint, once: what was said is never changed."""
    if isinstance(fact.event, ComplaintTaken):
        yield (fact.id,)


def fold(key: Key, _row: Row | None, fact: Recorded[Any]) -> Row | None:
    """The pairs of what is shown of it."""
    intake = fact.event.intake
    pairs = {pair for text in (intake.title, intake.text, intake.respondent) for pair in pairs_of(text)}
    return {"complaint_id": key[0], "pairs": sorted(pairs)}


COMPLAINT_WORDS_READ = ReadModel(
    name="complaint_words", table=complaint_words_table, nouns=("complaint",), keys=keys, fold=fold
)


def pairs_of(text: str) -> list[str]:
    """Every two characters that stand side by side."""
    return [text[at : at + PAIR] for at in range(len(text) - 1)]


COMMON_PAIRS: Final = frozenset(pair for word in _COMMON_WORDS for pair in pairs_of(word))


def candidates(search: str) -> Select[Any] | None:
    """Ids of all complaints that may hold the search, and of others; ``None`` where it is too short or too common to
    tell.
    """
    pairs = list(dict.fromkeys(pairs_of(search)))
    if COMMON_PAIRS.issuperset(pairs):
        return None
    rows = complaint_words_table.c
    return select(rows.complaint_id).where(rows.pairs.contains(pairs[:: -(-len(pairs) // ASKED_MAX)]))
