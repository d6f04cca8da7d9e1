"""Refusals: why a command may not be carried out, in words that a person can act on.

A refusal names the field, the rule (with its source) and the remedy. The English sentence is the gettext message
id; the Chinese one stands in the service's catalogue (``locale/zh_CN/LC_MESSAGES/messages.po``), and a test fails
when it is missing. Rendering happens at the edge: this file is pure, so that the domain may import it.
"""

from __future__ import annotations

import re
from typing import ClassVar

_BOUNDARY = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


class Refusal(Exception):
    """A rule forbids this command. Subclasses are named after the reason: ``InsufficientFunds``."""

    sentence: ClassVar[str] = "The command was refused."
    """English, with ``{placeholders}``; the gettext message id."""
    remedy: ClassVar[str] = ""
    """What the caller can do about it; a gettext message id too."""
    rule: ClassVar[str] = ""
    """Which rule, with its source: ``P2 (L02, L03)``."""
    field: ClassVar[str] = ""
    """The field of the request that the rule looked at."""
    status: ClassVar[int] = 409

    def __init__(self, **values: object) -> None:
        self.values = values
        super().__init__(self.sentence.format_map(_Lenient(values)))

    def __reduce__(self) -> tuple[object, ...]:
        """A refusal that was met in another process is raised here as what it was."""
        return _again, (type(self), self.values)

    @classmethod
    def code(cls) -> str:
        """The stable problem type, kebab-case: ``insufficient-funds``."""
        return _BOUNDARY.sub("-", cls.__name__).lower()


class Invalid(Refusal):
    """The request itself is wrong (status 422), whatever the state."""

    status = 422


class NotFound(Refusal):
    """There is no such thing, or the caller may not know of it (status 404)."""

    status = 404
    sentence = "There is no such record, or it is outside your scope."
    remedy = "Check the number; ask the department that owns the record."


def _again(kind: type[Refusal], values: dict[str, object]) -> Refusal:
    return kind(**values)


class _Lenient(dict[str, object]):
    def __missing__(self, key: str) -> str:
        return "{" + key + "}"
