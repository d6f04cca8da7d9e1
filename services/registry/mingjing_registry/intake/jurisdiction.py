"""Whose an institution is: where it stands for grants. One rule: each has one department in charge."""

from __future__ import annotations

from mingjing_kernel.identity import Dimensions
from mingjing_registry.domain.blacklist import Jurisdiction
from mingjing_registry.domain.institution import Known


def here_of(known: Known) -> Dimensions:
    """Where an institution stands for grants."""
    particulars = known.particulars
    department = particulars.departments[0] if particulars.departments else known.listing.register
    category = particulars.categories[0].value if particulars.categories else ""
    return Dimensions(department, particulars.region, category)


def within_of(here: Dimensions) -> Jurisdiction:
    """The same, as facts keep it."""
    return Jurisdiction(department=str(here.department), region=str(here.region), category=str(here.category))
