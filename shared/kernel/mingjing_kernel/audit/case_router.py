"""``/log/cases``: one log's part of a case as a sealed case file, for an auditor.

The file is made whole before its first byte is sent, and has no name any more by then: it goes with whoever reads it.

The annotations here are evaluated by FastAPI, which is why ``from __future__ import annotations`` is left out.
"""

import asyncio
import os
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import IO, Any, TypeAlias
from uuid import UUID

from fastapi import Depends
from fastapi.responses import FileResponse, StreamingResponse

from mingjing_kernel.audit.case_file import Evidence, part_of, write_case
from mingjing_kernel.audit.case_search import Case
from mingjing_kernel.audit.checkpoints import Checkpointer
from mingjing_kernel.audit.kept_rules import KeptRules, none_kept
from mingjing_kernel.http.router import Router
from mingjing_kernel.identity import Principal
from mingjing_kernel.log import Log
from mingjing_kernel.refusal import Refusal

Originals: TypeAlias = Callable[[str, Principal], Evidence]
"""For which purpose, and who takes them."""
CHUNK_BYTES = 1 << 18
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
    evidence: Originals | None,
    spool: Path | None = None,
    kept: KeptRules = none_kept,
) -> Router:
    """The route of one service. ``guard`` lets only auditors in; ``notes`` are what the witnesses hold. The file is
    made in ``spool``, which must have room for all its evidence; without one in the system's own place.
    """
    router = Router(prefix="/log", tags=["log 存证"], dependencies=[Depends(guard)])
    turn = asyncio.Semaphore(AT_ONCE_MAX)

    @router.get(
        "/cases/{kind}/{case_id}", response_class=FileResponse, summary="案件文件 a sealed case file of this log"
    )
    async def case_file(kind: str, case_id: UUID, caller: Principal = Depends(guard)) -> StreamingResponse:
        """What this log has of a case, with proofs, evidence, rules and the verifier. Across all logs: audit export.

        Every original in it is handed out on record; one that is not clean stays here, and the file names it.
        """
        if turn.locked():
            raise ExportsBusy
        case = Case(kind, case_id)
        name = await asyncio.to_thread(_spooled, spool)
        try:
            async with turn:
                part = await part_of(log, case, checkpointer, await notes(), rules(), kept=kept)
                originals = evidence(f"case file {kind}/{case_id}", caller) if evidence else None
                await write_case(Path(name), case, [part], [checkpointer.signer], log.now(), originals)
            file = await asyncio.to_thread(Path(name).open, "rb")
        finally:
            await asyncio.to_thread(os.unlink, name)
        # Not as a path: the server opens one when it likes, and that may be after the file has gone.
        attached = f'attachment; filename="{log.schema}-{kind}-{case_id}.case.zip"'
        size = str(os.fstat(file.fileno()).st_size)
        headers = {"Content-Disposition": attached, "Content-Length": size}
        return StreamingResponse(_chunks(file), media_type="application/zip", headers=headers)

    return router


def _spooled(folder: Path | None) -> str:
    if folder is not None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(".case.zip", "mingjing-", folder)
    os.close(handle)
    return name


async def _chunks(file: IO[bytes]) -> AsyncIterator[bytes]:
    """To the end, or as far as somebody listens."""
    with file:
        while chunk := await asyncio.to_thread(file.read, CHUNK_BYTES):
            yield chunk
