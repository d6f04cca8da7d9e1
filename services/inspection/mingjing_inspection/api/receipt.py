"""The receipt for a complaint, under the key of the person who complained.

One rule: after she was erased nobody makes it again, not even from a copy of her key that is still in memory.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from mingjing_inspection.codec import COMPLAINTS
from mingjing_inspection.domain.complainant import subject_of
from mingjing_kernel.audit.receipts import Receipt
from mingjing_kernel.http import Kit
from mingjing_kernel.log import Envelope
from mingjing_kernel.sealed.keys import Keys


async def receipt_of(
    kit: Kit, keys: Keys, complaint_id: UUID, filed: Any, written: Envelope, *, may_seal: bool
) -> Receipt | None:
    """For the JSON that was sent; None where nothing is signed, and for a repetition after an erasure."""
    subject, stream = subject_of(complaint_id), COMPLAINTS.stream(complaint_id)
    ring = keys.ring()
    ring.forget(subject)  # a copy may outlive the erasure of its person
    key = (await ring.keys_for([subject], make=may_seal)).get(subject)
    if key is None:
        return None
    return await kit.receipts.issue("complaint", stream, filed, key, written)
