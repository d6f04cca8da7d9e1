"""Linking 机构联想: which institutions a message may be about, the likeliest first.

The one rule: an exact name beats a name that only sounds or looks alike, and nobody is chosen here. ``is_sure`` says
whether the first stands far enough before the second to be put into the form for the operator to confirm.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from mingjing_inspection.domain.complaint import MatchedBy
from mingjing_inspection.domain.premises import Names
from mingjing_inspection.matching.clues import POINTS, Candidate, Clue, Found, weighed
from mingjing_inspection.matching.places_said import SitesSaid
from mingjing_inspection.matching.trades import trades_said
from mingjing_inspection.sources.matching import GENERIC, NameIndex, Typed, brand_of, normalised
from mingjing_kernel.spelling.readings import heard

TEXT_MAX = 2_000
"""Of a longer text the beginning is looked at: the name is said early."""
SHOWN_MAX = 3
SURE_FROM, SURE_MARGIN = 400, 100
"""Points of the first candidate, and how far it must stand before the second; chosen on the tuning half."""
BRAND_MAX = 8
SHARED_MAX = 20
"""A part of a name that more institutions have says nothing."""
_BEHIND = ("老师", "教室", "那家", "家", "班", "工作室", "机构")
_STRONG = {
    MatchedBy.FULL_NAME: Clue.FULL_NAME,
    MatchedBy.FORMER_NAME: Clue.FORMER_NAME,
    MatchedBy.SHORT_NAME: Clue.SHORT_NAME,
    MatchedBy.PHONE: Clue.PHONE,
}
ANY = "*"


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """An institution as messages are compared with it."""

    institution_id: UUID
    names: Names
    category: str = ""
    addresses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A message so far. ``phone`` is the respondent's."""

    text: str
    title: str = ""
    respondent: str = ""
    uscc: str = ""
    place: str = ""
    phone: str = ""


