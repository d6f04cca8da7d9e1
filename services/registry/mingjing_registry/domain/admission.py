"""Admission 准入: what the rules R1–R17 look at, and what each says (domain §3.2).

One rule: a rule answers pass, fail, not-applicable or unknown, with what was seen.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from mingjing_registry.domain.annual_check import CheckResult
from mingjing_registry.domain.application import Application
from mingjing_registry.domain.change import ChangeProposed
from mingjing_registry.domain.check import Check, Numbers
from mingjing_registry.domain.institution import Known
from mingjing_registry.domain.licence import Accepted, Applied, NoLicence, Refused
from mingjing_registry.domain.operation import OperationState
from mingjing_registry.domain.particulars import Category, Particulars
from mingjing_registry.domain.profile import Capital, MaterialsSummary, Premises, Profile, StaffSummary


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Everything that a rule may look at, as it stands on one day."""

    particulars: Particulars
    profile: Profile
    application: Application
    premises: tuple[Premises, ...]
    staff: StaffSummary | None
    materials: MaterialsSummary | None
    capital: Capital | None
    custody_active: bool
    custody_agreement: str
    operation: OperationState
    is_new: bool
    """No licence so far: this is an application for the first, or for one after the end of another."""
    accepted_on: date | None
    decide_by: date | None
    pending: ChangeProposed | None
    annual_check: CheckResult | None
    on: date

    @property
    def is_subject(self) -> bool:
        """Curriculum subjects are taught."""
        return Category.SUBJECT in self.particulars.categories


Rule = Callable[[Facts, Numbers], Check]


def facts_of(known: Known, on: date) -> Facts:
    """What stands on file; the application's own papers count where nothing better is known."""
    content = known.application.content
    licence = known.licence
    is_new = isinstance(licence, NoLicence | Refused | Applied | Accepted)
    use = content is not None and is_new
    return Facts(
        particulars=known.particulars,
        profile=content.profile if use and content else known.profile,
        application=known.application,
        premises=content.premises if content else (),
        staff=known.staff or (content.staff if content else None),
        materials=known.materials or (content.materials if content else None),
        capital=content.capital if content else None,
        custody_active=known.custody.is_active,
        custody_agreement=content.custody_agreement if content else "",
        operation=known.operation.state,
        is_new=is_new,
        accepted_on=licence.on if isinstance(licence, Accepted) else None,
        decide_by=licence.decide_by if isinstance(licence, Accepted) else None,
        pending=known.changes.pending,
        annual_check=known.annual_check,
        on=on,
    )
