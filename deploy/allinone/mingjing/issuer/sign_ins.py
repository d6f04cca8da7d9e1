"""Sign-ins at the development issuer: a code that is good once and for a minute, then refresh tokens that change.

The one rule: whatever is shown twice ends everything that came of it. A code that comes again, or a refresh token that
was exchanged already, was stolen from somebody; nobody can say from whom (RFC 6749 4.1.2, RFC 9700 4.14). All of it is
kept in this process, within limits: after a restart people sign in again.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from mingjing.issuer.refusals import GrantInvalid
from mingjing_kernel.clock import Clock

CODE_LIFE = timedelta(seconds=60)
SIGN_IN_LIFE = timedelta(hours=12)
CODES_MAX = 10_000
SIGN_INS_MAX = 10_000
USED_MAX = 1_000
SECRET_BYTES = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a client asked for when it sent a person here."""

    client_id: str
    redirect_uri: str
    challenge: str
    nonce: str
    scope: str


@dataclass(slots=True)
class SignIn:
    """One person signed in by one client: the ``sid`` of its tokens."""

    sid: str
    person: str
    asked: Asked
    began: datetime
    refresh: bytes = b""
    used: set[bytes] = field(default_factory=set)


class SignIns:
    """Codes and sign-ins."""

    def __init__(self, now: Clock) -> None:
        self._now = now
        self._codes: OrderedDict[bytes, tuple[datetime, SignIn]] = OrderedDict()
        self._exchanged: OrderedDict[bytes, str] = OrderedDict()
        self._sign_ins: OrderedDict[str, SignIn] = OrderedDict()
        self._by_refresh: dict[bytes, str] = {}

    def begin(self, person: str, asked: Asked) -> str:
        """A person was chosen: the code for the client."""
        code = secrets.token_urlsafe(SECRET_BYTES)
        sign_in = SignIn(secrets.token_urlsafe(16), person, asked, self._now())
        self._codes[_digest(code)] = (self._now() + CODE_LIFE, sign_in)
        while len(self._codes) > CODES_MAX:
            self._codes.popitem(last=False)
        return code

    def exchange(self, code: str, client_id: str, redirect_uri: str, verifier: str) -> tuple[SignIn, str]:
        """The sign-in and its first refresh token. Raises ``GrantInvalid``; the code is spent whatever comes of it."""
        digest = _digest(code)
        if (sid := self._exchanged.get(digest)) is not None:
            self.end(sid)
            raise GrantInvalid(reason="the code was used before; what came of it has ended")
        until, sign_in = self._codes.pop(digest, (None, None))
        if until is None or sign_in is None or self._now() >= until:
            raise GrantInvalid(reason="the code is unknown or too old")
        asked = sign_in.asked
        if asked.client_id != client_id or asked.redirect_uri != redirect_uri:
            raise GrantInvalid(reason="the code was given to another client or for another address")
        if not hmac.compare_digest(challenge_of(verifier), asked.challenge):
            raise GrantInvalid(reason="code_verifier does not fit code_challenge")
        self._exchanged[digest] = sign_in.sid
        while len(self._exchanged) > CODES_MAX:
            self._exchanged.popitem(last=False)
        self._sign_ins[sign_in.sid] = sign_in
        while len(self._sign_ins) > SIGN_INS_MAX:
            self.end(next(iter(self._sign_ins)))
        return sign_in, self._renew(sign_in)

    def refresh(self, token: str, client_id: str) -> tuple[SignIn, str]:
        """The sign-in and its next refresh token. Raises ``GrantInvalid``."""
        digest = _digest(token)
        sign_in = self._sign_ins.get(self._by_refresh.get(digest, ""))
        if sign_in is None or sign_in.asked.client_id != client_id:
            raise GrantInvalid(reason="the refresh token is unknown or its sign-in has ended")
        if digest != sign_in.refresh:
            self.end(sign_in.sid)
            raise GrantInvalid(reason="the refresh token was used before; the sign-in has ended")
        if self._now() >= sign_in.began + SIGN_IN_LIFE:
            self.end(sign_in.sid)
            raise GrantInvalid(reason="the sign-in is too old")
        return sign_in, self._renew(sign_in)

    def end(self, sid: str) -> bool:
        """Sign out: no refresh token of it is good any more."""
        sign_in = self._sign_ins.pop(sid, None)
        if sign_in is None:
            return False
        for digest in (*sign_in.used, sign_in.refresh):
            self._by_refresh.pop(digest, None)
        return True

    def end_of(self, token: str, client_id: str) -> bool:
        """Sign out by a refresh token of it, old or new."""
        sid = self._by_refresh.get(_digest(token), "")
        sign_in = self._sign_ins.get(sid)
        return sign_in is not None and sign_in.asked.client_id == client_id and self.end(sid)

    def is_running(self, sid: str) -> bool:
        """Whether the sign-in has not ended."""
        return sid in self._sign_ins

    def _renew(self, sign_in: SignIn) -> str:
        if len(sign_in.used) >= USED_MAX:
            self.end(sign_in.sid)
            raise GrantInvalid(reason="the sign-in was renewed too often")
        if sign_in.refresh:
            sign_in.used.add(sign_in.refresh)
        token = secrets.token_urlsafe(SECRET_BYTES)
        sign_in.refresh = _digest(token)
        self._by_refresh[sign_in.refresh] = sign_in.sid
        return token


def challenge_of(verifier: str) -> str:
    """S256 (RFC 7636 4.2)."""
    digest = hashlib.sha256(verifier.encode("utf-8", "replace")).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode("utf-8", "replace")).digest()
