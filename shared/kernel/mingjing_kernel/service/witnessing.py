"""The proving part of a host: checkpoints over its own log, and an eye on the logs of the other services.

Public keys of the others lie as ``<name>.vkey`` beside the service's own key. The one rule: a service without a
signing key says so on its health page; it never pretends to have checkpoints.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from contextlib import AsyncExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import structlog
from nats.errors import Error as NatsError

from mingjing_kernel.audit.checkpoints import Checkpointer
from mingjing_kernel.audit.drop import Drop, is_address, to_address, to_folder
from mingjing_kernel.audit.keys import load_signer
from mingjing_kernel.audit.note import Signer, VerifierKey, parse_vkey
from mingjing_kernel.audit.router import make_log_router
from mingjing_kernel.audit.self_verifier import SelfVerifier
from mingjing_kernel.audit.witness import Source, Witness, over_http, seen_as_dict
from mingjing_kernel.http.router import Router

if TYPE_CHECKING:
    from mingjing_kernel.service.host import Host

RETRY_SECONDS = 2.0
_log = structlog.get_logger("mingjing.witnessing")


def origin_of(service: str) -> str:
    """The name under which a log signs; stands in its checkpoints for ever."""
    return f"mingjing/{service}"


class Witnessing:
    """Checkpointer and witness of one host."""

    def __init__(self, host: Host) -> None:
        self._host = host
        name = host.service.name
        self._key_file: Path = host.settings.key_file(f"{name}-signing", host.settings.signing_key_file)
        self.signer = self._signer()
        self._is_linked = False
        self.checkpointer: Checkpointer | None = None
        self.witness: Witness | None = None
        self.drop = self._make_drop()
        self.verifier = SelfVerifier(
            host.log,
            self.public_keys,
            self.notes,
            self._seat,
            first_seconds=host.settings.self_verify_first_seconds,
            memory_mib=host.settings.self_verify_memory_mib,
        )
        if self.signer is not None:
            seconds = host.settings.checkpoint_seconds
            self.checkpointer = Checkpointer(host.log, self.signer, seconds, self._publish)
            self.witness = Witness(host.log, self.signer, self._sources(), seconds)

    def _signer(self) -> Signer | None:
        """The service's key; none only where nobody set one up (a test, a laptop)."""
        if self._host.settings.signing_key_file is None and not self._key_file.exists():
            return None
        return load_signer(self._key_file, origin_of(self._host.service.name))

    def _sources(self) -> dict[str, Source]:
        found = {}
        for path in sorted(self._key_file.parent.glob("*.vkey")):
            if path.stem != self._host.service.name:
                url = f"{self._host.settings.peer_url(path.stem)}/{path.stem}/v1"
                fetch = over_http(self._host.client, url)
                found[origin_of(path.stem)] = Source(read_vkeys(path), fetch, hash_name=None)
        return found

    def router(self) -> list[Router]:
        """``/log/checkpoint`` and the proofs; nothing where nothing is signed."""
        return [make_log_router(self._host.log, self.signer)] if self.signer else []

    async def start(self, stack: AsyncExitStack) -> None:
        """Begin to sign and to watch, if this process carries that part."""
        if "checkpoints" not in self._host.parts:
            return
        if self.checkpointer is None or self.witness is None:
            _log.warning("checkpoints.none", service=self._host.service.name, because=self._why())
            return
        for part in (self.checkpointer, self.witness):
            await part.start()
            stack.push_async_callback(part.stop)

    def tasks(self) -> list[Coroutine[Any, Any, None]]:
        """Hears of the others' checkpoints as soon as they are published; verifies its own log once a day."""
        if "checkpoints" not in self._host.parts:
            return []
        return [
            self.verifier.run(),
            *([self._listen()] if self.witness else []),
            *([self.drop.run()] if self.drop else []),
        ]

    def _make_drop(self) -> Drop | None:
        """Where a second agency is named, and something is signed."""
        target = self._host.settings.checkpoint_drop
        if not target or self.signer is None:
            return None
        post = to_address(self._host.client, target) if is_address(target) else to_folder(Path(target))
        return Drop(
            self._host.log, self.signer.name, target, post, self._drop_seat, self._host.settings.checkpoint_seconds
        )

    async def _drop_seat(self) -> str:
        return "" if await self._host.seats.take("checkpoint-drop") else self._host.seats.why_not()

    def public_keys(self) -> tuple[VerifierKey, ...]:
        """Of this log and of all others whose keys are at hand."""
        own = (self.signer.vkey, self.signer.cosigner_vkey) if self.signer else ()
        others = [key for path in sorted(self._key_file.parent.glob("*.vkey")) for key in read_vkeys(path)]
        return tuple(dict.fromkeys((*own, *others))) if own else ()

    async def notes(self) -> list[str]:
        """What the other services hold of this log; one that is away has no say today."""
        origin, notes = origin_of(self._host.service.name), list[str]()
        for source in (self.witness.sources if self.witness else {}).values():
            try:
                seen = msgspec.json.decode(await source.fetch("/log/witnessed"))
                notes += [str(one["note"]) for one in seen if one["origin"] == origin]
            except Exception as away:
                _log.info("self_verifier.witness_away", reason=str(away))
        return notes

    async def _seat(self) -> str:
        return "" if await self._host.seats.take("self-verifier") else self._host.seats.why_not()

    def readiness(self) -> dict[str, Any]:
        """The last checkpoint and what was seen of the others, for the health page."""
        if self.checkpointer is None or self.witness is None:
            return {"checkpoints": {"because": self._why()}}
        last = self.checkpointer.last
        return {
            "checkpoints": {"size": last.size if last else 0, "because": last.because if last else "not yet"},
            **({"drop": {"size": self.drop.size, "because": self.drop.because}} if self.drop else {}),
            "witnessed": [seen_as_dict(seen) for seen in self.witness.last.values()],
        }

    def _why(self) -> str:
        return f"there is no signing key at {self._key_file}"

    async def _publish(self, note: bytes) -> None:
        """Raises while NATS is away: the next checkpoint must not wait for it, and this one is kept and sent then."""
        if not self._is_linked:
            raise ConnectionError("NATS has not been reached yet")
        client = await self._host.link.client()
        await client.publish(_subject(self._host.service.name), note)

    async def _listen(self) -> None:
        """The interval's look at each source finds whatever is missed here."""
        witness = self.witness
        if witness is None:
            return
        while True:
            try:
                client = await self._host.link.client()
                self._is_linked = True
                for origin in witness.sources:
                    await client.subscribe(_subject(origin.partition("/")[2]), cb=_seer(witness, origin))
                return
            except (NatsError, OSError) as trouble:
                _log.warning("witness.waiting_for_nats", reason=str(trouble))
                await asyncio.sleep(RETRY_SECONDS)


def read_vkeys(path: Path) -> tuple[VerifierKey, ...]:
    """The public keys in a file, one a line."""
    return tuple(parse_vkey(line) for line in path.read_text("utf-8").splitlines() if line.strip())


def _subject(service: str) -> str:
    """Outside ``<service>.evt.>``: a checkpoint is not a contract and is kept by nobody but its witnesses."""
    return f"{service}.checkpoint"


def _seer(witness: Witness, origin: str) -> Any:
    async def see(message: Any) -> None:
        await witness.see(origin, message.data)

    return see
