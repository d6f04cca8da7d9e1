#!/usr/bin/env python3
"""Check what Mingjing 明镜 handed out: a proof, a receipt, or a whole case file; with no access to the system.

    python check_proof.py FILE --key VKEY [--key VKEY ...] [--filed WHAT_I_SENT.json]

Needs Python 3.11 and ``cryptography``. The keys are public: the logs' own, which the authority publishes, and if you
like those of their witnesses. What is checked:

1. each entry hashes to its leaf, and the path leads from there to the checkpoint's root (RFC 9162, 2.1.3.2);
2. the checkpoint is signed by the log's key (C2SP signed-note), and each witness whose key you gave cosigned it;
3. a receipt's entry commits to what was filed: SHA-256 over the receipt's salt and the filing's JSON, keys sorted;
   without ``proof`` it is a promise, signed, to show the entry by a named moment;
4. a case file (zip) holds exactly what its signed manifest lists, every entry in it is proved, the case's own stream
   and the others that it calls whole have no gap, and each piece of evidence is named by its digest in a proved entry.

The one rule: what the file says about itself is never believed; only what follows from the keys that you gave.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import sys
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

FORMAT, RECEIPT, PROMISE = "mingjing/proof/v1", "mingjing/receipt/v1", "mingjing/receipt-promise/v1"
CASE, MANIFEST, SEAL = "mingjing/case/v1", "manifest.json", "manifest.sig"
FILING, RECEIPTED = b"mingjing/filing/v1\n", "kernel.filing-receipted.v1"
FILE_BYTES_MAX, MEMBERS_MAX, CASE_BYTES_MAX = 64 * 1024**2, 20_000, 64 * 1024**3
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
LOG_KEY, WITNESS_KEY = KINDS = 1, 4
HASHES = {"sha256": hashes.SHA256, "sm3": hashes.SM3}
SHOWN = ("position", "stream", "version", "type", "recorded_at")
NUMBERS = ("position", "version", "occurred_micros", "recorded_micros")
_bytes = partial(base64.b64decode, validate=True)
Note: TypeAlias = tuple[str, list[tuple[str, bytes]]]
"""A signed text, and its signatures: the signer's name, and the key's id and the value together."""


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
    witnesses: list[tuple[str, str]] = field(default_factory=list)  # name and time of each that a given key confirms
    promised_by: str = ""  # of a receipt whose entry no checkpoint covers yet: until when the log will show it
    says: list[str] = field(default_factory=list)


class Key(NamedTuple):
    """A public key in its text form, taken apart."""

    name: str
    kind: int
    public: bytes
    id: bytes


def check(document: Any, vkeys: Sequence[str], filed: bytes | None = None) -> Checked:
    """Whether the proof or receipt proves its entry to whoever knows these keys; ``filed``: the JSON that was filed."""
    is_receipt = isinstance(document, dict) and document.get("format") == RECEIPT
    return _judged(_check_receipt, vkeys, document, filed) if is_receipt else _judged(_check_proof, vkeys, document)


def check_case(path: Path, vkeys: Sequence[str]) -> Checked:
    """Whether a case file is what its authority sealed, and everything in it is proved."""
    return _judged(_check_case, vkeys, path)


def _judged(checks: Callable[..., Checked], vkeys: Sequence[str], *given: Any) -> Checked:
    try:
        return checks([parse_key(text) for text in vkeys], *given)
    except Unproved as problem:
        return Checked(is_proved=False, problem=str(problem))
    except Exception as broken:  # whatever it meets that is not what it should be: then nothing is proved
        return Checked(is_proved=False, problem=f"the file is damaged or malformed: {type(broken).__name__}: {broken}")


def must(holds: bool, problem: str) -> None:
    """Whatever is demanded of a file is demanded through this."""
    if not holds:
        raise Unproved(problem)


def _check_proof(keys: list[Key], document: Any) -> Checked:
    """Points 1 and 2 above."""
    must(isinstance(document, dict) and document.get("format") == FORMAT, f"the file is not of the format {FORMAT}")
    name, entry = document["hash"], document["entry"]
    leaf = hashed(name, b"\x00" + entry_bytes(entry))
    must(leaf == _bytes(document["leaf"]), "the entry was altered: it does not hash to its leaf")
    note = split_note(document["checkpoint"])
    origin, size, root = note[0].split("\n")[:3]
    must(size.isdigit() and str(int(size)) == size, "the checkpoint's size is no number")
    found = root_from(name, leaf, entry["position"] - 1, int(size), [_bytes(node) for node in document["path"]])
    must(found == _bytes(root), "the path does not lead to the checkpoint's root: the entry is not in this log")
    signers = _signers(note, keys)
    must(
        LOG_KEY in [key.kind for key in signers if key.name == origin], f"no key given of the log {origin} signed this"
    )
    witnesses = [(key.name, time) for key, time in signers.items() if key.kind == WITNESS_KEY]
    shown = {name: entry[name] for name in SHOWN}
    return Checked(is_proved=True, origin=origin, size=int(size), witnesses=witnesses, **shown)


def entry_bytes(entry: Any) -> bytes:
    """The exact bytes that the leaf hash covers. Moments count in microseconds since 1970 UTC."""
    must(all(type(entry[name]) is int for name in NUMBERS), "a number of the entry is no whole number")
    data, meta, stream, kind = _content(entry["data"]), _content(entry["meta"]), entry["stream"], entry["type"]
    must("\n" not in stream and "\n" not in kind, "a line break in the stream's or the event's name")
    for name in ("occurred", "recorded"):
        moment = (EPOCH + timedelta(microseconds=entry[f"{name}_micros"])).isoformat()
        must(moment == entry[f"{name}_at"], f"{name}_at is not the moment that was hashed")
    named = (entry["position"], stream, entry["version"], kind, entry["occurred_micros"], entry["recorded_micros"])
    head = ("mingjing/entry/v1", *named, len(data), len(meta))
    return "".join(f"{part}\n" for part in head).encode() + data + meta


def _content(stored: Any) -> bytes:
    must(len(stored) == 1, "an entry's content stands there once: as text or as base64")
    return stored["text"].encode() if "text" in stored else _bytes(stored["base64"])


def hashed(name: str, data: bytes) -> bytes:
    """SHA-256, or SM3 (GB/T 32905)."""
    must(name in HASHES, f"the hash {name!r} is not known")
    state = hashes.Hash(HASHES[name]())
    state.update(data)
    return state.finalize()


def root_from(name: str, leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes:
    """The root that leaf ``index`` (from 0) of a tree of ``size`` and its audit path lead to; ``name`` is the hash's.

    Below where the leaf's way up meets that of the last leaf, the bits of ``index`` say on which side a sibling stands.
    Above, there is a sibling only to the left, one for each bit that is set.
    """
    must(0 <= index < size, "the position lies beyond the checkpoint")
    meeting = (index ^ (size - 1)).bit_length()
    must(len(path) == meeting + (index >> meeting).bit_count(), "the path has not the length that it must have")
    for level, sibling in enumerate(path):
        is_left = level >= meeting or index >> level & 1
        leaf = hashed(name, b"\x01" + (sibling + leaf if is_left else leaf + sibling))
    return leaf


def split_note(note: str) -> Note:
    """A signed note, taken apart."""
    body, blank, tail = note.rpartition("\n\n")
    must(bool(blank) and tail.endswith("\n"), "the checkpoint is no signed note")
    lines = [line.split(" ") for line in tail[:-1].split("\n")]
    must(all(dash == "—" for dash, _, _ in lines), "the checkpoint has a line that is no signature")
    return body + "\n", [(name, _bytes(value)) for _, name, value in lines]


def parse_key(text: str) -> Key:
    """A public key: ``name+id+key``."""
    try:
        name, given, encoded = text.strip().split("+", 2)
        raw = _bytes(encoded)
    except ValueError as malformed:
        raise Unproved(f"{text[:60]!r} is no public key: name+id+key is expected") from malformed
    key = Key(name, raw[0] if raw else 0, raw[1:], hashlib.sha256(name.encode() + b"\n" + raw).digest()[:4])
    must(len(raw) == 33 and key.kind in KINDS and key.id.hex() == given.lower(), f"the public key {name} is damaged")
    return key


def _signers(note: Note, keys: list[Key]) -> dict[Key, str]:
    """Which of the keys signed the text, and when, as far as they say so. One wrong signature condemns all."""
    (text, signatures), found = note, dict[Key, str]()
    for name, raw in signatures:
        for key in (key for key in keys if (key.name, key.id) == (name, raw[:4])):
            message, value, found[key] = text.encode(), raw[4:], ""
            if key.kind == WITNESS_KEY:
                seconds, value = int.from_bytes(value[:8], "big"), value[8:]
                message = f"cosignature/v1\ntime {seconds}\n{text}".encode()
                found[key] = (EPOCH + timedelta(seconds=seconds)).isoformat()
            try:
                Ed25519PublicKey.from_public_bytes(key.public).verify(value, message)
            except InvalidSignature as wrong:
                raise Unproved(f"the signature of {key.name} is wrong") from wrong
    return found


def _check_receipt(keys: list[Key], receipt: Any, filed: bytes | None) -> Checked:
    """Point 3 above."""
    proof, commitment = receipt.get("proof"), receipt["commitment"]
    entry = (receipt if proof is None else proof)["entry"]
    checked = _check_promise(keys, receipt) if proof is None else _check_proof(keys, proof)
    committed = load(_content(entry["data"]))["commitment"]
    must(entry["type"] == RECEIPTED and committed == commitment, "the entry is not the one that this receipt is for")
    if filed is not None:
        is_filed = commitment_to(load(filed), _bytes(receipt["salt"])) == commitment
        must(is_filed, "this is not what was filed: it does not fit the receipt's commitment")
        checked.says.append("所附内容即当时提交的内容 what you hold is what was filed")
    return checked


def _check_promise(keys: list[Key], receipt: Any) -> Checked:
    """No checkpoint covers the entry yet: the log signed that it will show this leaf at this position."""
    entry, note = receipt["entry"], split_note(receipt["promise"])
    leaf = hashed(receipt["hash"], b"\x00" + entry_bytes(entry))
    kind, origin, position, promised, due = note[0].rstrip("\n").split("\n")
    is_for_it = kind == PROMISE and position == str(entry["position"]) and _bytes(promised) == leaf
    must(is_for_it, "the promise is not for this entry")
    own = [key.kind for key in _signers(note, keys) if key.name == origin]
    must(LOG_KEY in own, f"no key given of the log {origin} signed this")
    due, shown = str(datetime.fromisoformat(due)), {name: entry[name] for name in SHOWN}
    return Checked(is_proved=True, origin=origin, promised_by=due, **shown)


def commitment_to(filing: Any, salt: bytes) -> str:
    """What hides a filing and binds to it. One form for one content, however it was spaced or ordered."""
    canonical = json.dumps(filing, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(FILING + salt + canonical.encode()).hexdigest()


def _check_case(keys: list[Key], path: Path) -> Checked:
    """Point 4 above: first that every member is as the manifest says, and who sealed that."""
    with zipfile.ZipFile(path) as case:
        members, names = case.infolist(), set(case.namelist())
        is_small = sum(one.file_size for one in members) <= CASE_BYTES_MAX and len(members) <= MEMBERS_MAX
        must(is_small and len(names) == len(members), "the case file is too large, or has two members of one name")
        manifest, seal = _read(case, MANIFEST), split_note(_read(case, SEAL).decode())
        sealed = f"{CASE}\n{base64.b64encode(hashlib.sha256(manifest).digest()).decode()}\n"
        must(seal[0] == sealed, "the manifest was altered: it is not what was sealed")
        sealed_by = ", ".join(key.name for key in _signers(seal, keys) if key.kind == LOG_KEY)
        must(bool(sealed_by), "nobody whose key you gave sealed this case file")
        told = load(manifest)
        is_listed = told["format"] == CASE and set(told["files"]) == names - {MANIFEST, SEAL}
        must(is_listed, "the case file does not hold exactly what its manifest lists")
        for name, digest in told["files"].items():
            with case.open(name) as member:
                found = hashlib.file_digest(member, "sha256").hexdigest()  # type: ignore[arg-type]
            must(found == digest, f"{name} was altered: it is not what the manifest lists")
        return _check_contents(keys, case, told, sealed_by)


def _read(case: zipfile.ZipFile, name: str) -> bytes:
    must(case.getinfo(name).file_size <= FILE_BYTES_MAX, f"{name} is too large")
    return case.read(name)


def _check_contents(keys: list[Key], case: zipfile.ZipFile, told: Any, sealed_by: str) -> Checked:
    """Then that the entries in it are proved, and speak of all the rest; the last one, with words about the others."""
    proved, said, last = dict[tuple[str, str], set[int]](), bytearray(), Checked(is_proved=False)
    for name in sorted(name for name in told["files"] if name.startswith("proofs/")):
        document = load(_read(case, name))
        last = _check_proof(keys, document)
        proved.setdefault((last.origin, last.stream), set()).add(last.version)
        said += _content(document["entry"]["data"]) + b"\n"
    must(last.is_proved, "the case file proves nothing: there is no entry in it")
    for origin, stream, version in told["whole_streams"]:
        is_whole = type(version) is int and version > 0 and proved.get((origin, stream)) == set(range(1, version + 1))
        must(is_whole, f"the stream {stream} is not whole")
    kind, id, whole = told["case"]["kind"], told["case"]["id"], [stream for _, stream, _ in told["whole_streams"]]
    must(f"{kind}-{id}" in whole, f"the case's own stream {kind}-{id} is not among the whole ones")
    evidence = {name: digest for name, digest in told["files"].items() if name.startswith("evidence/")}
    for name, digest in evidence.items():
        must(name == f"evidence/{digest}" and digest.encode() in said, f"{name} is named in no proved entry")
    last.says = [
        f"案件 case {kind} {id}, 出具于 made {told['made_at']}, 由 by {sealed_by}",
        f"{sum(map(len, proved.values()))} 条记录 entries, {len(whole)} 个完整流 whole streams, "
        f"{len(evidence)} 件证据 evidence",
        *(f"未收入 left out: {one!r}" for one in told["left_out"]),
        *(f"有引用而无文件 cited, and no file of it here: {one!r}" for one in told["digests_without_file"]),
        "SUMMARY.html、rules/ 仅由出具者封存，并非由记录推得 only sealed by whoever made this, not from entries",
    ]
    return last


def load(text: str | bytes) -> Any:
    """JSON in which no name stands twice: of two, another reader may believe the other. Raises ``ValueError``."""

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if len(found := dict(pairs)) != len(pairs):
            raise ValueError("a name stands twice in one object")
        return found

    return json.loads(text, object_pairs_hook=unique)


def report(checked: Checked) -> str:
    """The result in words, Chinese and English."""
    if not checked.is_proved:
        return f"未能证明 NOT PROVED: {checked.problem}\n"
    promised = ("承诺有效 PROMISED", f"最迟 shown by {checked.promised_by}")
    verdict, seen = promised if checked.promised_by else ("证明成立 PROVED", f"检查点 checkpoint {checked.size}")
    return "".join(f"{line}\n" for line in [
        *checked.says,
        f"{verdict}: 日志 log {checked.origin}, 第 {checked.position} 条 entry, {seen}",
        f"  {checked.type}  {checked.stream}  v{checked.version}  记录于 recorded {checked.recorded_at}",
        *(f"  见证 witness {name}: {time}" for name, time in checked.witnesses),
    ])  # fmt: skip


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line; 0 when proved, 1 when not, 2 when the file cannot be read."""
    parser = argparse.ArgumentParser(description="Check a Mingjing proof, receipt or case file 核验明镜文件")
    parser.add_argument("file", type=Path, help="proof or receipt (JSON), case file (zip) 证明、回执或案件文件")
    parser.add_argument("--key", action="append", default=[], required=True, help="public key (vkey) 公钥, repeatable")
    parser.add_argument("--filed", type=Path, help="the JSON that was filed, for a receipt 当时提交的内容")
    chosen = parser.parse_args(arguments)
    try:
        is_case, filed = zipfile.is_zipfile(chosen.file), _text_of(chosen.filed).encode() if chosen.filed else None
        checked = (
            check_case(chosen.file, chosen.key) if is_case else check(load(_text_of(chosen.file)), chosen.key, filed)
        )
    except (OSError, ValueError, RecursionError) as unreadable:
        sys.stderr.write(f"无法读取 cannot read {chosen.file}: {unreadable}\n")
        return 2
    sys.stdout.write(report(checked))
    return 0 if checked.is_proved else 1


def _text_of(path: Path) -> str:
    if path.stat().st_size > FILE_BYTES_MAX:
        raise ValueError("too large")
    return path.read_text(encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
