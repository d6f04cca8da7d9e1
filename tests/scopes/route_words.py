"""Words in which addresses say what they show to whom.

One rule: a route names the question that it puts, and the question says whose rows those are.
"""

from __future__ import annotations

from typing import Any

from mingjing_kernel.identity import OFFICIALS
from mingjing_registry.acts import ACKNOWLEDGE_LISTS, IMPORT_REGISTER
from scopes.kernel_questions import KERNEL_QUESTIONS
from scopes.question import FILED, Question
from scopes.questions import QUESTIONS
from scopes.route import COUNTY, Listed, One, Open


def _of(name: str, number: int = 0) -> Question:
    return (QUESTIONS | KERNEL_QUESTIONS)[name][1][number]


def _listed(name: str, key: str, **more: Any) -> Listed:
    return Listed(question=_of(name), key=key, **more)


def _one(name: str, **more: Any) -> One:
    return One(question=_of(name), **more)


_REGISTRY, _INSPECTION = "mingjing_registry/projections", "mingjing_inspection/projections"
_FUNDS, _CONSOLE, _SEALED = "mingjing_funds/projections", "mingjing_console/projections", "mingjing_kernel/sealed"
_READS = _of("mingjing_kernel/reads/router.py:reads_in")
_SEARCHED = {"search": "text"}
_TESTED = Open("what the caller may do is decided on facts; each service has tests of its own")
_PUBLISHED = Open("published by law")
_acknowledging = Question(of=(), asks=lambda *_: (), act=ACKNOWLEDGE_LISTS, dimensions=FILED)
_previewing = Question(of=(), asks=lambda *_: (), act=IMPORT_REGISTER, dimensions=FILED, region=COUNTY)
_SAMPLED = Question(of=(), asks=lambda *_: (), roles=OFFICIALS, dimensions=FILED)
