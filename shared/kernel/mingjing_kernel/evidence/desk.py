"""The evidence of one service, put together: what a service declares, and what its host makes of it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from mingjing_kernel.evidence.blobs import Blobs
from mingjing_kernel.evidence.custody import Custody
from mingjing_kernel.evidence.intake import Intake
from mingjing_kernel.evidence.lists import EvidenceLists
from mingjing_kernel.evidence.object_store import open_store
from mingjing_kernel.evidence.reach import Reach, ThingKind
from mingjing_kernel.evidence.retention import periods_of
from mingjing_kernel.evidence.scanner import Scanner
from mingjing_kernel.evidence.workshop import Workshop
from mingjing_kernel.http.kit import Kit
from mingjing_kernel.policy import Rule
from mingjing_kernel.settings import ServiceSettings


@dataclass(frozen=True, kw_only=True)
class EvidencePlan:
    """What a service says about its evidence: where its lists are, and which records it may belong to."""

    lists: EvidenceLists
    kinds: tuple[ThingKind, ...]

    @cached_property
    def periods(self) -> Rule:
        """How long it is kept, as numbers that people change by event."""
        return periods_of({kind.kind: (kind.zh, kind.en, kind.kept_months) for kind in self.kinds})


class EvidenceDesk:
    """Everything that a running service does with evidence. Nothing is opened before it is needed."""

    def __init__(self, kit: Kit, service: str, plan: EvidencePlan) -> None:
        self.kit = kit
        self.service = service
        self.plan = plan
        self.reach = Reach(kit, {kind.kind: kind for kind in plan.kinds})
        self.workshop = Workshop()

    @cached_property
    def blobs(self) -> Blobs:
        """Where the bytes are."""
        return open_blobs(self.kit.settings, self.service)

    @cached_property
    def intake(self) -> Intake:
        """The way in."""
        return Intake(self.kit, self.blobs, self.plan.lists, self.reach, self.workshop)

    @cached_property
    def custody(self) -> Custody:
        """What happens afterwards."""
        return Custody(self.kit, self.blobs, self.plan.lists, self.reach, self.workshop, self.intake)

    @cached_property
    def scanner(self) -> Scanner:
        """The malware scanner; one without an address where it is switched off."""
        settings = self.kit.settings
        return Scanner(settings.evidence_scanner if settings.evidence_scan != "off" else "")


def open_blobs(settings: ServiceSettings, service: str) -> Blobs:
    """The evidence of a service, as its settings say; an address gets the service's name behind it."""
    folder: Path = settings.data_dir / "evidence" / service
    url = settings.evidence_url.rstrip("/")
    return Blobs(open_store(url and f"{url}/{service}", folder), folder / "work")
