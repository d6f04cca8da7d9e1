"""Enrolling staff: checked against the lists, sealed, then written, each record for itself.

One rule: a name or number in the clear goes no further than here; who was refused leaves neither mask nor index.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from mingjing_kernel.http import Kit
from mingjing_kernel.log import Envelope, Outcome, Work
from mingjing_kernel.log.envelope import Result
from mingjing_kernel.sealed.keys import Keys
from mingjing_registry.codec import STAFF
from mingjing_registry.domain.blacklist import Jurisdiction
from mingjing_registry.domain.staff import subject_of
from mingjing_registry.domain.staff_commands import EnrolStaff
from mingjing_registry.domain.staff_facts import Post, Qualification
from mingjing_registry.domain.staff_refusals import StaffEnrolledTwice
from mingjing_registry.intake.describing import descriptions_of
from mingjing_registry.intake.sealing import Named, sealed_all
from mingjing_registry.intake.staff_checks import known_of, part_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Newcomer:
    """Somebody as the institution's list has her; name and number in the clear."""

    name: str
    id_number: str
    post: Post
    qualification: Qualification | None

    def __repr__(self) -> str:
        """Without the person."""
        return f"Newcomer({self.post!r})"


async def enrol_all(
    kit: Kit,
    keys: Keys,
    place: tuple[UUID, Jurisdiction],
    newcomers: Mapping[UUID, Newcomer],
    envelope: Envelope,
    on: date,
) -> dict[UUID, Result]:
    """One result each, by id: an outcome, or the refusal."""
    institution_id, within = place
    digests = {id: keys.index().id_number(one.id_number) for id, one in newcomers.items()}
    known = await known_of(kit, institution_id, digests.values(), on)
    found: dict[UUID, Result] = {**_twice(digests, known.members)}
    wanted = [id for id in newcomers if id not in found]
    named: dict[UUID, Named] = {
        id: Named(subject_of(id), STAFF.stream(id), newcomers[id].name, newcomers[id].id_number) for id in wanted
    }
    async with sealed_all(keys, named) as people:
        works = []
        for id in wanted:
            one, digest = newcomers[id], digests[id]
            command = EnrolStaff(
                institution_id=institution_id,
                within=within,
                person=people[id],
                identity_digest=digest,
                post=one.post,
                qualification=one.qualification,
                bar=known.bars.get(digest),
                school_id=known.schools.get(digest),
                on=on,
            )
            works.append(Work(STAFF, id, command, part_of(envelope, "enrol-staff", id)))
        for id, result in zip(wanted, await kit.log.handle_many(works), strict=True):
            found[id] = result
            if not (isinstance(result, Outcome) and result.events and not result.repeated):
                named.pop(id)  # nothing is remembered of whoever was not written down, or was before
    marks = keys.marks()
    await marks.remember([mark for person in named.values() for mark in descriptions_of(marks, person)])
    return {id: found[id] for id in newcomers}


def _twice(digests: Mapping[UUID, str], members: Mapping[str, UUID]) -> dict[UUID, StaffEnrolledTwice]:
    """Who works there already under another id, or stands in the list twice."""
    seen, found = dict(members), dict[UUID, StaffEnrolledTwice]()
    for id, digest in digests.items():
        if seen.setdefault(digest, id) != id:
            found[id] = StaffEnrolledTwice(member_id=str(seen[digest]))
    return found
