"""Acts (行为): what a person may do to a thing, declared once.

The one rule: who may, who may not because of what they did before, and which facts an act leaves are written in one
place. The scope decides an act and renders it as SQL, the log refuses the fact of an act whose doer must be another
person, and a screen is told the same: nobody keeps a second table.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable
from dataclasses import dataclass
from typing import Any

from mingjing_kernel.identity.role import Role


def _the_whole(_fact: Any) -> Hashable:
    return None


def _nobody(_fact: Any) -> Iterable[str]:
    return ()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Act:
    """Something that a person does: ``close-alert``. Compared by identity: each is declared once.

    ``roles`` may do it, within the limits of their grants. ``asks`` is the command that it gives. ``leaves`` are the
    facts by which the log remembers who did it, ``thing`` which of a stream's things such a fact is about (the whole
    stream by default), and ``also`` names persons who had a hand in it beside the actor: a countersigner.
    ``apart_from`` names acts of the same aggregate: whoever did one of them to a thing may not do this one to it.
    """

    name: str
    zh: str
    en: str
    roles: frozenset[Role]
    asks: type | None = None
    leaves: tuple[type, ...] = ()
    apart_from: frozenset[str] = frozenset()
    thing: Callable[[Any], Hashable] = _the_whole
    also: Callable[[Any], Iterable[str]] = _nobody

    def __str__(self) -> str:
        """The English title; a sentence in Chinese takes ``zh``."""
        return self.en


def roles(*several: Role) -> frozenset[Role]:
    """Those who may, as ``Act`` takes them."""
    return frozenset(several)


def named(acts: Collection[Act], name: str) -> Act:
    """The declared act of this name. Raises ``LookupError``: a name that is not declared is a slip in the code."""
    for act in acts:
        if act.name == name:
            return act
    raise LookupError(f"no act {name!r} is declared here")
