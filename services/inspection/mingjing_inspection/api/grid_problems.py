"""What is wrong with drawn grids, in words and with the place: for previews, drafts and the map."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from mingjing_inspection.domain.grid_problems import PROBLEMS, Problem
from mingjing_inspection.domain.grid_version_facts import Aside
from mingjing_inspection.geometry.geojson import place_of
from mingjing_kernel.text import package_of, render


class GridSentence(BaseModel):
    """One sentence in Chinese and English."""

    model_config = ConfigDict(from_attributes=True)

    zh: str
    en: str


class ProblemItem(BaseModel):
    """One problem: which feature, which rule, what to do, and where."""

    rule: str
    source: str = Field(description="Where the rule stands")
    feature: int = Field(description="Number of the feature in its file, from 1; 0: of the draft as a whole")
    code: str
    field: str
    sentence: GridSentence
    remedy: GridSentence
    blocks: bool = Field(description="False: a remark, which holds nobody up")
    place: dict[str, Any] | None = Field(description="GeoJSON geometry of the place; null where nobody knows")


class AsideItem(BaseModel):
    """A feature that was not taken; drop it by its key, or send its code again."""

    key: str
    number: int
    code: str
    name: str
    problems: list[ProblemItem]


def problem_item(problem: Problem) -> ProblemItem:
    """In words."""
    kind = PROBLEMS[problem.rule]
    values = {value.name: value.text for value in problem.values}
    return ProblemItem(
        rule=problem.rule,
        source=kind.rule,
        feature=problem.feature,
        code=problem.code,
        field=kind.field,
        sentence=GridSentence.model_validate(render(kind.sentence, values, package_of(kind))),
        remedy=GridSentence.model_validate(render(kind.remedy, values, package_of(kind))),
        blocks=problem.blocks,
        place=place_of(problem.place),
    )


def aside_item(aside: Aside) -> AsideItem:
    """A feature that waits, in words."""
    return AsideItem(
        key=aside.key,
        number=aside.number,
        code=aside.code,
        name=aside.name,
        problems=[problem_item(one) for one in aside.problems],
    )
