"""The table of competent departments, read once from the package's data."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files

import msgspec

from mingjing_registry.domain.competence import Competence


@cache
def competences() -> tuple[Competence, ...]:
    """Every line, of every region and time."""
    text = files("mingjing_registry.data").joinpath("competences.json").read_text(encoding="utf-8")
    return tuple(msgspec.convert(line, Competence) for line in json.loads(text)["competences"])
