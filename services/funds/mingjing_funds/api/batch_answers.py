"""What became of a batch (批量报送结果): an answer for each record that was not simply accepted, and the counts.

The one rule: every record is accepted, repeated or refused, and one that is refused says which rule it met.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

from pydantic import BaseModel, Field

from mingjing_funds.domain.contract import ChargingRuleBroken
from mingjing_kernel.http.problem import Problem, problem_of
from mingjing_kernel.log import Outcome
from mingjing_kernel.log.envelope import Result
from mingjing_kernel.refusal import Refusal

RECORDS_MAX = 5_000
BODY_BYTES_MAX = 16 * 1024 * 1024
WORKS_MAX = 500
"""Commands in one transaction."""


class NumberedAnswer(BaseModel):
    """What became of one record, by its place in the batch and the sender's own number."""

    index: int
    number: str
    became: Literal["accepted", "repeated", "refused"]
    warnings: list[str] = Field(default=[], description="Charging rules that it breaks and that only warn here")
    why_not: Problem | None = None


class NumberedAnswers(BaseModel):
    """What became of the batch; only what was not simply accepted is listed."""

    accepted: int
    repeated: int
    refused: int
    records: list[NumberedAnswer]
    position: int


def answered(numbers: Sequence[str], results: Mapping[int, Result], followed: Iterable[Result] = ()) -> NumberedAnswers:
    """The answer to a batch; ``results`` has one of each record, ``followed`` what was written because of them, so
    that the position is that of the last. Raises what is nobody's refusal.
    """
    records: list[NumberedAnswer] = []
    counts = dict.fromkeys(("accepted", "repeated", "refused"), 0)
    position = max((one.position for one in followed if isinstance(one, Outcome)), default=0)
    for index, number in enumerate(numbers):
        answer = _one(index, number, result := results[index])
        counts[answer.became] += 1
        position = max(position, result.position if isinstance(result, Outcome) else 0)
        if answer.became != "accepted" or answer.warnings:
            records.append(answer)
    return NumberedAnswers(records=records, position=position, **counts)


def is_new(result: Result) -> bool:
    """Whether a record left new facts."""
    return isinstance(result, Outcome) and bool(result.events) and not result.repeated


def _one(index: int, number: str, result: Result) -> NumberedAnswer:
    if isinstance(result, Refusal):
        return NumberedAnswer(index=index, number=number, became="refused", why_not=problem_of(result))
    if not isinstance(result, Outcome):
        raise result
    if not is_new(result):
        return NumberedAnswer(index=index, number=number, became="repeated")
    warnings = [event.rule for event in result.events if isinstance(event, ChargingRuleBroken)]
    return NumberedAnswer(index=index, number=number, became="accepted", warnings=warnings)
