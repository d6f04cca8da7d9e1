"""Half a year of the sample county through the deciders alone, compared with the answers to the fen.

The one rule: files are fed in the order of their delivery, week by week; nothing is known before its day.
"""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest

from funds.county_ledger import Ledger, played
from funds.county_weeks import truth
from mingjing_funds.domain import account as a
from mingjing_funds.intake.numbered import contract_id
from mingjing_funds.intake.plan import account_id
from mingjing_funds.projections.movement import COLUMNS


@pytest.fixture(scope="module")
def ledger() -> Ledger:
    return played()


def test_every_account_comes_out_to_the_fen_at_every_week_end(ledger: Ledger) -> None:
    answers = truth()
    ends = [date.fromisoformat(end) for end in answers["period"]["week_ends"]]
    residual = [
        (number, end, name, mine, answer["weekly"][name][week])
        for number, answer in answers["accounts"].items()
        for week, end in enumerate(ends)
        for name, mine in figures(ledger, account_id(number), end, ends[-1]).items()
        if mine != answer["weekly"][name][week]
    ]
    assert residual == []


def test_every_contract_has_used_what_the_answers_say(ledger: Ledger) -> None:
    answers = truth()
    ends = [date.fromisoformat(end) for end in answers["period"]["week_ends"]]
    residual = []
    for number, (_, _, _, _, weekly, _) in answers["contracts"].items():
        stream = contract_id(number)
        paid_on = ledger.states["contract", stream].paid_on
        for week, end in enumerate(ends):
            used = max((k for day, k in ledger.used[stream] if max(day, paid_on) <= end), default=0)
            if used != weekly[week]:
                residual.append((number, end, used, weekly[week]))
    assert residual == []


def test_what_cannot_be_used_is_kept_aside_and_nothing_else(ledger: Ledger) -> None:
    assert ledger.refusals == {
        "row-broken": 1,
        "rows-missing": 1,
        "moment-unreadable": 3,
        "date-not-yet-come": 1,
        "nothing-to-refund": 4,
    }
    assert len(ledger.waiting) == 6
    assert ledger.events["LessonSetAside"] == 15
    assert ledger.events["ChargingRuleBroken"] == 6


def figures(ledger: Ledger, account: UUID, day: date, last: date) -> dict[str, int]:
    """The truth's figures for one account at the end of a day."""
    opened, state = ledger.opened[account], ledger.states["account", account]
    start = opened.opening_on
    moved = dict.fromkeys(COLUMNS, 0)
    brought = dict.fromkeys(COLUMNS, 0)
    for on, deltas in ledger.days[account].items():
        if on <= day:
            for name, fen in deltas.items():
                (moved if on > start else brought)[name] += fen
    never = sum(
        waits.amount_fen
        for waits in state.ledger.expected.values()
        if waits.direction is a.Direction.PAYMENT and start < waits.due_on <= day and (last - waits.due_on).days >= 4
    )
    owed = brought["paid_fen"] - brought["earned_fen"] - brought["returned_fen"]
    unconsumed = owed + moved["paid_fen"] - moved["earned_fen"] - moved["returned_fen"]
    unreleased = opened.opening_fen - opened.minimum_fen - owed + ledger.overtaken[account]
    unreleased += moved["earned_fen"] - moved["executed_fen"]
    in_transit = moved["awaited_fen"] + ledger.overtaken[account] - moved["credited_fen"] - never
    closing = opened.opening_fen + moved["received_fen"] + moved["interest_fen"] + moved["suspense_fen"]
    closing += moved["gap_fen"] - moved["released_fen"] - moved["refunded_fen"] - moved["fee_fen"]
    explained = opened.minimum_fen + moved["interest_fen"] + unconsumed + unreleased - in_transit
    return {
        "closing": closing,
        "U": unconsumed,
        "confirmed_unreleased": unreleased,
        "in_transit": in_transit,
        "interest": moved["interest_fen"],
        "breaks": closing - explained,
    }
