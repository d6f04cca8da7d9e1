"""The guard of numbers: a code or a licence number is given to one institution, whoever writes at the same time.

One rule: the lists are asked first, for they know everybody; what was written since is read in the transaction that
gives the number, in which nobody else writes.
"""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

from msgspec.structs import replace

from mingjing_kernel.http import Kit
from mingjing_kernel.identifiers import derived_id
from mingjing_kernel.log import Envelope, Log, Outcome, Work
from mingjing_registry.codec import INSTITUTIONS
from mingjing_registry.domain.credit_code import LeadToHolder
from mingjing_registry.domain.institution import Known
from mingjing_registry.domain.licence import LicenceApproved, LicenceRecorded
from mingjing_registry.domain.licensing import name_of
from mingjing_registry.domain.number_refusals import LicenceNumberTaken
from mingjing_registry.intake.identifying import holder_of_code
from mingjing_registry.intake.listing import all_or_none
from mingjing_registry.projections.number_holders import holders_of

READ_MAX = 1_000
"""Facts read at once of those that were written since the lists were asked."""


async def give_code(
    kit: Kit, institution_id: UUID, known: Known, uscc: str, command: Any, written: Envelope, on: date
) -> Outcome:
    """Carry out a command that gives the institution this code, and lead to it from where the code would register
    somebody else: both or neither. Raises ``CodeTaken``.
    """
    at = await holder_of_code(kit, uscc)
    if at == institution_id:
        return await kit.log.handle(INSTITUTIONS, institution_id, command, written)
    lead = LeadToHolder(uscc=uscc, at=at, institution_id=institution_id, name=known.particulars.name, on=on)
    aside = replace(
        written, command_id=derived_id("lead-to-holder", written.command_id), digest=b"", expected_version=None
    )
    works = [Work(INSTITUTIONS, at, lead, aside), Work(INSTITUTIONS, institution_id, command, written)]
    outcomes = [one for one in await kit.log.handle_many(works, settle=all_or_none) if isinstance(one, Outcome)]
    return replace(outcomes[-1], position=max(one.position for one in outcomes))


async def give_number(kit: Kit, institution_id: UUID, number: str, command: Any, written: Envelope) -> Outcome:
    """Carry out a grant, for which this number was signed when last seen. Raises ``LicenceNumberTaken``."""
    since = await kit.log.head()
    await require_free(kit, institution_id, number)
    work = Work(INSTITUTIONS, institution_id, command, written)
    settle = partial(_still_free, kit.log, institution_id, since)
    (outcome,) = await kit.log.handle_many([work], settle=settle)
    assert isinstance(outcome, Outcome), "whatever was refused was raised"
    return outcome


async def require_free(kit: Kit, institution_id: UUID, number: str) -> None:
    """Raise ``LicenceNumberTaken`` for a number that is another institution's."""
    if (why := await number_hindrance(kit, institution_id, number)) is not None:
        raise why


def signed_number(known: Known) -> str:
    """The number that the first officer signed for, empty before."""
    signature = known.application.signature
    return signature.terms.number if signature else ""


async def number_hindrance(kit: Kit, institution_id: UUID, number: str) -> LicenceNumberTaken | None:
    """Whose the number is, if it is another institution's; ``None`` where it is free. A number that was replaced there
    may have been a slip of a list and this one's all along.
    """
    if not number:
        return None
    await kit.up_to_date()
    async with kit.connection() as connection:
        holders = (await holders_of(connection, [number])).get(number, ())
    others = (one for one in holders if one.institution_id != institution_id)
    other = next((one for one in others if one.state != "replaced"), None)
    if other is None:
        return None
    return LicenceNumberTaken(number=number, holder=other.name, institution_id=other.institution_id, state=other.state)


async def _still_free(log: Log, institution_id: UUID, since: int, connection: Any, results: list[Any]) -> None:
    """Nobody was given the number that is granted now, whichever was signed last, since the lists were asked."""
    await all_or_none(connection, results)
    granted = [event for outcome in results for event in outcome.events if isinstance(event, LicenceApproved)]
    number = granted[0].terms.number if granted else ""
    if not number:
        return
    after = since
    while facts := await log.read(after, READ_MAX, connection):
        for fact in facts:
            is_given = isinstance(fact.event, LicenceApproved | LicenceRecorded) and fact.event.terms.number == number
            if is_given and fact.id != institution_id:
                known, _ = await log.state(INSTITUTIONS, fact.id)
                raise LicenceNumberTaken(
                    number=number,
                    holder=known.particulars.name,
                    institution_id=fact.id,
                    state=name_of(known.licence),
                )
        after = facts[-1].position
