"""One log a service: append-only, gap-free, hashed. What other packages use is named here."""

from mingjing_kernel.log.batch import command_digest
from mingjing_kernel.log.envelope import (
    Aggregate,
    CommandIdReused,
    Envelope,
    LogUnavailable,
    Meta,
    Outcome,
    Recorded,
    Standing,
    VersionConflict,
    Work,
)
from mingjing_kernel.log.log import Log

__all__ = [
    "Aggregate",
    "CommandIdReused",
    "Envelope",
    "Log",
    "LogUnavailable",
    "Meta",
    "Outcome",
    "Recorded",
    "Standing",
    "VersionConflict",
    "Work",
    "command_digest",
]
