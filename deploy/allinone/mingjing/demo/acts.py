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


async def suspend_and_see(caller: Caller) -> dict[str, str]:
    """Suspend the licence behind a RED alert, then see what is still possible. What came of it, by act."""
    found = await _institution_at_risk(caller)
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
    refund = {"refund_no": "TF-DEMO-0001", "amount_fen": 100, "reason": "机构被暂扣许可"}
    await caller.post("fund-regulator", "funds", f"/contracts/{contract['contract_id']}/refunds", refund)
    return {
        "institution": alert["institution_name"],
        "alert": alert["explanation_zh"],
        "suspended": _DECISION,
        "charge_refused": charge,
        "refund_open": refund["refund_no"],
    }


async def _institution_at_risk(caller: Caller) -> tuple[dict[str, Any], dict[str, Any]] | None:
    """A standing RED alert whose institution holds a licence and has a contract with money left in it."""
    white = {row["institution_id"] for row in await caller.everything("auditor", "registry", "/whitelist")}
    for alert in await caller.everything("fund-regulator", "funds", "/alerts?severity=RED"):
        if alert["institution_id"] not in white or alert["ended_on"]:
            continue
        page = await caller.get("fund-regulator", "funds", f"/contracts?account_id={alert['account_id']}&limit=100")
        for contract in page["items"]:
            if contract["paid_fen"] - contract["earned_fen"] - contract["refunded_fen"] > 100:
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
            "student_masked": "演*生",
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
