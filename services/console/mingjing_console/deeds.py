"""Deeds 办理事项: the acts that a page has a form for, each with the fields that the service asks.

One rule: whether an act may be done is never said here. The service says it (``available-actions``); here stands only
what has to be typed, and where it is sent.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final
from urllib.parse import quote

from mingjing_console.acting import KEY
from mingjing_console.asking import Asked, Kind, Unreadable, read, written
from mingjing_console.words import Words

YES: Words = MappingProxyType({"true": ("是", "Yes"), "false": ("否", "No")})
_NAMED = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """One act: where it is sent below its thing's address, and what it asks; a name in the path is asked, too.

    ``in_head``: which of them are the reason and the legal basis that stand beside the fact in the log.
    """

    path: str
    asks: tuple[Asked, ...] = ()
    in_head: frozenset[str] = frozenset()
    method: str = "POST"
    new: str = ""
    """The name in the path of what the act begins: the form's own number stands for it, so that it begins once."""

    @property
    def in_path(self) -> frozenset[str]:
        """The fields that are part of the address."""
        return frozenset(_NAMED.findall(self.path))

    def address(self, form: Mapping[str, str]) -> str:
        """Where it is sent. Raises ``Unreadable`` where a part of the address is missing."""
        return self.path.format(**self.named(form))

    def named(self, form: Mapping[str, str]) -> dict[str, str]:
        """The parts of the address that the form says. Raises ``Unreadable``."""
        named = {}
        for name in self.in_path:
            typed = form.get(KEY if name == self.new else name, "")
            named[name] = quote(typed.strip(), safe="")
            if not named[name].strip("."):
                raise Unreadable(name, "请填写。", "Please fill this in.")
        return named

    def body(self, form: Mapping[str, str]) -> dict[str, Any]:
        """What was typed, as the service reads it. Raises ``Unreadable``."""
        made: dict[str, Any] = {}
        for one in self.asks:
            value = read(one, form)
            if value is not None and one.name not in self.in_path | self.in_head:
                *parts, last = one.name.split(".")
                inner = made
                for part in parts:
                    inner = inner.setdefault(part, {})
                inner[last] = value
        return made

    def head(self, form: Mapping[str, str]) -> tuple[str, str]:
        """What goes beside the body: reason and legal basis, where the act has them there."""
        reason, basis = (
            form.get(name, "").strip() if name in self.in_head else "" for name in ("reason", "legal_basis")
        )
        return reason, basis

    def typed(self, recorded: Mapping[str, Any]) -> dict[str, str]:
        """The form as it stands where ``recorded`` is what the service holds, in the shape of the body."""
        found: dict[str, str] = {}
        for one in self.asks:
            value: Any = recorded
            for part in one.name.split("."):
                value = value.get(part) if isinstance(value, Mapping) else None
            found |= written(one, value)
        return found


def text(name: str, zh: str, en: str, kind: Kind = "text", *, required: bool = True) -> Asked:
    """A line, or more than one."""
    return Asked(name=name, zh=zh, en=en, kind=kind, required=required)


def day(name: str, zh: str, en: str, *, required: bool = True) -> Asked:
    """A date."""
    return Asked(name=name, zh=zh, en=en, kind="date", required=required)


def yes(name: str, zh: str, en: str) -> Asked:
    """Yes or no."""
    return Asked(name=name, zh=zh, en=en, kind="yes", words=YES)


def one_of(name: str, zh: str, en: str, words: Words, *, required: bool = True) -> Asked:
    """One of several words."""
    return Asked(name=name, zh=zh, en=en, kind="one-of", words=words, required=required)


def number(name: str, zh: str, en: str, *, required: bool = True) -> Asked:
    """A whole number."""
    return Asked(name=name, zh=zh, en=en, kind="number", required=required)


WHY: Final = text("reason", "理由", "Reason", "long")
BASIS: Final = text("legal_basis", "法律依据", "Legal basis")
DECISION: Final = text("decision_reference", "决定书文号", "Number of the decision")
SERVED: Final = day("served_on", "送达日期", "Served on")
REFERENCE: Final = text("reference", "文书编号", "Reference")
RECEIVED: Final = day("received_on", "收到日期", "Received on")
