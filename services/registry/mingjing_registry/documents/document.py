"""How the registry's documents address an institution, and how each ends.

One rule: a document states facts of the log. It has their day, their reason and their basis; nothing is written by
hand, so the same fact gives the same document for ever.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from mingjing_kernel.documents.document import Document, Line, Title, in_words


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """The institution as a document names it: as it was when the fact was recorded."""

    name: str
    uscc: str
    licence_number: str
    department: str
    """The competent department's name 主管部门, Chinese."""


REMEDIES = (
    "如不服本决定，可以自收到本决定书之日起六十日内依法申请行政复议，也可以自收到本决定书之日起六个月内"
    "依法向人民法院提起行政诉讼。"
)
"""行政复议法 art. 20; 行政诉讼法 art. 46."""


def decided(
    title: Title,
    fact: Any,
    party: Party,
    *paragraphs: str,
    lines: tuple[Line, ...] = (),
    rights: str = "",
) -> Document:
    """What the competent department tells the party, on the day of the fact."""
    return Document(
        title=title[0],
        title_en=title[1],
        addressee=party.name,
        paragraphs=tuple(map(_ended, paragraphs)),
        lines=lines,
        rights=rights,
        authority=party.department,
        issued_on=in_words(fact.on),
    )


def announced(title: Title, fact: Any, party: Party, *paragraphs: str, lines: tuple[Line, ...] = ()) -> Document:
    """What it tells everybody 公告."""
    return Document(
        title=title[0],
        title_en=title[1],
        addressee="",
        paragraphs=(*map(_ended, paragraphs), "特此公告。"),
        lines=lines,
        authority=party.department,
        issued_on=in_words(fact.on),
    )


def _ended(paragraph: str) -> str:
    """With its full stop: a reason that an officer typed often has none."""
    text = paragraph.rstrip()
    return text if text.endswith(("。", "：", "；", "！", "？")) else f"{text}。"
