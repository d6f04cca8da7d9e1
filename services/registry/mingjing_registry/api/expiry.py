"""Expiry over HTTP: note which licences have run out by a day.

One rule: the answer names every licence that it changed, and an empty list says that none had run out.
"""

from __future__ import annotations

from uuid import UUID

import msgspec
from fastapi import Depends, Response
from pydantic import BaseModel, Field

from mingjing_kernel.http import Kit
from mingjing_kernel.http.router import Router
from mingjing_kernel.identifiers import derived_id
from mingjing_kernel.identity import Scope
from mingjing_kernel.log import Envelope, Outcome, Work
from mingjing_registry.api.past import day_of
from mingjing_registry.codec import INSTITUTIONS
from mingjing_registry.domain.licence import ExpireLicence
from mingjing_registry.projections.institutions import expiring

BATCH_MAX = 1_000


class Expired(BaseModel):
    """Which licences ran out."""

    institutions: list[UUID]
    position: int = Field(description="Position in the log after it")
    more: bool = Field(description="More have run out than one request notes: ask again")


def make_router(kit: Kit) -> Router:
    """The one address."""
    router = Router(prefix="/licences", tags=["licence 办学许可证"])

    @router.post("/expiry", summary="到期 note the licences that have run out")
    async def expire(
        response: Response, scope: Scope = Depends(kit.scope), written: Envelope = Depends(kit.written)
    ) -> Expired:
        """By today, or by the day in ``Mingjing-Occurred-At``, within the caller's scope."""
        on = day_of(kit, written)
        await kit.up_to_date()
        async with kit.connection() as connection:
            found = await connection.execute(expiring(scope, on).limit(BATCH_MAX))
            ids = [row.institution_id for row in found]
        works = [Work(INSTITUTIONS, id, ExpireLicence(on=on), _envelope(written, id)) for id in ids]
        position = await kit.log.head()
        for result in await kit.log.handle_many(works):
            if not isinstance(result, Outcome):
                raise result
            position = max(position, result.position)
        response.headers["Mingjing-Position"] = str(position)
        return Expired(institutions=ids, position=position, more=len(ids) == BATCH_MAX)

    return router


def _envelope(written: Envelope, institution_id: UUID) -> Envelope:
    command_id = derived_id("expiry", written.command_id, institution_id)
    return msgspec.structs.replace(written, command_id=command_id, digest=b"", expected_version=None)
