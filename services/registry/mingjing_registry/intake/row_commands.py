"""Row commands: what one row of a register asks of the institution and its sites, and whose ids those are.

One rule: the same code is the same institution, whichever file names it; where an act moved a code, the row was led to
its holder before (``identifying.py``).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from uuid import UUID

from mingjing_kernel.identifiers import derived_id
from mingjing_registry.domain.institution import RecordInstitution
from mingjing_registry.domain.licence import RecordLicence
from mingjing_registry.domain.particulars import Listing
from mingjing_registry.domain.site import Place, RecordSite
from mingjing_registry.sources.rows import InstitutionRow

IDS_REMEMBERED_MAX = 10_000
"""A row asks for its institution's id when it is taken, and a batch later for each site."""


def record_of(row: InstitutionRow, listing: Listing, on: date) -> RecordInstitution:
    """The command that takes a row into the register."""
    licence = None
    if row.terms is not None:
        licence = RecordLicence(
            terms=row.terms,
            standing=row.standing,
            standing_since=row.standing_since,
            note=row.note,
            stated_on=listing.stated_on,
            on=on,
        )
    return RecordInstitution(
        particulars=row.particulars, listing=listing, licence=licence, annual_check=row.annual_check, on=on
    )


def institution_id_of(row: InstitutionRow) -> UUID:
    """The same code is the same institution, whichever file names it."""
    return row.leads_to or registering_id(row.particulars.uscc)


@lru_cache(IDS_REMEMBERED_MAX)
def registering_id(uscc: str) -> UUID:
    """The institution that a code registers, unless it was given to another one."""
    return derived_id("institution", uscc)


def unregistered_id(name: str, *command: UUID) -> UUID:
    """The institution that applies for its licence under this name before it is registered; where the name's first
    bearer has a code or another name by now, the one that this command registers.
    """
    return derived_id("institution", "without-code", name, *command)


def site_id_of(institution_id: UUID, address: str) -> UUID:
    """The same address of the same institution is the same site."""
    return derived_id("site", institution_id, address)


def sites_of(row: InstitutionRow, register: str, on: date) -> Iterator[tuple[UUID, RecordSite]]:
    """The sites that a row lists; what a withdrawn institution once had is no site any more."""
    if row.standing != "licensed":
        return
    institution_id = institution_id_of(row)
    only = len(row.places) == 1
    for place in row.places:
        yield site_id_of(institution_id, place.address), _site(institution_id, place, row, register, on, only=only)


def _site(
    institution_id: UUID, place: Place, row: InstitutionRow, register: str, on: date, *, only: bool
) -> RecordSite:
    # A register gives one area for all sites together: it is this site's only when there is no other.
    area = row.particulars.area_m2 if only else None
    return RecordSite(institution_id=institution_id, place=place, area_m2=area, register=register, on=on)
