"""Rows that become several commands (整行取用): a payment concerns a contract and its account.

The one rule: a row is used as a whole or not at all. Where the contract refuses it the account does not wait for its
money, and where the account refuses it the contract does not hear of it: both are written in one transaction.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncGenerator, Mapping, Sequence
from itertools import pairwise
from typing import TypeAlias

from mingjing_funds.intake.plan import Step
from mingjing_funds.intake.reach import identity
from mingjing_kernel.log import Log, Outcome, Work
from mingjing_kernel.log.envelope import Result
from mingjing_kernel.refusal import Refusal

Row: TypeAlias = tuple[int, str]
Planned: TypeAlias = tuple[Step, Work]


class _Torn(Exception):
    """Rows of which a part would be written and a part is refused."""

    def __init__(self, refused: Mapping[Row, Refusal]) -> None:
        super().__init__(f"{len(refused)} rows would be written in part")
        self.refused = refused


def row_of(step: Step) -> Row:
    """Which row a step belongs to; an XML message may have all its rows in one line."""
    return step.row, identity(step)


def are_rows_of_several(steps: Sequence[Step]) -> bool:
    """Whether any row stands for more than one command; the steps of one row follow each other."""
    return any(one.row == other.row and identity(one) == identity(other) for one, other in pairwise(steps))


async def by_whole_rows(
    log: Log, planned: Sequence[Planned], works_max: int
) -> AsyncGenerator[tuple[int, list[Result]], None]:
    """The results of some thousand steps at a time, and which of the steps the first of them is."""
    at = 0
    while at < len(planned):
        until = min(at + works_max, len(planned))
        while until < len(planned) and row_of(planned[until][0]) == row_of(planned[until - 1][0]):
            until += 1
        yield at, await _carried_out(log, planned[at:until])
        at = until


async def _carried_out(log: Log, some: Sequence[Planned]) -> list[Result]:
    """Every turn leaves at least one row more out, so it ends; as a rule the second is the last."""
    refused: dict[Row, Refusal] = {}
    while True:
        todo = [(step, work) for step, work in some if row_of(step) not in refused]
        try:
            results = iter(await _written(log, todo) if todo else list[Result]())
        except _Torn as torn:
            refused |= torn.refused
            continue
        return [refused[row] if (row := row_of(step)) in refused else next(results) for step, _ in some]


async def _written(log: Log, todo: Sequence[Planned]) -> list[Result]:
    async def settle(_connection: object, results: list[Result]) -> None:
        if torn := _torn(todo, results):
            raise _Torn(torn)

    return await log.handle_many([work for _, work in todo], settle=settle)


def _torn(todo: Sequence[Planned], results: Sequence[Result]) -> dict[Row, Refusal]:
    """Rows with a refusal that would leave facts behind, and their first reason."""
    refused: dict[Row, Refusal] = {}
    leave: dict[Row, bool] = defaultdict(bool)
    for (step, _), result in zip(todo, results, strict=True):
        if isinstance(result, Refusal):
            refused.setdefault(row_of(step), result)
        elif isinstance(result, Outcome):
            leave[row_of(step)] |= bool(result.events) and not result.repeated
        else:
            raise result
    return {row: reason for row, reason in refused.items() if leave[row]}
