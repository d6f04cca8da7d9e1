"""Credit codes over HTTP: the first one, the one that follows a conversion, and the correction of a wrong one.

One rule: the code is read as a cell of a register is, so a code that no check digit fits never gets in.
"""

from __future__ import annotations

from uuid import UUID

from fastapi import Depends, Response
from pydantic import BaseModel, Field

from mingjing_kernel.http import Accepted, Kit, accepted
from mingjing_kernel.http.router import Router
from mingjing_kernel.identity import Scope
from mingjing_kernel.log import Envelope
from mingjing_registry import acts
from mingjing_registry.api.grounds import CODING, grounded
from mingjing_registry.api.past import day_of
from mingjing_registry.api.permission import acted_on
from mingjing_registry.domain.credit_code import CodeGround, GiveCode
from mingjing_registry.domain.kept_aside import Cell, Problem
from mingjing_registry.intake.mending import still_wrong
from mingjing_registry.intake.number_guard import give_code
from mingjing_registry.sources.numbers import read_uscc
from mingjing_registry.sources.problem_rule import Severity
from mingjing_registry.sources.problems import severity_of


class CodeBody(BaseModel):
    """The code of the registration certificate, and which act of law gave it."""

    uscc: str = Field(max_length=40)
    ground: CodeGround
    reference: str = Field(max_length=200, description="登记证书编号, or whatever shows the code")
    reason: str = Field(default="", max_length=1_000, description="Of a correction: why what stood was wrong")


def make_router(kit: Kit) -> Router:
    """One address: whatever the ground, it is the code that the institution has from now on."""
    router = Router(prefix="/institutions/{institution_id}", tags=["institution 机构"])

    @router.post("/code", summary="登记信用代码 record a credit code")
    async def record_code(
        institution_id: UUID,
        body: CodeBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """The former one goes on leading here; nobody else may have either."""
        known = await acted_on(kit, scope, acts.GIVE_CODE, institution_id)
        uscc, on = code_in(body.uscc), day_of(kit, written)
        command = GiveCode(uscc=uscc, ground=body.ground, reference=body.reference, reason=body.reason, on=on)
        grounds = grounded(written, body.reason, governed_by=CODING)
        return accepted(response, await give_code(kit, institution_id, known, uscc, command, grounds, on))

    return router


def code_in(text: str) -> str:
    """The code in its one spelling. Raises ``RowStillWrong`` for what is none."""
    problems: list[Problem] = []
    code = read_uscc(Cell(field="uscc", text=text), problems.append)
    if not code:
        raise still_wrong(next(one for one in problems if severity_of(one) is Severity.ASIDE))
    return code
