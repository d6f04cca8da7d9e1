"""Rows of files that say something about a day that has not come."""

from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from mingjing_funds.domain import contract as c
from mingjing_funds.intake.plan import Directory, planned
from mingjing_funds.sources.detect import Kind
from mingjing_funds.sources.kept_aside import DateNotYetCome

TODAY = date(2026, 1, 6)
DIRECTORY = Directory(delivered_on=TODAY, covers_to=TODAY, vendor_accounts={"JG1": ""})
PAID = {
    "payment_no": "JF1",
    "contract_no": "HT1",
    "vendor_code": "",
    "amount_fen": 1,
    "method": "微信",
    "succeeded": True,
}


def rows(**said: Any) -> tuple[Any, ...]:
    return (SimpleNamespace(row=2, **said),)


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (Kind.PAYMENTS, PAID | {"paid_at": datetime(2026, 1, 6, 16, tzinfo=UTC)}),
        (Kind.CONTRACTS, {"vendor_code": "JG1", "signed_at": datetime(2026, 1, 6, 16, tzinfo=UTC)}),
        (Kind.ACCOUNT_LIST, {"opened_on": date(2026, 1, 7), "opening_on": TODAY}),
        (Kind.ACCOUNT_LIST, {"opened_on": TODAY, "opening_on": date(2026, 1, 7)}),
    ],
)
def test_what_has_happened_lies_before_the_delivery(kind: Kind, said: dict[str, Any]) -> None:
    steps, aside = planned(kind, rows(**said), DIRECTORY)
    assert (steps, [(row, type(reason)) for row, reason in aside]) == ([], [(2, DateNotYetCome)])


def test_a_payment_on_the_day_of_delivery_is_used() -> None:
    steps, aside = planned(Kind.PAYMENTS, rows(**PAID, paid_at=datetime(2026, 1, 6, 15, 59, tzinfo=UTC)), DIRECTORY)
    assert [type(step.command) for step in steps] == [c.RecordPayment]
    assert aside == []
