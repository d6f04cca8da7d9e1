"""How long evidence is kept (证据保存期限), and what the sweep of a day made of it.

Pure, but for the names of streams. The one rule: a day without a sweep is visible as a day without its event; a sweep
that destroyed nothing says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from mingjing_kernel.codec import Codec
from mingjing_kernel.decider import Decider
from mingjing_kernel.evidence.media import UPLOAD_DAYS_MAX
from mingjing_kernel.identifiers import derived_id
from mingjing_kernel.log.envelope import Aggregate
from mingjing_kernel.policy import Number, Rule

UNATTACHED = "unattached-days"
UNATTACHED_DAYS = 90
MONTHS_MAX = 1_200


def months_of(kind: str) -> str:
    """The number's name that says how long the evidence of a kind of record is kept."""
    return f"{kind}-months"


def periods_of(kinds: Mapping[str, tuple[str, str, int]]) -> Rule:
    """The rule of a service; ``kinds``: of each kind of record its names in Chinese and English, and the default."""
    return Rule(
        name="evidence-periods",
        zh="证据保存期限",
        en="How long evidence is kept after its record has ended; what belongs to none, after it came",
        numbers=(
            Number(
                name=UNATTACHED,
                zh="未关联记录的证据",
                en="Evidence that was never attached to a record",
                default=UNATTACHED_DAYS,
                at_least=UPLOAD_DAYS_MAX,
                unit="days",
            ),
            *(
                Number(
                    name=months_of(kind),
                    zh=f"{zh}的证据",
                    en=f"Evidence of: {en}",
                    default=months,
                    at_least=1,
                    at_most=MONTHS_MAX,
                    unit="months",
                )
                for kind, (zh, en, months) in kinds.items()
            ),
        ),
        legal_basis="个人信息保护法第十九条",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordEvidenceSweep:
    """Put on record what the sweep of a day did."""

    on: date
    policy_version: str
    unattached: int
    ended: int
    held: int
    left: int
    because: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceSwept:
    """The day's sweep: how many files went that belonged to no record, how many whose record's time was over, how many
    that were due a hold kept, how many wait for the next one. Each file's own facts say by which rule it went.
    """

    on: date
    policy_version: str
    unattached: int
    ended: int
    held: int
    left: int
    because: str
    at: datetime


def decide(command: RecordEvidenceSweep, last: EvidenceSwept | None) -> list[EvidenceSwept]:
    """One a day: the second one that ends on the same day found nothing that the first had not."""
    if last is not None:
        return []
    return [
        EvidenceSwept(
            on=command.on,
            policy_version=command.policy_version,
            unattached=command.unattached,
            ended=command.ended,
            held=command.held,
            left=command.left,
            because=command.because,
            at=command.at,
        )
    ]


def evolve(_last: EvidenceSwept | None, event: EvidenceSwept) -> EvidenceSwept | None:
    """The day's sweep."""
    return event


def sweep_id(day: date) -> UUID:
    """The stream of one day's sweep."""
    return derived_id("sweep-of-evidence", day.isoformat())


EVIDENCE_SWEEP_CODEC: Codec[EvidenceSwept] = Codec({"kernel.evidence-swept.v1": EvidenceSwept})
EVIDENCE_SWEEP = Aggregate("sweep-of-evidence", Decider(None, decide, evolve), EVIDENCE_SWEEP_CODEC)
"""Every service that keeps evidence has it. Not ``evidence-…``: that is how the streams of files begin."""
