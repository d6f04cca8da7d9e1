"""A small log with checkpoints and a witness, made once; each test gets a copy to burgle."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from uuid import UUID

import psycopg
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kernel.log.toy import ACCOUNT, SCHEMA, deposit, make_schema
from mingjing_kernel.audit.checkpoints import Checkpointer
from mingjing_kernel.audit.findings import Finding
from mingjing_kernel.audit.note import Signer, parse_note
from mingjing_kernel.audit.verify import Verified, verify
from mingjing_kernel.clock import system_clock
from mingjing_kernel.log import Log
from mingjing_kernel.log.sealer import Sealer

SIZE = 1_300
"""Five full tiles and an open one; four of them are sealed."""
STEPS = (200, 256, 700, 1_024, 1_290)
ORIGIN = "mingjing.test/toy"
SIGNER = Signer(ORIGIN, Ed25519PrivateKey.from_private_bytes(b"\x01" * 32))
COSIGNER = Signer("mingjing.test/neighbour", Ed25519PrivateKey.from_private_bytes(b"\x02" * 32))
STRANGER = Signer(ORIGIN, Ed25519PrivateKey.from_private_bytes(b"\x03" * 32))
KEYS = (SIGNER.vkey, COSIGNER.cosigner_vkey)


def prepare(url: str) -> None:
    """Fill the template."""
    asyncio.run(_fill(url, "sha256"))


def prepare_sm3(url: str) -> None:
    """The same under SM3."""
    asyncio.run(_fill(url, "sm3"))


async def _fill(url: str, hash_name: str) -> None:
    await make_schema(url, SCHEMA, hash_name)
    log = Log(url, SCHEMA, [ACCOUNT])
    await log.start()
    checkpointer = Checkpointer(log, SIGNER)
    done = 0
    for step in (*STEPS, SIZE):
        await log.handle_many([deposit(number, 1, UUID(int=number % 9 + 1)) for number in range(done, step)])
        done = step
        if step in STEPS:
            await checkpointer.write()
    assert await Sealer(log).step()
    await log.stop()


@dataclass
class Burgled:
    """Somebody with the database's password and no key."""

    url: str

    def run(self, *statements: str) -> None:
        with psycopg.connect(self.url, autocommit=True) as connection:
            for table in ("events", "commands", "tiles", "checkpoints", "segments", "head"):
                connection.execute(f'ALTER TABLE "{SCHEMA}".{table} DISABLE TRIGGER ALL')  # type: ignore[arg-type]
            for statement in statements:
                connection.execute(statement.replace("toy.", f'"{SCHEMA}".'))  # type: ignore[arg-type]

    def notes(self) -> list[str]:
        """The stored checkpoints, with the neighbour's cosignature: what a witness would hold."""
        with psycopg.connect(self.url) as connection:
            rows = connection.execute(f'SELECT note FROM "{SCHEMA}".checkpoints ORDER BY size').fetchall()
        notes = [parse_note(row[0]) for row in rows]
        return [note.with_signatures([COSIGNER.cosign(note, system_clock())]).render() for note in notes]

    def verify(self, witnessed: tuple[str, ...] = ()) -> Verified:
        return verify(self.url, SCHEMA, KEYS, witnessed=witnessed)

    def found(self, witnessed: tuple[str, ...] = ()) -> list[Finding]:
        return list(self.verify(witnessed).findings)

    def codes(self, witnessed: tuple[str, ...] = ()) -> list[tuple[str, int | None]]:
        return [(one.code, one.position) for one in self.found(witnessed)]
