"""The witness: keeps the last checkpoint it saw of every other log, and demands proof that the next one continues it.

The one rule: nothing is cosigned that is not proved. What cannot be fetched is tried again; what can be fetched and
does not fit is an alarm in the witness's own log. That a log cannot show something counts only when the log itself says
so: a bare 404 may come from a proxy, or from a release that does not know the address. But whoever signs owes a proof:
what is signed and not proved within ``UNPROVEN_AFTER`` is an alarm too, whoever stands between; else a log that was
rewritten silences its witness by answering nonsense.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

import asyncpg
import httpx
import msgspec
import psycopg
import structlog
from psycopg import sql

from mingjing_kernel.audit.alarm import WITNESS, AlarmKind, RaiseAlarm
from mingjing_kernel.audit.note import (
    Checkpoint,
    Note,
    NoteMalformed,
    SignatureWrong,
    Signer,
    VerifierKey,
    open_checkpoint,
    parse_note,
)
from mingjing_kernel.audit.router import NoCheckpointYet
from mingjing_kernel.audit.tiles import BeyondTheLog, TileMissing
from mingjing_kernel.http.problem import TYPE_PREFIX
from mingjing_kernel.identifiers import derived_id
from mingjing_kernel.log import Envelope, Log
from mingjing_kernel.log.database import asyncpg_url
from mingjing_kernel.log.merkle import HASH_BYTES, HashName, check_consistency, digest_of

INTERVAL_SECONDS = 60.0
UNPROVEN_AFTER = timedelta(hours=1)
"""How long a signed checkpoint may stay without its proof: longer than a restart, an upgrade, a proxy's bad moment."""
PATH_HASHES_MAX = 130
"""Twice the height of a tree of 2**63 leaves, and some."""
NOTE_KEPT_CHARACTERS = 16_000
REFUSALS = frozenset(TYPE_PREFIX + refusal.code() for refusal in (NoCheckpointYet, BeyondTheLog, TileMissing))
"""How a log says itself that it holds less than it signed before, or too little to prove it."""
Fetch = Callable[[str], Awaitable[bytes]]
"""``await fetch("/log/checkpoint")``. Raises ``SourceRefuses`` when the source says no, other things if it is away."""
_log = structlog.get_logger("mingjing.witness")


class SourceRefuses(Exception):
    """The watched log answers, and says itself that it cannot show this."""


class NotTheLog(Exception):
    """Somebody answers for the watched log, who does not know what it holds."""


class ProofUnreadable(ValueError):
    """The answer is no proof: perhaps something stands between us and the source."""


@dataclass(frozen=True, slots=True)
class Source:
    """A log to watch: its public keys (old ones too, after a change), and how to ask it."""

    keys: tuple[VerifierKey, ...]
    fetch: Fetch
    hash_name: HashName | None = "sha256"
    """Of its tree; ``None``: ask the source once. Each log has its own, and a wrong answer proves nothing."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What became of one look at one log."""

    origin: str
    outcome: Literal["cosigned", "known", "older", "alarmed", "unreachable"]
    size: int = 0
    because: str = ""


@dataclass(frozen=True, slots=True)
class Owed:
    """A checkpoint that a log signed and has not proved, what we held of it when it was first offered, and when."""

    note: Note
    held: Note
    since: datetime


class Key(msgspec.Struct, frozen=True):
    """What is used of the answer of ``GET /log/key``."""

    hash: HashName


class Said(msgspec.Struct, frozen=True):
    """What is used of a problem document."""

    type: str


class Proof(msgspec.Struct, frozen=True):
    """Answer of ``GET /log/proof/consistency``; hashes as base64."""

    old: int
    new: int
    path: list[bytes]


