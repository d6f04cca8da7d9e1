"""Former numbers in answers: codes that stood once, licence numbers that are not valid any more."""

from __future__ import annotations

from datetime import date
from typing import Literal, TypeAlias

from pydantic import BaseModel

from mingjing_registry.domain.credit_code import CodeGround
from mingjing_registry.domain.ended_number import HowEnded

CodeState: TypeAlias = Literal["stands", "awaited", "due"]
"""``awaited``: the licence is applied for before the registration; ``due``: a conversion's new code is to come."""


class FormerCodeItem(BaseModel):
    """A credit code that stood until a day."""

    uscc: str
    ended_by: CodeGround
    until: date


class EndedNumberItem(BaseModel):
    """A licence number under which nobody teaches any more, and what ended it."""

    number: str
    how: HowEnded
    on: date
