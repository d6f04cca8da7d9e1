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
import zlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

FORMAT = "mingjing/proof/v1"
RECEIPT = "mingjing/receipt/v1"
PROMISE = "mingjing/receipt-promise/v1"
CASE = "mingjing/case/v1"
FILING = b"mingjing/filing/v1\n"
RECEIPTED = "kernel.filing-receipted.v1"
MANIFEST, SEAL = "manifest.json", "manifest.sig"
FILE_BYTES_MAX = 64 * 1024 * 1024
MEMBERS_MAX, CASE_BYTES_MAX = 20_000, 64 * 1024**3
MALFORMED = (KeyError, TypeError, ValueError, AttributeError, OverflowError, RecursionError, IndexError)
UNZIPPABLE = (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, RuntimeError)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
LOG_KEY, WITNESS_KEY = 1, 4
FACTS = ("position", "stream", "version", "type", "recorded_at")


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
    try:
        keys = [parse_key(text) for text in vkeys]
        is_receipt = isinstance(document, dict) and document.get("format") == RECEIPT
        return _check_receipt(document, keys, filed) if is_receipt else _check(document, keys)
    except Unproved as problem:
        return Checked(is_proved=False, problem=str(problem))
    except MALFORMED as malformed:
        return Checked(is_proved=False, problem=f"the file is not a proof: {type(malformed).__name__}: {malformed}")


def check_case(path: Path, vkeys: Sequence[str]) -> Checked:
    """Whether a case file is what its authority sealed, and everything in it is proved."""
    try:
        with zipfile.ZipFile(path) as case:
            return _check_case(case, [parse_key(text) for text in vkeys])
    except Unproved as problem:
        return Checked(is_proved=False, problem=str(problem))
    except (*UNZIPPABLE, *MALFORMED) as damaged:
        return Checked(is_proved=False, problem=f"the case file is damaged: {type(damaged).__name__}: {damaged}")


def _check(document: Any, keys: Sequence[Key]) -> Checked:
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise Unproved(f"the file is not of the format {FORMAT}")
    digest = digest_named(document["hash"])
    entry = document["entry"]
    if (leaf := digest(b"\x00" + entry_bytes(entry))) != _bytes(document["leaf"]):
        raise Unproved("the entry was altered: it does not hash to its leaf")
    text, signatures = split_note(document["checkpoint"])
    origin, size, root = text.split("\n")[:3]
    if not size.isdigit() or str(int(size)) != size:
        raise Unproved("the checkpoint's size is no number")
    path = map(_bytes, document["path"])
    if root_from(digest, leaf, entry["position"] - 1, int(size), path) != _bytes(root):
        raise Unproved("the path does not lead to the checkpoint's root: the entry is not in this log")
    _signed_by_log(origin, text, signatures, keys)
    times = [(key.name, _signed(key, text, signatures)) for key in keys if key.kind == WITNESS_KEY]
    confirmed = [(name, time) for name, time in times if time is not None]
    return Checked(
        is_proved=True, origin=origin, size=int(size), witnesses=confirmed, **{name: entry[name] for name in FACTS}
    )


def _check_receipt(receipt: Any, keys: Sequence[Key], filed: bytes | None) -> Checked:
    if receipt.get("proof") is not None:
        entry = receipt["proof"]["entry"]
        checked = _check(receipt["proof"], keys)
    else:
        entry = receipt["entry"]
        checked = _check_promise(receipt, entry, keys)
    commitment = receipt["commitment"]
    if entry["type"] != RECEIPTED or load(_content(entry["data"]))["commitment"] != commitment:
        raise Unproved("the entry is not the one that this receipt is for")
    if filed is not None:
        if commitment_to(load(filed), _bytes(receipt["salt"])) != commitment:
            raise Unproved("this is not what was filed: it does not fit the receipt's commitment")
        checked.says.append("所附内容即当时提交的内容 what you hold is what was filed")
    return checked


