"""The regulators' reports: totals that come down to accounts, postings and the bank's lines, and are printed."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

from python_calamine import CalamineWorkbook

from funds.test_alert_deadlines import step
from funds.test_alert_duty import TODAY, alerts
from funds.test_api import ACCOUNT, CONTRACT, INSTITUTION, NEW_CONTRACT, PAYMENT, REGISTERED, opened
from mingjing_contracts.registry import LicenceApprovedV1, LicenceSuspendedV1
from mingjing_funds.intake.alert_duty import NAME


async def charged(world: Any) -> Any:
    """A licensed institution whose account holds less than its families are owed."""
    regulator = world.caller("fund-regulator")
    await world.tell(REGISTERED)
    licence = LicenceApprovedV1(
        institution_id=INSTITUTION,
        number="1",
        issued_on=TODAY - timedelta(days=400),
        expires_on=TODAY + timedelta(days=400),
        on=TODAY,
    )
    await world.tell(licence)
    await opened(regulator, opening_fen=1_000_00)
    await regulator.send("POST", "/contracts", json=NEW_CONTRACT)
    await regulator.get("/contracts")
    assert (await regulator.send("POST", f"/contracts/{CONTRACT}/payment", json=PAYMENT)).status_code == 201
    await world.host.duties[NAME].look()
    regulator.position = str(await world.host.log.head())
    return regulator


async def test_a_total_comes_down_to_its_accounts_and_their_postings(world: Any) -> None:
    regulator = await charged(world)
    balance = (await regulator.get("/accounts/balances"))["accounts"][0]
    (total,) = (await regulator.get("/reports/custody"))["items"]
    assert (total["accounts"], total["licensed"], total["with_account"], total["custody_basis_points"]) == (
        1, 1, 1, 10_000,
    )  # fmt: skip
    assert (total["closing_fen"], total["owed_fen"]) == (balance["closing_fen"], balance["unconsumed_fen"])
    assert (total["below_80"], total["short"]) == (1, 1)
    assert (
        total["short_fen"]
        == total["owed_fen"] - (total["closing_fen"] - total["minimum_fen"]) - total["in_transit_fen"]
    )
    (art,) = (await regulator.get("/reports/custody", by="category"))["items"]
    assert (art["key"], art["licensed"], art["owed_fen"]) == ("art", 1, total["owed_fen"])
    (account,) = (await regulator.get("/reports/custody/accounts", by="category", key="art"))["items"]
    assert (account["account_id"], account["owed_fen"]) == (str(ACCOUNT), total["owed_fen"])
    assert account["red_alerts"] > 0
    assert (await regulator.get("/reports/custody/accounts", by="category", key="sport"))["items"] == []
    postings = await regulator.get(f"/accounts/{account['account_id']}/postings")
    cash = next(one for one in postings["sums"] if one["book"] == "custody-cash")
    assert cash["balance_fen"] == account["closing_fen"]
    before = await regulator.get("/reports/custody", day=str(TODAY - timedelta(days=60)))
    assert sum(one["owed_fen"] for one in before["items"]) == 0
    elsewhere = world.caller("fund-regulator", "li", region="330105")
    assert (await elsewhere.get("/reports/custody"))["items"] == []
    assert (await world.replayed()).differences == 0


async def test_a_withheld_licence_and_one_that_ended_are_none(world: Any) -> None:
    regulator = await charged(world)
    later = str(TODAY + timedelta(days=401))
    ended = (await regulator.get("/reports/custody", day=later))["items"][0]
    assert (ended["accounts"], ended["licensed"], ended["with_account"]) == (1, 0, 0), "coverage is of the licensed"
    assert ended["custody_basis_points"] is None
    (bank,) = (await regulator.get("/reports/custody", by="bank"))["items"]
    assert (bank["accounts"], bank["licensed"], bank["with_account"]) == (1, 0, 1)
    await world.tell(LicenceSuspendedV1(institution_id=INSTITUTION, decision_reference="1号", reason="", on=TODAY))
    regulator.position = str(await world.host.log.head())
    assert (await regulator.get("/reports/custody"))["items"][0]["licensed"] == 0


async def test_alerts_are_counted_by_rule_with_backlog_times_and_precision(world: Any) -> None:
    regulator = await charged(world)
    alert = (await alerts(world, regulator))["F01"]
    figures = {row["rule"]: row for row in (await regulator.get("/reports/alerts"))["items"]}
    assert {rule: row["raised"] for rule, row in figures.items()} == dict.fromkeys(await alerts(world, regulator), 1)
    first = figures["F01"]
    assert (first["red_backlog"], first["red_unacknowledged"], first["acknowledge_minutes"]) == (1, 1, None)
    for name, body in (
        ("acknowledgement", None),
        ("verification", None),
        ("judgement", {"is_confirmed": False, "evidence": "银行补送流水"}),
    ):
        await step(regulator, alert["alert_id"], name, body)
    other = world.caller("fund-regulator", "zhou")
    closing = {"disposal": "false-positive", "evidence": "流水"}
    await step(other, alert["alert_id"], "closing", closing)
    regulator.position = other.position
    done = {row["rule"]: row for row in (await regulator.get("/reports/alerts"))["items"]}["F01"]
    assert (done["red_backlog"], done["closed"], done["false_alarms"], done["precision_basis_points"]) == (0, 1, 1, 0)
    assert done["acknowledge_minutes"] is not None
    assert done["close_minutes"] is not None
    wrong = await regulator.send("GET", "/reports/alerts", params={"since": "2026-07-02", "until": "2026-07-01"})
    assert wrong.status_code == 422
    assert (await world.replayed()).differences == 0


async def test_each_report_is_a_file(world: Any) -> None:
    regulator = await charged(world)
    for path, heading in (
        ("/reports/custody", "未消课负债"),
        ("/reports/custody/accounts", "缺口"),
        ("/reports/alerts", "红色未办结"),
    ):
        answer = await regulator.send("GET", path, params={"format": "xlsx"})
        assert answer.status_code == 200, answer.text
        rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
        cells = {str(cell) for row in rows for cell in row if cell}
        assert any(heading in one for one in cells), (path, cells)
