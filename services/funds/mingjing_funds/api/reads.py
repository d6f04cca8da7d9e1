"""Which reads of this service are on record: families and their money; and why the others are not."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from mingjing_kernel.reads import Open, Reading, Restricted

READS: Mapping[str, Reading] = MappingProxyType(
    {
        "/accounts": Open("custody accounts of institutions"),
        "/accounts/balances": Open("sums of institutions"),
        "/accounts/entries": Restricted("bank-entry", ("counterparty",)),
        "/accounts/{account_id}": Open("a custody account of an institution"),
        "/contracts": Restricted("contract", ("family",)),
        "/contracts/findings": Restricted("contract", ("family",)),
        "/contract-numbers/{contract_id}": Open("number, course and price of one contract; nobody is named"),
        "/contracts/{contract_id}/order": Open("amounts of one contract; nobody is named"),
        "/contracts/{contract_id}/refund-quote": Open("amounts of one contract; nobody is named"),
        "/refund-lists": Open("sums of accounts; no family is named"),
        "/payment-batches/{batch_id}/recall": Open("numbers and amounts of what was stopped; a refund names nobody"),
        "/refund-lists/{list_id}/shares": Open("sums of contracts by number; no family is named"),
        "/refund-requests": Restricted("refund", ("family",)),
        "/lesson-decisions": Restricted("contract", ("family",)),
        "/contracts/{contract_id}": Restricted("contract", ("family",)),
        "/payments": Restricted("payment", ("family",)),
        "/releases": Open("money that goes to institutions"),
        "/refunds": Restricted("refund", ("family",)),
        "/files": Open("which files were sent; no rows of them"),
        "/kept-aside": Restricted("kept-aside", ("cells",)),
        "/alerts": Open("about accounts of institutions"),
        "/alerts/evaluations": Open("about accounts of institutions"),
        "/alerts/replay": Open("what rules saw of institutions: counts and sums; facts by their names alone"),
        "/alerts/what-if": Open("what rules would have said of institutions"),
        "/alerts/what-if/chart": Open("how often rules would have spoken"),
        "/reports/alerts": Open("counts of alerts"),
        "/reports/custody": Open("sums of accounts; no family is named"),
        "/reports/custody/accounts": Open("sums of institutions' accounts"),
        "/institutions": Open("organisations, of which most is published"),
        "/rules": Open("rules, which are published"),
        "/accounts/{account_id}/available-actions": Open("what the caller may do; it shows nothing of the thing"),
        "/alerts/{alert_id}/available-actions": Open("what the caller may do; it shows nothing of the thing"),
        "/contracts/{contract_id}/available-actions": Open("what the caller may do; it shows nothing of the thing"),
        "/breaks": Restricted("reconciliation-break", ("family", "counterparty")),
        "/breaks/{break_id}/available-actions": Open("what the caller may do; it shows nothing of the thing"),
        "/accounts/{account_id}/postings": Restricted("posting", ("counterparty",)),
        "/contracts/{contract_id}/postings": Restricted("posting", ("family",)),
        "/payment-orders": Restricted("payment-order", ("counterparty",)),
        "/payment-batches/{batch_id}/file": Restricted("payment-batch", ("counterparty",)),
        "/ratings": Open("what families think of institutions; nobody is named, and nothing of few is shown"),
        "/ratings/{rating_id}/available-actions": Open("what the caller may do; it shows nothing of the thing"),
        "/public/ratings/{institution_id}": Open("what many ratings come to"),
        "/deposits": Open("deposits of institutions"),
        "/deposits/movements": Open("money of institutions; no family is named"),
        "/deposits/{deposit_id}": Open("a deposit of an institution"),
        "/deposits/{deposit_id}/available-actions": Open("what the caller may do; it shows nothing of the thing"),
        "/freezes": Open("orders on accounts of institutions"),
        "/custodians": Open("which bank keeps the money of which institution"),
        "/custodians/{institution_id}": Open("the same of one institution"),
        "/custodians/{institution_id}/contracts": Open("numbers of contracts that wait; no family is named"),
        "/custodians/{institution_id}/available-actions": Open("what the caller may do; it shows nothing of the thing"),
    }
)
