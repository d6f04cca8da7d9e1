"""Lockout: whoever fails again and again waits, longer each time, and there is a way back.

The one rule: nobody is locked out by somebody else who only says her name. What is locked is an address, or a client
*at* an address; the same client elsewhere goes on. Time unlocks, success forgives, an administrator releases. It is
kept in this process, within ``RECORDS_MAX``; ``access/kept_locks.py`` carries locks to others and to the next start.
"""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias

import structlog

from mingjing_kernel.clock import Clock
from mingjing_kernel.identity.refusals import LockedOut

ADDRESS_FAILURES_MAX = 100
"""Of everybody behind one address, within ``WINDOW``; an office shares one, and its people mistype too."""
CLIENT_FAILURES_MAX = 10
"""Of one client at one address."""
WINDOW = timedelta(minutes=10)
FIRST = timedelta(seconds=30)
LONGEST = timedelta(hours=1)
FORGIVEN_AFTER = timedelta(days=1)
"""Without a failure: the next lock is a first one again."""
RECORDS_MAX = 10_000
CLIENT_LENGTH_MAX = 200
_ROUNDS_MAX = 20
Key: TypeAlias = tuple[str, str]
"""Address and client; an empty client stands for everybody at the address."""
_log = structlog.get_logger("mingjing.lockout")


@dataclass(slots=True)
class Record:
    """What is known of one address, or of one client at it (``client`` empty: of all together)."""

    address: str
    client: str
    since: datetime
    last: datetime
    failures: int = 0
    rounds: int = 0
    """How often it was locked already."""
    until: datetime | None = None

    @property
    def key(self) -> Key:
        """What is locked."""
        return self.address, self.client


class Lockout:
    """Failures by address, and by client at an address."""

    def __init__(
        self,
        now: Clock,
        *,
        address_failures_max: int | None = ADDRESS_FAILURES_MAX,
        client_failures_max: int = CLIENT_FAILURES_MAX,
    ) -> None:
        """``address_failures_max`` of None never locks a whole address: where all callers share one."""
        self._now = now
        self._address_max = address_failures_max
        self._client_max = client_failures_max
        self._records: OrderedDict[Key, Record] = OrderedDict()
        self._changed: dict[Key, Record | None] = {}
        self.locks = 0
        """How often something was locked since the start, for the health page."""

    def require_open(self, address: str, client: str = "") -> None:
        """Raises ``LockedOut`` while the address, or this client at it, is locked."""
        for key in _keys(address, client):
            record = self._records.get(key)
            if record is not None and record.until is not None and (left := record.until - self._now()) > timedelta():
                raise LockedOut(until=record.until, retry_after_seconds=math.ceil(left.total_seconds()))

    def failed(self, address: str, client: str = "", *, reason: str = "") -> None:
        """Count a failed attempt. ``reason`` is for our log."""
        for key in _keys(address, client):
            limit = self._client_max if key[1] else self._address_max
            if limit is not None:
                self._count(key, limit, reason)

    def succeeded(self, address: str, client: str) -> None:
        """The client proved who it is: its slips are forgiven, the address's are not."""
        self._forget((address, client[:CLIENT_LENGTH_MAX]))

    def locked(self) -> list[Record]:
        """What is locked now."""
        now = self._now()
        return [record for record in self._records.values() if record.until is not None and record.until > now]

    def release(self, address: str, client: str = "") -> bool:
        """Unlock and forgive. False when nothing was locked there."""
        record = self._forget((address, client[:CLIENT_LENGTH_MAX]))
        return record is not None and record.until is not None and record.until > self._now()

    def take_changed(self) -> dict[Key, Record | None]:
        """What was locked since the last time, and what was forgiven or released (``None``)."""
        changed, self._changed = self._changed, {}
        return changed

    def put_back(self, changed: dict[Key, Record | None]) -> None:
        """It could not be told; what came since stands."""
        self._changed = {**changed, **self._changed}

    def adopt(self, locks: Iterable[Record], *, gone: Iterable[Key] = ()) -> None:
        """What other processes locked, and what they forgave or released. What changed here meanwhile stands."""
        for key in gone:
            if key not in self._changed:
                self._records.pop(key, None)
        for lock in locks:
            if lock.key in self._changed:
                continue
            mine = self._records.setdefault(lock.key, lock)
            if mine.until is None or (lock.until is not None and lock.until > mine.until):
                mine.until = lock.until
            mine.rounds = max(mine.rounds, lock.rounds)
        self._keep_within()

    def _forget(self, key: Key) -> Record | None:
        record = self._records.pop(key, None)
        if record is not None and record.rounds:
            self._changed[key] = None
        return record

    def _keep_within(self) -> None:
        while len(self._records) > RECORDS_MAX:
            self._records.popitem(last=False)

    def _count(self, key: Key, limit: int, reason: str) -> None:
        now = self._now()
        record = self._records.pop(key, None) or Record(*key, now, now)
        self._records[key] = record  # the last to fail is the last to be forgotten
        self._keep_within()
        if now - record.last > FORGIVEN_AFTER:
            record.rounds = 0
        if now - record.since > WINDOW:
            record.since, record.failures = now, 0
        record.failures, record.last = record.failures + 1, now
        if record.failures >= limit:
            self._lock(record, now, reason)

    def _lock(self, record: Record, now: datetime, reason: str) -> None:
        wait = min(FIRST * 2 ** min(record.rounds, _ROUNDS_MAX), LONGEST)
        record.until, record.failures, record.since = now + wait, 0, now + wait
        record.rounds += 1
        self._changed[record.key] = record
        self.locks += 1
        _log.warning(
            "lockout.locked",
            address=record.address,
            client=record.client,
            seconds=int(wait.total_seconds()),
            round=record.rounds,
            last_reason=reason,
        )


def _keys(address: str, client: str) -> Iterator[tuple[str, str]]:
    yield address, ""
    if client:
        yield address, client[:CLIENT_LENGTH_MAX]