class Witness:
    """Watches other logs on behalf of one service."""

    def __init__(
        self, log: Log, signer: Signer, sources: Mapping[str, Source], interval: float = INTERVAL_SECONDS
    ) -> None:
        self.log = log
        self.signer = signer
        self.sources = dict(sources)
        self.interval = interval
        self.last: dict[str, Seen] = {}
        """What the last look at each log gave: for the health page."""
        self._owed: dict[str, Owed] = {}
        """By origin, the first unproven one. In memory: when the witness starts again, the hour begins anew."""
        self._hashes: dict[str, HashName] = {}
        self._locks = {origin: asyncio.Lock() for origin in self.sources}
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin to look at every source once an interval; returns at once."""
        self._task = asyncio.create_task(self._run(), name=f"witness-{self.log.schema}")

    async def stop(self) -> None:
        """Stop; a look that is under way is dropped, the next one finds the same."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None

    async def look(self, origin: str) -> Seen:
        """Fetch the newest checkpoint of a log and judge it. A log that offers none is away, and accused of nothing."""
        try:
            raw = await self.sources[origin].fetch("/log/checkpoint")
        except SourceRefuses as refused:
            held = await self._held(origin)
            if held is None:
                return self._say(Seen(origin, "known", because=f"it has no checkpoint yet: {refused}"))
            because = f"it has no checkpoint any more: {refused}"
            return self._say(await self._alarm(origin, AlarmKind.SHRUNK, held, "", because))
        except Exception as away:
            return self._say(Seen(origin, "unreachable", because=str(away) or type(away).__name__))
        return await self.see(origin, raw)

    async def see(self, origin: str, raw: str | bytes) -> Seen:
        """Judge a checkpoint that came from anywhere (fetched, or off the broker)."""
        async with self._locks[origin]:
            return self._say(await self._see(origin, raw))

    async def _see(self, origin: str, raw: str | bytes) -> Seen:
        held = await self._held(origin)
        try:
            note, offered = open_checkpoint(raw, self.sources[origin].keys)
            if offered.origin != origin:
                raise SignatureWrong(f"it is a checkpoint of {offered.origin}")
        except (NoteMalformed, SignatureWrong) as wrong:
            return await self._alarm(origin, AlarmKind.SIGNATURE, held, raw, str(wrong))
        if held is None:
            return await self._keep(origin, note, offered, "the first one seen")
        owed = self._owed.get(origin)
        if owed is None or owed.note.text == note.text:
            return await self._judge(origin, held, note)
        # What it signed first is asked for first: offering another one, also a good one, must not make it forgotten.
        earlier = await self._judge(origin, held, owed.note)
        seen = await self._judge(origin, await self._held(origin) or held, note)
        return earlier if earlier.outcome in ("alarmed", "unreachable") and seen.outcome != "alarmed" else seen

    async def _judge(self, origin: str, held: Note, note: Note) -> Seen:
        """Compare, and keep account of the proof that is owed: since when, and whether for too long."""
        seen = await self._compare(origin, held, note)
        owed = self._owed.get(origin)
        if seen.outcome != "unreachable":
            if owed is not None and owed.note.text == note.text:
                del self._owed[origin]
            return seen
        now = self.log.now()
        owed = self._owed.setdefault(origin, Owed(note, held, now))
        if owed.note.text != note.text or now - owed.since <= UNPROVEN_AFTER:
            return seen
        because = f"no proof of size {seen.size}, which it signed, since {owed.since.isoformat()}: {seen.because}"
        # With what was held then: a log that goes on growing gives one alarm, not one for each size.
        return await self._alarm(origin, AlarmKind.UNPROVEN, owed.held, owed.note.render(), because)

    async def _compare(self, origin: str, held: Note, note: Note) -> Seen:
        """``unreachable`` when nothing is proved, neither way."""
        source, before, offered = self.sources[origin], held.checkpoint(), note.checkpoint()
        if offered.size == before.size:
            if offered.root == before.root:
                return Seen(origin, "known", offered.size, "nothing changed since")
            because = f"two roots for size {offered.size}"
            return await self._alarm(origin, AlarmKind.FORKED, held, note.render(), because)
        small, large = sorted((before, offered), key=lambda checkpoint: checkpoint.size)
        broken = AlarmKind.SHRUNK if offered is small else AlarmKind.INCONSISTENT
        try:
            digest = digest_of(await self._hash_of(origin, source))
            path = await self._proof(source, small.size, large.size)
        except SourceRefuses as refused:
            because = f"it shows no proof from size {small.size} to {large.size}: {refused}"
            return await self._alarm(origin, broken, held, note.render(), because)
        except Exception as away:
            return Seen(origin, "unreachable", offered.size, str(away) or type(away).__name__)
        if not check_consistency(digest, small.size, large.size, small.root, large.root, path):
            because = f"the proof from size {small.size} to {large.size} does not hold"
            return await self._alarm(origin, broken, held, note.render(), because)
        if offered is small:
            return Seen(origin, "older", offered.size, f"size {before.size} was seen before")
        return await self._keep(origin, note, offered, f"continues size {before.size}")

    async def _proof(self, source: Source, old: int, new: int) -> list[bytes]:
        raw = await source.fetch(f"/log/proof/consistency?old={old}&new={new}")
        try:
            proof = msgspec.json.decode(raw, type=Proof)
        except msgspec.MsgspecError as malformed:
            raise ProofUnreadable(f"the answer is no proof: {malformed}") from malformed
        if len(proof.path) > PATH_HASHES_MAX or any(len(hashed) != HASH_BYTES for hashed in proof.path):
            raise SourceRefuses("its proof is not a list of hashes")
        return proof.path

    async def _hash_of(self, origin: str, source: Source) -> HashName:
        """Which hash the source's tree is made of; a log never changes it, so it is asked once."""
        if source.hash_name is not None:
            return source.hash_name
        if origin not in self._hashes:
            raw = await source.fetch("/log/key")
            try:
                self._hashes[origin] = msgspec.json.decode(raw, type=Key).hash
            except msgspec.MsgspecError as malformed:
                raise ProofUnreadable(f"it does not say its hash: {malformed}") from malformed
        return self._hashes[origin]

    async def _held(self, origin: str) -> Note | None:
        note = await self.log.pool.fetchval(f'SELECT note FROM "{self.log.schema}".witnessed WHERE origin = $1', origin)
        return None if note is None else parse_note(note)

    async def _keep(self, origin: str, note: Note, offered: Checkpoint, because: str) -> Seen:
        now = self.log.now()
        kept = note.with_signatures([self.signer.cosign(note, now)])
        await self.log.pool.execute(
            f"""INSERT INTO "{self.log.schema}".witnessed AS w (origin, size, note, seen_at) VALUES ($1, $2, $3, $4)
            ON CONFLICT (origin) DO UPDATE SET size = EXCLUDED.size, note = EXCLUDED.note, seen_at = EXCLUDED.seen_at
            WHERE w.size < EXCLUDED.size""",
            origin,
            offered.size,
            kept.render(),
            now,
        )
        return Seen(origin, "cosigned", offered.size, because)

    async def _alarm(self, origin: str, kind: AlarmKind, held: Note | None, offered: str | bytes, because: str) -> Seen:
        text = offered if isinstance(offered, str) else offered.decode(errors="replace")
        text = text.replace("\0", "\ufffd")[:NOTE_KEPT_CHARACTERS]
        held_size = held.checkpoint().size if held else 0
        command = RaiseAlarm(
            origin=origin,
            kind=kind,
            held_size=held_size,
            held_note=held.render() if held else "",
            offered_size=_size_of(text),
            offered_note=text,
            because=because,
            at=self.log.now(),
        )
        evidence = hashlib.sha256(f"{kind}\n{held_size}\n{text}".encode(errors="replace"))
        moment = command.at.isoformat()
        envelope = Envelope(
            command_id=derived_id("witness-alarm", origin, evidence.hexdigest(), moment),
            actor="witness",
            reason=because,
            client=f"witness of {self.log.schema}",
        )
        await self.log.handle(WITNESS, derived_id(origin), command, envelope)
        _log.error("witness.alarmed", schema=self.log.schema, origin=origin, kind=str(kind), because=because)
        return Seen(origin, "alarmed", _size_of(text), because)

    def _say(self, seen: Seen) -> Seen:
        before = self.last.get(seen.origin)
        self.last[seen.origin] = seen
        if (
            seen.outcome == "cosigned"
            or before is None
            or (before.outcome, before.because) != (seen.outcome, seen.because)
        ):
            say = _log.warning if seen.outcome == "unreachable" else _log.info
            say("witness.looked", schema=self.log.schema, origin=seen.origin, outcome=seen.outcome, size=seen.size,
                because=seen.because)  # fmt: skip
        return seen

    async def _run(self) -> None:
        while True:
            for origin in self.sources:
                try:
                    await self.look(origin)
                except (
                    OSError,
                    asyncpg.PostgresError,
                    asyncpg.InterfaceError,
                    asyncpg.InternalClientError,
                    TimeoutError,
                ) as trouble:
                    _log.warning("witness.interrupted", schema=self.log.schema, origin=origin, reason=str(trouble))
                except Exception:
                    _log.exception("witness.failed", schema=self.log.schema, origin=origin)
            await asyncio.sleep(self.interval)


