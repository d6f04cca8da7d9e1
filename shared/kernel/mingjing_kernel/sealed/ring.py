"""The key ring: each subject's own data key, wrapped by the key-encryption key, kept in the service's schema.

The one rule: the keys table is the only thing here that forgets. It is not part of the log; deleting a subject's row
is what erasing means, and nothing else holds a copy longer than ``CACHE_SECONDS_MAX``.
"""

from __future__ import annotations

import base64
import hmac
import os
from binascii import b2a_base64
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar, cast

import msgspec
from sqlalchemy import Column, LargeBinary, MetaData, Row, String, Table, any_, literal, select, text, update
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncConnection

from mingjing_kernel.clock import Clock
from mingjing_kernel.identifiers import new_id
from mingjing_kernel.sealed.cipher import (
    NONCE_BYTES,
    Algorithm,
    Encrypt,
    bound_to,
    decrypt,
    encrypt,
    encryptor,
    new_key,
)
from mingjing_kernel.sealed.keyfile import key_id
from mingjing_kernel.sealed.refusals import KeyEncryptionKeyMissing, SealBroken, SealedValueErased
from mingjing_kernel.sealed.subject import SealedFieldsOpened
from mingjing_kernel.sealed.value import Sealed

CACHE_KEYS_MAX = 10_000
CACHE_SECONDS_MAX = 30
SUBJECTS_MAX = 1_000
"""Of one load."""
REWRAP_BATCH = 500

Begin = Callable[[], AbstractAsyncContextManager[AsyncConnection]]
"""A connection in a transaction of its own: ``engine.begin``."""
Value = TypeVar("Value")
_encode = msgspec.json.Encoder().encode

subject_keys = Table(
    "subject_keys",
    MetaData(),
    Column("subject", String, primary_key=True),
    Column("key_id", String, nullable=False),
    Column("algorithm", String, nullable=False),
    Column("kek_id", String, nullable=False),
    Column("wrapped", LargeBinary, nullable=False),
)

_MAKE = text("""
    INSERT INTO subject_keys (subject, key_id, algorithm, kek_id, wrapped)
    SELECT k.subject, k.key_id, :algorithm, :kek_id, k.wrapped
    FROM unnest(CAST(:subjects AS text[]), CAST(:key_ids AS text[]), CAST(:wrapped AS bytea[]))
        AS k (subject, key_id, wrapped)
    ON CONFLICT DO NOTHING RETURNING subject""")


def create_subject_keys(schema: str, role: str) -> list[str]:
    """Statements for a service's migration: the table, and for the service's role the right to forget."""
    return [
        f"""CREATE TABLE "{schema}".subject_keys (
            subject text COLLATE "C" PRIMARY KEY,
            key_id text NOT NULL,
            algorithm text NOT NULL,
            kek_id text NOT NULL,
            wrapped bytea NOT NULL,
            made_at timestamptz NOT NULL DEFAULT now())""",
        f'CREATE INDEX subject_keys_kek_id ON "{schema}".subject_keys (kek_id)',
        f'GRANT SELECT, INSERT, UPDATE, DELETE ON "{schema}".subject_keys TO "{role}"',
    ]


