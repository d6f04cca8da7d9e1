"""Matching: whom a complaint is about, from what was typed.

One rule: an institution is named only when everything that was typed points to it alone. Two candidates are no
match, and a mis-heard name is none either: the complaint stays unmatched and says why, until a person
attributes it.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from mingjing_inspection.domain.complaint import Attribution, MatchedBy
from mingjing_inspection.domain.premises import Names

NAME_CHARACTERS_MAX = 40
PLACES_MAX = 4
"""A name starts with a province, a city, a county and a town at most."""
BRAND_CHARACTERS_MIN = 3
"""A brand of two characters also starts longer brands and common words: it needs a generic word behind it."""

# fmt: off
GENERIC = (
    "文化艺术", "文化传播", "体育文化", "教育科技", "教育咨询", "教育培训", "艺术培训", "科技培训", "培训学校",
    "培训中心", "培训机构", "培训班", "跆拳道", "游泳", "足球", "篮球", "羽毛球", "乒乓球", "棋院", "围棋",
    "书画", "书法", "美术", "音乐", "舞蹈", "艺术", "体育", "科技", "外语", "英语", "素养", "研学",
    "教育", "培训", "文化", "科学", "编程", "机器人",
)
# fmt: on
"""Words that say what is taught or what the body is, and so tell nobody apart; the longer ones first."""
LEGAL_FORM = re.compile(r"(股份有限公司|有限责任公司|有限公司|培训学校|培训中心|学校|中心|工作室)$")
_NOISE = re.compile(r"[\s()（）【】\[\]「」《》“”\"'·•.。,，-]+")
_PHONE = re.compile(r"(?<!\d)1\d{10}(?!\d)")

# The stronger tie is reported when several forms point to the same institution.
_STRENGTH = (
    MatchedBy.USCC,
    MatchedBy.FULL_NAME,
    MatchedBy.FORMER_NAME,
    MatchedBy.PHONE,
    MatchedBy.SHORT_NAME,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """What somebody typed about the respondent."""

    respondent: str = ""
    uscc: str = ""
    title: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Hit:
    """A known form of a name that stands in what was typed."""

    institution_id: UUID
    by: MatchedBy
    evidence: str


def normalised(name: str) -> str:
    """A name without spaces, brackets and width variants."""
    return _NOISE.sub("", unicodedata.normalize("NFKC", name)).lower()


@dataclass(slots=True)
class NameIndex:
    """Every form of every name. ``places`` are the region words that names start with (杭州市, 西湖区 …)."""

    places: tuple[str, ...] = ()
    _forms: dict[str, set[tuple[UUID, MatchedBy]]] = field(default_factory=lambda: defaultdict(set))
    _usccs: dict[str, UUID] = field(default_factory=dict)

    def add(self, institution_id: UUID, names: Names) -> None:
        """Index one institution; adding it again with other names keeps the old ones, too."""
        if names.uscc:
            self._usccs[names.uscc.upper()] = institution_id
        if names.phone:
            self._remember(names.phone, institution_id, MatchedBy.PHONE)
        self._add_name(names.full_name, institution_id, MatchedBy.FULL_NAME)
        for former in names.former_names:
            self._add_name(former, institution_id, MatchedBy.FORMER_NAME)
        if names.short_name:
            self._remember(names.short_name, institution_id, MatchedBy.SHORT_NAME)

    def match(self, typed: Typed) -> Attribution:
        """The one institution that everything typed points to, or none with the reason."""
        by_code = self._usccs.get(normalised(typed.uscc).upper())
        if by_code is not None:
            return Attribution(institution_id=by_code, by=MatchedBy.USCC, evidence=typed.uscc)
        hits = [*self._exact(typed.respondent), *self.mentioned(typed.respondent)]
        hits += [*self.mentioned(typed.title), *self.mentioned(typed.text)]
        candidates = {hit.institution_id for hit in hits}
        if not candidates:
            return Attribution(institution_id=None, by=MatchedBy.UNMATCHED, evidence="")
        if len(candidates) > 1:
            names = "、".join(sorted({hit.evidence for hit in hits}))
            return Attribution(institution_id=None, by=MatchedBy.AMBIGUOUS, evidence=names)
        best = min(hits, key=lambda hit: _STRENGTH.index(hit.by))
        return Attribution(institution_id=best.institution_id, by=best.by, evidence=best.evidence)

    def _add_name(self, name: str, institution_id: UUID, by: MatchedBy) -> None:
        self._remember(name, institution_id, by)
        core = self.without_place(normalised(name))
        self._remember(core, institution_id, by)
        short = MatchedBy.SHORT_NAME if by is MatchedBy.FULL_NAME else by
        brand = brand_of(core)
        if len(brand) >= BRAND_CHARACTERS_MIN:
            self._remember(brand, institution_id, short)
        elif len(brand) == BRAND_CHARACTERS_MIN - 1:
            for generic in GENERIC:
                self._remember(brand + generic, institution_id, short)

    def _remember(self, form: str, institution_id: UUID, by: MatchedBy) -> None:
        key = normalised(form)
        if len(key) >= BRAND_CHARACTERS_MIN:
            self._forms[key].add((institution_id, by))

    def without_place(self, name: str) -> str:
        """A normalised name without the region words that it starts with."""
        for _ in range(PLACES_MAX):
            fitting = [place for place in self.places if name.startswith(place)]
            if not fitting or len(name) - len(max(fitting, key=len)) < BRAND_CHARACTERS_MIN - 1:
                break
            name = name[len(max(fitting, key=len)) :]
        return name

    def _exact(self, respondent: str) -> Iterable[Hit]:
        """The whole respondent cell is a brand, also one of two characters."""
        core = self.without_place(normalised(respondent))
        if len(core) != BRAND_CHARACTERS_MIN - 1:
            return
        owners = {owner for generic in GENERIC for owner, _ in self._forms.get(core + generic, ())}
        for owner in owners:
            yield Hit(owner, MatchedBy.SHORT_NAME, core)

    def mentioned(self, text: str) -> Iterable[Hit]:
        """Known forms inside a text, the longest at each place, so that 鹭汀坊 is not taken for 鹭汀."""
        key = normalised(text)
        for phone in _PHONE.findall(key):
            yield from self._hits(phone)
        at = 0
        while at < len(key):
            length = self._longest_at(key, at)
            yield from self._hits(key[at : at + length])
            at += length or 1

    def _longest_at(self, key: str, at: int) -> int:
        for length in range(min(NAME_CHARACTERS_MAX, len(key) - at), BRAND_CHARACTERS_MIN - 1, -1):
            if key[at : at + length] in self._forms:
                return length
        return 0

    def _hits(self, form: str) -> Iterable[Hit]:
        for institution_id, by in sorted(self._forms.get(form, ()), key=str):
            yield Hit(institution_id, by, form)


def brand_of(core: str) -> str:
    """What is left of a name without legal form and generic words: 木铎轩书画培训学校有限公司 → 木铎轩."""
    before = ""
    while before != core:
        before = core
        core = LEGAL_FORM.sub("", core)
        for generic in GENERIC:
            if core.endswith(generic) and len(core) - len(generic) >= BRAND_CHARACTERS_MIN - 1:
                core = core[: -len(generic)]
                break
    return core
