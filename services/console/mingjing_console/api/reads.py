"""Which reads of the console are on record: who may do what is for everybody who administers, and nobody in secret."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from mingjing_kernel.reads import Open, Reading, Restricted

READS: Mapping[str, Reading] = MappingProxyType(
    {
        "/me": Open("the caller's own grants"),
        "/people": Restricted("person", ("name",)),
        "/people/{person_id}/history": Restricted("person", ("history",)),
        "/grants": Restricted("grant", ("person",)),
        "/substitutions": Restricted("substitution", ("person",)),
    }
)
