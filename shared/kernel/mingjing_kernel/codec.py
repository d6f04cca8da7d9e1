"""The codec: stored names chosen by hand, facts as exact canonical JSON, upcasters for what was stored before.

The one rule: a stored name is append-only. A released event never changes; a new version gets a new name and an
upcaster, and a golden file holds every released form (``tests/contracts/golden``).
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Hashable, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from functools import lru_cache
from operator import attrgetter
from types import NoneType
from typing import Any, Generic, TypeVar
from uuid import UUID

import msgspec

from mingjing_kernel.refusal import Invalid

Event = TypeVar("Event")
Upcaster = Callable[[dict[str, Any]], dict[str, Any]]

_ENCODER = msgspec.json.Encoder(order="sorted")
_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")
"""An escaped U+0000, told apart from an escaped backslash before the letters u0000."""
_SCALARS = frozenset({str, int, bool, bytes, NoneType, UUID, date})
_COLLECTIONS = frozenset({tuple, list, set, frozenset})


class NotCanonical(TypeError):
    """A value has no single exact form in canonical JSON: a float, a Decimal, a naive datetime."""


class TextUnstorable(Invalid):
    """PostgreSQL's text cannot hold U+0000: a fact with it could be stored, but never shown in a list."""

    sentence = "A text holds the character U+0000, which cannot be shown or stored."
    remedy = "Remove it: it usually comes from a file in another encoding."


class UnknownEvent(LookupError):
    """The log holds a stored name that this release does not know: the code is older than its data."""


def canonical_json(value: Any) -> bytes:
    """Sorted keys, integers, strings; the bytes that are stored and hashed. Refuses floats (``NotCanonical``)."""
    check_canonical(value)
    return _ENCODER.encode(value)


def check_canonical(value: Any) -> None:
    """Raise ``NotCanonical`` when a float, a Decimal or a naive datetime hides anywhere in ``value``."""
    kind: Any = type(value)
    if kind in _SCALARS:
        return
    for item in _parts_of(kind)(value):
        if type(item) not in _SCALARS:
            check_canonical(item)


@lru_cache(maxsize=4096)
def _parts_of(kind: Hashable) -> Callable[[Any], Iterable[Any]]:
    """What a value of this kind holds that must be looked at: nothing where it is exact. Raises for an inexact one."""
    assert isinstance(kind, type)
    if kind is datetime:
        return _zone_known
    if kind in _COLLECTIONS:
        return iter
    if kind is dict:
        return lambda value: (*value.keys(), *value.values())
    if dataclasses.is_dataclass(kind) or issubclass(kind, msgspec.Struct):
        return _values_of(kind)
    if issubclass(kind, Enum):
        return lambda value: (value.value,)
    if issubclass(kind, UUID):
        return lambda _: ()  # a driver's own UUID class
    if issubclass(kind, float | Decimal):
        raise NotCanonical(f"{kind.__name__}: money is integer fen, measures are integers with their unit")
    raise NotCanonical(f"{kind.__name__} has no canonical form")


def _zone_known(moment: datetime) -> tuple[()]:
    if moment.tzinfo is None:
        raise NotCanonical(f"naive datetime {moment!r}: time is aware UTC inside")
    return ()


@lru_cache(maxsize=4096)
def _values_of(kind: Hashable) -> Callable[[Any], tuple[Any, ...]]:
    assert isinstance(kind, type)
    fields = kind.__struct_fields__ if issubclass(kind, msgspec.Struct) else _field_names(kind)
    if not fields:
        return lambda _: ()
    if len(fields) == 1:
        only = attrgetter(fields[0])
        return lambda value: (only(value),)
    return attrgetter(*fields)


def _field_names(kind: type) -> tuple[str, ...]:
    return tuple(field.name for field in dataclasses.fields(kind))


@dataclasses.dataclass(frozen=True, slots=True)
class Upcast:
    """How a retired stored form becomes the next one: ``up`` maps the old fields to the new ones."""

    into: str
    up: Upcaster


class Codec(Generic[Event]):
    """Stored name <-> event class, both ways, and the way up from retired names."""

    def __init__(self, types: Mapping[str, type[Any]], retired: Mapping[str, Upcast] | None = None) -> None:
        self.types = dict(types)
        self.retired = dict(retired or {})
        self._names = {kind: name for name, kind in self.types.items()}
        if len(self._names) != len(self.types):
            raise ValueError("one event class has two stored names; retire the older one with an upcaster")
        self._decoders = {name: msgspec.json.Decoder(kind).decode for name, kind in self.types.items()}
        for name, step in self.retired.items():
            if name in self.types or (step.into not in self.types and step.into not in self.retired):
                raise ValueError(f"{name} is not retired, or leads nowhere")

    def encode(self, event: Event) -> tuple[str, bytes]:
        """The stored name and the canonical bytes. Raises ``NotCanonical``."""
        kind: Any = type(event)
        name = self._names.get(kind)
        if name is None:
            raise UnknownEvent(kind.__name__)
        for value in _values_of(kind)(event):
            if type(value) not in _SCALARS:
                check_canonical(value)
        data = _ENCODER.encode(event)
        if b"\\u0000" in data and _NUL.search(data):
            raise TextUnstorable
        return name, data

    def decoder(self, name: str) -> Callable[[bytes], Event]:
        """The quickest way from bytes to the event for one stored name."""
        present: Callable[[bytes], Event] | None = self._decoders.get(name)
        return present or (lambda data: self._decode_retired(name, data))

    def decode(self, name: str, data: bytes) -> Event:
        """The event, brought up to its present form. Raises ``UnknownEvent``."""
        decoder = self._decoders.get(name)
        if decoder is not None:
            return decoder(data)  # type: ignore[no-any-return]
        return self._decode_retired(name, data)

    def _decode_retired(self, name: str, data: bytes) -> Event:
        if name not in self.retired:
            raise UnknownEvent(name)
        fields = msgspec.json.decode(data)
        while name in self.retired:
            step = self.retired[name]
            name, fields = step.into, step.up(fields)
        return msgspec.convert(fields, self.types[name])  # type: ignore[no-any-return]
