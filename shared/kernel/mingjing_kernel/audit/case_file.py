"""The case file 案件文件: everything of one case, each entry with its proof, sealed, with the verifier inside.

A zip: ``SUMMARY.html`` to read, ``proofs/LOG/POSITION.json``, ``evidence/SHA256``, ``rules/``, ``keys/``,
``check_proof.py``, and ``manifest.json``, whose digest the logs' keys sign in ``manifest.sig``. The one rule: nothing
is in it that the manifest does not list, and what was looked for and not found is listed too.
"""

from __future__ import annotations

import hashlib
import json
import re
import zipfile
from base64 import b64encode
from collections.abc import AsyncIterable, AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from importlib import resources
from pathlib import Path
from typing import Any, TypeAlias

from mingjing_kernel.audit.case_search import SEARCH_SECONDS_MAX, Case, CaseStandsElsewhere, CaseUnknown, find
from mingjing_kernel.audit.case_summary import summary
from mingjing_kernel.audit.check_proof import CASE, MANIFEST, SEAL
from mingjing_kernel.audit.checkpoints import Checkpointer
from mingjing_kernel.audit.kept_rules import KeptRules, none_kept
from mingjing_kernel.audit.note import Signer
from mingjing_kernel.audit.proof import prove_all
from mingjing_kernel.log import Log

EVIDENCE_MAX = 1_000
DIGEST = re.compile(rb"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])")
_TELLING = ("kernel.evidence-declared.", "kernel.evidence-attached.", "kernel.evidence-received.")
_SHA256 = re.compile(rb'"sha256":"([0-9a-f]{64})"')
_MEMBER_TIME = (1980, 1, 1, 0, 0, 0)
"""Of every member: the file's time is in the manifest, and the same case gives the same bytes."""

Evidence: TypeAlias = Callable[[Sequence[str]], AsyncIterator[tuple[str, AsyncIterable[bytes]]]]
"""Given SHA-256 digests in hexadecimal, the originals that are at hand: digest and bytes, in pieces."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What one log has of a case."""

    service: str
    origin: str
    proofs: tuple[dict[str, Any], ...] = ()
    whole_streams: tuple[tuple[str, int], ...] = ()
    """Streams that are in the file from their first version to this one."""
    left_out: tuple[str, ...] = ()
    rules: Mapping[str, str] = field(default_factory=dict)
    """Texts of the rules that its entries cite, by version."""
    vkeys: tuple[str, ...] = ()
    files: Mapping[str, bytes] = field(default_factory=dict)
    """What those rules came in, by SHA-256."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """What a case file holds."""

    entries: int
    evidence: int
    evidence_missing: tuple[str, ...]
    left_out: tuple[str, ...]
    digest: str
    """SHA-256 of the manifest: names this file and no other."""


async def part_of(
    log: Log,
    case: Case,
    checkpointer: Checkpointer,
    witnessed: Sequence[str] = (),
    rules: Mapping[str, str] | None = None,
    seconds_max: int = SEARCH_SECONDS_MAX,
    kept: KeptRules = none_kept,
) -> Part:
    """This log's part. ``rules`` are texts of the code, ``kept`` those of the log: their entries are proved, too.

    Raises ``CaseTooLarge``, ``SearchTooLong``; ``HistoryChanged`` if the log was tampered with.
    """
    found = await find(log, case, seconds_max)
    proofs = await prove_all(log, sorted(found.positions), checkpointer, witnessed)
    said = b"\n".join(_data(proof) for proof in proofs)
    decided = {version: rule for version, rule in (await kept(log)).items() if _is_cited(version, said)} if said else {}
    deciding = {position for rule in decided.values() for position in rule.positions}
    if deciding - found.positions:
        # Once more and not the rest alone: all that a file proves is proved by one checkpoint.
        proofs = await prove_all(log, sorted(found.positions | deciding), checkpointer, witnessed)
    texts = {version: text for version, text in (rules or {}).items() if _is_cited(version, said)}
    signer = checkpointer.signer
    return Part(
        service=log.schema,
        origin=signer.name,
        proofs=tuple(proofs),
        whole_streams=tuple(sorted(found.whole_streams.items())),
        left_out=tuple(f"{log.schema}: {one}" for one in found.left_out),
        rules={**texts, **{version: rule.text for version, rule in decided.items()}},
        vkeys=(signer.vkey.encode(), signer.cosigner_vkey.encode()),
        files={digest: content for rule in decided.values() for digest, content in rule.files.items()},
    )


def require_own_stream(case: Case, parts: Sequence[Part]) -> None:
    """Raise ``CaseUnknown`` when no log has anything of it, ``CaseStandsElsewhere`` when none has its own stream."""
    if not any(part.proofs for part in parts):
        raise CaseUnknown(kind=case.kind, id=case.id)
    if all(case.stream != stream for part in parts for stream, _ in part.whole_streams):
        raise CaseStandsElsewhere(kind=case.kind, id=case.id)


async def write_case(
    path: Path,
    case: Case,
    parts: Sequence[Part],
    signers: Sequence[Signer],
    made_at: datetime,
    evidence: Evidence | None = None,
) -> Made:
    """Write the file. Raises ``CaseUnknown``, ``CaseStandsElsewhere``."""
    require_own_stream(case, parts)
    parts = [part for part in parts if part.proofs]
    with zipfile.ZipFile(path, "w") as file:
        binder = _Binder(file)
        for name, content in _members(parts):
            binder.add(name, content)
        cited = sorted({found.decode() for part in parts for proof in part.proofs for found in _cited(proof)})
        files = {digest: content for part in parts for digest, content in part.files.items() if digest in cited}
        for sha256, kept in files.items():
            binder.keep(f"evidence/{sha256}", kept)
        wanted = [one for one in cited if one not in files]
        at_hand = (*files, *await _bind_evidence(binder, wanted, evidence))
        left_out = tuple(one for part in parts for one in part.left_out)
        missing = tuple(one for one in cited if one not in at_hand)
        binder.add("SUMMARY.html", summary(case, parts, made_at, at_hand, missing, left_out))
        manifest = {
            "format": CASE,
            "case": {"kind": case.kind, "id": str(case.id)},
            "made_at": made_at.isoformat(),
            "files": binder.digests,
            "whole_streams": [[part.origin, *stream] for part in parts for stream in part.whole_streams],
            "digests_without_file": missing,
            "left_out": left_out,
        }
        digest = _seal(binder, manifest, signers)
    entries = sum(len(part.proofs) for part in parts)
    return Made(
        entries=entries, evidence=len(at_hand), evidence_missing=missing, left_out=left_out, digest=digest.hex()
    )


def _members(parts: Sequence[Part]) -> list[tuple[str, str]]:
    found = [("check_proof.py", resources.files(__package__).joinpath("check_proof.py").read_text("utf-8"))]
    for part in parts:
        for proof in part.proofs:
            text = json.dumps(proof, ensure_ascii=False, indent=1)
            found.append((f"proofs/{part.service}/{proof['entry']['position']}.json", text))
        found.append((f"checkpoints/{part.service}.txt", part.proofs[0]["checkpoint"]))
        found.append((f"keys/{part.service}.vkey", "".join(f"{key}\n" for key in part.vkeys)))
        found += [(f"rules/{part.service}/{_file_name(rule)}.txt", text) for rule, text in part.rules.items()]
    return found


def _seal(binder: _Binder, manifest: Mapping[str, Any], signers: Sequence[Signer]) -> bytes:
    """Each log's key signs the manifest's digest. Its first line is no log's name, so it can be no checkpoint."""
    content = json.dumps(manifest, ensure_ascii=False, indent=1).encode()
    digest = hashlib.sha256(content).digest()
    text = f"{CASE}\n{b64encode(digest).decode()}\n"
    binder.write(MANIFEST, content)
    binder.write(SEAL, f"{text}\n{''.join(signer.sign_text(text).line() for signer in signers)}".encode())
    return digest


