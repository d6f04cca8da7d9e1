#!/usr/bin/env python3
"""Check a proof file of Mingjing 明镜, with no access to the system and nothing but this file.

    python check_proof.py PROOF.json --key VKEY [--key VKEY ...]

Needs Python 3.11 and the package ``cryptography``. The keys are public: the log's own (ask the authority, or compare
with the one that it publishes), and if you like those of its witnesses. What is checked:

1. the entry in the file hashes to the leaf in the file;
2. the path leads from that leaf to the root that the checkpoint names (RFC 9162 section 2.1.3.2);
3. the checkpoint is signed by the log's key (C2SP signed-note), and each witness whose key you gave cosigned it.

The one rule: what the file says about itself is never believed; only what follows from the keys that you gave.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

FORMAT = "mingjing/proof/v1"
FILE_BYTES_MAX = 64 * 1024 * 1024
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
LOG_KEY, WITNESS_KEY = 1, 4


class Unproved(Exception):
    """The file proves nothing; the message says why."""


@dataclass
class Checked:
    """What the proof shows, or why it shows nothing."""

    is_proved: bool
    problem: str = ""
    position: int = 0
    stream: str = ""
    version: int = 0
    type: str = ""
    recorded_at: str = ""
    size: int = 0
    origin: str = ""
    witnesses: list[tuple[str, str]] = field(default_factory=list)
    """Name and time of each cosignature that a given key confirms."""


@dataclass(frozen=True)
class Key:
    """A public key in its text form, taken apart."""

    name: str
    kind: int
    public: bytes
    id: bytes


def check(document: Any, vkeys: Sequence[str]) -> Checked:
    """Whether the document proves its entry to somebody who knows these public keys."""
    try:
        return _check(document, [parse_key(text) for text in vkeys])
    except Unproved as problem:
        return Checked(is_proved=False, problem=str(problem))
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as malformed:
        return Checked(is_proved=False, problem=f"the file is not a proof: {type(malformed).__name__}: {malformed}")


def _check(document: Any, keys: Sequence[Key]) -> Checked:
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise Unproved(f"the file is not of the format {FORMAT}")
    digest = digest_named(document["hash"])
    entry = document["entry"]
    position = entry["position"]
    leaf = digest(b"\x00" + entry_bytes(entry))
    if leaf != _bytes(document["leaf"]):
        raise Unproved("the entry was altered: it does not hash to its leaf")
    text, signatures = split_note(document["checkpoint"])
    origin, size, root = text.split("\n")[:3]
    if not size.isdigit() or str(int(size)) != size:
        raise Unproved("the checkpoint's size is no number")
    path = [_bytes(node) for node in document["path"]]
    if root_from(digest, leaf, position - 1, int(size), path) != _bytes(root):
        raise Unproved("the path does not lead to the checkpoint's root: the entry is not in this log")
    own = [key for key in keys if key.kind == LOG_KEY and key.name == origin]
    if not own:
        raise Unproved(f"no key was given for the log {origin}")
    own_times = [_signed(key, text, signatures) for key in own]  # every one is checked: a wrong one condemns
    if all(time is None for time in own_times):
        raise Unproved(f"the log {origin} did not sign this checkpoint with a key that you know")
    witnesses = [key for key in keys if key.kind == WITNESS_KEY]
    times = [(key.name, _signed(key, text, signatures)) for key in witnesses]
    return Checked(
        is_proved=True,
        position=position,
        stream=entry["stream"],
        version=entry["version"],
        type=entry["type"],
        recorded_at=entry["recorded_at"],
        size=int(size),
        origin=origin,
        witnesses=[(name, time) for name, time in times if time is not None],
    )


def entry_bytes(entry: Any) -> bytes:
    """The exact bytes that the leaf hash covers. Moments count in microseconds since 1970 UTC."""
    data, meta = _content(entry["data"]), _content(entry["meta"])
    stream, kind = entry["stream"], entry["type"]
    if "\n" in stream or "\n" in kind:
        raise Unproved("a line break in the stream's or the event's name")
    for name in ("occurred", "recorded"):
        moment = EPOCH + timedelta(microseconds=_integer(entry[f"{name}_micros"]))
        if moment.isoformat() != entry[f"{name}_at"]:
            raise Unproved(f"{name}_at is not the moment that was hashed")
    numbers = (_integer(entry["position"]), _integer(entry["version"]))
    return (
        b"mingjing/entry/v1\n%d\n%b\n%d\n%b\n%d\n%d\n%d\n%d\n%b%b"
        % (
            numbers[0],
            stream.encode(),
            numbers[1],
            kind.encode(),
            entry["occurred_micros"],
            entry["recorded_micros"],
            len(data),
            len(meta),
            data,
            meta,
        )
    )  # fmt: skip


def root_from(digest: Callable[[bytes], bytes], leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes:
    """The root that leaf ``index`` (from 0) of a tree of ``size`` and its audit path lead to."""
    if not 0 <= index < size:
        raise Unproved("the position lies beyond the checkpoint")
    node, last, current = index, size - 1, leaf
    for sibling in path:
        if last == 0:
            raise Unproved("the path is too long")
        if node & 1 or node == last:
            current = digest(b"\x01" + sibling + current)
            while node and not node & 1:
                node >>= 1
                last >>= 1
        else:
            current = digest(b"\x01" + current + sibling)
        node >>= 1
        last >>= 1
    if last != 0:
        raise Unproved("the path is too short")
    return current


def digest_named(name: str) -> Callable[[bytes], bytes]:
    """SHA-256, or SM3 (GB/T 32905)."""
    if name == "sha256":
        return lambda data: hashlib.sha256(data).digest()
    if name != "sm3":
        raise Unproved(f"the hash {name!r} is not known")

    def sm3(data: bytes) -> bytes:
        state = hashes.Hash(hashes.SM3())
        state.update(data)
        return state.finalize()

    return sm3


def split_note(note: str) -> tuple[str, list[tuple[str, bytes]]]:
    """The signed text, and each signature as (name, key id and value)."""
    body, blank, tail = note.rpartition("\n\n")
    if not blank or not tail.endswith("\n"):
        raise Unproved("the checkpoint is no signed note")
    signatures = []
    for line in tail[:-1].split("\n"):
        dash, name, value = line.split(" ")
        if dash != "—":
            raise Unproved("the checkpoint has a line that is no signature")
        signatures.append((name, _bytes(value)))
    return body + "\n", signatures


def parse_key(text: str) -> Key:
    """A public key: ``name+id+key``."""
    try:
        name, given, encoded = text.strip().split("+", 2)
        raw = _bytes(encoded)
    except ValueError as malformed:
        raise Unproved(f"{text[:60]!r} is no public key: name+id+key is expected") from malformed
    key_id = hashlib.sha256(name.encode() + b"\n" + raw).digest()[:4]
    if len(raw) != 33 or raw[0] not in (LOG_KEY, WITNESS_KEY) or key_id.hex() != given.lower():
        raise Unproved(f"the public key {name} is damaged")
    return Key(name, raw[0], raw[1:], key_id)


def _signed(key: Key, text: str, signatures: Sequence[tuple[str, bytes]]) -> str | None:
    """When this key signed the text ("" for the log itself), ``None`` if it did not. A wrong signature condemns all."""
    for name, raw in signatures:
        if name != key.name or raw[:4] != key.id:
            continue
        message, value, time = text.encode(), raw[4:], ""
        if key.kind == WITNESS_KEY:
            seconds = int.from_bytes(value[:8], "big")
            message, value = f"cosignature/v1\ntime {seconds}\n{text}".encode(), value[8:]
            time = (EPOCH + timedelta(seconds=seconds)).isoformat()
        try:
            Ed25519PublicKey.from_public_bytes(key.public).verify(value, message)
        except InvalidSignature as wrong:
            raise Unproved(f"the signature of {key.name} is wrong") from wrong
        return time
    return None


def _content(field_: Any) -> bytes:
    return field_["text"].encode() if "text" in field_ else _bytes(field_["base64"])


def _integer(value: Any) -> int:
    if type(value) is not int:
        raise Unproved(f"{value!r} is no whole number")
    return value


def _bytes(text: str) -> bytes:
    return base64.b64decode(text, validate=True)


def report(checked: Checked) -> str:
    """The result in words, Chinese and English."""
    if not checked.is_proved:
        return f"未能证明 NOT PROVED: {checked.problem}\n"
    lines = [
        f"证明成立 PROVED: 日志 log {checked.origin}, 第 {checked.position} 条 entry, 检查点 checkpoint {checked.size}",
        f"  {checked.type}  {checked.stream}  v{checked.version}  记录于 recorded {checked.recorded_at}",
        *(f"  见证 witness {name}: {time}" for name, time in checked.witnesses),
    ]
    return "\n".join(lines) + "\n"


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line; 0 when proved, 1 when not, 2 when the file cannot be read."""
    parser = argparse.ArgumentParser(description="Check a Mingjing proof file 核验明镜证明文件")
    parser.add_argument("proof", type=Path, help="proof file (JSON) 证明文件")
    parser.add_argument("--key", action="append", default=[], required=True, help="public key (vkey) 公钥, repeatable")
    chosen = parser.parse_args(arguments)
    try:
        if chosen.proof.stat().st_size > FILE_BYTES_MAX:
            raise ValueError("too large")
        document = json.loads(chosen.proof.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as unreadable:
        sys.stderr.write(f"无法读取 cannot read {chosen.proof}: {unreadable}\n")
        return 2
    checked = check(document, chosen.key)
    sys.stdout.write(report(checked))
    return 0 if checked.is_proved else 1


if __name__ == "__main__":
    sys.exit(main())
