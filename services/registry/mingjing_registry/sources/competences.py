"""The table of competent departments, read once from the package's data."""

from __future__ import annotations

import json
from datetime import date
from functools import cache, lru_cache
from importlib.resources import files

import msgspec

from mingjing_registry.domain.competence import Competence, competent_departments
from mingjing_registry.domain.particulars import Category

ANSWERS_REMEMBERED_MAX = 4_096
"""The rows of one file ask for the same few categories on one day."""


@cache
def competences() -> tuple[Competence, ...]:
    """Every line, of every region and time."""
    text = files("mingjing_registry.data").joinpath("competences.json").read_text(encoding="utf-8")
    return tuple(msgspec.convert(line, Competence) for line in json.loads(text)["competences"])


@lru_cache(ANSWERS_REMEMBERED_MAX)
def departments_for(categories: tuple[Category, ...], region: str, on: date) -> tuple[str, ...]:
    """The competent department of each category, in order."""
    return competent_departments(competences(), categories, region, on)
