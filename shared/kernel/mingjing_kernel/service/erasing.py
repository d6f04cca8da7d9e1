"""Erasing a person (删除个人信息): an administrator shreds the data key of a subject, for a reason.

The one rule: the key and the fact go in one transaction, so a log that says "erased" is true for ever.

Dependencies stand as defaults, not in ``Annotated`` (see ``mingjing_kernel.http.kit``).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, Depends, Path, Response

from mingjing_kernel.broker.parking import ReasonNeeded
from mingjing_kernel.http.kit import Kit
from mingjing_kernel.http.writing import Accepted, accepted
from mingjing_kernel.log.envelope import Envelope
from mingjing_kernel.sealed.opening import erase

SUBJECT_LENGTH_MAX = 200


def make_erasure_router(kit: Kit, guard: Callable[..., Any]) -> APIRouter:
    """Mounted by every service that seals. ``guard`` lets only administrators in.

    A person may demand erasure (个人信息保护法 PIPL art. 47); the legal basis stands in ``Mingjing-Legal-Basis``.
    """
    router = APIRouter(prefix="/subjects", tags=["subject 个人信息主体"], dependencies=[Depends(guard)])

    @router.post("/{subject}/erasure", status_code=201, summary="删除个人信息 erase a person; needs a reason")
    async def erase_subject(
        response: Response,
        subject: str = Path(max_length=SUBJECT_LENGTH_MAX, description="E.g. complainant-<complaint id>"),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """What was sealed for this subject can never be opened again; the log still verifies."""
        if not written.reason.strip():
            raise ReasonNeeded
        return accepted(response, await erase(kit.log, subject, kit.now(), written))

    return router