def over_http(client: httpx.AsyncClient, base_url: str) -> Fetch:
    """A ``Fetch`` from a service's address, such as ``http://127.0.0.1:8001/funds/v1``."""

    async def fetch(path: str) -> bytes:
        response = await client.get(base_url.rstrip("/") + path)
        if response.is_success:
            return response.content
        said = _type_of(response.content)
        answer = f"HTTP {response.status_code} {said.rpartition(':')[2]}".rstrip()
        if said in REFUSALS:
            raise SourceRefuses(answer)
        raise NotTheLog(f"{answer} to {path.partition('?')[0]}: not an answer of the log itself")

    return fetch


def _type_of(body: bytes) -> str:
    """The problem that an answer names; empty when it is no problem document."""
    try:
        return msgspec.json.decode(body, type=Said).type
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return ""


def witness_notes(url: str, schemas: Sequence[str], origin: str) -> list[str]:
    """The notes that the services of these schemas hold of a log; read them before the log itself is verified."""
    with psycopg.connect(asyncpg_url(url), autocommit=True) as connection:
        return [
            str(row[0])
            for schema in schemas
            for row in connection.execute(
                sql.SQL("SELECT note FROM {}.witnessed WHERE origin = %s").format(sql.Identifier(schema)), (origin,)
            )
        ]


def _size_of(text: str) -> int:
    try:
        return parse_note(text).checkpoint().size
    except NoteMalformed:
        return 0


def seen_as_dict(seen: Seen) -> dict[str, Any]:
    """For the health page."""
    return {"origin": seen.origin, "outcome": seen.outcome, "size": seen.size, "because": seen.because}
