"""What a person may do about the custody of a licence (托管关系): change its bank, step by step.

One rule: the old account is closed by the act that closes accounts, when the transfer is reconciled.
"""

from __future__ import annotations

from typing import Final

from mingjing_funds.acts import REGULATORS
from mingjing_funds.domain import custodian as m
from mingjing_kernel.identity import Act

BEGIN_BANK_CHANGE: Final = Act(
    name="begin-bank-change", zh="开始变更托管银行", en="begin a change of bank", roles=REGULATORS, asks=m.BeginChange
)
NOTE_TRANSFER: Final = Act(
    name="note-balance-transfer",
    zh="登记余额划转",
    en="note that the balance was transferred",
    roles=REGULATORS,
    asks=m.NoteTransfer,
)
RECONCILE_BANK_CHANGE: Final = Act(
    name="reconcile-bank-change",
    zh="变更银行对账",
    en="reconcile the change of bank",
    roles=REGULATORS,
    asks=m.ReconcileChange,
)
ABANDON_BANK_CHANGE: Final = Act(
    name="abandon-bank-change",
    zh="放弃变更托管银行",
    en="give a change of bank up",
    roles=REGULATORS,
    asks=m.AbandonChange,
)
CARRY_CONTRACTS: Final = Act(
    name="carry-contracts",
    zh="合同随户移交",
    en="carry contracts over to the new account",
    roles=REGULATORS,
    asks=m.CarryContracts,
)
CUSTODY_ACTS: Final = (
    BEGIN_BANK_CHANGE,
    NOTE_TRANSFER,
    CARRY_CONTRACTS,
    RECONCILE_BANK_CHANGE,
    ABANDON_BANK_CHANGE,
)
