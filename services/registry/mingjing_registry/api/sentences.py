"""Problems of rows as people read them. One rule: stored are codes and values; sentences are made when asked for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from mingjing_registry.domain.kept_aside import Problem
from mingjing_registry.sources.problems import RULES, explained


class Told(BaseModel):
    """One problem of one row, in both languages."""

    code: str
    field: str
    severity: str
    rule: str
    sentence: str
    sentence_zh: str
    remedy: str
    remedy_zh: str


def told(stored: Mapping[str, Any]) -> Told:
    """A stored problem; one of a later release is shown by its code."""
    problem = Problem(
        code=stored["code"],
        field=stored["field"],
        written=stored["written"],
        suggestion=stored["suggestion"],
    )
    if problem.code not in RULES:
        empty = dict.fromkeys(("severity", "rule", "sentence", "sentence_zh", "remedy", "remedy_zh"), "")
        return Told(code=problem.code, field=problem.field, **empty)
    return Told.model_validate(explained(problem))
