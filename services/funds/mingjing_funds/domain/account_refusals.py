"""Why an account command is refused, in words that a person can act on."""

from __future__ import annotations

from enum import StrEnum
from types import MappingProxyType

from mingjing_kernel.refusal import Invalid, NotFound, Refusal


class Standing(StrEnum):
    """Where an account stands, as a refusal says it: the Chinese sentence shows the Chinese word."""

    NEW = "new"
    UNOPENED = "unopened"
    APPLIED = "applied"
    AGREED = "agreed"
    ACTIVE = "active"
    HELD = "held"
    RELEASE_HOLD = "release-hold"
    CLOSING = "closing"
    CLOSED = "closed"

    @property
    def zh(self) -> str:
        """In Chinese."""
        return _STANDING[self]


_STANDING = MappingProxyType(
    {
        Standing.NEW: "未登记",
        Standing.UNOPENED: "未登记",
        Standing.APPLIED: "已申请",
        Standing.AGREED: "已签协议",
        Standing.ACTIVE: "正常",
        Standing.HELD: "暂停拨付",
        Standing.RELEASE_HOLD: "暂停拨付",
        Standing.CLOSING: "销户中",
        Standing.CLOSED: "已销户",
    }
)


class AccountUnknown(NotFound):
    """No custody account stands under this number."""

    sentence = "There is no custody account with the number “{number}”."
    remedy = "Check the number; import the account list first."
    field = "account_number"


class NumberTaken(Refusal):
    """The bank's number stands for another account already; its entries must not go astray."""

    sentence = "Account number {number} belongs to another custody account."
    remedy = "Check the number with the bank."
    field = "number"


class AccountDiffers(Refusal):
    """The account stands already with other particulars."""

    sentence = "The custody account stands already with other particulars."
    remedy = "Compare the list with the agreement; a change of minimum or bank needs a new agreement."
    field = "account_number"


class AccountNotInState(Refusal):
    """The step does not follow from where the account stands."""

    sentence = "This step needs an account that is {needed}; this one is {found}."
    remedy = "Carry out the steps in their order: apply, sign, activate, hold or lift, close."
    field = "state"

    def __init__(self, *, needed: str, found: str) -> None:
        super().__init__(needed=Standing(needed), found=Standing(found))


class HoldNotProposed(Refusal):
    """A hold is proposed by one person and approved by another."""

    sentence = "Nobody has proposed a release hold on this account."
    remedy = "Let a fund regulator propose it first, with reason and legal basis."
    rule = "X2 (release hold)"
    field = "state"


class HoldAlreadyProposed(Refusal):
    """One proposal at a time."""

    sentence = "A release hold was proposed already and waits for a decision."
    remedy = "Ask an approver to decide."
    rule = "X2 (release hold)"
    field = "state"


class ReasonMissing(Invalid):
    """A decision without reason or legal basis."""

    sentence = "A release hold needs a reason and a legal basis."
    remedy = "State both; they are shown to the institution."
    field = "reason"


class LiabilityLeft(Refusal):
    """Money of families is still in the account."""

    sentence = "¥{unconsumed_fen} of lessons not yet given and {refunds_pending} refunds are still open."
    remedy = "Finish or refund all contracts before closing."
    rule = "closing guard (custody agreement; 教监管函〔2021〕2号)"
    field = "unconsumed_fen"


class ConsentMissing(Refusal):
    """The competent department has not agreed to the closing."""

    sentence = "The competent department has not consented to closing this account."
    remedy = "Ask the department for its consent."
    field = "department_consents"


class BalanceLeft(Refusal):
    """An account with money in it cannot be closed."""

    sentence = "The account still holds ¥{balance_fen}."
    remedy = "Transfer the balance first."
    field = "balance_fen"


class ReleasesHeld(Refusal):
    """X2: releases are stopped."""

    sentence = "Releases from this account are on hold; refunds go on."
    remedy = "Wait until the hold is lifted by a decision."
    rule = "X2 (release hold)"
    field = "state"


class ReleaseBeyondLessons(Refusal):
    """A release may not exceed what confirmed lessons have earned."""

    sentence = "¥{amount_fen} are to be released; confirmed lessons leave ¥{releasable_fen}."
    remedy = "Release at most what confirmed lessons have earned and no instruction has asked for yet."
    rule = "C(k) = floor(P·k / N) (教监管函〔2021〕2号)"
    field = "amount_fen"


class ExpectationDiffers(Refusal):
    """The same number for another amount."""

    sentence = "Number {number} stands already with ¥{amount_fen}."
    remedy = "One number is at most one movement; use a new number."
    field = "number"


class NothingToWithdraw(Refusal):
    """A number that waits for no money out: unknown, booked already, or a family's payment."""

    sentence = "No release and no refund waits under number {number}."
    remedy = "A movement that the bank has booked is taken back by a reversal of the bank's."
    field = "number"


class NothingToExplain(Refusal):
    """The entry is in no suspense, the number is not awaited, or the money goes the other way."""

    sentence = "Entry {flow} does not carry out {number}: one of them is settled, unknown or goes the other way."
    remedy = "Choose an entry in suspense, and a number that is still awaited in the same direction."
    field = "flow"


class NothingInSuspense(Refusal):
    """Every entry has its place."""

    sentence = "No entry of this account is in suspense."
    remedy = "Nothing needs to be done."
    field = "flow"


class NothingFrozen(Refusal):
    """No order lies on the account."""

    sentence = "No freezing order lies on this account."
    remedy = "Nothing needs to be done."
    field = "order_no"


class EntryContradicted(Refusal):
    """A flow number that was booked with other particulars."""

    sentence = "Entry {flow} was booked with other particulars before; the first booking stands."
    remedy = "Ask the bank which one is right; a wrong booking is corrected by a reversal, not by sending it again."
    field = "flow"


class EntryOfAnotherAccount(Refusal):
    """An entry was sent to the wrong account."""

    sentence = "Entry {flow} belongs to account {account_number}, not to {number}."
    remedy = "Send it to the account that it names."
    field = "account_number"


class EntryAmountZero(Invalid):
    """A booking moves money."""

    sentence = "Entry {flow} moves no money."
    remedy = "Ask the bank for the amount."
    field = "amount_fen"


class EntryBeforeOpening(Refusal):
    """The opening balance counts this booking already."""

    sentence = "Entry {flow} lies on or before {opening_on}, the day of the opening balance that includes it."
    remedy = "Nothing needs to be done unless the opening balance is wrong."
    field = "booked_at"


class SumNotPositive(Invalid):
    """An expected movement has a positive amount."""

    sentence = "The amount must be at least one fen."
    remedy = "Enter a positive amount."
    field = "amount_fen"
