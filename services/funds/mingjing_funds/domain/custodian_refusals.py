"""Why custody of a licence does not move as asked, in words that a person can act on."""

from __future__ import annotations

from mingjing_kernel.refusal import Invalid, NotFound, Refusal


class AnotherAccountActive(Refusal):
    """One ACTIVE account a licence."""

    sentence = "Another custody account is active for this licence."
    remedy = "Change the bank in its four steps, or close the other account first."
    rule = "one custody account a licence (教监管函〔2021〕2号)"
    field = "account_id"


class CustodyMissing(NotFound):
    """No account is active for this licence."""

    sentence = "No custody account is active for this licence."
    remedy = "Activate an account first."
    field = "account_id"


class ChangeStepMissing(Refusal):
    """A step of the change before its turn."""

    sentence = "The change of bank has not come to this step: {missing}."
    remedy = "New account active, balance transferred, transfer reconciled, old account closed: in this order."
    field = "state"


class ChangeStepTaken(Refusal):
    """A step of the change that was taken before."""

    sentence = "This step of the change of bank has been taken."
    remedy = "Take the next one: balance transferred, transfer reconciled, old account closed."
    field = "state"


class NotOfThisInstitution(Refusal):
    """The new account of a change is another institution's, or nobody's yet."""

    sentence = "The account does not belong to this institution."
    remedy = "Name an account that this institution has applied for and whose agreement is signed."
    rule = "one custody account a licence (教监管函〔2021〕2号)"
    field = "account_id"


class TransferNotBooked(Refusal):
    """A transfer that one of the two banks has not booked so."""

    sentence = "Booking {flow} of ¥{amount_fen} is not among the entries of {number} that nothing explains yet."
    remedy = "Take in both banks' statements, and name the debit of the old account and the credit of the new one."
    rule = "change of bank: one debit there, one credit here"
    field = "flow_out"


class ChangeUnfounded(Invalid):
    """A change without reason."""

    sentence = "A change of bank, and giving it up, needs a reason."
    remedy = "State it; families are told of the new account."
    field = "reason"


class ChangeWithoutConsent(Invalid):
    """A change that the department has not agreed to."""

    sentence = "A change of bank needs the department's consent."
    remedy = "Ask the department, and state its consent."
    rule = "one custody account a licence (教监管函〔2021〕2号)"
    field = "department_consents"


class NewAccountInUse(Refusal):
    """Families have paid into it, or contracts are with it."""

    sentence = "The new account holds money already, or awaits some: the change is not given up."
    remedy = "Finish the change, or begin one back to the former bank when it is finished."
    rule = "one custody account a licence (教监管函〔2021〕2号)"
    field = "account_id"


class ChangeFrozen(Refusal):
    """Frozen money stays where it is."""

    sentence = "Freezing order “{order_no}” lies on the old account: its money cannot move."
    remedy = "Wait until the freeze ends."
    rule = "judicial freeze (民事诉讼法)"
    field = "account_id"


class TransferDiffers(Refusal):
    """The transfer again with another amount or other bookings."""

    sentence = "The transfer was noted with ¥{amount_fen} and other bookings."
    remedy = "Compare with both banks' statements."
    field = "amount_fen"


class TransferUnreconciled(Refusal):
    """Money is left, missing or on its way."""

    sentence = (
        "¥{old_fen} are left in the old account, ¥{received_fen} of ¥{sent_fen} have come, {under_way} are under way."
    )
    remedy = (
        "Reconcile when the old account is empty, the new one has received all, and nothing is under way. "
        "Where a bank has reversed its booking and booked it once more, note the transfer with the new booking."
    )
    rule = "change of bank: reconcile before closing"
    field = "old_balance_fen"


class HoldStaysBehind(Refusal):
    """A stop on releases would be got round by a change of bank."""

    sentence = "Releases of the old account are held, and those of the new one are not: no contract goes over."
    remedy = "Have the hold proposed and approved on the new account too, or lifted on the old one."
    rule = "release hold (暂停拨付; custody agreement)"
    field = "account_id"


class OpenedToday(Refusal):
    """What counts on the day of the opening balance was in it."""

    sentence = "The opening balance of {opening_on} stands for all of that day: contracts come to the account later."
    remedy = "Carry the contracts over from the next day on."
    rule = "change of bank: what leaves one account comes to the other"
    field = "opening_on"


class BalanceStays(Refusal):
    """The transfer was not the whole balance, or money has come, or gone, at the old bank since."""

    sentence = "¥{balance_fen} lie on the old account after the transfer: no contract goes where its money is not."
    remedy = "Have the old bank send the rest over, note it as a further transfer, and carry the contracts then."
    rule = "change of bank: what leaves one account comes to the other"
    field = "old_balance_fen"


class BankChanging(Refusal):
    """A charge on the account that a change of bank empties."""

    sentence = "The bank of this account is being changed: new contracts are signed on account {number}."
    remedy = "Sign it on the new account, into which families pay from now on."
    rule = "one custody account a licence (教监管函〔2021〕2号)"
    field = "account_id"


class ContractsKept(Refusal):
    """A contract was signed onto it, or told to be on it, after the last was carried over."""

    sentence = "Contracts are still with the old account."
    remedy = "Carry the contracts over first: it is a step of the change of bank."
    rule = "change of bank: what leaves one account comes to the other"
    field = "state"


class ContractsStay(Refusal):
    """The old account of a change closes last of all."""

    sentence = "¥{releasable_fen} that lessons have earned are still in the books of the old account."
    remedy = "Carry the contracts over first: it is a step of the change of bank."
    rule = "change of bank: what leaves one account comes to the other"
    field = "state"
