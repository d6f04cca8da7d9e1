"""What a service is made of: one value, written in its ``service.py``, that everything else reads.

The one rule: explicit tables, no registration by import. Whoever wants to know what a service does reads this value.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from typing import Any

from sqlalchemy import FromClause
from starlette.types import ASGIApp

from mingjing_kernel.access.noted import ACCESS, hears_access
from mingjing_kernel.audit.alarm import WITNESS
from mingjing_kernel.audit.dropped import CHECKPOINT_DROP
from mingjing_kernel.audit.kept_rules import KeptRules, none_kept
from mingjing_kernel.audit.self_verification import SELF_VERIFICATION
from mingjing_kernel.broker.bulk_port import PortCommand, PortMessage
from mingjing_kernel.broker.message import source_of
from mingjing_kernel.broker.parked_message import PARKED_MESSAGE
from mingjing_kernel.calendar import CALENDAR
from mingjing_kernel.deadlines import DEADLINE, DeadlinePlan
from mingjing_kernel.evidence.desk import EvidencePlan
from mingjing_kernel.evidence.retention import EVIDENCE_SWEEP
from mingjing_kernel.evidence.rules import EVIDENCE
from mingjing_kernel.http.kit import Kit
from mingjing_kernel.http.router import Router
from mingjing_kernel.log import Aggregate
from mingjing_kernel.policy import POLICY, Rule
from mingjing_kernel.projection import ReadModel
from mingjing_kernel.reads import READS, Reading
from mingjing_kernel.sealed.data_policy import DATA_RULES
from mingjing_kernel.sealed.subject import SUBJECT
from mingjing_kernel.service.duty import MakeDuty
from mingjing_kernel.settings import ServiceSettings

MakeRouter = Callable[[Kit], Router]


@dataclass(frozen=True, kw_only=True)
class Service:
    """One service: its name, its streams, its lists, its addresses, what it tells and what it hears.

    ``name`` is the PostgreSQL schema, the NATS stream (in capitals) and the first word of every stored name.
    ``package`` holds ``migrations/`` and ``locale/``. ``uploads`` maps path prefixes below ``/v1`` to body limits;
    ``page_uploads`` does the same for ``pages``, which stand at the root.
    """

    name: str
    package: str
    title: str
    aggregates: tuple[Aggregate, ...]
    read_models: tuple[ReadModel, ...] = ()
    routers: tuple[MakeRouter, ...] = ()
    pages: tuple[MakeRouter, ...] = ()
    """What people open in a browser: at the root, without the prefix, and not in the API documentation."""
    before_pages: Callable[[Kit, ASGIApp], ASGIApp] | None = None
    """A layer behind the gate that may answer in place of the routes (pure ASGI)."""
    outbound: Mapping[type[Any], Any] = field(default_factory=dict)
    inbound: Mapping[type[Any], Any] = field(default_factory=dict)
    commands: Mapping[str, PortCommand | PortMessage] = field(default_factory=dict)
    """What may come in bulk over NATS, by its name there."""
    subjects: FromClause | None = None
    """The people whose data it seals: the columns of ``subjects_table``, which stand among its read models. A service
    that has them has the addresses of their rights, and a sweeper."""
    duties: Mapping[str, MakeDuty] = field(default_factory=dict)
    """What it does by itself, by name, beside what every service does."""
    evidence: EvidencePlan | None = None
    """Which records may have evidence; its read models stand among ``read_models``."""
    settings: type[ServiceSettings] = ServiceSettings
    uploads: Mapping[str, int] = field(default_factory=dict)
    page_uploads: Mapping[str, int] = field(default_factory=dict)
    reads: Mapping[str, Reading] = field(default_factory=dict)
    """Each address that answers with data, by its path below ``/v1``, and whether reading it is put on record."""
    policies: tuple[Rule, ...] = ()
    """Its rules with numbers, which people change by event."""
    deadlines: DeadlinePlan | None = None
    """Its clocks; their list stands among ``read_models``."""
    rules: Callable[[], Mapping[str, str]] = dict
    """Texts of the rules that its facts cite, by version: they go into case files."""
    kept_rules: KeptRules = none_kept
    """The same of rules that stand in its own log, with the entries that decided them."""
    description: str = ""
    tags: tuple[dict[str, Any], ...] = ()
    version: str = "0.1.0"

    @property
    def streams(self) -> tuple[Aggregate, ...]:
        """Its own aggregates, and the kernel's: what it witnessed of others, what it parked, who read what, what it
        found when it verified itself, which checkpoints a second agency has, the evidence that it keeps, its policies,
        its calendar and deadlines, and, where it hears of it, who may do what.
        """
        own = (WITNESS, PARKED_MESSAGE, READS, SELF_VERIFICATION, CHECKPOINT_DROP)
        kept = (EVIDENCE, EVIDENCE_SWEEP) if self.evidence else ()
        access = (ACCESS,) if hears_access(self.inbound) else ()
        found = (*self.aggregates, *own, *kept, *self._ruled(), *access)
        return tuple(dict.fromkeys(found))

    def _ruled(self) -> tuple[Aggregate, ...]:
        """What its rules and its clocks are written to."""
        policies = (POLICY,) if self.policy_rules else ()
        calendar = (CALENDAR,) if self.counts_working_days else ()
        return (*policies, *calendar, *((DEADLINE,) if self.deadlines else ()))

    @property
    def seals(self) -> bool:
        """Whether it keeps personal data sealed."""
        return SUBJECT in self.aggregates

    @property
    def policy_rules(self) -> tuple[Rule, ...]:
        """Its own rules with numbers, and the kernel's: about personal data where it seals any, about evidence where it
        keeps any.
        """
        kept = (self.evidence.periods,) if self.evidence else ()
        return (*self.policies, *(DATA_RULES if self.seals else ()), *kept)

    @property
    def counts_working_days(self) -> bool:
        """Whether limits in working days run here: its own, or those of people's requests about their data."""
        return self.deadlines is not None or self.seals

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
