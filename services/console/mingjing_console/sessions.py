"""Sessions (登录会话): what the server keeps of people who have signed in; the browser has a random id, no more.

The one rule: whoever reads the table can act as nobody. It holds the digest of the id, and the tokens sealed. A session
ends when nobody looked at a page for a while, after a working day in any case, when its person or an administrator
ends it, and when the provider does not renew its token.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import Column, DateTime, LargeBinary, MetaData, Table, Text, Uuid, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from mingjing_console.box import Boxes
from mingjing_console.ending import has_ended, tell_the_log
from mingjing_console.provider import Provider, Tokens
from mingjing_console.refusals import SignInFailed
from mingjing_console.settings import ConsoleSettings
from mingjing_kernel.http import Kit
from mingjing_kernel.identifiers import new_id
from mingjing_kernel.identity.refusals import ClientKeyUnreadable, IssuerUnreachable
from mingjing_kernel.identity.scope import Session as SignIn
from mingjing_kernel.sealed.refusals import SealBroken

ID_BYTES = 32
ID_LENGTH_MAX = 100
SEEN_EVERY = timedelta(seconds=60)
"""A look at a page is written down this often at most."""
RENEW_BEFORE = timedelta(seconds=60)
SWEPT_MAX = 1_000
SHOWN_MAX = 1_000
_PURPOSE = "console-session"
_log = structlog.get_logger("mingjing.sessions")

sessions = Table(
    "sessions",
    MetaData(schema="console"),
    Column("session_id", Uuid, primary_key=True),
    Column("digest", LargeBinary, nullable=False),
    Column("subject", Text, nullable=False),
    Column("provider_session", Text, nullable=False),
    Column("began_at", DateTime(timezone=True), nullable=False),
    Column("seen_at", DateTime(timezone=True), nullable=False),
    Column("token_until", DateTime(timezone=True), nullable=False),
    Column("algorithm", Text, nullable=False),
    Column("box", LargeBinary, nullable=False),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One browser in which one person has signed in."""

    session_id: UUID
    began_at: datetime
    seen_at: datetime
    tokens: Tokens
    device: str = ""
    address: str = ""


