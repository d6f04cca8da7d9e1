"""Example values made from type annotations: the same ones every time, so that a golden file can be made from them.

The one rule: nothing here decides what is right; the golden files do, once they are written.
"""

from __future__ import annotations

import dataclasses
import types
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any, Literal, NewType, Union, get_args, get_origin, get_type_hints
from uuid import UUID

from pydantic import BaseModel

_PLAIN: dict[Any, Any] = {
    str: "明镜 mirror",
    int: 1_234_567,
    bool: True,
    bytes: b"\x00\x01mirror",
    date: date(2026, 11, 22),
    datetime: datetime(2026, 11, 22, 1, 30, 0, 123456, tzinfo=UTC),
    UUID: UUID("018f0000-0000-7000-8000-000000000001"),
    type(None): None,
    object: "anything",
    Any: "anything",
}


def sample(annotation: Any, *, least: bool = False) -> Any:
    """A value of this type; with ``least`` every optional part is left out or empty."""
    if annotation in _PLAIN:
        return _PLAIN[annotation]
    origin, parts = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return sample(parts[0], least=least)
    if isinstance(annotation, NewType):
        return sample(annotation.__supertype__, least=least)
    if origin is Literal:
        return parts[0]
    if origin in (Union, types.UnionType):
        return _of_union(parts, least)
    if origin in (tuple, list, frozenset, set):
        return _of_sequence(origin, parts, least)
    if origin is dict:
        return {} if least else {sample(parts[0]): sample(parts[1])}
    if isinstance(annotation, type):
        return _of_class(annotation, least)
    if origin is not None and isinstance(origin, type):
        return _of_class(origin, least, parts)
    raise TypeError(f"no example for {annotation!r}: teach tests/contracts/sample.py")


def _of_union(parts: tuple[Any, ...], least: bool) -> Any:
    if least and type(None) in parts:
        return None
    return sample(next(part for part in parts if part is not type(None)), least=least)


def _of_sequence(kind: Any, parts: tuple[Any, ...], least: bool) -> Any:
    if kind is tuple and not (len(parts) == 2 and parts[1] is Ellipsis):
        return tuple(sample(part, least=least) for part in parts)
    return kind() if least else kind([sample(parts[0])])


def _of_class(kind: type[Any], least: bool, parts: tuple[Any, ...] = ()) -> Any:
    if issubclass(kind, Enum):
        return next(iter(kind))
    if issubclass(kind, Decimal):
        return Decimal("1.5")
    if issubclass(kind, BaseModel):
        fields = {
            name: sample(field.annotation, least=least)
            for name, field in kind.model_fields.items()
            if field.is_required() or not least
        }
        return kind(**fields)
    if dataclasses.is_dataclass(kind):
        hints = get_type_hints(kind, include_extras=True)
        wanted = [field for field in dataclasses.fields(kind) if field.init and (not least or _is_required(field))]
        return kind(**{field.name: sample(hints[field.name], least=least) for field in wanted})
    if hasattr(kind, "__struct_fields__"):  # msgspec.Struct
        hints = get_type_hints(kind)
        return kind(**{name: sample(hints[name], least=least) for name in kind.__struct_fields__})
    raise TypeError(f"no example for {kind!r}: teach tests/contracts/sample.py")


def _is_required(field: dataclasses.Field[Any]) -> bool:
    return field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING


def shape(value: Any) -> Any:
    """A decoded value with its types, as JSON: what a golden file remembers. Class names may change, fields not."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: shape(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if hasattr(value, "__struct_fields__"):
        return {name: shape(getattr(value, name)) for name in value.__struct_fields__}
    if isinstance(value, Enum):
        return f"enum {value.value}"
    if isinstance(value, tuple | list | set | frozenset):
        return [type(value).__name__, *(shape(item) for item in value)]
    if isinstance(value, dict):
        return {f"{key}": shape(item) for key, item in value.items()}
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str | int):
        return value
    return f"{type(value).__name__} {value}"
