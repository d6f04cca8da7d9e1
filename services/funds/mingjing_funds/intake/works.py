"""From steps to works of the log. The one rule: a command's id is derived from its row and from what it says.

The same file sent again is the same commands. The same row in another file is a new command that the decider finds
carried out already: for the log that is cheaper than a repeated id, which makes it read everything again.
"""

from __future__ import annotations

import dataclasses
from datetime import datetime
from uuid import UUID

from msgspec.structs import replace

from mingjing_funds.codec import ACCOUNTS, CONTRACTS, VENDOR_CODES
from mingjing_funds.domain.account import BookEntry
from mingjing_funds.domain.charging_checks import Asked
from mingjing_funds.domain.contract import RecordContract, RecordPayment, ReportLesson, RequestRefund
from mingjing_funds.domain.family import Family
from mingjing_funds.intake.plan import Step
from mingjing_kernel.identifiers import derived_id
from mingjing_kernel.log import Aggregate, Envelope, Work, command_digest

_AGGREGATES = {"account": ACCOUNTS, "contract": CONTRACTS, "vendor-code": VENDOR_CODES}


def work_of(
    step: Step, origin: str, written: Envelope, family: Family | None = None, asked: Asked | None = None
) -> Work:
    """The work of one step of a row of ``origin`` (a file, or a row that was kept aside), with the people it names and
    the charge as it is looked at.

    They are no part of its id and its digest: ciphertext is other bytes each time, and the digest of a plain name would
    let anybody try names on it for ever. The row of a file names the same people whenever it comes, and is the same
    charge whatever was learnt of the pupil since.
    """
    aggregate, moment = _AGGREGATES[step.noun], _occurred_at(step.command)
    work = made(aggregate, step.id, step.command, written, f"{origin} {step.row}", moment)
    if not isinstance(step.command, RecordContract):
        return work
    return replace(work, command=dataclasses.replace(step.command, family=family, asked=asked))


def made(
    aggregate: Aggregate,
    id: UUID,
    command: object,
    written: Envelope,
    origin: str = "",
    occurred_at: datetime | None = None,
) -> Work:
    """A work whose id follows from where it comes from, its stream and its bytes."""
    digest = command_digest(aggregate.stream(id), command)
    envelope = replace(
        written,
        command_id=derived_id(origin, digest.hex()),
        digest=digest,
        expected_version=None,
        occurred_at=occurred_at,
    )
    return Work(aggregate, id, command, envelope)


def _occurred_at(command: object) -> datetime | None:
    match command:
        case BookEntry():
            return command.booked_at
        case RecordContract():
            return command.terms.signed_at
        case RecordPayment():
            return command.paid_at
        case ReportLesson():
            return command.confirmed_at
        case RequestRefund():
            return command.requested_at
        case _:
            return None
