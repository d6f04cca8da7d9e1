"""Single acts of named officials, after the weeks are over: what follows from a RED alert, and who decides it.

A machine raised the alert; a task for the grid followed by itself (X1). A person suspends the licence, with a served
decision; then charging stops at once and refunds stay open (X11).
"""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

from mingjing.county import LAST_DAY
from mingjing.demo.caller import Caller
from mingjing_kernel.identifiers import derived_id

BLOCKED_SECONDS_MAX = 20.0
_DECISION = "西湖教罚决〔2026〕演示第1号"
_REFUND = "TF-DEMO-0001"
_REFUND_FEN = 100


async def suspend_and_see(caller: Caller) -> dict[str, str]:
    """Suspend the licence behind a RED alert, then see what is still possible. What came of it, by act.

    Again on the same logs, it finds the same institution and the same contract, and every request is a repeat.
    """
    found = await _chosen(caller, await _suspended(caller)) or await _chosen(caller, await _white(caller))
    if found is None:
        return {"suspended": "no RED alert about a known institution"}
    alert, contract = found
    institution = alert["institution_id"]
    body = {
        "decision_reference": _DECISION,
        "served_on": str(LAST_DAY),
        "reason": alert["explanation_zh"][:500],
        "legal_basis": "民办教育促进法 第六十二条",
    }
    await caller.post("approver", "registry", f"/institutions/{institution}/licence/suspension", body)
    charge = await _charge_until_refused(caller, contract)
    refund = {"refund_no": _REFUND, "amount_fen": _REFUND_FEN, "reason": "机构被暂扣许可"}
    await caller.post("fund-regulator", "funds", f"/contracts/{contract['contract_id']}/refunds", refund)
    return {
        "institution": alert["institution_name"],
        "alert": alert["explanation_zh"],
        "suspended": _DECISION,
        "charge_refused": charge,
        "refund_open": _REFUND,
    }


async def _suspended(caller: Caller) -> set[str]:
    path = "/institutions?licence_state=suspended"
    return {row["institution_id"] for row in await caller.everything("auditor", "registry", path)}


async def _white(caller: Caller) -> set[str]:
    return {row["institution_id"] for row in await caller.everything("auditor", "registry", "/whitelist")}


async def _chosen(caller: Caller, among: set[str]) -> tuple[dict[str, Any], dict[str, Any]] | None:
    """The first standing RED alert about one of them that has a contract with money left, and that contract.

    A refund that was only asked for changes neither, so the choice is the same again.
    """
    if not among:
        return None
    for alert in await caller.everything("fund-regulator", "funds", "/alerts?severity=RED"):
        if alert["institution_id"] not in among or alert["ended_on"]:
            continue
        page = await caller.get("fund-regulator", "funds", f"/contracts?account_id={alert['account_id']}&limit=100")
        for contract in page["items"]:
            if contract["paid_fen"] - contract["earned_fen"] - contract["refunded_fen"] > _REFUND_FEN:
                return alert, contract
    return None


async def _charge_until_refused(caller: Caller, like: dict[str, Any]) -> str:
    """Try to sign new contracts; the first may slip through while the news travels. The problem that stopped it."""
    deadline = asyncio.get_running_loop().time() + BLOCKED_SECONDS_MAX
    number = 0
    while True:
        number += 1
        body = {
            "contract_id": str(derived_id("demo-contract", number)),
            "contract_no": f"HT-DEMO-{number:04d}",
            "account_id": like["account_id"],
            "pupil": {"name": "演示学员"},
            "guardian": {"name": "演示家长", "phone": "19900000000"},
            "course": "演示课程",
            "is_subject": False,
            "lessons": 10,
            "price_fen": 100_000,
            "starts_on": str(LAST_DAY + timedelta(days=2)),
            "ends_on": str(LAST_DAY + timedelta(days=60)),
        }
        problem = await caller.attempt("fund-regulator", "funds", "/contracts", body)
        if problem or asyncio.get_running_loop().time() > deadline:
            return problem or "not refused in time"
        await asyncio.sleep(0.1)
