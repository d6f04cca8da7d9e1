"""A refund that the bank has paid and that does not take it holds up no other, and is counted."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from funds.conftest import NOW
from mingjing_funds.projections.refund_requests import CarriedOut


async def test_a_refund_that_refuses_is_passed_over_until_the_next_day(
    world: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = [CarriedOut(UUID(int=0x99), number, 1, "HP0", NOW.date()) for number in ("TF0", "TF1")]
    asked: list[str] = []

    async def carried_out(_connection: Any, but: Any = ()) -> list[CarriedOut]:
        """One at a time, as a thousand are."""
        found = [one for one in wanted if (one.contract_id, one.refund_no) not in but][:1]
        asked.extend(one.refund_no for one in found)
        return found

    monkeypatch.setattr("mingjing_funds.intake.refunds_paid.carried_out", carried_out)
    duty = world.host.duties["refunds-paid"]
    for _ in range(2):
        await duty.look()
        assert (asked, duty.readiness()) == (["TF0", "TF1"], {"refused": 2})
    assert "2 that it has paid are not noted" in await duty.do(NOW.date())
    assert asked == ["TF0", "TF1"] * 2
