"""The issuer's signing keys: the current one, the next, and those that were current a while ago.

The one rule: a key is published before it signs and stays published until the last token that it signed has ended, so
nobody who keeps the key set for a while ever meets a token that he cannot check. The keys lie in one file, readable by
its owner alone; rotating replaces the file at once, and a running issuer reads it again when it has changed.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from joserfc.errors import JoseError
from joserfc.jwk import ECKey, KeySet

from mingjing.issuer.refusals import IssuerKeyUnreadable
from mingjing_kernel.identity import StaticKeys

FILE_NAME = "issuer-signing.jwks"
FORMER_FILE_NAME = "issuer-signing.jwk"
"""Of releases that had one key; it becomes the current one."""
PUBLISHED_AFTER = timedelta(hours=25)
"""An hour longer than the longest token."""
RETIRED_MAX = 50
_RETIRED = "retired_at"


@dataclass(frozen=True, slots=True)
class KeySheet:
    """What the file says: ``retired`` are the former keys with the moment until which they are published."""

    current: ECKey
    next: ECKey
    retired: tuple[tuple[ECKey, datetime], ...] = ()

    def published(self, at: datetime) -> list[ECKey]:
        """The keys with which tokens can be checked."""
        return [self.current, self.next, *(key for key, retired in self.retired if at < retired + PUBLISHED_AFTER)]

    def rotated(self, at: datetime) -> KeySheet:
        """The next key becomes the current one; the current one is retired."""
        kept = [one for one in self.retired if at < one[1] + PUBLISHED_AFTER][-RETIRED_MAX + 1 :]
        return KeySheet(self.next, new_key(), (*kept, (self.current, at)))


class Keyring:
    """The keys below ``directory``, as they are now. Raises ``IssuerKeyUnreadable`` for a damaged file."""

    def __init__(self, directory: Path) -> None:
        self._path = directory / FILE_NAME
        if not self._path.exists():
            _make(directory)
        self._seen: tuple[int, int] = (0, 0)
        self._sheet = self.sheet

    @property
    def sheet(self) -> KeySheet:
        """Read again if somebody has rotated the keys."""
        try:
            status = self._path.stat()
        except OSError as failure:
            raise IssuerKeyUnreadable(path=self._path, reason=type(failure).__name__) from failure
        if (seen := (status.st_mtime_ns, status.st_ino)) != self._seen:
            self._sheet, self._seen = _read(self._path), seen
        return self._sheet


def rotate(directory: Path, at: datetime) -> KeySheet:
    """Make the next key the current one. A running issuer signs with it from its next token on."""
    rotated = Keyring(directory).sheet.rotated(at)
    _write(directory / FILE_NAME, rotated, first=False)
    return rotated


def issuer_keys(directory: Path) -> StaticKeys:
    """The public halves, for a service in the same process."""
    sheet = Keyring(directory).sheet
    return StaticKeys(KeySet([sheet.current, sheet.next, *(key for key, _ in sheet.retired)]))


def new_key() -> ECKey:
    """A fresh ES256 key with an id of its own."""
    key = ECKey.generate_key("P-256", {"use": "sig", "alg": "ES256"})
    key.ensure_kid()
    return key


def _read(path: Path) -> KeySheet:
    try:
        members = json.loads(path.read_bytes())["keys"]
        first, second, *rest = (ECKey.import_key(_bare(member)) for member in members)
        retired = [datetime.fromtimestamp(member[_RETIRED], UTC) for member in members[2:]]
        others = path.stat().st_mode & 0o077
    except (OSError, ValueError, KeyError, TypeError, OverflowError, JoseError) as failure:
        raise IssuerKeyUnreadable(path=path, reason=type(failure).__name__) from failure
    if others or not all(key.is_private for key in (first, second, *rest)):
        raise IssuerKeyUnreadable(path=path, reason="others may read it, or it holds no private keys")
    return KeySheet(first, second, tuple(zip(rest, retired, strict=True)))


def _bare(member: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in member.items() if name != _RETIRED}


def _make(directory: Path) -> None:
    """Complete or not at all, and the first of two starters wins."""
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    former = directory / FORMER_FILE_NAME
    current = new_key()
    if former.exists():
        try:
            current = ECKey.import_key(json.loads(former.read_bytes()))
            current.ensure_kid()
        except (OSError, ValueError, JoseError) as failure:
            raise IssuerKeyUnreadable(path=former, reason=type(failure).__name__) from failure
    _write(directory / FILE_NAME, KeySheet(current, new_key()), first=True)
    former.unlink(missing_ok=True)


def _write(path: Path, sheet: KeySheet, *, first: bool) -> None:
    members: Sequence[dict[str, Any]] = [
        *(dict(key.as_dict(private=True)) for key in (sheet.current, sheet.next)),
        *({**key.as_dict(private=True), _RETIRED: int(at.timestamp())} for key, at in sheet.retired),
    ]
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as opened:
            json.dump({"keys": members}, opened)
            opened.flush()
            os.fsync(opened.fileno())
        if first:
            os.link(draft, path)
        else:
            draft.replace(path)
    except FileExistsError:
        return
    except OSError as failure:
        raise IssuerKeyUnreadable(path=path, reason=failure.strerror or type(failure).__name__) from failure
    finally:
        draft.unlink(missing_ok=True)
