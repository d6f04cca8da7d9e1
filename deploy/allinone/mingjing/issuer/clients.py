"""The programs that the development issuer knows: the console, the services, and systems of banks and others.

The one rule: a client that has a key proves itself with it (``private_key_jwt``, RFC 7523); its name alone opens
nothing. The private keys are made at the first start in ``clients/`` and belong to the clients; the issuer reads the
public halves (``<client>.public.jwk``) only.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any

from joserfc.errors import JoseError
from joserfc.jwk import ECKey, KeySet

from mingjing.issuer.refusals import ClientNotProven, IssuerKeyUnreadable
from mingjing.keys import CLIENTS, CONSOLE, LOGS, client_key_file
from mingjing_kernel.clock import Clock
from mingjing_kernel.identity import StaticKeys, TokenRefused
from mingjing_kernel.identity.client import ASSERTION_TYPE
from mingjing_kernel.identity.signed import signed_claims, unproven_claims

MACHINES: Mapping[str, str] = MappingProxyType(
    {
        **{f"service-{name}": "service" for name in (*LOGS, CONSOLE)},
        "bank-system": "bank",
        "institution-system": "institution",
        "school-system": "school",
        "list-consumer-system": "list-consumer",
        "hotline-system": "hotline-operator",
    }
)
"""By client: as which of the demo people it acts."""
ASSERTION_SECONDS_MAX = 300
CLOCK_SECONDS = 60
SEEN_MAX = 100_000


def make_client_keys(directory: Path) -> None:
    """Make the keys that are missing; those that are there stay."""
    (directory / CLIENTS).mkdir(parents=True, exist_ok=True, mode=0o700)
    for client in (CONSOLE, *MACHINES):
        path = client_key_file(directory, client)
        public = path.with_suffix(".public.jwk")
        try:
            if not path.exists():
                key = ECKey.generate_key("P-256", {"use": "sig", "alg": "ES256"})
                key.ensure_kid()
                _write(path, dict(key.as_dict(private=True)))
            if not public.exists():
                key = ECKey.import_key(json.loads(path.read_bytes()))
                key.ensure_kid()
                _write(public, dict(key.as_dict(private=False)))
        except (OSError, ValueError, JoseError) as failure:
            raise IssuerKeyUnreadable(path=path, reason=type(failure).__name__) from failure


class Clients:
    """Checks who a client is."""

    def __init__(self, directory: Path, audiences: tuple[str, ...], now: Clock) -> None:
        """``audiences`` are the addresses that an assertion may be made out to."""
        make_client_keys(directory)
        self._keys = {client: _public(directory, client) for client in (CONSOLE, *MACHINES)}
        self._audiences = frozenset(audiences)
        self._now = now
        self._seen: dict[tuple[str, str], datetime] = {}

    def is_known(self, client: str) -> bool:
        """Whether a program has this name."""
        return client in self._keys

    @staticmethod
    def named(asked: Mapping[str, Any]) -> str:
        """Whom a request says it comes from; not proved. Raises ``ClientNotProven`` for an unreadable assertion."""
        named = str(asked.get("client_id", ""))
        if named or "client_assertion" not in asked:
            return named
        try:
            return str(unproven_claims(str(asked["client_assertion"])).get("sub", ""))
        except TokenRefused as unreadable:
            raise ClientNotProven(reason=str(unreadable)) from unreadable

    async def require(self, client: str, asked: Mapping[str, Any]) -> None:
        """The request proves that it comes from ``client``. Raises ``ClientNotProven``."""
        if asked.get("client_assertion_type") != ASSERTION_TYPE:
            raise ClientNotProven(reason=f"client_assertion_type must be {ASSERTION_TYPE}")
        keys = self._keys.get(client)
        if keys is None:
            raise ClientNotProven(reason="no such client")
        try:
            header, claims = await signed_claims(str(asked.get("client_assertion", "")), keys)
        except TokenRefused as refused:
            raise ClientNotProven(reason=str(refused)) from refused
        if header.get("typ", "JWT") not in ("JWT", "client-authentication+jwt"):
            raise ClientNotProven(reason="the assertion is a token of another kind")
        self._check(client, claims)

    def _check(self, client: str, claims: Mapping[str, Any]) -> None:
        if claims.get("iss") != client or claims.get("sub") != client:
            raise ClientNotProven(reason="iss and sub must be the client")
        audience = claims.get("aud")
        told = [audience] if isinstance(audience, str) else audience
        if not isinstance(told, list) or not all(isinstance(one, str) for one in told):
            raise ClientNotProven(reason="aud must name this issuer")
        if len(told) != 1 or told[0] not in self._audiences:
            raise ClientNotProven(reason="aud must name this issuer and nobody else")
        expires, now = claims.get("exp"), self._now()
        if isinstance(expires, bool) or not isinstance(expires, int | float):
            raise ClientNotProven(reason="exp is missing")
        left = expires - now.timestamp()
        if not left + CLOCK_SECONDS > 0 or left > ASSERTION_SECONDS_MAX:
            raise ClientNotProven(reason=f"exp must lie within the next {ASSERTION_SECONDS_MAX} seconds")
        self._once(client, claims.get("jti"), now)

    def _once(self, client: str, jti: object, now: datetime) -> None:
        if not isinstance(jti, str) or not 0 < len(jti) <= 200:
            raise ClientNotProven(reason="jti is missing")
        if len(self._seen) >= SEEN_MAX:
            self._seen = {key: until for key, until in self._seen.items() if until > now}
        if len(self._seen) >= SEEN_MAX or (client, jti) in self._seen:
            # Without room to remember it, an assertion could be used twice.
            raise ClientNotProven(reason="the assertion was used before")
        self._seen[(client, jti)] = now + timedelta(seconds=ASSERTION_SECONDS_MAX + 2 * CLOCK_SECONDS)


def _public(directory: Path, client: str) -> StaticKeys:
    path = client_key_file(directory, client).with_suffix(".public.jwk")
    try:
        key = ECKey.import_key(json.loads(path.read_bytes()))
    except (OSError, ValueError, JoseError) as failure:
        raise IssuerKeyUnreadable(path=path, reason=type(failure).__name__) from failure
    key.ensure_kid()
    return StaticKeys(KeySet([key]))


def _write(path: Path, content: dict[str, Any]) -> None:
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as opened:
            json.dump(content, opened)
            opened.flush()
            os.fsync(opened.fileno())
        os.link(draft, path)
    except FileExistsError:
        return
    finally:
        draft.unlink(missing_ok=True)
