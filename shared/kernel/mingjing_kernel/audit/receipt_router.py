"""``/receipts``: the completed receipt, for whoever holds its number.

What it shows tells nothing of the filing or the filer. Public and limited.

The annotations here are evaluated by FastAPI, which is why ``from __future__ import annotations`` is left out.
"""

from uuid import UUID

from fastapi import Depends

from mingjing_kernel.audit.receipts import Receipt, Receipts
from mingjing_kernel.http.kit import Kit
from mingjing_kernel.http.router import Router

LIMIT = "60/minute"


def make_receipt_router(kit: Kit, receipts: Receipts) -> Router:
    """The route of a service that takes filings."""
    router = Router(prefix="/receipts", tags=["receipt 回执"], dependencies=[Depends(kit.throttled(LIMIT))])

    @router.get("/{number}", response_model_exclude_none=True, summary="完整回执 the completed receipt, without salt")
    async def receipt(number: UUID) -> Receipt:
        """Keep your first receipt: the salt in it is given only once."""
        return await receipts.document(number)

    return router
