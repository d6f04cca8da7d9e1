"""What a person may do on the bank's side: freezes, entries that nobody could place, reconciliation breaks.

One rule: a freeze is entered as the order says; nobody here decides about it.
"""

from __future__ import annotations

from typing import Final

from mingjing_funds.acts import REGULATORS
from mingjing_funds.domain import account as a
from mingjing_funds.domain import custody_break as b
from mingjing_funds.domain import freeze as f
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
BANK_ACCOUNT_ACTS: Final = (ENTER_FREEZE, ENTER_UNFREEZE, EXPLAIN_ENTRY)
BREAK_ACTS: Final = (RESOLVE_BREAK,)
