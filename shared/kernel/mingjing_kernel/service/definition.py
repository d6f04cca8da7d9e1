"""What a service is made of: one value, written in its ``service.py``, that everything else reads.

The one rule: explicit tables, no registration by import. Whoever wants to know what a service does reads this value.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from typing import Any

from fastapi import APIRouter
from sqlalchemy import FromClause

from mingjing_kernel.access.noted import ACCESS, hears_access
from mingjing_kernel.audit.alarm import WITNESS
from mingjing_kernel.audit.dropped import CHECKPOINT_DROP
from mingjing_kernel.audit.self_verification import SELF_VERIFICATION
from mingjing_kernel.broker.bulk_port import PortCommand
from mingjing_kernel.broker.message import source_of
from mingjing_kernel.broker.parked_message import PARKED_MESSAGE
from mingjing_kernel.evidence.desk import EvidencePlan
from mingjing_kernel.evidence.rules import EVIDENCE
from mingjing_kernel.http.kit import Kit
from mingjing_kernel.log import Aggregate
from mingjing_kernel.projection import ReadModel
from mingjing_kernel.reads import READS, Reading
from mingjing_kernel.settings import ServiceSettings

MakeRouter = Callable[[Kit], APIRouter]


@dataclass(frozen=True, kw_only=True)
class Service:
    """One service: its name, its streams, its lists, its addresses, what it tells and what it hears.

    ``name`` is the PostgreSQL schema, the NATS stream (in capitals) and the first word of every stored name.
    ``package`` holds ``migrations/`` and ``locale/``. ``uploads`` maps path prefixes below ``/v1`` to body limits.
    """

    name: str
    package: str
    title: str
    aggregates: tuple[Aggregate, ...]
    read_models: tuple[ReadModel, ...] = ()
    routers: tuple[MakeRouter, ...] = ()
    pages: tuple[MakeRouter, ...] = ()
    """What people open in a browser: at the root, without the prefix, and not in the API documentation."""
    outbound: Mapping[type[Any], Any] = field(default_factory=dict)
    inbound: Mapping[type[Any], Any] = field(default_factory=dict)
    commands: Mapping[str, PortCommand] = field(default_factory=dict)
    """What may come in bulk over NATS, by its name there."""
    subjects: FromClause | None = None
    """The people whose data it seals: the columns of ``subjects_table``, which stand among its read models. A service
    that has them has the addresses of their rights, and a sweeper."""
    evidence: EvidencePlan | None = None
    """Which records may have evidence; its read models stand among ``read_models``."""
    settings: type[ServiceSettings] = ServiceSettings
    uploads: Mapping[str, int] = field(default_factory=dict)
    reads: Mapping[str, Reading] = field(default_factory=dict)
    """Each address that answers with data, by its path below ``/v1``, and whether reading it is put on record."""
    rules: Callable[[], Mapping[str, str]] = dict
    """Texts of the rules that its facts cite, by version: they go into case files."""
    description: str = ""
    tags: tuple[dict[str, Any], ...] = ()
    version: str = "0.1.0"

    @property
    def streams(self) -> tuple[Aggregate, ...]:
        """Its own aggregates, and the kernel's: what it witnessed of others, what it parked, who read what, what it
        found when it verified itself, which checkpoints a second agency has, the evidence that it keeps, and, where
        it hears of it, who may do what.
        """
        own = (WITNESS, PARKED_MESSAGE, READS, SELF_VERIFICATION, CHECKPOINT_DROP)
        kept = (EVIDENCE,) if self.evidence else ()
        return (*self.aggregates, *own, *kept, *((ACCESS,) if hears_access(self.inbound) else ()))

    @property
    def sources(self) -> tuple[str, ...]:
        """The services that it hears."""
        return tuple(sorted({source_of(contract) for contract in self.inbound}))

    @property
    def prefix(self) -> str:
        """Of every address: ``/funds/v1``."""
        return f"/{self.name}/v1"

    @property
    def migrations(self) -> Path:
        """The folder with its Alembic versions."""
        return Path(str(resources.files(self.package))) / "migrations"
