"""An immutable map whose copy with one more entry costs about the same at ten entries and at a hundred thousand.

The one rule: ``set`` never changes the map it is called on. States of deciders are shared
(cached, snapshotted), so a plain dict would have to be copied whole for every bank entry.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Generic, TypeVar
from zlib import crc32

Value = TypeVar("Value")

_FAN = 32
"""Two levels of 32 give 1,024 leaves: about a hundred entries a leaf at a hundred thousand."""


class PersistentMap(Mapping[str, Value], Generic[Value]):
    """A map from text to values; two levels of small dicts, copied along one path."""

    __slots__ = ("_root", "_size")

    def __init__(self) -> None:
        self._root: dict[int, dict[int, dict[str, Value]]] = {}
        self._size = 0

    def set(self, key: str, value: Value) -> PersistentMap[Value]:
        """The same map with ``key`` set to ``value``."""
        high, low = _path(key)
        branch = self._root.get(high, {})
        leaf = branch.get(low, {})
        grown: PersistentMap[Value] = PersistentMap()
        grown._root = {**self._root, high: {**branch, low: {**leaf, key: value}}}
        grown._size = self._size + (key not in leaf)
        return grown

    def without(self, key: str) -> PersistentMap[Value]:
        """The same map without ``key``; the same object when it was not there."""
        if key not in self:
            return self
        high, low = _path(key)
        branch = self._root[high]
        leaf = {name: value for name, value in branch[low].items() if name != key}
        shrunk: PersistentMap[Value] = PersistentMap()
        shrunk._root = {**self._root, high: {**branch, low: leaf}}
        shrunk._size = self._size - 1
        return shrunk

    def __getitem__(self, key: str) -> Value:
        high, low = _path(key)
        return self._root[high][low][key]

    def __iter__(self) -> Iterator[str]:
        for branch in self._root.values():
            for leaf in branch.values():
                yield from leaf

    def __len__(self) -> int:
        return self._size

    def __repr__(self) -> str:
        return f"PersistentMap({dict(self)!r})"


def _path(key: str) -> tuple[int, int]:
    digest = crc32(key.encode())
    return digest % _FAN, (digest // _FAN) % _FAN
