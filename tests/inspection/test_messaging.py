"""What the inspection tells the others: of a complaint the kinds of its words, and nobody who said them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from inspection.domain.test_complaint import INTAKE, taken
from mingjing_contracts.inspection import ComplaintReceivedV2
from mingjing_inspection.domain.complaint import ComplaintTaken
from mingjing_inspection.messaging.outbound import OUTBOUND
from mingjing_kernel.log import Meta, Recorded


def test_a_complaint_is_told_with_what_bears_on_money_and_without_its_text() -> None:
    said = replace(INTAKE, title="举报收费", text="收款是老板个人微信；现在负责人失联，三个月没发工资。")
    event = replace(taken(), intake=said)
    meta: Any = Meta(actor="a", command_id=event.taken_at)  # type: ignore[arg-type]
    fact = Recorded(
        1, "complaint-018f0000-0000-7000-8000-000000000001", 1, "", event, meta, said.received_at, said.received_at
    )
    told = OUTBOUND[ComplaintTaken](fact)
    assert isinstance(told, ComplaintReceivedV2)
    assert told.says == ("arrears", "gone", "private-payment")
    assert "个人微信" not in told.to_bytes().decode()
