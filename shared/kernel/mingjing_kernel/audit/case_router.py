"""``/log/cases``: one log's part of a case as a sealed case file, for an auditor.

The file is made whole before its first byte is sent, and deleted after the last.

The annotations here are evaluated by FastAPI, which is why ``from __future__ import annotations`` is left out.
"""

import asyncio
import os
import tempfile
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Depends
from fastapi.responses import FileResponse
from starlette.background import BackgroundTask

from mingjing_kernel.audit.case_file import Evidence, part_of, write_case
from mingjing_kernel.audit.case_search import Case
from mingjing_kernel.audit.checkpoints import Checkpointer
from mingjing_kernel.log import Log
from mingjing_kernel.refusal import Refusal

AT_ONCE_MAX = 1
"""An export reads the whole log once."""


class ExportsBusy(Refusal):
    """Another auditor's export is under way."""

    status = 503
    sentence = "Another case file is being made; one is made at a time."
    remedy = "Ask again in a minute."


def make_case_router(
    log: Log,
    checkpointer: Checkpointer,
    guard: Callable[..., Any],
    notes: Callable[[], Awaitable[Sequence[str]]],
    rules: Callable[[], Mapping[str, str]],
    evidence: Evidence | None,
) -> APIRouter:
    """The route of one service. ``guard`` lets only auditors in; ``notes`` are what the witnesses hold."""
    router = APIRouter(prefix="/log", tags=["log 存证"], dependencies=[Depends(guard)])
    turn = asyncio.Semaphore(AT_ONCE_MAX)

    @router.get(
        "/cases/{kind}/{case_id}", response_class=FileResponse, summary="案件文件 a sealed case file of this log"
    )
    async def case_file(kind: str, case_id: UUID) -> FileResponse:
        """What this log has of a case, with proofs, evidence, rules and the verifier. Across all logs: audit export."""
        if turn.locked():
            raise ExportsBusy
        case = Case(kind, case_id)
        handle, name = await asyncio.to_thread(tempfile.mkstemp, ".case.zip", "mingjing-")
        os.close(handle)
        try:
            async with turn:
                part = await part_of(log, case, checkpointer, await notes(), rules())
                await write_case(Path(name), case, [part], [checkpointer.signer], log.now(), evidence)
        except BaseException:
            await asyncio.to_thread(os.unlink, name)
            raise
        return FileResponse(
            name,
            media_type="application/zip",
            filename=f"{log.schema}-{kind}-{case_id}.case.zip",
            background=BackgroundTask(os.unlink, name),
        )

    return router