class Linker:
    """All institutions, ready to be asked. Made once; asking changes nothing."""

    def __init__(self, index: NameIndex, many: Iterable[Described]) -> None:
        self._index = index
        self._category: dict[UUID, str] = {}
        self._brands, self._parts, self._sounds, self._masks = (defaultdict[str, set[UUID]](set) for _ in range(4))
        self._phones: dict[str, set[UUID]] = defaultdict(set)
        self._sites = SitesSaid()
        for one in many:
            self._category[one.institution_id] = one.category
            for name in (one.names.full_name, *one.names.former_names):
                self._add_brand(brand_of(index.without_place(normalised(name))), one.institution_id)
            if one.names.phone:
                self._phones[normalised(one.names.phone)].add(one.institution_id)
            for address in one.addresses:
                self._sites.add(one.institution_id, address)
        self._lengths = sorted({len(words) for words in (*self._brands, *self._parts)})

    def candidates(self, said: Said, limit: int = SHOWN_MAX) -> list[Candidate]:
        """Whom the message may be about, the likeliest first."""
        found: dict[UUID, set[Found]] = defaultdict(set)
        for id, clue in self._clues(said):
            found[id].add(clue)
        trades = trades_said(f"{said.respondent}。{said.title}。{said.text[:TEXT_MAX]}")
        for id, clues in found.items():
            if words := trades.get(self._category[id]):
                clues.add(Found(Clue.SAME_TRADE, words))
        ranked = sorted((weighed(*each) for each in found.items()), key=lambda one: (-one.score, one.institution_id))
        return ranked[:limit]

    def _clues(self, said: Said) -> Iterator[tuple[UUID, Found]]:
        typed = Typed(respondent=said.respondent, uscc=said.uscc, title=said.title, text=said.text[:TEXT_MAX])
        yield from self._exact(typed, said.phone)
        for text, is_cell in ((said.respondent, True), (said.title, False), (typed.text, False)):
            for id, found in self._spoken(_plain(text)):
                yield id, found
                if is_cell and POINTS[found.clue] >= POINTS[Clue.LOOKS_ALIKE]:
                    yield id, Found(Clue.RESPONDENT, found.words)
        yield from self._sites.said(said.place, typed.text)

    def _exact(self, typed: Typed, phone: str) -> Iterator[tuple[UUID, Found]]:
        attribution = self._index.match(Typed(uscc=typed.uscc)) if typed.uscc else None
        if attribution is not None and attribution.institution_id in self._category:
            yield attribution.institution_id, Found(Clue.CODE, attribution.evidence)
        for id in self._phones.get(normalised(phone), ()) if phone else ():
            yield id, Found(Clue.PHONE, phone)
        for text, is_cell in ((typed.respondent, True), (typed.title, False), (typed.text, False)):
            for hit in self._index.mentioned(text):
                if hit.institution_id in self._category and hit.by in _STRONG:
                    yield hit.institution_id, Found(_STRONG[hit.by], hit.evidence)
                    if is_cell:
                        yield hit.institution_id, Found(Clue.RESPONDENT, hit.evidence)

    def _spoken(self, text: str) -> Iterator[tuple[UUID, Found]]:
        """Brands that are only a part, a nickname, or sound or look like what was said."""
        table = heard()
        sounds = [table.get(ord(character), character) for character in text]
        for at in range(len(text)):
            for length in self._lengths:
                words = text[at : at + length]
                if len(words) < length:
                    break
                yield from self._said_so(words, text, at)
                yield from self._alike(words, " ".join(sounds[at : at + length]), text[at + length :])

    def _said_so(self, words: str, text: str, at: int) -> Iterator[tuple[UUID, Found]]:
        behind = text[at + len(words) :]
        suffix = next((one for one in _BEHIND if behind.startswith(one)), "")
        prefix = "小" if at and text[at - 1] == "小" else ""
        is_nickname = bool(suffix or prefix)
        for owners, clue in ((self._brands, Clue.NICKNAME), (self._parts, Clue.PART)):
            here = owners.get(words, ())
            if 0 < len(here) <= SHARED_MAX:
                named = Clue.NICKNAME if is_nickname else clue if clue is Clue.PART else Clue.LOOKS_ALIKE
                for id in here:
                    yield id, Found(named, f"{prefix}{words}{suffix}")

    def _alike(self, words: str, sound: str, behind: str) -> Iterator[tuple[UUID, Found]]:
        is_long, here = len(words) > 2, self._sounds.get(sound, ())
        # Two sounds are in many words: a trade behind them says that a name is meant.
        if 0 < len(here) <= SHARED_MAX and (is_long or behind.startswith(GENERIC)):
            exact = self._brands.get(words, ())
            yield from ((id, Found(Clue.SOUNDS_ALIKE, words)) for id in here if id not in exact)
        if is_long and words not in self._brands:
            for mask in _masked(words):
                here = self._masks.get(mask, ())
                if len(here) <= SHARED_MAX:
                    yield from ((id, Found(Clue.LOOKS_ALIKE, words)) for id in here)

    def _add_brand(self, brand: str, institution_id: UUID) -> None:
        if not 2 <= len(brand) <= BRAND_MAX:
            return
        table = heard()
        self._brands[brand].add(institution_id)
        self._sounds[" ".join(table.get(ord(character), character) for character in brand)].add(institution_id)
        if len(brand) > 2:
            self._parts[brand[:-1]].add(institution_id)
            for mask in _masked(brand):
                self._masks[mask].add(institution_id)


def is_sure(candidates: Sequence[Candidate]) -> bool:
    """Whether the first of them may be put into the form."""
    if not candidates or candidates[0].score < SURE_FROM:
        return False
    return len(candidates) == 1 or candidates[0].score - candidates[1].score >= SURE_MARGIN


def _masked(brand: str) -> Iterator[str]:
    """With each character but the last left open: a brand with another last character is another brand's more often."""
    for at in range(len(brand) - 1):
        yield f"{brand[:at]}{ANY}{brand[at + 1 :]}"


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).lower()
