"""Seal one field: what a person's datum costs on its way into an event. The ring is warm: one subject's key at hand.

Raw limit: AES-256-GCM of the same bytes with the same key and nothing around it.
"""

from __future__ import annotations

import os
import time

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from figure import Figure
from mingjing_kernel.sealed.ring import SubjectKey
from stage import Options

NAME = "seal"
USES = {"events"}
FIELDS = 200_000
ROUNDS = 5
STREAM = "complaint-01900000-0000-7000-8000-000000000001"
SUBJECT = "complainant-01900000-0000-7000-8000-000000000001"
VALUES = ("王小明", "19900001111", "330106199001011234")


async def run(options: Options) -> Figure:
    """Measure."""
    fields = options.events or FIELDS
    raw, sealed = [], []
    for _ in range(ROUNDS):  # turn by turn, so that a busy machine slows both
        raw.append(_raw(fields // ROUNDS))
        sealed.append(_sealed(fields // ROUNDS))
    return Figure(
        name=NAME,
        value=min(sealed),
        unit="µs a field",
        raw=min(raw),
        raw_is="µs, bare AES-256-GCM",
        details={"fields": fields, "mean_us": round(sum(sealed) / ROUNDS, 2)},
    )


def _raw(count: int) -> float:
    """Microseconds each."""
    cipher, plain, nonce = AESGCM(os.urandom(32)), [value.encode() for value in VALUES], os.urandom(12)
    began = time.perf_counter()
    for at in range(count):
        cipher.encrypt(nonce, plain[at % 3], None)
    return (time.perf_counter() - began) * 1e6 / count


def _sealed(count: int) -> float:
    key = SubjectKey(SUBJECT, "01900000-0000-7000-8000-000000000002", "aes-256-gcm", os.urandom(32))
    began = time.perf_counter()
    for at in range(count):
        key.seal(VALUES[at % 3], stream=STREAM, field="name")
    return (time.perf_counter() - began) * 1e6 / count