@dataclass(frozen=True, slots=True)
class SubjectKey:
    """One subject's data key, unwrapped. Does no I/O: load first, then seal and open."""

    subject: str
    key_id: str
    algorithm: Algorithm
    _key: bytes = field(repr=False)
    _encrypt: Encrypt = field(init=False, repr=False, compare=False)
    _bound: bytes = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Make the cipher ready once: several fields of a person are sealed at a time."""
        object.__setattr__(self, "_encrypt", encryptor(self.algorithm, self._key))
        object.__setattr__(self, "_bound", bound_to(self.algorithm, self.subject, self.key_id))

    def seal(self, value: Value, *, stream: str, field: str) -> Sealed[Value]:
        """The value under this key, bound to this stream and field."""
        nonce = os.urandom(NONCE_BYTES)
        box = nonce + self._encrypt(nonce, _encode(value), self._bound + bound_to(stream, field))
        return Sealed(
            subject=self.subject,
            algorithm=self.algorithm,
            key_id=self.key_id,
            box=b2a_base64(box, newline=False).decode(),
        )

    def derived(self, *purpose: str) -> bytes:
        """32 bytes that only who has this key can make again, and nobody after the person was erased."""
        return hmac.digest(self._key, bound_to("derived", *purpose), "sha256")

    def open(self, sealed: Sealed[Value], *, field: str, under: SealedFieldsOpened, kind: Any = str) -> Value:
        """The value again, ``under`` the fact that puts this reading on record (``opening.py`` writes it).

        Raises ``SealedValueErased`` for a value of an older key, ``SealBroken`` for what does not fit.
        """
        if under.subject != self.subject or field not in under.fields:
            raise ValueError(f"the opening on record does not cover the field {field}")
        stream = under.stream
        if sealed.key_id != self.key_id:
            raise SealedValueErased
        try:
            box = base64.b64decode(sealed.box, validate=True)
        except ValueError as malformed:
            raise SealBroken(what=f"{sealed.subject} {stream} {field}") from malformed
        plain = decrypt(sealed.algorithm, self._key, box, sealed.subject, sealed.key_id, stream, field)
        return cast(Value, msgspec.json.decode(plain, type=kind))


class KeyEncryptionKeys:
    """The key that wraps new data keys, and the older ones that some data keys are still wrapped with."""

    def __init__(self, current: bytes, older: Iterable[bytes] = ()) -> None:
        self.current_id = key_id(current)
        self._by_id = {key_id(key): key for key in (*older, current)}

    def wrap(self, subject: str, data_key_id: str, algorithm: Algorithm, key: bytes) -> bytes:
        """A data key under the current key-encryption key."""
        return encrypt(algorithm, self._for(algorithm, self.current_id), key, subject, data_key_id, self.current_id)

    def unwrap(self, row: Row[Any]) -> SubjectKey:
        """The data key of a row. Raises ``KeyEncryptionKeyMissing`` or ``SealBroken``."""
        key = decrypt(
            row.algorithm, self._for(row.algorithm, row.kek_id), row.wrapped, row.subject, row.key_id, row.kek_id
        )
        return SubjectKey(row.subject, row.key_id, row.algorithm, key)

    def _for(self, algorithm: str, kek_id: str) -> bytes:
        key = self._by_id.get(kek_id)
        if key is None:
            raise KeyEncryptionKeyMissing(kek_id=kek_id)
        # One key file serves both algorithms, but no two algorithms share a key; SM4's has 128 bits.
        return key if algorithm == "aes-256-gcm" else hmac.digest(key, algorithm.encode(), "sha256")[:16]


class KeyRing:
    """Loads, makes and shreds data keys."""

    def __init__(self, begin: Begin, keks: KeyEncryptionKeys, now: Clock, algorithm: Algorithm = "aes-256-gcm") -> None:
        self._begin = begin
        self._keks = keks
        self._now = now
        self._algorithm = algorithm
        self._cached: OrderedDict[str, tuple[datetime, SubjectKey]] = OrderedDict()

    async def keys_for(self, subjects: Iterable[str], *, make: bool = False) -> Mapping[str, SubjectKey]:
        """The data keys of up to ``SUBJECTS_MAX`` subjects in one query; with ``make`` the missing ones are made.

        Without it a subject that was erased, or never was, is missing from the answer.
        """
        wanted = list(dict.fromkeys(subjects))
        if len(wanted) > SUBJECTS_MAX:
            raise ValueError(f"{len(wanted)} subjects at once; the limit is {SUBJECTS_MAX}")
        found = {subject: key for subject in wanted if (key := self._fresh(subject)) is not None}
        missing = [subject for subject in wanted if subject not in found]
        if missing:
            async with self._begin() as connection:
                loaded = await self._load(connection, missing)
                unmade = [subject for subject in missing if subject not in loaded]
                if make and unmade:
                    loaded |= await self._make(connection, unmade)
                    if others := [subject for subject in unmade if subject not in loaded]:
                        loaded |= await self._load(connection, others)  # another process was first
            for key in loaded.values():
                self._remember(key)
            found |= loaded
        return found

    async def key_for(self, subject: str) -> SubjectKey:
        """The data key of one subject, made if it is not there yet: for sealing."""
        return (await self.keys_for([subject], make=True))[subject]

    async def rewrap(self) -> int:
        """Wrap every data key that an older key-encryption key holds with the current one; how many there were."""
        done = 0
        while True:
            async with self._begin() as connection:
                older = subject_keys.c.kek_id != self._keks.current_id
                rows = (
                    await connection.execute(
                        select(subject_keys).where(older).limit(REWRAP_BATCH).with_for_update(skip_locked=True)
                    )
                ).all()
                for row in rows:
                    key = self._keks.unwrap(row)
                    wrapped = self._keks.wrap(key.subject, key.key_id, key.algorithm, key._key)
                    await connection.execute(
                        update(subject_keys)
                        .where(subject_keys.c.subject == row.subject)
                        .values(kek_id=self._keks.current_id, wrapped=wrapped)
                    )
            done += len(rows)
            if len(rows) < REWRAP_BATCH:
                return done

    def forget(self, subject: str) -> None:
        """Drop the cached key; call it after ``shred``."""
        self._cached.pop(subject, None)

    async def _load(self, connection: AsyncConnection, subjects: list[str]) -> dict[str, SubjectKey]:
        wanted = subject_keys.c.subject == any_(literal(subjects, ARRAY(String)))
        rows = await connection.execute(select(subject_keys).where(wanted))
        return {row.subject: self._keks.unwrap(row) for row in rows}

    async def _make(self, connection: AsyncConnection, subjects: list[str]) -> dict[str, SubjectKey]:
        """Keys for those who have none, in one statement; whoever has got one meanwhile is not among the answers."""
        fresh, wrapped = dict[str, SubjectKey](), list[bytes]()
        for subject in sorted(subjects):  # one order for all, so that two processes never wait for each other
            key, data_key_id = new_key(self._algorithm), str(new_id())
            fresh[subject] = SubjectKey(subject, data_key_id, self._algorithm, key)
            wrapped.append(self._keks.wrap(subject, data_key_id, self._algorithm, key))
        made = await connection.scalars(
            _MAKE,
            {
                "subjects": list(fresh),
                "key_ids": [key.key_id for key in fresh.values()],
                "wrapped": wrapped,
                "algorithm": self._algorithm,
                "kek_id": self._keks.current_id,
            },
        )
        return {subject: fresh[subject] for subject in made}

    def _fresh(self, subject: str) -> SubjectKey | None:
        cached = self._cached.get(subject)
        if cached is None or self._now() >= cached[0]:
            return None
        return cached[1]

    def _remember(self, key: SubjectKey) -> None:
        self._cached[key.subject] = (self._now() + timedelta(seconds=CACHE_SECONDS_MAX), key)
        self._cached.move_to_end(key.subject)
        while len(self._cached) > CACHE_KEYS_MAX:
            self._cached.popitem(last=False)


async def shred(connection: Any, subject: str) -> bool:
    """Delete a subject's data key, in the log's own transaction (an asyncpg connection); whether there was one."""
    return bool(await connection.execute("DELETE FROM subject_keys WHERE subject = $1", subject) == "DELETE 1")
