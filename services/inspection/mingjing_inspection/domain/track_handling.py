"""What each step of handling must say (办理), and the fact that follows: disputes, reports, work orders.

One rule: grounds are those of the instrument in force on the day of receipt; every step that somebody is told of says
what was told.
"""

from __future__ import annotations

from typing import assert_never

from mingjing_inspection.domain import track_handling_commands as d
from mingjing_inspection.domain import track_handling_facts as h
from mingjing_inspection.domain import track_refusals as because
from mingjing_inspection.domain.complaint_track import Event, Known
from mingjing_inspection.domain.track_terms import LAWS, STATEMENTS_MAX, TERMS_MAX, Ending, Ground


def mediating(command: d.Mediating, known: Known) -> Event:
    """The fact of a step of mediation."""
    by, at = command.by, command.at
    match command:
        case d.AcceptDispute() | d.RefuseDispute() | d.NameContract() | d.WithdrawDispute():
            return _accepting(command, known)
        case d.StartMediation():
            return h.MediationStarted(by=by, at=at)
        case d.TakeStatement():
            if known.statements >= STATEMENTS_MAX:
                raise because.StatementsTooMany(maximum=STATEMENTS_MAX)
            return h.StatementTaken(side=command.side, text=said(command.text), by=by, at=at)
        case d.BeginAppraisal():
            return h.AppraisalBegun(subject=said(command.subject), by=by, at=at)
        case d.EndAppraisal():
            return h.AppraisalEnded(result=said(command.result), by=by, at=at, timers=command.timers)
        case d.ReachAgreement():
            return _agreed(command)
        case d.TerminateMediation():
            _of_law(command.ground, known)
            return h.MediationTerminated(
                ground=command.ground, note=said(command.note), by=by, at=at, timers=command.timers
            )
        case d.NotifyComplainant():
            return h.ComplainantNotified(text=said(command.text), by=by, at=at, timers=command.timers)
        case _:
            assert_never(command)


def _accepting(command: d.AcceptDispute | d.RefuseDispute | d.NameContract | d.WithdrawDispute, known: Known) -> Event:
    by, at = command.by, command.at
    match command:
        case d.AcceptDispute():
            if command.contract_id is not None and not command.asks_refund:
                raise because.NothingAsked
            if command.contract_id is not None and known.institution_id is None:
                raise because.RespondentOpen
            return h.DisputeAccepted(
                told=said(command.told),
                asks_refund=command.asks_refund,
                contract_id=command.contract_id,
                institution_id=known.institution_id,
                by=by,
                at=at,
                timers=command.timers,
            )
        case d.RefuseDispute():
            _of_law(command.ground, known)
            note, told = said(command.note), said(command.told)
            return h.DisputeNotAccepted(ground=command.ground, note=note, told=told, by=by, at=at)
        case d.NameContract():
            return h.ContractNamed(
                contract_id=command.contract_id,
                before=known.contract_id,
                institution_id=known.institution_id,
                reason=said(command.reason),
                by=by,
                at=at,
            )
        case d.WithdrawDispute():
            return h.DisputeWithdrawn(reason=said(command.reason), contract_id=known.contract_id, by=by, at=at)
        case _:
            assert_never(command)


def _agreed(command: d.ReachAgreement) -> Event:
    terms = tuple(term.strip() for term in command.terms if term.strip())
    if not 0 < len(terms) <= TERMS_MAX:
        raise because.TermsMissing(maximum=TERMS_MAX)
    if (command.refund_fen > 0) != (command.pay_by is not None):
        raise because.SumWithoutDay
    return h.AgreementReached(
        terms=terms,
        refund_fen=command.refund_fen,
        pay_by=command.pay_by,
        by=command.by,
        at=command.at,
        timers=command.timers,
    )


def verifying(command: d.Verifying) -> Event:
    """The fact of a step of verification."""
    by, at = command.by, command.at
    match command:
        case d.StartVerification():
            return h.VerificationStarted(by=by, at=at)
        case d.ConfirmReport():
            return h.ReportVerified(note=said(command.note), by=by, at=at, timers=command.timers)
        case d.DeclineFiling():
            return h.ReportNotFiled(note=said(command.note), by=by, at=at, timers=command.timers)
        case d.InformReporter():
            return h.ReporterInformed(text=said(command.text), by=by, at=at)
        case _:
            assert_never(command)


def answering(command: d.Answering) -> Event:
    """The fact of a step of a work order."""
    by, at = command.by, command.at
    match command:
        case d.SignOrder():
            return h.OrderSigned(by=by, at=at)
        case d.StartOrder():
            return h.OrderHandlingStarted(by=by, at=at)
        case d.ReplyOrder():
            return h.OrderReplied(
                text=said(command.text),
                is_substantiated=command.is_substantiated,
                by=by,
                at=at,
                timers=command.timers,
            )
        case _:
            assert_never(command)


def _of_law(ground: Ground | Ending, known: Known) -> None:
    if ground not in LAWS.get(known.law, frozenset()):
        raise because.GroundNotOfLaw(ground=ground.value, law=known.law)


def said(words: str) -> str:
    """The words without blanks around them. Raises ``TrackWordsMissing``."""
    if not words.strip():
        raise because.TrackWordsMissing
    return words.strip()
