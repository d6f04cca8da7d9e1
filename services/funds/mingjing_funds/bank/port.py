"""A bank as this service sees it (银行接口): it takes payment batches and answers with status reports.

The one rule: everything may be said twice. A batch sent again with the same message id is the same batch, and a report
read again is no news; what a bank cannot promise is not in here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from mingjing_funds.domain.payment_batch import BatchSent


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """A batch on its way out, under the id that the bank's reports refer to."""

    batch_id: UUID
    batch: BatchSent

    @property
    def message_id(self) -> str:
        """At most 35 characters, as ISO 20022 has it."""
        return self.batch_id.hex


@dataclass(frozen=True, slots=True)
class Report:
    """A report as the bank wrote it: a pain.002 message, or a camt.029 one on a recall. ``name`` identifies it for
    acknowledging.
    """

    name: str
    content: bytes


class BankAway(Exception):
    """The bank cannot be reached now; whatever was to be said is said again later."""


class Bank(Protocol):
    """What every adapter does. One suite checks them all."""

    @property
    def name(self) -> str:
        """The bank's name, as it stands with its accounts."""
        ...

    async def send(self, outgoing: Outgoing) -> None:
        """Hand over a batch; returning says that the bank has it. Raises ``BankAway``."""
        ...

    async def recall(self, outgoing: Outgoing, numbers: Iterable[str]) -> frozenset[str]:
        """Ask that instructions do not go out; answers with those surely stopped. Raises ``BankAway``.

        The bank's own answer comes among its reports, as a camt.029 message: that is what the log is told.
        """
        ...

    async def reports(self) -> tuple[Report, ...]:
        """Every report that was not acknowledged, the oldest first. Raises ``BankAway``."""
        ...

    async def acknowledge(self, report: Report) -> None:
        """The report is in the log: the bank need not say it again. Doing so twice is harmless."""
        ...
