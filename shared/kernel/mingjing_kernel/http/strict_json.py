"""What of JSON an address takes: RFC 8259 in the narrower sense of RFC 7493 (I-JSON), and no more of it than a request
needs.

The one rule: two readers never understand one body differently. Repeated members, numbers that a double cannot hold
and half characters are refused here, before anything reads, digests or stores them.

The usual body is read once by msgspec and walked once (some microseconds a kilobyte); only what fails is looked at
again, for the words that tell its sender where.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from typing import Any, NoReturn

import msgspec

from mingjing_kernel.http.refusals import (
    BodyNotJson,
    MemberRepeated,
    NestedTooDeeply,
    NumberOutOfRange,
    TextNotUnicode,
    TextTooLong,
    TooManyEntries,
)

DEPTH_MAX = 32
MEMBERS_MAX = 1_000
"""Of one object."""
ENTRIES_MAX = 10_000
"""Of one list; longer ones are files."""
CHARACTERS_MAX = 100_000
"""Of one text."""
NUMBER_MAX = 2**53 - 1
"""Beyond it a double skips whole numbers, and half of the world's programs read numbers into doubles."""
_PATH_PARTS_MAX = 8
_decode = msgspec.json.Decoder().decode


def check_json(body: bytes) -> None:
    """Return when ``body`` is JSON within the limits; raise the refusal that says what is wrong, and where."""
    if not body:
        return  # that a body is missing is the handler's to say
    try:
        value = _decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        _refuse_unreadable(body)
    members, colons = _counted(value)
    if b"\\u0000" in body and any("\0" in text for text in _texts(value)):
        raise TextNotUnicode(field="body")
    # A member that the reader dropped left its colon behind. Unless a colon is escaped, the count is exact.
    if body.count(b":") - colons != members or b"\\u003a" in body or b"\\u003A" in body:
        _refuse_repeated(body)


def _counted(value: Any) -> tuple[int, int]:  # noqa: C901 a call for each value would double what it costs
    """How many members all objects have, and how many colons all texts; raises where a limit is passed."""
    members = colons = 0
    level, depth = [value], 0
    while level:
        depth += 1
        deeper: list[Any] = []
        for item in level:
            kind = type(item)
            if kind is str:
                if len(item) > CHARACTERS_MAX:
                    _refuse_limit(value)
                colons += item.count(":")
            elif kind is int or kind is float:
                if not -NUMBER_MAX <= item <= NUMBER_MAX:
                    _refuse_limit(value)
            elif kind is dict:
                members += len(item)
                if len(item) > MEMBERS_MAX or depth > DEPTH_MAX:
                    _refuse_limit(value)
                for name in item:
                    colons += name.count(":")
                    if len(name) > CHARACTERS_MAX:
                        _refuse_limit(value)
                deeper += item.values()
            elif kind is list:
                if len(item) > ENTRIES_MAX or depth > DEPTH_MAX:
                    _refuse_limit(value)
                deeper += item
        level = deeper
    return members, colons


def _refuse_limit(value: Any) -> NoReturn:
    """The same once more, knowing where it is."""
    for path, item in _located(value):
        match item:
            case dict() | list() if len(path) >= DEPTH_MAX:
                raise NestedTooDeeply(depth_max=DEPTH_MAX, field=_field(path))
            case dict() if len(item) > MEMBERS_MAX:
                raise TooManyEntries(entries_max=MEMBERS_MAX, field=_field(path))
            case list() if len(item) > ENTRIES_MAX:
                raise TooManyEntries(entries_max=ENTRIES_MAX, field=_field(path))
            case str() if len(item) > CHARACTERS_MAX:
                raise TextTooLong(characters_max=CHARACTERS_MAX, field=_field(path))
            case int() | float() if not -NUMBER_MAX <= item <= NUMBER_MAX:
                raise NumberOutOfRange(number_max=NUMBER_MAX, field=_field(path))
            case _:
                pass
    raise TextTooLong(characters_max=CHARACTERS_MAX, field="body")  # what is left: the name of a member


def _located(value: Any) -> Iterator[tuple[tuple[object, ...], Any]]:
    """Every value with the way to it. Iterative: what is looked at may be nested as deep as the reader goes."""
    waiting: list[tuple[tuple[object, ...], Any]] = [((), value)]
    while waiting:
        path, item = waiting.pop()
        yield path, item
        if isinstance(item, dict):
            waiting += [((*path, name), part) for name, part in item.items()]
        elif isinstance(item, list):
            waiting += [((*path, index), part) for index, part in enumerate(item)]


def _field(path: tuple[object, ...]) -> str:
    shown = [str(part)[:60] for part in path[:_PATH_PARTS_MAX]]
    return ".".join(["body", *shown])


def _texts(value: Any) -> Iterator[str]:
    for path, item in _located(value):
        if isinstance(item, str):
            yield item
        if path and isinstance(path[-1], str):
            yield path[-1]


def _refuse_repeated(body: bytes) -> None:
    """Look at every member, and return when none is there twice."""

    def members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            names = [name for name, _ in pairs]
            raise MemberRepeated(field="body." + next(name for name in names if names.count(name) > 1)[:60])
        return found

    json.loads(body, object_pairs_hook=members)


def _refuse_unreadable(body: bytes) -> NoReturn:
    """Which of the ways of not being JSON this is."""
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        raise TextNotUnicode(field="body") from None
    try:
        value = json.loads(text, parse_constant=_no_number)
    except json.JSONDecodeError as malformed:
        raise BodyNotJson(character=malformed.pos) from None
    except RecursionError:
        raise NestedTooDeeply(depth_max=DEPTH_MAX, field="body") from None
    except ValueError:  # more digits than Python turns into a number
        raise NumberOutOfRange(number_max=NUMBER_MAX, field="body") from None
    for path, item in _located(value):
        if isinstance(item, float) and not math.isfinite(item):
            raise NumberOutOfRange(number_max=NUMBER_MAX, field=_field(path))
    raise TextNotUnicode(field="body")  # what the lenient reader takes and the strict one does not: half a character


def _no_number(_: str) -> NoReturn:
    raise NumberOutOfRange(number_max=NUMBER_MAX, field="body")
