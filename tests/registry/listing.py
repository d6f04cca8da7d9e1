"""A listing (B1) over HTTP, step by step, by the people who may do each."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import httpx

from registry.conftest import Caller, World

DAYS = {
    "proposal": "2026-06-08", "legal-review": "2026-06-08", "notice": "2026-06-09", "decision": "2026-06-17",
    "consent": "2026-06-18", "publication": "2026-06-19",
}  # fmt: skip
BODIES: dict[str, dict[str, Any]] = {
    "legal-review": {"agrees": True, "opinion": "事实清楚，依据充分"},
    "notice": {
        "notice_reference": "西教告〔2026〕1号",
        "served_on": "2026-06-09",
        "reasons": "收取预付费后停业失联",
        "rights": "五个工作日内可陈述、申辩、申请听证",
    },
    "decision": {
        "document_number": "西教列〔2026〕1号", "grade": "serious", "months": 36, "reason": "情节严重",
        "answer": "陈述不成立",
    },
    "consent": {"consents": True, "reference": "杭教批〔2026〕1号"},
    "publication": {"summary": "收取预付费后停业失联"},
}  # fmt: skip
ROLES = {
    "proposal": ("case-officer", "330106"), "legal-review": ("legal-reviewer", "330106"),
    "notice": ("case-officer", "330106"), "decision": ("approver", "330106"), "consent": ("approver", "3301"),
    "publication": ("case-officer", "330106"),
}  # fmt: skip
STEPS = ("legal-review", "notice", "decision", "consent", "publication")
NEW = {
    "grade": "serious",
    "facts": "收取预付费后停业失联",
    "evidence": ["现场笔录1号"],
    "legal_basis_reference": "国办发〔2018〕80号",
    "penalty_reference": "西教罚〔2026〕1号",
}


@dataclass
class Listed:
    """One listing on its way."""

    world: World
    path: str = ""

    def caller(self, role: str, region: str = "330106") -> Caller:
        """Somebody of this role: the same role in another region is another person."""
        return self.world.caller(role, region=region, subject=f"{role}-{region}")

    async def do(self, caller: Caller, step: str, body: dict[str, Any], day: str = "") -> httpx.Response:
        """One step by whoever, on a day."""
        then = replace(caller, headers=dict(caller.headers))
        if day:
            then.headers["Mingjing-Occurred-At"] = f"{day}T02:00:00+00:00"
        answer = await then.post(f"{self.path}/{step}" if step else self.path, body)
        caller.position = then.position
        return answer

    async def propose(self, party: dict[str, Any], **more: Any) -> None:
        """The proposal."""
        self.path = "/blacklist/files"
        answer = await self.do(self.caller("case-officer"), "", {**NEW, "party": party, **more}, DAYS["proposal"])
        assert answer.status_code == 201, answer.text
        self.path = f"/blacklist/files/{answer.json()['listing_id']}"

    async def go(self, *steps: str) -> None:
        """Steps by the people and on the days that belong to them."""
        for step in steps or STEPS:
            answer = await self.do(self.caller(*ROLES[step]), step, BODIES[step], DAYS[step])
            assert answer.status_code == 200, answer.text
