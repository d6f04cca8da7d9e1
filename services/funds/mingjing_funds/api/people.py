"""The people of contracts, as they come in and as staff see them: pseudonyms, and masked fields.

One rule: nothing here is opened. The pseudonym is made of the subject, the masked text lies beside the person's key and
is gone with it, for the past as well.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, BaseModel, Field
from sqlalchemy import Select, and_

from mingjing_funds.api.models import ContractItem
from mingjing_funds.codec import CONTRACTS
from mingjing_funds.domain.charging_checks import Asked
from mingjing_funds.domain.contract import SignContract
from mingjing_funds.domain.family import Family
from mingjing_funds.intake.families import named, remember
from mingjing_funds.intake.naming import Naming
from mingjing_funds.projections.unconsumed import unconsumed_charges
from mingjing_funds.sources.family import NAME_CHARACTERS_MAX, NUMBER_CHARACTERS_MAX, FamilySaid, PersonSaid
from mingjing_kernel.http import Kit
from mingjing_kernel.log import Envelope, Outcome, Work
from mingjing_kernel.sealed import Unmasked
from mingjing_kernel.sealed.keys import Keys
from mingjing_kernel.sealed.marks import subject_marks
from mingjing_kernel.sealed.pseudonym import pseudonym
from mingjing_kernel.sealed.redact import redacted

WORDS = {"pupil": "学员", "guardian": "监护人"}
_MASKED = (("pupil_masked", "pupil", "name"), ("guardian_masked", "guardian", "name"),
           ("guardian_phone_masked", "guardian", "phone"))  # fmt: skip

Words = Annotated[str, AfterValidator(redacted)]
"""What somebody types: numbers of persons in it are masked."""


class NamedPupil(BaseModel):
    """Whom the contract is for, in full; a masked name is no name."""

    name: Unmasked = Field(min_length=1, max_length=NAME_CHARACTERS_MAX)
    id_number: Unmasked = Field(default="", max_length=NUMBER_CHARACTERS_MAX)


class NamedGuardian(BaseModel):
    """Who signs for her."""

    name: Unmasked = Field(default="", max_length=NAME_CHARACTERS_MAX)
    phone: Unmasked = Field(default="", max_length=NUMBER_CHARACTERS_MAX)
    id_number: Unmasked = Field(default="", max_length=NUMBER_CHARACTERS_MAX)


def family_said(pupil: NamedPupil, guardian: NamedGuardian | None) -> FamilySaid:
    """In the clear: to be sealed."""
    return FamilySaid(
        pupil=PersonSaid(**pupil.model_dump()),
        guardian=PersonSaid(**guardian.model_dump()) if guardian else PersonSaid(),
    )


async def sign_named(kit: Kit, keys: Keys, naming: Naming, command: SignContract, written: Envelope) -> Outcome:
    """Sign a contract with its people sealed; from the moment that it stands they are known again."""
    families = await named(kit, keys, [naming])
    if families[0] is not None:
        family = families[0].family
        command = replace(command, family=family, asked=await _with_earlier(kit, naming.contract_id, command, family))
    works = [Work(CONTRACTS, naming.contract_id, command, written)]
    (result,) = await kit.log.handle_many(works, settle=partial(remember, keys.marks(), families))
    if isinstance(result, Outcome):
        return result
    raise result


async def _with_earlier(kit: Kit, contract_id: UUID, command: SignContract, family: Family) -> Asked | None:
    """The charge beside what the pupil has paid for in this subject and not used (P5, P6)."""
    if command.asked is None or family.pupil is None:
        return command.asked
    await kit.up_to_date()
    async with kit.connection() as connection:
        earlier = await unconsumed_charges(
            connection, family.pupil.subject, command.terms.category, (contract_id, command.replaces)
        )
    return replace(command.asked, charge=replace(command.asked.charge, earlier=earlier))


def with_masks(contracts: Select[Any]) -> Select[Any]:
    """The same contracts with what may be shown of their people; nothing of who was erased."""
    rows = contracts.selected_columns
    for name, member, field in _MASKED:
        marks = subject_marks.alias(name)
        found = and_(marks.c.subject == rows[member], marks.c.field == field)
        contracts = contracts.outerjoin(marks, found).add_columns(marks.c.masked.label(name))
    return contracts


def item_of(keys: Keys, row: Mapping[str, Any]) -> ContractItem:
    """A contract with the pseudonyms of its people."""
    known = {member: pseudonym(keys.index(), row[member], word) for member, word in WORDS.items() if row[member]}
    return ContractItem.model_validate({**row, **known})
