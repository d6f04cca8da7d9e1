"""Rules with numbers about grids (网格): how large a grid may be, and how finely it may be drawn."""

from __future__ import annotations

from typing import Final

from mingjing_kernel.policy.rule import Number, Rule

GRID_SIZE: Final = Rule(
    name="grid-size",
    zh="网格大小",
    en="Size of a grid",
    numbers=(
        Number(
            name="least",
            zh="单个网格面积下限（平方米）",
            en="Least ground of a grid, in square metres",
            default=1_000,
            at_least=1,
            unit="m2",
        ),
        Number(
            name="most",
            zh="单个网格面积上限（公顷）",
            en="Most ground of a grid, in hectares",
            default=10_000,
            at_least=1,
            unit="hectares",
        ),
        Number(
            name="points",
            zh="单个网格边界点数上限",
            en="Most points of a grid's outline",
            default=2_000,
            at_least=4,
            at_most=20_000,
            unit="points",
        ),
    ),
    legal_basis="GB/T 34300-2017",
)
GRID_RULES: Final = (GRID_SIZE,)
