"""Contract -> command. One rule: what funds says about an account is believed and never asked back."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from mingjing_contracts.console import ACCESS
from mingjing_contracts.funds import CustodyAccountActivatedV1, CustodyAccountClosedV1
from mingjing_kernel.access.noted import noting
from mingjing_kernel.broker.message import Message, Reaction
from mingjing_kernel.clock import shanghai_date
from mingjing_kernel.log import Work
from mingjing_registry.codec import INSTITUTIONS
from mingjing_registry.domain.institution import ActivateCustody, EndCustody

ACTIVATED = "custody-account-active"
"""Why the funds condition is met; a code, put into words where somebody reads it."""
CLOSED = "custody-account-closed"
"""Why it is met no longer."""
CUSTODY = "教监管函〔2021〕2号；国办发〔2018〕80号"
"""Prepaid fees lie in a custody account; who is on the whitelist is kept up to date."""


def whitelist_precondition(message: Message[CustodyAccountActivatedV1], _services: Any) -> list[Work]:
    """X15: an active custody account meets the whitelist's funds condition."""
    account = message.contract
    command = ActivateCustody(
        account_id=str(account.account_id),
        bank=account.bank,
        account_name=account.account_name,
        opened_on=account.opened_on,
        # An account may be old news when it is told: the list is entered when we learn of it.
        on=shanghai_date(message.occurred_at),
    )
    envelope = message.envelope("whitelist-precondition", reason=ACTIVATED, legal_basis=CUSTODY)
    return [Work(INSTITUTIONS, account.institution_id, command, envelope)]


def whitelist_precondition_ended(message: Message[CustodyAccountClosedV1], _services: Any) -> list[Work]:
    """X15, the other way: without a custody account the institution leaves the whitelist."""
    account = message.contract
    # The list is left when we learn of it: it was published until then.
    on = shanghai_date(message.occurred_at)
    command = EndCustody(account_id=str(account.account_id), reason=CLOSED, on=on)
    envelope = message.envelope("whitelist-precondition-ended", reason=CLOSED, legal_basis=CUSTODY)
    return [Work(INSTITUTIONS, account.institution_id, command, envelope)]


INBOUND: Mapping[type[Any], Reaction] = MappingProxyType(
    {
        CustodyAccountActivatedV1: whitelist_precondition,
        CustodyAccountClosedV1: whitelist_precondition_ended,
        **noting(ACCESS),
    }
)
