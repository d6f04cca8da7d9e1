"""How a custody account decides and evolves: its life; bookings are in ``booking``.

The one rule: releases can be held, refunds never.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import assert_never

from mingjing_funds.domain import account as a
from mingjing_funds.domain import account_refusals as because
from mingjing_funds.domain import account_state as s
from mingjing_funds.domain import booking, carrying, closing, expecting, freeze, posting, settlement
from mingjing_funds.domain.money import yuan
from mingjing_kernel.decider import Decider
from mingjing_kernel.refusal import Refusal
from mingjing_kernel.state import changed


def decide(command: a.Command, account: s.Account) -> list[a.Event]:
    """Which facts follow from a command; raises a refusal when the rules forbid it."""
    match command:
        case a.ExpectMoney():
            return expecting.expect(command, _open(account))
        case a.WithdrawExpectation():
            return expecting.withdraw(command, _open(account).ledger)
        case a.BookEntry():
            return _book(command, _open(account))
        case a.ExplainEntry():
            return expecting.explain(command, _open(account).ledger)
        case freeze.Freeze() | freeze.Unfreeze():
            return [*freeze.decide(command, _open(account).ledger.freezes)]
        case settlement.NameSettlementAccount():
            return [*settlement.name(command, _open(account).ledger.settlement)]
        case settlement.SendPayments() | settlement.RequireFree():
            return expecting.settle(command, _open(account))
        case settlement.OpenRefundList() | settlement.SettleRefundList() | settlement.MoveEntry():
            return expecting.settle(command, _open(account))
        case carrying.LetContractsGo() | carrying.TakeContracts():
            return expecting.settle(command, _open(account))
        case _:
            return _live(command, account)


def _live(command: a.LifeCommand, account: s.Account) -> list[a.Event]:  # noqa: C901 - one flat case a command
    match command:
        case a.ApplyForAccount():
            return _apply(command, account)
        case a.LinkInstitution():
            return _link(command, account)
        case a.SignAgreement():
            return _sign(command, account)
        case a.ActivateAccount():
            return _activate(command, account)
        case a.TakeOverAccount():
            return _take_over(command, account)
        case a.ProposeHold():
            return _propose_hold(command, account)
        case a.WithdrawHoldProposal():
            return _withdraw_proposal(command, account)
        case a.HoldReleases():
            return _hold(command, account)
        case a.ProposeLift():
            return _propose_lift(command, account)
        case a.WithdrawLiftProposal():
            return _withdraw_lift(command, account)
        case a.LiftHold():
            return _lift(command, account)
        case a.RequestClosing():
            return _request_closing(command, account)
        case a.CloseAccount():
            return _close(command, account)
        case _:
            assert_never(command)


def evolve(account: s.Account, event: a.Event) -> s.Account:  # noqa: C901 - one flat case a fact
    """The account after a fact. The cost does not grow with the number of entries."""
    if isinstance(event, a.HoldEvent):
        return _after_hold(_open(account), event)
    match event:
        case a.AccountApplied():
            return s.Applied(event.holder)
        case a.AgreementSigned():
            assert isinstance(account, s.Applied)
            return s.Agreed(account.holder, event.minimum_fen)
        case a.AccountActivated():
            ledger = s.Ledger(event.opening_fen, event.opening_on, stated_fen=event.opening_fen)
            return s.Active(event.holder, event.number, event.minimum_fen, event.opened_on, ledger)
        case a.ClosingRequested():
            before = _open(account)
            return s.Closing(before.holder, before.number, before.minimum_fen, before.opened_on, before.ledger)
        case a.InstitutionLinked():
            assert not isinstance(account, s.Unopened)
            return changed(account, holder=event.holder)
        case a.AccountClosed():
            before = _open(account)
            return s.Closed(before.holder, before.number)
        case freeze.AccountFrozen() | freeze.AccountUnfrozen():
            before = _open(account)
            freezes = freeze.evolve(before.ledger.freezes, event)
            return changed(before, ledger=changed(before.ledger, freezes=freezes))
        case settlement.SettlementAccountNamed():
            before = _open(account)
            return changed(before, ledger=changed(before.ledger, settlement=event))
        case settlement.PaymentOrdered() | settlement.PaymentRecalled():
            return account
        case _:
            before = _open(account)
            return changed(before, ledger=posting.evolved(before.ledger, event))


ACCOUNT: Decider[a.Command, s.Account, a.Event] = Decider(initial=s.Unopened(), decide=decide, evolve=evolve)


def _after_hold(before: s.Open, event: a.HoldEvent) -> s.Account:
    match event:
        case a.ReleaseHoldProposed() | a.ReleaseHoldProposalWithdrawn():
            assert isinstance(before, s.Active)
            proposer = event.proposer if isinstance(event, a.ReleaseHoldProposed) else ""
            return changed(before, hold_proposed_by=proposer)
        case a.ReleaseHoldApplied(proposer=proposer):
            return s.Held(before.holder, before.number, before.minimum_fen, before.opened_on, before.ledger, proposer)
        case a.ReleaseHoldLiftProposed(proposer=proposer):
            assert isinstance(before, s.Held)
            return changed(before, lift_proposed_by=proposer)
        case a.ReleaseHoldLiftProposalWithdrawn():
            assert isinstance(before, s.Held)
            return changed(before, lift_proposed_by="")
        case a.ReleaseHoldLifted():
            return s.Active(before.holder, before.number, before.minimum_fen, before.opened_on, before.ledger)
        case _:
            assert_never(event)


def hindrance(step: type[a.Command], account: s.Account) -> Refusal | None:
    """Why the account as it stands does not take a step, whatever it says; ``None`` where it may."""
    if step in (freeze.Freeze, freeze.Unfreeze, a.ExplainEntry, settlement.NameSettlementAccount):
        return _not_open(account) or _nothing_there(step, _open(account).ledger)
    if step not in _NEEDED:
        return None
    needed = _NEEDED[step]
    if not isinstance(account, needed):
        return _not_in_state(needed.__name__.lower(), account)
    if isinstance(account, s.Closing):
        return _balance_left(account)
    proposed = isinstance(account, s.Active) and account.hold_proposed_by
    if step is a.HoldReleases and not proposed:
        return because.HoldNotProposed()
    return because.HoldAlreadyProposed() if step is a.ProposeHold and proposed else None


_NEEDED: Mapping[type[a.Command], type[s.Account]] = {
    a.SignAgreement: s.Applied,
    a.ActivateAccount: s.Agreed,
    a.ProposeHold: s.Active,
    a.HoldReleases: s.Active,
    a.LiftHold: s.Held,
    a.RequestClosing: s.Active,
    a.CloseAccount: s.Closing,
}


def _unhindered(step: type[a.Command], account: s.Account) -> None:
    if (why := hindrance(step, account)) is not None:
        raise why


def _apply(command: a.ApplyForAccount, account: s.Account) -> list[a.Event]:
    if isinstance(account, s.Unopened):
        return [a.AccountApplied(holder=command.holder, applied_on=command.applied_on)]
    if isinstance(account, s.Applied) and account.holder == command.holder:
        return []
    raise because.AccountDiffers


def _link(command: a.LinkInstitution, account: s.Account) -> list[a.Event]:
    if isinstance(account, s.Unopened):
        raise because.AccountUnknown(number="")
    holder = replace(
        account.holder,
        institution_id=command.institution_id,
        department=command.department,
        region=command.region,
        category=command.category,
    )
    if holder == account.holder:
        return []
    opened = account if isinstance(account, s.Active | s.Held | s.Closing) else None
    return [
        a.InstitutionLinked(
            holder=holder,
            number=opened.number if opened else "",
            opened_on=opened.opened_on if opened else None,
            matched_by=command.matched_by,
        )
    ]


def _sign(command: a.SignAgreement, account: s.Account) -> list[a.Event]:
    if isinstance(account, s.Agreed) and account.minimum_fen == command.minimum_fen:
        return []
    _unhindered(a.SignAgreement, account)
    return [_agreement(command)]


def _activate(command: a.ActivateAccount, account: s.Account) -> list[a.Event]:
    if isinstance(account, s.Active) and account.number == command.number:
        return []
    _unhindered(a.ActivateAccount, account)
    assert isinstance(account, s.Agreed)
    return [_activated(command, account.holder, account.minimum_fen)]


def _take_over(command: a.TakeOverAccount, account: s.Account) -> list[a.Event]:
    if isinstance(account, s.Active | s.Held | s.Closing):
        same = (account.number, account.minimum_fen, account.ledger.opening_fen) == (
            command.activation.number,
            command.agreement.minimum_fen,
            command.activation.opening_fen,
        )
        if same:
            return []
        raise because.AccountDiffers
    if not isinstance(account, s.Unopened):
        raise _not_in_state("new", account)
    return [
        a.AccountApplied(holder=command.holder, applied_on=command.activation.opened_on),
        _agreement(command.agreement),
        _activated(command.activation, command.holder, command.agreement.minimum_fen),
    ]


def _propose_hold(command: a.ProposeHold, account: s.Account) -> list[a.Event]:
    if isinstance(account, s.Active) and account.hold_proposed_by == command.proposer:
        return []
    _unhindered(a.ProposeHold, account)
    if not command.reason or not command.legal_basis:
        raise because.ReasonMissing
    return [
        a.ReleaseHoldProposed(
            proposer=command.proposer,
            reason=command.reason,
            legal_basis=command.legal_basis,
            proposed_on=command.proposed_on,
        )
    ]


def _withdraw_proposal(command: a.WithdrawHoldProposal, account: s.Account) -> list[a.Event]:
    """Somebody else's proposal stands on a ground of its own; of a hold that was approved a person decides."""
    if not isinstance(account, s.Active) or account.hold_proposed_by != command.proposer:
        return []
    return [
        a.ReleaseHoldProposalWithdrawn(
            proposer=command.proposer, reason=command.reason, withdrawn_on=command.withdrawn_on
        )
    ]