class SessionStore:
    """All sessions of this console, in its own schema."""

    def __init__(self, kit: Kit, settings: ConsoleSettings, provider: Provider, boxes: Boxes) -> None:
        self._kit = kit
        self._provider = provider
        self._boxes = boxes
        self._idle = timedelta(seconds=settings.session_idle_seconds)
        self._longest = timedelta(seconds=settings.session_seconds)
        self._max = settings.sessions_max

    async def begin(self, tokens: Tokens, *, device: str, address: str, before: str = "") -> str:
        """A new session; the id for the browser. ``before`` is the id that the browser had until now: it ends.

        The id is made here and never taken from a browser, so nobody can have known it before.
        """
        secret, now = secrets.token_urlsafe(ID_BYTES), self._kit.now()
        made = Session(session_id=new_id(), began_at=now, seen_at=now, tokens=tokens, device=device, address=address)
        async with self._kit.connection() as connection:
            await self._sweep(connection, now)
            if before:
                await connection.execute(delete(sessions).where(sessions.c.digest == _digest(before)))
            await connection.execute(insert(sessions).values(digest=_digest(secret), **self._row(made)))
            over = select(sessions.c.session_id).where(sessions.c.subject == tokens.subject)
            over = over.order_by(sessions.c.seen_at.desc(), sessions.c.session_id.desc()).offset(self._max)
            ended = await connection.execute(delete(sessions).where(sessions.c.session_id.in_(over)))
            await connection.commit()
        _log.info("session.began", session=str(made.session_id), subject=tokens.subject, replaced=ended.rowcount)
        return secret

    async def find(self, secret: str) -> Session | None:
        """The session of a browser, with a token that is good for a while; None when it has ended."""
        if not 0 < len(secret) <= ID_LENGTH_MAX:
            return None
        async with self._kit.connection() as connection:
            row = await _one(connection, select(sessions).where(sessions.c.digest == _digest(secret)))
        if row is None:
            return None
        found, now = self._read(row), self._kit.now()
        if found is None or now >= found.seen_at + self._idle or now >= found.began_at + self._longest:
            because = "unreadable" if found is None else "idle" if now >= found.seen_at + self._idle else "too-old"
            await self._delete(row["session_id"], because)
            return None
        sign_in = SignIn(session_id=found.tokens.provider_session, issued_at=found.began_at)
        if await has_ended(self._kit, found.tokens, sign_in):
            await self._delete(found.session_id, "revoked")
            return None
        if now >= found.tokens.until - RENEW_BEFORE:
            return await self._renewed(found.session_id)
        if now - found.seen_at >= SEEN_EVERY:
            await self._see(found.session_id, now)
        return found

    async def of(self, subject: str) -> Sequence[Session]:
        """The sessions of a person that have not ended, the last seen first."""
        now = self._kit.now()
        asked = select(sessions).where(
            sessions.c.subject == subject,
            sessions.c.seen_at > now - self._idle,
            sessions.c.began_at > now - self._longest,
        )
        async with self._kit.connection() as connection:
            rows = await connection.execute(asked.order_by(sessions.c.seen_at.desc()).limit(SHOWN_MAX))
            read = [self._read(dict(row)) for row in rows.mappings()]
        return [one for one in read if one is not None]

    async def end(self, session_id: UUID, *, subject: str = "") -> Session | None:
        """End one session; with ``subject`` only if it is hers. The session that ended."""
        condition = sessions.c.session_id == session_id
        ended = await self._end(condition & (sessions.c.subject == subject) if subject else condition)
        return ended[0] if ended else None

    async def end_all(self, subject: str, *, but: UUID | None = None) -> int:
        """End every session of a person, but one. How many ended."""
        condition = sessions.c.subject == subject
        return len(await self._end(condition & (sessions.c.session_id != but) if but else condition))

    async def end_of_provider(self, provider_session: str) -> int:
        """End the sessions that belong to one sign-in at the provider (``sid``). How many ended."""
        return len(await self._end(sessions.c.provider_session == provider_session)) if provider_session else 0

    async def _end(self, condition: Any) -> list[Session]:
        async with self._kit.connection() as connection:
            rows = (await connection.execute(delete(sessions).where(condition).returning(sessions))).mappings().all()
            await connection.commit()
        ended = [one for one in (self._read(dict(row)) for row in rows) if one is not None]
        for row in rows:
            _log.info("session.ended", session=str(row["session_id"]), subject=row["subject"], because="ended")
        for one in ended:
            await self._revoke(one)
        return ended

    async def _revoke(self, ended: Session) -> None:
        """Here it has ended in any case; the services hear of it by the log, the provider if it can."""
        await tell_the_log(self._kit, ended.tokens)
        try:
            await self._provider.revoke(ended.tokens)
        except (IssuerUnreachable, ClientKeyUnreadable) as away:
            _log.warning("session.not_revoked", session=str(ended.session_id), reason=str(away))

    async def _renewed(self, session_id: UUID) -> Session | None:
        """Next tokens, fetched by one request while the others wait for the row: a refresh token is good once."""
        now = self._kit.now()
        async with self._kit.connection() as connection:
            asked = select(sessions).where(sessions.c.session_id == session_id).with_for_update()
            row = await _one(connection, asked)
            found = self._read(row) if row is not None else None
            if found is None or now < found.tokens.until - RENEW_BEFORE:
                return found
            try:
                if not found.tokens.refresh:
                    raise SignInFailed(reason="the provider gave no refresh token")
                tokens = await self._provider.refresh(found.tokens)
            except (IssuerUnreachable, ClientKeyUnreadable) as away:
                _log.warning("session.not_renewed", session=str(session_id), reason=str(away))
                return found  # the old token may last a little; when it ends the services say so
            except SignInFailed as refused:
                if now < found.tokens.until:
                    return found
                await connection.execute(delete(sessions).where(sessions.c.session_id == session_id))
                await connection.commit()
                _log.info("session.ended", session=str(session_id), because=str(refused))
                return None
            renewed = replace(found, tokens=tokens, seen_at=now)
            values = self._row(renewed)
            await connection.execute(update(sessions).where(sessions.c.session_id == session_id).values(**values))
            await connection.commit()
        return renewed

    async def _see(self, session_id: UUID, now: datetime) -> None:
        async with self._kit.connection() as connection:
            await connection.execute(update(sessions).where(sessions.c.session_id == session_id).values(seen_at=now))
            await connection.commit()

    async def _delete(self, session_id: UUID, because: str) -> None:
        async with self._kit.connection() as connection:
            await connection.execute(delete(sessions).where(sessions.c.session_id == session_id))
            await connection.commit()
        _log.info("session.ended", session=str(session_id), because=because)

    async def _sweep(self, connection: AsyncConnection, now: datetime) -> None:
        """What ended by itself while nobody looked goes when the next one begins."""
        old = select(sessions.c.session_id).where(
            (sessions.c.seen_at <= now - self._idle) | (sessions.c.began_at <= now - self._longest)
        )
        gone = await connection.execute(delete(sessions).where(sessions.c.session_id.in_(old.limit(SWEPT_MAX))))
        if gone.rowcount:
            _log.info("session.swept", ended=gone.rowcount)

    def _row(self, one: Session) -> dict[str, Any]:
        secret = {**asdict(one.tokens), "until": one.tokens.until.isoformat(), "device": one.device}
        secret["address"] = one.address
        return {
            "session_id": one.session_id,
            "subject": one.tokens.subject,
            "provider_session": one.tokens.provider_session,
            "began_at": one.began_at,
            "seen_at": one.seen_at,
            "token_until": one.tokens.until,
            "algorithm": self._boxes.algorithm,
            "box": self._boxes.seal(secret, _PURPOSE, str(one.session_id)),
        }

    def _read(self, row: Mapping[str, Any]) -> Session | None:
        """None for a box that was sealed with a key that is gone: its person signs in again."""
        try:
            secret = self._boxes.open(row["box"], _PURPOSE, str(row["session_id"]), algorithm=row["algorithm"])
        except SealBroken:
            return None
        device, address = secret.pop("device"), secret.pop("address")
        secret["until"] = datetime.fromisoformat(secret["until"])
        return Session(
            session_id=row["session_id"],
            began_at=row["began_at"],
            seen_at=row["seen_at"],
            tokens=Tokens(**secret),
            device=device,
            address=address,
        )


async def _one(connection: AsyncConnection, asked: Any) -> Mapping[str, Any] | None:
    row = (await connection.execute(asked)).mappings().one_or_none()
    return None if row is None else dict(row)


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode("utf-8", "replace")).digest()