def _check_promise(receipt: Any, entry: Any, keys: Sequence[Key]) -> Checked:
    """No checkpoint covers the entry yet: the log signed that it will show this leaf at this position."""
    leaf = digest_named(receipt["hash"])(b"\x00" + entry_bytes(entry))
    text, signatures = split_note(receipt["promise"])
    kind, origin, position, promised, due = text.rstrip("\n").split("\n")
    if kind != PROMISE or position != str(entry["position"]) or _bytes(promised) != leaf:
        raise Unproved("the promise is not for this entry")
    _signed_by_log(origin, text, signatures, keys)
    due = str(datetime.fromisoformat(due))
    return Checked(is_proved=True, origin=origin, promised_by=due, **{name: entry[name] for name in FACTS})


def commitment_to(filing: Any, salt: bytes) -> str:
    """What hides a filing and binds to it. One form for one content, however it was spaced or ordered."""
    canonical = json.dumps(filing, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(FILING + salt + canonical.encode()).hexdigest()


def _check_case(case: zipfile.ZipFile, keys: Sequence[Key]) -> Checked:
    names = [member.filename for member in case.infolist()]
    too_large = sum(member.file_size for member in case.infolist()) > CASE_BYTES_MAX
    if too_large or len(names) > MEMBERS_MAX or len(set(names)) != len(names):
        raise Unproved("the case file is too large, has too many members, or two of one name")
    manifest = _read(case, MANIFEST)
    if not (sealed_by := _seal(_read(case, SEAL), manifest, keys)):
        raise Unproved("nobody whose key you gave sealed this case file")
    told = load(manifest)
    if told["format"] != CASE or set(told["files"]) != set(names) - {MANIFEST, SEAL}:
        raise Unproved("the case file does not hold exactly what its manifest lists")
    for name, digest in told["files"].items():
        if _sha256(case, name) != digest:
            raise Unproved(f"{name} was altered: it is not what the manifest lists")
    entries, evidence, last = _check_contents(case, told, keys)
    kind, id = told["case"]["kind"], told["case"]["id"]
    last.says = [
        f"案件 case {kind} {id}, 出具于 made {told['made_at']}, 由 by {sealed_by}",
        f"{entries} 条记录 entries, {len(told['whole_streams'])} 个完整流 whole streams, {evidence} 件证据 evidence",
        *(f"未收入 left out: {one!r}" for one in told["left_out"]),
        *(f"有引用而无文件 cited, and no file of it here: {one!r}" for one in told["digests_without_file"]),
        "SUMMARY.html、rules/ 仅由出具者封存，并非由记录推得 only sealed by whoever made this, not from entries",
    ]
    return last


def _check_contents(case: zipfile.ZipFile, told: Any, keys: Sequence[Key]) -> tuple[int, int, Checked]:
    proved, said, last = dict[tuple[str, str], set[int]](), bytearray(), None
    for name in sorted(name for name in told["files"] if name.startswith("proofs/")):
        document = load(_read(case, name))
        last = _check(document, keys)
        proved.setdefault((last.origin, last.stream), set()).add(last.version)
        said += _content(document["entry"]["data"]) + b"\n"
    if last is None:
        raise Unproved("the case file proves nothing: there is no entry in it")
    for origin, stream, version in told["whole_streams"]:
        if _integer(version) < 1 or proved.get((origin, stream)) != set(range(1, version + 1)):
            raise Unproved(f"the stream {stream} is not whole")
    if (own := f"{told['case']['kind']}-{told['case']['id']}") not in [
        stream for _, stream, _ in told["whole_streams"]
    ]:
        raise Unproved(f"the case's own stream {own} is not among the whole ones")
    for name in (evidence := [name for name in told["files"] if name.startswith("evidence/")]):
        if told["files"][name] != name.removeprefix("evidence/") or told["files"][name].encode() not in said:
            raise Unproved(f"{name} is named in no proved entry")
    return sum(map(len, proved.values())), len(evidence), last


def _seal(seal: bytes, manifest: bytes, keys: Sequence[Key]) -> str:
    text, signatures = split_note(seal.decode())
    if text != f"{CASE}\n{base64.b64encode(hashlib.sha256(manifest).digest()).decode()}\n":
        raise Unproved("the manifest was altered: it is not what was sealed")
    return ", ".join(key.name for key in keys if key.kind == LOG_KEY and _signed(key, text, signatures) is not None)


def load(text: str | bytes) -> Any:
    """JSON in which no name stands twice. Raises ``ValueError``."""

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if len(found := dict(pairs)) != len(pairs):  # of two, another reader may believe the other
            raise ValueError("a name stands twice in one object")
        return found

    return json.loads(text, object_pairs_hook=unique)


def _read(case: zipfile.ZipFile, name: str) -> bytes:
    if case.getinfo(name).file_size > FILE_BYTES_MAX:
        raise Unproved(f"{name} is too large")
    return case.read(name)


def _sha256(case: zipfile.ZipFile, name: str) -> str:
    with case.open(name) as member:
        return hashlib.file_digest(member, "sha256").hexdigest()  # type: ignore[arg-type]


def entry_bytes(entry: Any) -> bytes:
    """The exact bytes that the leaf hash covers. Moments count in microseconds since 1970 UTC."""
    data, meta, stream, kind = _content(entry["data"]), _content(entry["meta"]), entry["stream"], entry["type"]
    if "\n" in stream or "\n" in kind:
        raise Unproved("a line break in the stream's or the event's name")
    for name in ("occurred", "recorded"):
        moment = EPOCH + timedelta(microseconds=_integer(entry[f"{name}_micros"]))
        if moment.isoformat() != entry[f"{name}_at"]:
            raise Unproved(f"{name}_at is not the moment that was hashed")
    head = ("mingjing/entry/v1", _integer(entry["position"]), stream, _integer(entry["version"]), kind)
    lengths = (entry["occurred_micros"], entry["recorded_micros"], len(data), len(meta))
    return "".join(f"{part}\n" for part in (*head, *lengths)).encode() + data + meta


def root_from(digest: Callable[[bytes], bytes], leaf: bytes, index: int, size: int, path: Iterable[bytes]) -> bytes:
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
    if name not in ("sha256", "sm3"):
        raise Unproved(f"the hash {name!r} is not known")
    return (lambda data: hashlib.sha256(data).digest()) if name == "sha256" else _sm3


def _sm3(data: bytes) -> bytes:
    state = hashes.Hash(hashes.SM3())
    state.update(data)
    return state.finalize()


def split_note(note: str) -> tuple[str, list[tuple[str, bytes]]]:
    """The signed text, and each signature as (name, key id and value)."""
    body, blank, tail = note.rpartition("\n\n")
    if not blank or not tail.endswith("\n"):
        raise Unproved("the checkpoint is no signed note")
    lines = [line.split(" ") for line in tail[:-1].split("\n")]
    if any(dash != "—" for dash, _, _ in lines):
        raise Unproved("the checkpoint has a line that is no signature")
    return body + "\n", [(name, _bytes(value)) for _, name, value in lines]


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


def _signed_by_log(origin: str, text: str, signatures: Sequence[tuple[str, bytes]], keys: Sequence[Key]) -> None:
    own = [key for key in keys if key.kind == LOG_KEY and key.name == origin]
    if not own:
        raise Unproved(f"no key was given for the log {origin}")
    times = [_signed(key, text, signatures) for key in own]  # every one is checked: a wrong one condemns
    if all(time is None for time in times):
        raise Unproved(f"the log {origin} did not sign this with a key that you know")


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
    if len(field_) != 1:
        raise Unproved("an entry's content stands there once: as text or as base64")
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
    verdict, seen = "证明成立 PROVED", f"检查点 checkpoint {checked.size}"
    if checked.promised_by:
        verdict, seen = "承诺有效 PROMISED", f"最迟 shown by {checked.promised_by}"
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
        if zipfile.is_zipfile(chosen.file):
            checked = check_case(chosen.file, chosen.key)
        else:
            filed = _text_of(chosen.filed).encode() if chosen.filed else None
            checked = check(load(_text_of(chosen.file)), chosen.key, filed)
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