def _hold(command: a.HoldReleases, account: s.Account) -> list[a.Event]:
    if isinstance(account, s.Held):
        return []
    _unhindered(a.HoldReleases, account)
    if not command.reason or not command.legal_basis:
        raise because.ReasonMissing
    assert isinstance(account, s.Active)
    return [
        a.ReleaseHoldApplied(
            proposer=account.hold_proposed_by,
            approver=command.approver,
            reason=command.reason,
            legal_basis=command.legal_basis,
            held_on=command.held_on,
        )
    ]


def _propose_lift(command: a.ProposeLift, account: s.Account) -> list[a.Event]:
    """Only of a hold that this proposer asked for: another stands on a ground of its own."""
    if not isinstance(account, s.Held) or account.proposed_by != command.proposer or account.lift_proposed_by:
        return []
    return [
        a.ReleaseHoldLiftProposed(
            proposer=command.proposer,
            reason=command.reason,
            legal_basis=command.legal_basis,
            proposed_on=command.proposed_on,
        )
    ]


def _withdraw_lift(command: a.WithdrawLiftProposal, account: s.Account) -> list[a.Event]:
    if not isinstance(account, s.Held) or account.lift_proposed_by != command.proposer:
        return []
    event = a.ReleaseHoldLiftProposalWithdrawn(
        proposer=command.proposer, reason=command.reason, withdrawn_on=command.withdrawn_on
    )
    return [event]


