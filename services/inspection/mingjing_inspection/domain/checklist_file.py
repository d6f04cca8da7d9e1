"""The file that a version of the checklist came in (清单原件): kept as it was, so that a case file can enclose it.

One rule: one file is kept once, by its SHA-256, whoever brings it again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from mingjing_kernel.decider import Decider


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepChecklistFile:
    """Keep these bytes; ``sha256`` is theirs."""

    name: str
    sha256: str
    content: bytes
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ChecklistFileKept:
    """They are kept, under the name that they had then."""

    name: str
    sha256: str
    content: bytes
    at: datetime


def _decide(command: KeepChecklistFile, kept: ChecklistFileKept | None) -> list[ChecklistFileKept]:
    if kept is not None:
        return []
    return [
        ChecklistFileKept(name=command.name, sha256=command.sha256, content=command.content, at=command.at),
    ]


def _evolve(_kept: ChecklistFileKept | None, event: ChecklistFileKept) -> ChecklistFileKept:
    return event


CHECKLIST_FILE: Decider[KeepChecklistFile, ChecklistFileKept | None, ChecklistFileKept] = Decider(
    None, _decide, _evolve
)
