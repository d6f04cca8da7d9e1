"""Sentences in two languages: the English sentence is the message id, the Chinese one stands in a .po file.

The one rule: text is put together here and nowhere else, at the edge; the domain only names the sentence and its
values. Catalogues are read as they are written (``<package>/locale/zh_CN/LC_MESSAGES/messages.po``): there is no
compiled copy that could be older than its source.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files

from babel.messages.pofile import read_po

from mingjing_kernel.clock import SHANGHAI
from mingjing_kernel.refusal import Refusal

KERNEL = "mingjing_kernel"
_BETWEEN = {" or ": "或", ", ": "、"}
"""How a refusal lists codes, and what stands between them in Chinese."""
CATALOGUE_PATH = ("locale", "zh_CN", "LC_MESSAGES", "messages.po")


@dataclass(frozen=True, slots=True)
class Bilingual:
    """One sentence in Chinese and in English."""

    zh: str
    en: str


def render(msgid: str, values: Mapping[str, object] | None = None, package: str = KERNEL) -> Bilingual:
    """The sentence with its values filled in; a sentence without a translation is shown in English.

    ``package`` names the catalogue, the kernel's is asked next. A value that is missing stays visible as
    ``{name}``: a person can still read the sentence, and an error about an error helps nobody.
    """
    values = values or {}
    chinese = translation(msgid, package) or msgid
    return Bilingual(zh=_fill(chinese, values, package), en=_fill(msgid, values, None))


def translation(msgid: str, package: str = KERNEL) -> str | None:
    """The Chinese text of a message id, unfilled, or ``None``."""
    return catalogue(package).get(msgid) or (catalogue(KERNEL).get(msgid) if package != KERNEL else None)


@cache
def catalogue(package: str) -> Mapping[str, str]:
    """The Chinese sentences of a package; empty when it has none."""
    source = files(package.partition(".")[0])
    for part in CATALOGUE_PATH:  # one by one: a namespace package takes no more at once
        source = source.joinpath(part)
    if not source.is_file():
        return {}
    with source.open("rb") as opened:
        # The entry without an id is the file's own header; an empty value is no sentence and is not shown as it.
        said = [one for one in read_po(opened, locale="zh_CN") if one.id and one.string]
        return {str(message.id): str(message.string) for message in said}


def package_of(thing: type) -> str:
    """The package whose catalogue has the sentences of a class."""
    return thing.__module__.partition(".")[0]


def untranslated(package: str) -> list[str]:
    """Every refusal of a package that has no Chinese sentence, as ``module.Name: message id``; for tests.

    Imports the whole package, so that a refusal cannot hide in a file that nobody has imported yet.
    """
    root = importlib.import_module(package)
    for module in pkgutil.walk_packages(root.__path__, f"{package}."):
        if not _has_effects(module.name):
            importlib.import_module(module.name)
    return sorted(
        f"{refusal.__module__}.{refusal.__qualname__}: {msgid}"
        for refusal in _subclasses(Refusal)
        if refusal.__module__.partition(".")[0] == package
        for msgid in (refusal.sentence, refusal.remedy)
        if msgid and not translation(msgid, package)
    )


def _has_effects(module: str) -> bool:
    """Whether importing the module does something: a command line, a migration."""
    parts = module.split(".")
    return parts[-1] == "__main__" or "migrations" in parts or "testing" in parts


def _subclasses(parent: type[Refusal]) -> Iterator[type[Refusal]]:
    yield parent
    for child in parent.__subclasses__():
        yield from _subclasses(child)


def _fill(sentence: str, values: Mapping[str, object], package: str | None) -> str:
    """``package`` translates values that are sentences themselves; ``None`` leaves the English."""
    return sentence.format_map(_Visible({name: _shown(value, package) for name, value in values.items()}))


def _shown(value: object, package: str | None) -> object:
    """Times in China's zone, terms of the glossary by their Chinese name in the Chinese sentence."""
    if isinstance(value, datetime):
        return value.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M") if value.tzinfo else value
    if package is None:
        return value
    name = getattr(value, "zh", None)
    if isinstance(name, str):
        return name
    return _term(value, package) if isinstance(value, str) else value


def _term(value: str, package: str) -> str:
    """A code's Chinese word; of several (``served or held``) each has its own. What is no code stays as it is."""
    if (whole := translation(value, package)) is not None:
        return whole
    for between, chinese in _BETWEEN.items():
        words = [translation(part, package) for part in value.split(between)]
        known = [word for word in words if word is not None]
        if len(known) == len(words):
            return chinese.join(known)
    return value


class _Visible(dict[str, object]):
    def __missing__(self, key: str) -> str:
        return "{" + key + "}"
