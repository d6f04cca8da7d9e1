"""Masks (脱敏): what a screen shows of a person's datum: ``199****1234``, ``张**``.

The one rule: a masked value never finds its way back. Its type is refused by the event codec and by every request
model, and ``refuse_masked`` catches the text of one that a form sends back.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Annotated, Any

from pydantic import AfterValidator, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, core_schema

_STARS = frozenset("*＊")
"""No name and no number of a person has one: 武*帆 is as much a mask as 武**."""


class Masked:
    """Masked text, for answers only. It is no dataclass, no string: nothing stores it by accident."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def __str__(self) -> str:
        return self._text

    def __repr__(self) -> str:
        return f"Masked({self._text!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Masked) and other._text == self._text

    def __hash__(self) -> int:
        return hash((Masked, self._text))

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Out as text, in never."""
        return core_schema.is_instance_schema(cls, serialization=core_schema.to_string_ser_schema())

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """In the API documentation: text."""
        return {"type": "string", "readOnly": True, "description": "Masked; it cannot be sent back"}


def mask_name(name: str) -> Masked:
    """张三丰 -> 张**. The number of stars says nothing about the length of the name."""
    return Masked(f"{name.strip()[:1]}**")


def mask_phone(phone: str) -> Masked:
    """19912341234 -> 199****1234; a number too short for that shows its last two digits at most."""
    digits = re.sub(r"[^0-9]", "", phone)
    if len(digits) >= 11:
        return Masked(f"{digits[-11:-8]}****{digits[-4:]}")
    return Masked(f"****{digits[-2:] if len(digits) >= 7 else ''}")


def mask_id_number(number: str) -> Masked:
    """330106199001011234 -> 330***********1234 (GB 11643 resident identity number and others)."""
    text = number.strip()
    if len(text) < 10:
        return Masked("****")
    return Masked(f"{text[:3]}***********{text[-4:]}")


def mask_account(number: str) -> Masked:
    """A bank account: the last four digits."""
    text = re.sub(r"\s", "", number)
    return Masked(f"****{text[-4:] if len(text) >= 8 else ''}")


def is_masked(text: str) -> bool:
    """Whether a text looks like a mask: it names nobody for certain."""
    return not _STARS.isdisjoint(text)


def refuse_masked(text: str) -> str:
    """For request models: text that looks like a mask was meant for reading, not for saving."""
    if is_masked(text):
        raise ValueError("This is masked text. Send the value only if it has changed, and then in full.")
    return text


Unmasked = Annotated[str, AfterValidator(refuse_masked)]
"""A request field for a person's datum."""

Mask = Callable[[str], Masked]
