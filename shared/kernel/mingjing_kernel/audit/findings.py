"""What a verification found, as sentences that a person can act on, in Chinese and English."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from mingjing_kernel.text import render

SHOWN_MAX = 20
"""Of each kind; the rest is counted."""

SENTENCES = {
    "content-altered": "Position {position}: the content no longer matches the leaf that the log committed to.",
    "byte-altered": (
        "Position {position}: column {column} was altered: byte {byte} (counted from 0) is {now} and was {before}."
    ),
    "column-altered": "Position {position}: column {column} was altered: it is {now} and was {before}.",
    "swapped": "Positions {position} and {other} were swapped.",
    "leaf-altered": "Position {position}: the stored leaf hash was altered; the content is intact.",
    "events-missing": "Positions {position} to {last} are missing.",
    "event-doubled": "Position {position} is there more than once.",
    "truncated": "The log ends at position {position}, the head says {size}: the tail was cut off.",
    "beyond-head": "The table holds {count} events after position {position}, where the head says that the log ends.",
    "event-rewritten": "Position {position}: event and leaf were rewritten; the tile still holds the old leaf.",
    "tile-altered": "Tile {index} of level {level} was altered (first difference at position {position}).",
    "tile-missing": "Tile {index} of level {level} is missing.",
    "tile-surplus": "There are {count} tiles that a log of size {size} does not have.",
    "tile-or-event": "Position {position}: the event and its tile do not agree, and neither leads to the head's root.",
    "head-altered": "The head was altered: its {what} is not that of the {size} events.",
    "head-missing": "The head row is missing.",
    "checkpoint-forged": "The checkpoint of size {size} is not genuine: {reason}.",
    "checkpoint-differs": "The checkpoint of size {size} names another root than the log has: history was rewritten.",
    "checkpoint-beyond": "A checkpoint was signed over {size} entries, the log has {position}: the tail was cut off.",
    "witness-forged": "The note of witness {witness} is not genuine: {reason}.",
    "witness-differs": (
        "Witness {witness} saw another root at size {size}: history was rewritten since, whoever signed the new one."
    ),
    "witness-beyond": "Witness {witness} saw {size} entries, the log has {position}: the tail was cut off.",
    "version-gap": "Stream {stream}: version {version} is missing or doubled.",
    "before-beginning": "{count} rows stand before position 1, where no event can be.",
    "command-altered": "The command that position {position} belongs to is recorded under another id.",
    "command-gap": "The events after position {position}, up to {last}, belong to no command or to more than one.",
    "time-backwards": "Position {position} was recorded before the event that precedes it.",
    "segment-altered": "The segment of positions {first} to {last} was altered: it no longer matches its digest.",
    "segment-differs": (
        "The segment of positions {first} to {last} is no copy of the log: it differs first at position {position}."
    ),
    "segment-misplaced": "A segment claims positions {position} to {last}; a log of {size} has no such segment.",
    "parked-missing": "Parked message {id}: the log says that it is {state}, the table has no such row.",
    "parked-unrecorded": "Parked message {id}: the table shows it as {state}, the log knows nothing of it.",
    "parked-altered": "Parked message {id} ({state}): the table does not show what the log says, in {columns}.",
    "evidence-missing": "Evidence {id} (received at position {position}): its file {sha256} is missing.",
    "evidence-altered": (
        "Evidence {id} (received at position {position}): its file {sha256} was altered; what lies there is {found}."
    ),
    "evidence-not-destroyed": "Evidence {id} was destroyed by rule, but its file {sha256} is still there.",
    "evidence-orphan": "The file {sha256} ({size_bytes} bytes) is stored, the log knows nothing of it.",
    "more": "… and {count} more of the kind {kind}.",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong: a stable code, where, and a sentence in each language."""

    code: str
    position: int | None
    zh: str
    en: str


def finding(code: str, **values: Any) -> Finding:
    """A finding in words."""
    sentence = render(SENTENCES[code], values)
    return Finding(code, values.get("position"), sentence.zh, sentence.en)


def shortened(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """At most ``SHOWN_MAX`` of each kind, and how many more there are."""
    shown: list[Finding] = []
    counts: dict[str, int] = {}
    for one in findings:
        counts[one.code] = counts.get(one.code, 0) + 1
        if counts[one.code] <= SHOWN_MAX:
            shown.append(one)
    more = [finding("more", kind=code, count=count - SHOWN_MAX) for code, count in counts.items() if count > SHOWN_MAX]
    return (*shown, *more)
