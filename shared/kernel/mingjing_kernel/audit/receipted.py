"""Filing receipted 回执: the log binds itself to what somebody filed, without showing it.

Pure. The event holds a commitment: a SHA-256 over a salt and the filing. The salt is the filer's: it stands in the
receipt and nowhere here; it follows from the key of the person, so that erasing the person leaves a number that nobody
can try names against. The one rule: nothing here tells what was filed, or by whom.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from mingjing_kernel.codec import Codec
from mingjing_kernel.decider import Decider
from mingjing_kernel.identifiers import derived_id
from mingjing_kernel.log.envelope import Aggregate


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptFiling:
    """Bind the log to a filing. ``what`` is its noun, ``stream`` where it stands, ``commitment`` hexadecimal."""

    what: str
    stream: str
    commitment: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FilingReceipted:
    """Somebody filed this, whatever it is, and holds a receipt for it."""

    what: str
    stream: str
    commitment: str
    at: datetime


def decide(command: ReceiptFiling, is_receipted: bool) -> list[FilingReceipted]:
    """One filing is receipted once."""
    if is_receipted:
        return []
    return [FilingReceipted(what=command.what, stream=command.stream, commitment=command.commitment, at=command.at)]


def evolve(is_receipted: bool, event: FilingReceipted) -> bool:
    """Receipted for ever."""
    return True


def receipt_id(command_id: UUID) -> UUID:
    """Of the receipt's own stream: the same request has the same receipt."""
    return derived_id("filing-receipt", command_id)


CODEC: Codec[FilingReceipted] = Codec({"kernel.filing-receipted.v1": FilingReceipted})
FILING_RECEIPT = Aggregate("filing-receipt", Decider(False, decide, evolve), CODEC)
"""A service that takes filings includes it among its aggregates."""
