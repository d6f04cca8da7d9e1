"""What a person may do on the bank's side: freezes, entries that nobody could place, reconciliation breaks.

One rule: a freeze is entered as the order says; nobody here decides about it.
"""

from __future__ import annotations

from typing import Final

from mingjing_funds.acts import APPROVERS, REGULATORS
from mingjing_funds.domain import account as a
from mingjing_funds.domain import custody_break as b
from mingjing_funds.domain import freeze as f
from mingjing_funds.domain.settlement import NameSettlementAccount
from mingjing_kernel.identity import Act

ENTER_FREEZE: Final = Act(
    name="enter-freeze", zh="登记司法冻结", en="enter a judicial freeze", roles=REGULATORS, asks=f.Freeze
)
ENTER_UNFREEZE: Final = Act(
    name="enter-unfreeze", zh="登记解除冻结", en="enter the end of a freeze", roles=REGULATORS, asks=f.Unfreeze
)
EXPLAIN_ENTRY: Final = Act(
    name="explain-entry", zh="认定待查款项", en="say what an entry carries out", roles=REGULATORS, asks=a.ExplainEntry
)
RESOLVE_BREAK: Final = Act(
    name="resolve-break", zh="处理对账差异", en="resolve a reconciliation break", roles=REGULATORS, asks=b.ResolveBreak
)
NAME_SETTLEMENT_ACCOUNT: Final = Act(
    name="name-settlement-account",
    zh="指定结算账户",
    en="name the account into which releases go",
    roles=APPROVERS,
    asks=NameSettlementAccount,
)
"""An approver: whoever instructs releases must not say where they go."""
SEND_BATCH: Final = Act(name="send-payment-batch", zh="发送付款批次", en="send a payment batch", roles=REGULATORS)
READ_REPORT: Final = Act(
    name="read-status-report", zh="导入指令状态报告", en="take in a bank's status report", roles=REGULATORS
)
BANK_ACCOUNT_ACTS: Final = (ENTER_FREEZE, ENTER_UNFREEZE, EXPLAIN_ENTRY, NAME_SETTLEMENT_ACCOUNT)
BREAK_ACTS: Final = (RESOLVE_BREAK,)