def _lift(command: a.LiftHold, account: s.Account) -> list[a.Event]:
    if isinstance(account, s.Active):
        return []
    _unhindered(a.LiftHold, account)
    return [a.ReleaseHoldLifted(reason=command.reason, lifted_on=command.lifted_on)]


def _request_closing(command: a.RequestClosing, account: s.Account) -> list[a.Event]:
    if isinstance(account, s.Closing):
        return []
    _unhindered(a.RequestClosing, account)
    assert isinstance(account, s.Active)
    _require_unfrozen(account, command.requested_on)
    closing.require_nothing_owed(command, account.ledger)
    if not command.department_consents:
        raise because.ConsentMissing
    return [a.ClosingRequested(requested_on=command.requested_on)]


def _close(command: a.CloseAccount, account: s.Account) -> list[a.Event]:
    if isinstance(account, s.Closed):
        return []
    _unhindered(a.CloseAccount, account)
    assert isinstance(account, s.Closing)
    _require_unfrozen(account, command.closed_on)
    closing.require_nothing_owed(command, account.ledger)
    return [a.AccountClosed(institution_id=account.holder.institution_id, closed_on=command.closed_on)]


def _require_unfrozen(account: s.Open, day: date) -> None:
    for frozen in freeze.standing(account.ledger.freezes, day):
        raise freeze.FreezeStands(order_no=frozen.order_no, authority=frozen.authority)


def _book(command: a.BookEntry, account: s.Open) -> list[a.Event]:
    if command.account_number != account.number:
        raise because.EntryOfAnotherAccount(
            flow=command.flow, account_number=command.account_number, number=account.number
        )
    known = account.ledger.entries.get(command.flow)
    if known is not None:
        if known.digest == command.digest:
            return []
        raise because.EntryContradicted(flow=command.flow)
    if command.amount_fen == 0:
        raise because.EntryAmountZero(flow=command.flow)
    if command.booked_on <= account.ledger.opening_on:
        raise because.EntryBeforeOpening(flow=command.flow, opening_on=account.ledger.opening_on)
    return booking.booked(command, account.ledger)


def _open(account: s.Account) -> s.Open:
    if (why := _not_open(account)) is not None:
        raise why
    assert isinstance(account, s.Active | s.Held | s.Closing)
    return account


def _not_open(account: s.Account) -> Refusal | None:
    if isinstance(account, s.Active | s.Held | s.Closing):
        return None
    return because.AccountUnknown(number="") if isinstance(account, s.Unopened) else _not_in_state("active", account)


def _nothing_there(step: type[a.Command], ledger: s.Ledger) -> Refusal | None:
    """Why there is nothing to end or to explain."""
    if step is freeze.Unfreeze and all(order.lifted_on for order in ledger.freezes.values()):
        return because.NothingFrozen()
    return because.NothingInSuspense() if step is a.ExplainEntry and not ledger.suspense else None


def _balance_left(account: s.Closing) -> Refusal | None:
    balance = account.ledger.balance_fen() + account.ledger.gap_fen
    return because.BalanceLeft(balance_fen=yuan(balance)) if balance else None


def _agreement(command: a.SignAgreement) -> a.AgreementSigned:
    return a.AgreementSigned(
        agreement_no=command.agreement_no, minimum_fen=command.minimum_fen, signed_on=command.signed_on
    )


def _activated(command: a.ActivateAccount, holder: a.Holder, minimum_fen: int) -> a.AccountActivated:
    return a.AccountActivated(
        holder=holder,
        number=command.number,
        number_written=command.number_written,
        minimum_fen=minimum_fen,
        opened_on=command.opened_on,
        opening_fen=command.opening_fen,
        opening_on=command.opening_on,
    )


def _not_in_state(needed: str, account: s.Account) -> because.AccountNotInState:
    return because.AccountNotInState(needed=needed, found=type(account).__name__.lower())
