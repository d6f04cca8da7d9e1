"""Which reads are restricted: every address that answers with data says so, in its service's table.

The one rule: silence is a mistake. A test walks through all addresses and fails where one is neither restricted nor
open with a reason. Whatever is declared, a list that leaves as a file (CSV, XLSX) is always noted.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Restricted:
    """Whoever reads this is on record. ``kind`` is the noun of what is read; ``fields`` what is sensitive in it.

    ``is_for_services``: other services read it all the time, and what they have is in cursors of their own; noted is
    who else does.
    """

    kind: str
    fields: tuple[str, ...] = ()
    is_for_services: bool = False


@dataclass(frozen=True, slots=True)
class Open:
    """Reading this is nobody's business, and why."""

    because: str


Reading: TypeAlias = Restricted | Open
