"""Static separation of duties (职责分离): roles that one person must not hold over the same things.

The one rule: a pair is written here with its reason. Whoever gives a grant asks ``conflicts`` first; a scope that holds
such a pair all the same may do nothing in either role (fail closed), and the refusal names both.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations
from typing import Final

from mingjing_kernel.identity.grant import ANY, Grant
from mingjing_kernel.identity.role import OFFICIALS, Role

_AUDITED: Final = OFFICIALS - {Role.AUDITOR}

APART: Final = {
    frozenset({Role.LICENSING_OFFICER, Role.APPROVER}): "licensing is not enforcement approval",
    frozenset({Role.LICENSING_OFFICER, Role.CASE_OFFICER}): "licensing is not enforcement",
    frozenset({Role.CASE_OFFICER, Role.LEGAL_REVIEWER}): "who handles a case does not review it (L07 art 58)",
    frozenset({Role.CASE_OFFICER, Role.APPROVER}): "who handles a case does not decide it (L07 art 57)",
    frozenset({Role.LEGAL_REVIEWER, Role.APPROVER}): "who reviews a decision does not take it (L07 art 58)",
    frozenset({Role.FUND_REGULATOR, Role.APPROVER}): "who proposes a release hold does not approve it",
    frozenset({Role.ADMINISTRATOR, Role.FUND_REGULATOR}): "who edits a fund policy does not close its alerts",
    **{frozenset({Role.AUDITOR, role}): "who audits an act does not do it" for role in sorted(_AUDITED)},
}
"""Pairs of roles that no person may hold over overlapping departments, regions and categories, each with why."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two grants that one person must not hold together."""

    first: Grant
    second: Grant
    why: str


def conflicts(grants: Iterable[Grant]) -> tuple[Conflict, ...]:
    """Every pair among one person's grants that must not be held together; empty when all is well.

    Whoever gives a grant passes the person's other grants with the new one.
    """
    return tuple(
        Conflict(first, second, why)
        for first, second in combinations(dict.fromkeys(grants), 2)
        if (why := APART.get(frozenset({first.role, second.role}))) and overlap(first, second)
    )


def overlap(first: Grant, second: Grant) -> bool:
    """Whether a thing can exist that both grants reach; an outsider's organisation is left out: no outsider's role is
    among the pairs.
    """
    return (
        _same(first.department, second.department)
        and _nested(first.region, second.region)
        and _same(first.category, second.category)
    )


def _same(first: str, second: str) -> bool:
    return ANY in (first, second) or first == second


def _nested(first: str, second: str) -> bool:
    return ANY in (first, second) or first.startswith(second) or second.startswith(first)
