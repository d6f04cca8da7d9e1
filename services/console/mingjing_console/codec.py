"""Stored names of this service's facts: chosen by hand, append-only, never derived from class names."""

from __future__ import annotations

from mingjing_console.domain import person
from mingjing_kernel.access import facts
from mingjing_kernel.codec import Codec
from mingjing_kernel.log import Aggregate

PERSON_CODEC: Codec[person.Event] = Codec(
    {
        "console.person-named.v1": person.PersonNamed,
        "console.change-refused.v1": person.ChangeRefused,
        "console.grant-given.v1": facts.GrantGiven,
        "console.grant-taken.v1": facts.GrantTaken,
        "console.substitute-named.v1": facts.SubstituteNamed,
        "console.substitute-dismissed.v1": facts.SubstituteDismissed,
        "console.access-revoked.v1": facts.AccessRevoked,
        "console.person-locked.v1": facts.PersonLocked,
        "console.person-unlocked.v1": facts.PersonUnlocked,
    }
)

PEOPLE = Aggregate("person", person.PERSON, PERSON_CODEC)
"""One stream a person or client; the id is ``person_id(subject)``."""

AGGREGATES: tuple[Aggregate, ...] = (PEOPLE,)
