"""Whole words 分词 of what people say, and the names among them that nothing around them gives away.

One rule: a dictionary cuts, the same way each time; nothing is learnt from one text for the next.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from typing import Final, NamedTuple

from rjieba import Jieba

from mingjing_inspection.sources.lexicon import Lexicon
from mingjing_inspection.sources.spoken_names import SURNAMES_PLAIN, TITLES

_RUN: Final = re.compile(r"[\u4e00-\u9fffA-Za-z]+")
_NAME: Final = "nr"
_LITTLE: Final = ("c", "d", "e", "f", "m", "o", "p", "q", "r", "u", "x", "y", "z")
"""Of no matter: and, very, in, three, of, I, already. ``z`` begins ``zg``, what the dictionary knows no kind of."""
_SURNAMES: Final = frozenset(SURNAMES_PLAIN + "马周谢何")
"""Here a dictionary decides, so that surnames count with which words begin, too."""
_NO_NAMES: Final = re.compile(rf"{TITLES}|谢谢|周转|马上|何时|何必|张口|黄牛")
"""Words, and what a title gives away already."""
_PLACES: Final = "村镇乡街路山桥弄巷苑园里河港湖塘埠"
"""What makes a place of what begins like a name: 蒋村, 黄姑山路."""
NAME_CHARACTERS_MAX: Final = 3


class Word(NamedTuple):
    """``kind`` is the dictionary's: n a noun, v a verb, nr a name."""

    text: str
    kind: str

    @property
    def says_something(self) -> bool:
        """Whether it can tell what a message is about."""
        return not self.kind.startswith((*_LITTLE, _NAME))


@cache
def _dictionary() -> Jieba:
    return Jieba()


def words_in(text: str, whole: Lexicon | None = None) -> Iterator[tuple[Word, ...]]:
    """The words of each run between two signs; what is in ``whole`` is never cut, and is a noun."""
    for run in _RUN.findall(text):
        found: list[Word] = []
        at = 0
        for said in whole.read_off(run) if whole else ():
            found += _cut(run[at : said.at])
            found.append(Word(said.name, "n"))
            at = said.at + len(said.name)
        found += _cut(run[at:])
        yield tuple(found)


def names_said(text: str) -> set[str]:
    """Names of people that the dictionary knows as such: one that it cuts short takes the next character along."""
    return {name for run in words_in(text) for name in _names_of([*run, Word("", "")])}


def _names_of(run: list[Word]) -> Iterator[str]:
    for word, after in pairwise(run):
        if word.text[0] not in _SURNAMES or _NO_NAMES.search(word.text):
            continue
        whole = word.text
        if word.kind == _NAME and 1 < len(word.text) < NAME_CHARACTERS_MAX:
            whole += after.text if len(after.text) == 1 and not after.kind.startswith(_LITTLE) else ""
        elif len(word.text) == 1 and after.kind.startswith(_NAME) and len(after.text) < NAME_CHARACTERS_MAX:
            whole += after.text
        elif word.kind != _NAME or len(word.text) != NAME_CHARACTERS_MAX:
            continue
        if whole[-1] not in _PLACES and after.text[:1] not in (*_PLACES, *"校区"):
            yield whole


def _cut(text: str) -> list[Word]:
    return [Word(each, kind) for each, kind in _dictionary().tag(text)] if text else []
