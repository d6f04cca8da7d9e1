"""A teaching-management vendor's code for an institution, and the custody account that it stands for.

The one rule: a code that is told again with another account is a change, recorded as such; money follows the newest.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from mingjing_kernel.decider import Decider


@dataclass(frozen=True, slots=True, kw_only=True)
class LearnCode:
    """What the vendor's table says."""

    code: str
    institution_name: str
    uscc: str
    account_number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeLearned:
    """A code stands for this institution and account (empty: no custody account)."""

    code: str
    institution_name: str
    uscc: str
    account_number: str


@dataclass(frozen=True, slots=True)
class Unlearned:
    """Never heard of."""


@dataclass(frozen=True, slots=True)
class Known:
    """As told last."""

    learned: CodeLearned


Command: TypeAlias = LearnCode
Event: TypeAlias = CodeLearned
Code: TypeAlias = Unlearned | Known


def decide(command: Command, code: Code) -> list[Event]:
    """Learn it unless it is known as such."""
    learned = CodeLearned(
        code=command.code,
        institution_name=command.institution_name,
        uscc=command.uscc,
        account_number=command.account_number,
    )
    return [] if isinstance(code, Known) and code.learned == learned else [learned]


def evolve(_code: Code, event: Event) -> Code:
    """As told last."""
    return Known(event)


VENDOR_CODE: Decider[Command, Code, Event] = Decider(initial=Unlearned(), decide=decide, evolve=evolve)
