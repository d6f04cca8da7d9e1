"""Many names looked for in many texts at once: a text costs more the longer it is, however many names there are.

One rule: of names that begin at the same place, the longest is meant.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final, NamedTuple

_END: Final = ""


class Said(NamedTuple):
    """A name, and where it begins."""

    at: int
    name: str


class Lexicon:
    """Names by their characters, one after the other."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._root: dict[str, Any] = {}
        for name in names:
            here = self._root
            for character in name:
                here = here.setdefault(character, {})
            if name:
                here[_END] = name

    def __contains__(self, name: str) -> bool:
        return name in self._from(name, 0)

    def read_off(self, text: str) -> Iterator[Said]:
        """From left to right; none that begins within another."""
        at = 0
        while at < len(text):
            longest = max(self._from(text, at), key=len, default="")
            if longest:
                yield Said(at, longest)
            at += len(longest) or 1

    def all_in(self, text: str) -> set[str]:
        """Every one that stands somewhere, also within another."""
        return {name for at in range(len(text)) for name in self._from(text, at)}

    def _from(self, text: str, at: int) -> Iterator[str]:
        here: dict[str, Any] | None = self._root
        while here is not None:
            if _END in here:
                yield here[_END]
            here = here.get(text[at]) if at < len(text) else None
            at += 1