async def _bind_evidence(binder: _Binder, cited: Sequence[str], evidence: Evidence | None) -> tuple[str, ...]:
    bound: list[str] = []
    if evidence is None or not cited:
        return ()
    async for digest, pieces in evidence(cited[:EVIDENCE_MAX]):
        if digest in cited and digest not in bound:
            await binder.stream(f"evidence/{digest}", pieces)
            bound.append(digest)
    return tuple(bound)


def _is_cited(version: str, said: bytes) -> bool:
    return json.dumps(version).encode() in said


def _data(proof: Mapping[str, Any]) -> bytes:
    content = proof["entry"]["data"]
    return str(content.get("text", "")).encode()


def _cited(proof: Mapping[str, Any]) -> list[bytes]:
    """Digests of evidence: whatever a service writes down, and what the kernel says of evidence itself. What else the
    kernel notes (commitments, roots, questions) is none.
    """
    type_, said = proof["entry"]["type"], _data(proof)
    if type_.startswith(_TELLING):
        return _SHA256.findall(said)
    return [] if type_.startswith("kernel.") else DIGEST.findall(said)


def _file_name(version: str) -> str:
    return re.sub(r"[^A-Za-z0-9._-]", "-", version)


class _Binder:
    """Writes members and notes their digests."""

    def __init__(self, file: zipfile.ZipFile) -> None:
        self._file = file
        self.digests: dict[str, str] = {}

    def add(self, name: str, content: str) -> None:
        """A member that the manifest lists."""
        self.keep(name, content.encode())

    def keep(self, name: str, content: bytes) -> None:
        """The same of bytes."""
        self.digests[name] = hashlib.sha256(content).hexdigest()
        self.write(name, content)

    def write(self, name: str, content: bytes) -> None:
        """The manifest itself and its seal."""
        self._file.writestr(_member(name), content, zipfile.ZIP_DEFLATED)

    async def stream(self, name: str, pieces: AsyncIterable[bytes]) -> None:
        """A large member, piece by piece; photos and recordings are packed already."""
        whole = hashlib.sha256()
        with self._file.open(_member(name), "w", force_zip64=True) as member:
            async for piece in pieces:
                whole.update(piece)
                member.write(piece)
        self.digests[name] = whole.hexdigest()


def _member(name: str) -> zipfile.ZipInfo:
    return zipfile.ZipInfo(name, _MEMBER_TIME)
