"""Hot topics 热点: what complaints of a window are about, for whoever may see them; nobody is named in what is grouped.

One rule: a text is masked before anything is looked at, so that no name becomes a word of a group. Masked are the names
that a title gives away anywhere in the window, and those of everybody who ever complained, found by blind index.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from mingjing_inspection.domain.complaint import MatchedBy
from mingjing_inspection.matching.topics import MESSAGES_MAX, TEXT_MAX, Message, Topic, topics
from mingjing_inspection.projections.complaints import complaints_in
from mingjing_inspection.sources.lexicon import Lexicon
from mingjing_inspection.sources.matching import BRAND_CHARACTERS_MIN, GENERIC
from mingjing_inspection.sources.spoken_names import TITLES, masked_for_many, may_be_names, named_by_title
from mingjing_inspection.sources.spoken_words import names_said
from mingjing_kernel.http import Kit
from mingjing_kernel.identity import Scope
from mingjing_kernel.sealed.keys import Keys

_BY_NAME: Final = frozenset(one.value for one in (MatchedBy.FULL_NAME, MatchedBy.FORMER_NAME, MatchedBy.SHORT_NAME))
_PRIVATE: Final = 0xF0000
"""The first of 65,534 signs that mean nothing to anybody (Unicode, private use)."""
_TYPED_PRIVATE: Final = re.compile("[\ue000-\uf8ff\U000f0000-\U0010ffff]+")
"""A citizen may type them, too, and between the characters of a name."""
_KIND: Final = re.compile("|".join((*GENERIC, "学校", "中心", "机构", "工作室", "画室", "武馆", "琴行")))
"""Behind what is a person's name as well, it says that the institution is meant; before a title, that the person is."""
_TITLE: Final = re.compile(TITLES)


async def said_between(
    kit: Kit, scope: Scope, since: datetime, until: datetime, at: int | None
) -> Sequence[Mapping[str, Any]]:
    """Complaints received in the window that a caller may see, the latest first; one more than is looked at."""
    statement = complaints_in(scope, at=at)
    rows = statement.selected_columns
    wanted = statement.where(rows.received_at >= since, rows.received_at < until)
    latest = wanted.order_by(rows.received_at.desc(), rows.complaint_id).limit(MESSAGES_MAX + 1)
    async with kit.connection() as connection:
        found: Sequence[Mapping[str, Any]] = (await connection.execute(latest)).mappings().all()
    return found


async def texts_of(kit: Kit, keys: Keys, ids: Sequence[UUID], at: int) -> dict[UUID, str]:
    """What these complaints said, masked, for a service of this service that may show it."""
    statement = complaints_in(Scope.system(), at=at)
    rows = statement.selected_columns
    async with kit.connection() as connection:
        found = (await connection.execute(statement.where(rows.complaint_id.in_(ids)))).mappings().all()
    masked = await masked_texts(keys, [row["text"] for row in found], brands_of(found))
    return {UUID(int=row["complaint_id"].int): text for row, text in zip(found, masked, strict=True)}


async def topics_of(keys: Keys, rows: Sequence[Mapping[str, Any]], limit: int) -> list[Topic]:
    """Groups of these complaints, the largest first; beside the loop, for it takes seconds of a core."""
    brands = brands_of(rows)
    masked = await masked_texts(keys, [row["text"] for row in rows], brands)
    messages = [
        Message(
            complaint_id=UUID(int=row["complaint_id"].int),
            received_at=row["received_at"],
            institution_id=row["institution_id"] and UUID(int=row["institution_id"].int),
            text=text,
        )
        for row, text in zip(rows, masked, strict=True)
    ]
    return await asyncio.to_thread(topics, messages, limit, brands)


def brands_of(rows: Sequence[Mapping[str, Any]]) -> frozenset[str]:
    """Names by which these complaints say whom they are about: the register has published them."""
    named = {row["match_evidence"] for row in rows if row["matched_by"] in _BY_NAME}
    return frozenset(name for name in named if len(name) >= BRAND_CHARACTERS_MIN)


async def masked_texts(keys: Keys, texts: Sequence[str], brands: Collection[str] = ()) -> list[str]:
    """Each without numbers of persons, without names that any of them gives away, and without names of known people.

    ``brands`` are left whole, unless somebody who complained is called so. What a text gives away as a person's name
    is a brand only where it is plain that the institution is meant: a studio is often called as its teacher is.
    """
    texts = [_TYPED_PRIVATE.sub("", text) for text in texts]
    told, possible = await asyncio.to_thread(_names_in, texts)
    known = await keys.marks().names_known(possible)
    return await asyncio.to_thread(_masked, texts, told | known, [one for one in brands if one not in known])


def _names_in(texts: Sequence[str]) -> tuple[set[str], set[str]]:
    told = {name for text in texts for name in named_by_title(text) | names_said(text[:TEXT_MAX])}
    return told, {name for text in texts for name in may_be_names(text[:TEXT_MAX])} - told


def _masked(texts: Sequence[str], names: Collection[str], brands: Collection[str]) -> list[str]:
    people, institutions = Lexicon(names), Lexicon(brands)
    return [masked_beside(text, people, institutions) for text in texts]


def masked_beside(text: str, people: Lexicon, brands: Lexicon) -> str:
    """A brand is one sign while names are looked for, so that no piece of it is taken for one. ``text`` has none."""
    pieces: list[str] = []
    kept: dict[int, str] = {}
    at = 0
    for said in brands.read_off(text):
        end = said.at + len(said.name)
        if said.name in people and not _means_an_institution(text, end):
            continue
        sign = _PRIVATE + len(kept)
        kept[sign] = said.name
        pieces += [text[at : said.at], chr(sign)]
        at = end
    signed = "".join([*pieces, text[at:]])
    return masked_for_many(signed, people.all_in(signed)).translate(kept)


def _means_an_institution(text: str, end: int) -> bool:
    kind = _KIND.match(text, end)
    return kind is not None and _TITLE.match(text, kind.end()) is None
