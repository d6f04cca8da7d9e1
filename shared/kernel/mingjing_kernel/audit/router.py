"""``/log``: what outsiders and witnesses may ask of a log: checkpoints, proofs, keys. Hashes only, never contents.

The annotations here are evaluated by FastAPI, which is why ``from __future__ import annotations`` is left out.
"""

from base64 import b64encode
from datetime import datetime
from typing import Any

from fastapi import Query
from fastapi.responses import PlainTextResponse
from pydantic import BaseModel, Field

from mingjing_kernel.audit.checkpoints import latest_checkpoint
from mingjing_kernel.audit.note import Signer, parse_note
from mingjing_kernel.audit.tiles import BeyondTheLog, Tiles
from mingjing_kernel.http.router import Router
from mingjing_kernel.log import Log
from mingjing_kernel.log.merkle import digest_of
from mingjing_kernel.refusal import NotFound

CHECKPOINTS_MAX = 200
_POSITION_MAX = 2**62


class NoCheckpointYet(NotFound):
    """The log has signed nothing yet."""

    sentence = "This log has no checkpoint yet."
    remedy = "Ask again in a minute: one is written at least every minute in which something changed."


class StoredCheckpoint(BaseModel):
    """One signed checkpoint."""

    size: int = Field(description="How many entries it covers 条目数")
    note: str = Field(description="C2SP signed note 签名检查点")
    recorded_at: datetime


class InclusionProof(BaseModel):
    """That an entry is in the tree (RFC 6962 §2.1.1); hashes as base64."""

    position: int
    size: int
    leaf: str
    root: str
    path: list[str]


class ConsistencyProof(BaseModel):
    """That the tree of ``old`` entries is a prefix of that of ``new`` (RFC 6962 §2.1.2); hashes as base64."""

    old: int
    new: int
    path: list[str]


class WitnessedCheckpoint(BaseModel):
    """The last checkpoint that this service saw of another log, with its cosignature."""

    origin: str
    size: int
    note: str
    seen_at: datetime


class LogKey(BaseModel):
    """How to check this log's signatures and this service's cosignatures."""

    name: str = Field(description="Origin line of its checkpoints 日志名称")
    hash: str = Field(description="sha256 or sm3")
    vkey: str = Field(description="Public key of the log's checkpoints (C2SP vkey) 检查点公钥")
    cosigner_vkey: str = Field(description="Public key of its cosignatures (C2SP vkey) 见证公钥")


def make_log_router(log: Log, signer: Signer) -> Router:
    """The routes under ``/log`` of one service."""
    router = Router(prefix="/log", tags=["log 存证"])
    proofs = _Proofs(log)

    @router.get("/checkpoint", response_class=PlainTextResponse)
    async def newest_checkpoint() -> str:
        """The newest checkpoint, as a signed note."""
        note = await latest_checkpoint(log.pool, log.schema)
        if note is None:
            raise NoCheckpointYet
        return note

    @router.get("/checkpoints")
    async def checkpoints(
        before: int = Query(default=_POSITION_MAX, ge=0, le=_POSITION_MAX, description="Only smaller sizes"),
        limit: int = Query(default=50, ge=1, le=CHECKPOINTS_MAX),
    ) -> list[StoredCheckpoint]:
        """Checkpoints, newest first; page on with ``before``."""
        rows = await log.pool.fetch(
            f"""SELECT size, note, recorded_at FROM "{log.schema}".checkpoints
            WHERE size < $1 ORDER BY size DESC LIMIT $2""",
            before,
            limit,
        )
        return [StoredCheckpoint(**row) for row in rows]

    @router.get("/proof/inclusion")
    async def inclusion(
        position: int = Query(ge=1, le=_POSITION_MAX),
        size: int | None = Query(default=None, ge=1, le=_POSITION_MAX, description="Default: of the newest checkpoint"),
    ) -> InclusionProof:
        """That the entry at a position is in the tree of a size."""
        return await proofs.inclusion(position, size)

    @router.get("/proof/consistency")
    async def consistency(
        old: int = Query(ge=0, le=_POSITION_MAX), new: int = Query(ge=0, le=_POSITION_MAX)
    ) -> ConsistencyProof:
        """That the tree of one size continues that of another."""
        return await proofs.consistency(old, new)

    @router.get("/witnessed")
    async def witnessed() -> list[WitnessedCheckpoint]:
        """What this service vouches for of the other logs."""
        rows = await log.pool.fetch(f'SELECT origin, size, note, seen_at FROM "{log.schema}".witnessed ORDER BY origin')
        return [WitnessedCheckpoint(**row) for row in rows]

    @router.get("/key")
    async def key() -> LogKey:
        """Public keys, for whoever has no better way to learn them; pin them."""
        await proofs.tiles()
        return LogKey(
            name=signer.name,
            hash=proofs.hash_name,
            vkey=signer.vkey.encode(),
            cosigner_vkey=signer.cosigner_vkey.encode(),
        )

    return router


class _Proofs:
    """The tree behind the routes; which hash it uses is read once."""

    def __init__(self, log: Log) -> None:
        self.log = log
        self.hash_name = ""
        self._tiles: Tiles | None = None

    async def tiles(self) -> Tiles:
        if self._tiles is None:
            name: Any = await self.log.pool.fetchval(f'SELECT hash FROM "{self.log.schema}".head')
            self.hash_name = name
            self._tiles = Tiles(self.log.schema, digest_of(name))
        return self._tiles

    async def inclusion(self, position: int, size: int | None) -> InclusionProof:
        pool, tiles = self.log.pool, await self.tiles()
        if size is None:
            note = await latest_checkpoint(pool, self.log.schema, position)
            if note is None:
                raise NoCheckpointYet
            size = parse_note(note).checkpoint().size
        if position > size:
            raise BeyondTheLog(size=size, asked=position)
        path = await tiles.inclusion(pool, position - 1, size)
        root = await tiles.root(pool, size)
        leaf = await pool.fetchval(f'SELECT leaf FROM "{self.log.schema}".events WHERE position = $1', position)
        return InclusionProof(
            position=position, size=size, leaf=_text(leaf), root=_text(root), path=[_text(node) for node in path]
        )

    async def consistency(self, old: int, new: int) -> ConsistencyProof:
        if old > new:
            raise BeyondTheLog(size=new, asked=old)
        tiles = await self.tiles()
        path = await tiles.consistency(self.log.pool, old, new)
        return ConsistencyProof(old=old, new=new, path=[_text(node) for node in path])


def _text(raw: bytes) -> str:
    return b64encode(raw).decode()
