"""Whether every piece of evidence is what the log says: for an audit that trusts neither the service nor its lists.

The one rule: the log is right. Bytes that are gone, altered, left over, or that no fact speaks of, are named.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Collection
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any
from uuid import UUID

from mingjing_kernel.audit.findings import Finding, finding, shortened
from mingjing_kernel.evidence.blobs import Blobs
from mingjing_kernel.evidence.digests import Digests
from mingjing_kernel.evidence.facts import EvidenceReceived, Verdict
from mingjing_kernel.evidence.rules import EVIDENCE
from mingjing_kernel.evidence.state import Gone, Kept, Stage
from mingjing_kernel.log import Log, Recorded
from mingjing_kernel.log.pages import COLUMNS

PAGE_STREAMS = 500
_FIRST, _END = "evidence-", "evidence."
"""The streams of this noun: keys sort by bytes."""


@dataclass(frozen=True, slots=True)
class EvidenceChecked:
    """What a check found: how many pieces are kept, how many different files with how many bytes."""

    kept: int
    files: int
    size_bytes: int
    findings: tuple[Finding, ...]

    @property
    def is_clean(self) -> bool:
        """Whether everything is as the log says."""
        return not self.findings


@dataclass(slots=True)
class _Known:
    """What the log speaks of."""

    looked_at: dict[str, Digests | None] = field(default_factory=dict)
    destroyed: dict[str, UUID] = field(default_factory=dict)
    kept: int = 0


async def check_evidence(log: Log, blobs: Blobs, progress: Callable[[int, int], None] | None = None) -> EvidenceChecked:
    """Read every byte, compute both digests, and compare. Works beside a running service."""
    stored = {address: size async for address, size in blobs.stored()}  # before the log: what is here by now is there
    known, findings = _Known(), list[Finding]()
    async for facts in _histories(log):
        state = EVIDENCE.decider.fold(fact.event for fact in facts)
        match state:
            case Kept():
                known.kept += 1
                findings += await _of_kept(blobs, state, facts, known)
            case Gone(stage=Stage.DESTROYED):
                known.destroyed[state.sha256] = facts[0].id
            case _:
                continue
        if progress is not None:
            progress(len(known.looked_at), len(stored))
    for address in stored.keys() - known.looked_at.keys():
        destroyed = known.destroyed.get(address)
        code = "evidence-orphan" if destroyed is None else "evidence-not-destroyed"
        findings.append(finding(code, sha256=address, id=destroyed, size_bytes=stored[address]))
    seen = [digests for digests in known.looked_at.values() if digests is not None]
    return EvidenceChecked(known.kept, len(seen), sum(one.size_bytes for one in seen), shortened(findings))


async def servable(log: Log, digests: Collection[str], *, is_scan_required: bool) -> dict[str, list[UUID]]:
    """Of these digests what a person may be given, by what the log says, with every piece of evidence that has these
    bytes: nothing infected, and nothing that waits for a scan where one is required.
    """
    here, stays, wanted = dict[str, list[UUID]](), set[str](), frozenset(digests)
    async for facts in _histories(log):
        state = EVIDENCE.decider.fold(fact.event for fact in facts)
        if isinstance(state, Kept) and state.sha256 in wanted:
            is_unclean = state.verdict is not Verdict.CLEAN if is_scan_required else state.verdict is Verdict.INFECTED
            if is_unclean:
                stays.add(state.sha256)
            else:
                here.setdefault(state.sha256, []).append(facts[0].id)
    return {digest: here[digest] for digest in digests if digest in here and digest not in stays}


async def _of_kept(blobs: Blobs, state: Kept, facts: list[Recorded[Any]], known: _Known) -> list[Finding]:
    if state.sha256 not in known.looked_at:
        known.looked_at[state.sha256] = await blobs.look(state.sha256)
    found = known.looked_at[state.sha256]
    position = next(fact.position for fact in facts if isinstance(fact.event, EvidenceReceived))
    if found is None:
        return [finding("evidence-missing", id=facts[0].id, position=position, sha256=state.sha256)]
    if found != Digests(state.sha256, state.sm3, state.size_bytes):
        return [finding("evidence-altered", id=facts[0].id, position=position, sha256=state.sha256, found=found.sha256)]
    return []


async def _histories(log: Log) -> AsyncIterator[list[Recorded[Any]]]:
    """All facts of one piece of evidence after another."""
    after = _FIRST
    while True:
        rows = await log.pool.fetch(
            f"""SELECT {COLUMNS} FROM "{log.schema}".events WHERE stream IN (
                SELECT DISTINCT stream FROM "{log.schema}".events
                WHERE stream > $1 AND stream < $2 ORDER BY stream LIMIT $3)
            ORDER BY stream, version""",
            after,
            _END,
            PAGE_STREAMS,
        )
        if not rows:
            return
        for stream, facts in groupby(log.recorded_all(rows), key=lambda fact: fact.stream):
            after = stream
            yield list(facts)
