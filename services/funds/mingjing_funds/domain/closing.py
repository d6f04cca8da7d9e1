"""Closing guard (销户核查): nothing is owed to families, nothing is on its way, when it is asked and when it is done.

The one rule: it is asked twice. Between the request and the bank's word weeks may lie, and money may have come.
"""

from __future__ import annotations

from mingjing_funds.domain import account as a
from mingjing_funds.domain import account_refusals as because
from mingjing_funds.domain.account_state import Ledger
from mingjing_funds.domain.money import yuan
from mingjing_kernel.refusal import Refusal


class PaymentsUnderWay(Refusal):
    """The bank may still carry them out, and would find no account."""

    sentence = "¥{amount_fen} of releases and refunds are with the bank and not yet booked."
    remedy = "Wait for the bank's statement, or for its word that it does not carry them out."
    rule = "closing guard (custody agreement; 教监管函〔2021〕2号)"
    field = "state"


def require_nothing_owed(command: a.RequestClosing | a.CloseAccount, ledger: Ledger) -> None:
    """Raise ``LiabilityLeft`` or ``PaymentsUnderWay``."""
    if command.unconsumed_fen != 0 or command.refunds_pending:
        raise because.LiabilityLeft(
            unconsumed_fen=yuan(command.unconsumed_fen), refunds_pending=command.refunds_pending
        )
    if under_way := ledger.under_way_fen():
        raise PaymentsUnderWay(amount_fen=yuan(under_way))
