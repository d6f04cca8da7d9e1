"""Decide whether a person may do something to a thing: in process, by the policy that every service asks.

Raw limit: calls of a function that decides nothing, with the same arguments.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from figure import Figure
from mingjing_kernel.identity import ANY, UNDIVIDED, Act, Dimensions, Grant, Principal, Role, Scope, roles
from stage import Options

NAME = "policy"
USES = {"seconds"}
SECONDS = 5.0
TURN_SECONDS = 0.01
COUNTY = "330106"
PERSON = Principal(
    subject="bench",
    grants=(
        Grant(Role.INSPECTOR, "market-regulation", COUNTY, ANY),
        Grant(Role.GRID_OFFICER, "political-legal", "330106109", ANY),
        Grant(Role.CASE_OFFICER, "market-regulation", COUNTY, "art"),
        Grant(Role.CASE_OFFICER, "market-regulation", "330106008", "sport"),
        Grant(Role.HOTLINE_OPERATOR, ANY, "3301", ANY),
    ),
)
"""An official of a county with five grants."""
ACTS = (
    Act(name="report-visit", zh="提交巡查", en="report", roles=roles(Role.GRID_OFFICER, Role.INSPECTOR)),
    Act(name="close-task", zh="办结任务", en="close", roles=roles(Role.INSPECTOR, Role.CASE_OFFICER, Role.APPROVER)),
    Act(name="take-complaint", zh="受理投诉", en="take", roles=roles(Role.HOTLINE_OPERATOR, Role.CASE_OFFICER)),
    Act(name="close-alert", zh="办结预警", en="close", roles=roles(Role.FUND_REGULATOR)),
)
THINGS = tuple(
    Dimensions(department, region, category)
    for department in ("market-regulation", "education", "culture-tourism-sport")
    for region in ("330106109001001", "330106008002003", "330108001001001")
    for category in ("art", "sport", UNDIVIDED)
)


async def run(options: Options) -> Figure:
    """Measure: every act on every thing, in turn; a third or so is allowed."""
    seconds = options.seconds or SECONDS
    scope = PERSON.scope
    cases = [(act, thing) for act in ACTS for thing in THINGS]
    allowed = sum(scope.may(act, thing) for act, thing in cases)
    # By short turns, of which the best counts: what else runs on the machine only ever adds.
    value = raw = 0.0
    for _ in range(max(1, round(seconds / 2 / TURN_SECONDS))):
        raw = max(raw, _calls(lambda act, thing: False, cases, TURN_SECONDS))
        value = max(value, _calls(scope.may, cases, TURN_SECONDS))
    return Figure(
        name=NAME, value=value, unit="decisions/s", raw=raw, raw_is="calls that decide nothing",
        details={"grants": len(PERSON.grants), "cases": len(cases), "allowed": allowed,
                 "decisions_per_processor_second": round(_calls(scope.may, cases, seconds / 5, time.process_time)),
                 "scopes_per_second": round(_scopes(seconds / 10))},
    )  # fmt: skip


def _calls(
    decide: Callable[[Act, Dimensions], bool],
    cases: Sequence[tuple[Act, Dimensions]],
    seconds: float,
    clock: Callable[[], float] = time.perf_counter,
) -> float:
    made, began = 0, clock()
    while clock() < began + seconds:
        for act, thing in cases:
            decide(act, thing)
        made += len(cases)
    return made / (clock() - began)


def _scopes(seconds: float) -> float:
    """How often a request can make its scope of the grants, conflicts looked for, and ask it once."""
    made, began = 0, time.perf_counter()
    while time.perf_counter() < began + seconds:
        Scope(PERSON.grants).may(ACTS[0], THINGS[0])
        made += 1
    return made / (time.perf_counter() - began)
