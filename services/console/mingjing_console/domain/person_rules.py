"""When access may be given or lent. One rule: a delegation is never wider and never longer than the grant it is of."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from mingjing_console.domain.person_commands import GiveGrant, LockPerson, NameSubstitute
from mingjing_console.domain.person_refusals import (
    DelegationEndMissing,
    GivesHimself,
    GrantNotTheirs,
    LegalBasisMissing,
    LongerThanOwn,
    NotAPersonsRole,
    PeriodEmpty,
    PeriodOver,
    ReasonMissing,
    RoleNotDelegable,
    RolesKeptApart,
    SubstitutesHimself,
    SubstitutionTooLong,
    WiderThanOwn,
)
from mingjing_kernel.access.facts import GrantGiven
from mingjing_kernel.access.terms import NOT_PASSED_ON

NO_PERSONS = frozenset({"service", "public"})
"""A service has its role in its token, and the public needs none."""
SUBSTITUTION_DAYS_MAX = 366


def check_given(command: GiveGrant, held: Iterable[GrantGiven]) -> None:
    """Raise the reason why this grant may not be given to whoever holds ``held``."""
    if command.person in command.hands:
        raise GivesHimself
    if command.terms.role in NO_PERSONS:
        raise NotAPersonsRole(role=command.terms.role)
    _check_period(command.valid_from, command.valid_until, command.at)
    require_reason(command.reason)
    if command.manner == "delegated":
        _check_delegation(command)
    elif not command.legal_basis.strip():
        raise LegalBasisMissing
    for other in held:
        if (
            other.role in command.apart
            and other.terms.overlaps(command.terms)
            and _meet(other, command.valid_from, command.valid_until)
        ):
            raise RolesKeptApart(role=command.terms.role, other=other.role)


def check_substitution(command: NameSubstitute) -> None:
    """Raise the reason why this substitute may not be named."""
    if command.substitute == command.person:
        raise SubstitutesHimself
    if command.substitute in command.hands:
        raise GivesHimself
    _check_period(command.valid_from, command.valid_until, command.at)
    if command.valid_until - command.valid_from > timedelta(days=SUBSTITUTION_DAYS_MAX):
        raise SubstitutionTooLong(maximum=SUBSTITUTION_DAYS_MAX)
    require_reason(command.reason)


def check_lock(command: LockPerson) -> None:
    """Raise the reason why this lock means nothing."""
    require_reason(command.reason)
    if command.locked_until is not None and command.locked_until <= command.at:
        raise PeriodOver


def require_reason(reason: str) -> None:
    """Every change of what somebody may do has its reason."""
    if not reason.strip():
        raise ReasonMissing


def _check_period(valid_from: datetime, valid_until: datetime | None, at: datetime) -> None:
    if valid_until is None:
        return
    if valid_until <= valid_from:
        raise PeriodEmpty
    if valid_until <= at:
        raise PeriodOver


def _check_delegation(command: GiveGrant) -> None:
    source = command.source
    if source is None or source.person != command.given_by:
        raise GrantNotTheirs
    if command.valid_until is None:
        raise DelegationEndMissing
    if source.delegated_from is not None or source.role in NOT_PASSED_ON:
        raise RoleNotDelegable
    if not source.terms.covers(command.terms):
        raise WiderThanOwn
    if command.valid_from < source.valid_from or (
        source.valid_until is not None and source.valid_until < command.valid_until
    ):
        raise LongerThanOwn


def _meet(held: GrantGiven, valid_from: datetime, valid_until: datetime | None) -> bool:
    """Whether there is a moment at which both are in force."""
    return (valid_until is None or held.valid_from < valid_until) and (
        held.valid_until is None or valid_from < held.valid_until
    )
