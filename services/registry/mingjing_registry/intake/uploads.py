"""Uploads: files that wait for a confirmation, by content, for some days.

One rule: nothing of a waiting file is in the log; whoever confirms takes the very bytes that were shown, by their
digest, and what nobody confirms is dropped by itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256
from typing import Literal, TypeAlias
from uuid import UUID

import msgspec

from mingjing_kernel.evidence.object_store import open_store
from mingjing_kernel.evidence.store import Store
from mingjing_kernel.identifiers import derived_id
from mingjing_kernel.settings import ServiceSettings
from mingjing_registry.domain.exchange_refusals import PreviewsFull, PreviewUnknown

DAYS_KEPT = 7
WAITING_MAX = 200
"""At once, of everybody; a file is 20 MB at most."""

Purpose: TypeAlias = Literal["register", "roster", "staff"]
"""A list of institutions that a department keeps, what the national platform says, or who works where."""


class Upload(msgspec.Struct, frozen=True, kw_only=True):
    """What was sent, by whom, and how it is to be read."""

    digest: str
    name: str
    department: str
    sender: str
    stated_on: date | None
    sent_by: str
    sent_on: date
    purpose: Purpose = "register"

    @property
    def id(self) -> UUID:
        """The same file from the same sender for the same day is the same upload."""
        apart = () if self.purpose == "register" else (self.purpose,)
        return derived_id("preview", self.department, self.sender, self.digest, self.stated_on or "", *apart)


@dataclass(frozen=True, slots=True)
class Uploads:
    """Waiting files in a store."""

    store: Store

    async def put(self, upload: Upload, content: bytes) -> None:
        """Keep a file. Raises ``PreviewsFull``."""
        waiting = await self._drop_old(upload.sent_on)
        key = _described(upload.sent_on, upload.id)
        if key in waiting:
            return
        if len(waiting) >= WAITING_MAX:
            raise PreviewsFull(limit=WAITING_MAX, days=DAYS_KEPT)
        await self.store.put_new(_content(upload.sent_on, upload.id), content)
        await self.store.put_new(key, msgspec.json.encode(upload))

    async def get(self, id: UUID, today: date) -> tuple[Upload, bytes]:
        """What was sent. Raises ``PreviewUnknown``."""
        for back in range(DAYS_KEPT):
            day = today - timedelta(days=back)
            described = await self._bytes(_described(day, id))
            content = await self._bytes(_content(day, id)) if described else None
            if described and content:
                upload = msgspec.json.decode(described, type=Upload)
                # A file that was altered where it lay is not what somebody looked at.
                if sha256(content).hexdigest() == upload.digest:
                    return upload, content
        raise PreviewUnknown

    async def drop(self, upload: Upload) -> None:
        """Its time is over: it was confirmed, or nobody wants it."""
        await self.store.remove(_described(upload.sent_on, upload.id))
        await self.store.remove(_content(upload.sent_on, upload.id))

    async def _drop_old(self, today: date) -> set[str]:
        """Remove what has waited too long; the keys of the descriptions that still wait."""
        oldest = (today - timedelta(days=DAYS_KEPT - 1)).isoformat()
        waiting = set()
        async for key, _ in self.store.keys("previews/"):
            if key.split("/")[1] < oldest:
                await self.store.remove(key)
            elif key.endswith(".json"):
                waiting.add(key)
        return waiting

    async def _bytes(self, key: str) -> bytes | None:
        try:
            return b"".join([piece async for piece in self.store.chunks(key)])
        except KeyError:
            return None


def open_uploads(settings: ServiceSettings) -> Uploads:
    """Where waiting files of this service lie: beside its evidence, in the same kind of store."""
    url = settings.evidence_url.rstrip("/")
    return Uploads(open_store(url and f"{url}/registry-imports", settings.data_dir / "imports" / "registry"))


def _described(day: date, id: UUID) -> str:
    return f"previews/{day.isoformat()}/{id}.json"


def _content(day: date, id: UUID) -> str:
    return f"previews/{day.isoformat()}/{id}.file"
