"""Weeks of the sample county through the public addresses, compared with the answers to the fen."""

from __future__ import annotations

import csv
import io
import os
import sys
import time
from datetime import date
from itertools import islice
from typing import Any

from funds.county_weeks import Posting, masters, postings, truth

WEEKS = int(os.environ.get("MINGJING_TEST_COUNTY_WEEKS", "2"))
FRESH_WEEKS = 2
HINDSIGHT = ("in_transit_fen", "difference_fen")
FIGURES = {
    "closing_fen": "closing",
    "unconsumed_fen": "U",
    "confirmed_unreleased_fen": "confirmed_unreleased",
    "interest_fen": "interest",
    "in_transit_fen": "in_transit",
    "difference_fen": "breaks",
}


async def test_every_account_comes_out_to_the_fen_at_every_week_end(world: Any) -> None:
    answers = truth()["accounts"]
    regulator = world.caller("fund-regulator")
    spent: dict[str, float] = {}
    for posting in masters():
        await _post(regulator, posting, spent)
    ends, signed = [], set[str]()
    for until, week in islice(postings(), WEEKS):
        for posting in week:
            await _post(regulator, posting, spent)
            signed |= _signed(posting)
        begun = time.monotonic()
        evaluated = await regulator.send("POST", f"/alerts/evaluations?day={until}")
        spent["evaluations"] = spent.get("evaluations", 0) + time.monotonic() - begun
        assert evaluated.status_code == 200, evaluated.text
        ends.append(until)
    differences = []
    for number, until in enumerate(ends):
        found = await regulator.get("/accounts/balances", day=str(until))
        assert found["totals"]["accounts"] == len(answers) == 176
        for account in found["accounts"]:
            weekly = answers[account["number"]]["weekly"]
            for mine, theirs in FIGURES.items():
                if account[mine] != weekly[theirs][number]:
                    differences.append((account["number"], until, mine, account[mine], weekly[theirs][number]))
    if "MINGJING_TEST_COUNTY_WEEKS" in os.environ:
        sys.stdout.write(f"{ {kind: round(seconds, 2) for kind, seconds in spent.items()} }\n")
    # Whether a payment is on its way or will never come is known only later.
    settled = ends[:-FRESH_WEEKS] if len(ends) > FRESH_WEEKS else []
    assert [each for each in differences if each[2] not in HINDSIGHT or each[1] in settled] == []
    assert await _findings(regulator) == _violations(signed)
    missing = (await regulator.get("/alerts", rule="F07"))["items"]
    assert len(missing) <= len(ends), "what was paid before the opening is in its balance, and nothing to tell"
    replayed = await world.replayed()
    assert replayed.differences == 0, replayed.examples


async def _findings(caller: Any) -> set[tuple[str, str]]:
    """Contract and rule of every charge that was found to break one."""
    found = (await caller.get("/contracts/findings", limit=500))["items"]
    words = {"P6-early": "P6_early", "P6-renewal": "P6_renewal"}
    return {(one["contract_no"], words.get(one["rule"]) or one["rule"].partition("-")[0]) for one in found}


def _signed(posting: Posting) -> set[str]:
    """The contracts that a file tells of."""
    if posting.kind != "contracts":
        return set()
    return {line["合同编号"] for line in csv.DictReader(io.StringIO(posting.data.decode("utf-8-sig")))}


def _violations(signed: set[str]) -> set[tuple[str, str]]:
    """The answers' own, of contracts that were told of by then: of two charges in a row the later one."""
    broken = ((max(one["contracts"]), one["rule"]) for one in truth()["rule_violations"])
    return {(no, rule) for no, rule in broken if no in signed}


async def _post(caller: Any, posting: Posting, spent: dict[str, float]) -> None:
    begun = time.monotonic()
    answer = await caller.send(
        "POST",
        f"/files/{posting.kind}?covers_to={posting.covers_to}&delivered_on={posting.delivered_on}",
        content=posting.data,
        headers={"Content-Type": "application/octet-stream"},
    )
    spent[posting.kind] = spent.get(posting.kind, 0) + time.monotonic() - begun
    assert answer.status_code == 200, answer.text


async def test_the_same_file_again_changes_nothing(world: Any) -> None:
    regulator = world.caller("fund-regulator")
    spent: dict[str, float] = {}
    files = [*masters(), *next(postings())[1]]
    for posting in files:
        await _post(regulator, posting, spent)
    before = await world.host.log.head()
    for posting in files:
        await _post(regulator, posting, spent)
    assert await world.host.log.head() == before
    assert date.fromisoformat((await regulator.get("/accounts/balances", day="2026-01-06"))["day"])
