"""What an official document says, before it is set in type.

One rule: a document states facts of the log. It has their day, their reason and their basis; nothing is written by
hand, so the same fact gives the same document for ever.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """The institution as a document names it: as it was when the fact was recorded."""

    name: str
    uscc: str
    licence_number: str
    department: str
    """The competent department's name 主管部门, Chinese."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One labelled line of a certificate or a notice: 有效期至 / 2029年6月30日."""

    label: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """Title, addressee, paragraphs, labelled lines; who issues it and when."""

    title: str
    title_en: str
    addressee: str
    paragraphs: tuple[str, ...]
    lines: tuple[Line, ...] = ()
    rights: str = ""
    """How to contest it: 行政复议 within 60 days, lawsuit within 6 months."""
    authority: str = ""
    issued_on: str = ""


REMEDIES = (
    "如不服本决定，可以自收到本决定书之日起六十日内依法申请行政复议，也可以自收到本决定书之日起六个月内"
    "依法向人民法院提起行政诉讼。"
)
"""行政复议法 art. 20; 行政诉讼法 art. 46."""
