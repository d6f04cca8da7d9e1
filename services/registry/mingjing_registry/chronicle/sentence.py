"""A fact in a sentence: a template a language, filled from the fact's own fields.

One rule: nothing of a person gets in. What is sealed stays sealed, a name that a template shows is masked, and free
text (reasons, statements, opinions) stands beside the sentence, where the reader's rights have been asked.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import Enum
from string import Formatter
from typing import Any, NamedTuple, TypeAlias

from mingjing_kernel.sealed import Sealed, mask_name
from mingjing_registry.chronicle.codes import CODES

ITEMS_MAX = 8
"""Of a list within a sentence; what is beyond is counted."""
_ABSENT = ("（未载明）", "(not stated)")
_SEALED = ("（已封存）", "(sealed)")
_LANGUAGES = ("zh", "en")


class Sentence(NamedTuple):
    """What happened, in Chinese and English, and the article it stands on where the fact itself cites none.

    A template names the fact's fields: ``{terms.number}``, ``{result:check}`` by the words of a code, ``{fen:yuan}``.
    """

    zh: str
    en: str
    basis: str = ""


Sentences: TypeAlias = Mapping[type, Sentence]


class Told(NamedTuple):
    """A fact in words."""

    zh: str
    en: str


def tell(fact: Any, sentence: Sentence) -> Told:
    """The sentence of one fact."""
    return Told(*(_Teller(fact, n).format(sentence[n]) for n in range(len(_LANGUAGES))))


class _Teller(Formatter):
    def __init__(self, fact: Any, language: int) -> None:
        self._fact, self._language = fact, language

    def get_value(self, key: int | str, args: Any, kwargs: Any) -> Any:
        return getattr(self._fact, str(key))

    def format_field(self, value: Any, format_spec: str) -> str:
        return _said(value, format_spec, self._language)


def _said(value: Any, kind: str, language: int) -> str:
    if value is None or value in ("", ()):
        return _ABSENT[language]
    if isinstance(value, Sealed):
        return _SEALED[language]
    if isinstance(value, tuple | frozenset):
        return _several([_said(one, kind, language) for one in value], language)
    if kind == "yuan":
        return f"{value // 100:,}.{value % 100:02d}"
    if kind == "name":
        return str(mask_name(str(value)))
    if isinstance(value, date):
        return value.isoformat()
    code = str(value.value if isinstance(value, Enum) else value)
    words = CODES[kind].get(code) if kind else None
    return words[language] if words else code


def _several(said: list[str], language: int) -> str:
    shown = ("、", ", ")[language].join(said[:ITEMS_MAX])
    if len(said) <= ITEMS_MAX:
        return shown
    return shown + (f"等 {len(said)} 项", f" and {len(said) - ITEMS_MAX} more")[language]
