"""How a program proves to the identity provider which client it is: by its private key, by a secret, or not at all.

The one rule: a private key never leaves its file's owner; what travels is a statement signed with it that is good for
one request within a minute (``private_key_jwt``, RFC 7523, OpenID Connect Core 9).
"""

from __future__ import annotations

import json
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

import httpx
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, Key, OKPKey, RSAKey, import_key

from mingjing_kernel.clock import Clock
from mingjing_kernel.identifiers import new_id
from mingjing_kernel.identity.refusals import ClientKeyUnreadable

ASSERTION_TYPE: Final = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
ASSERTION_SECONDS = 60
FILE_BYTES_MAX = 16 * 1024
BASIC: Final = "client_secret_basic"
SECONDS_MAX = 5.0


@dataclass(frozen=True, slots=True)
class Client:
    """One client of the identity provider; ``key_file`` comes before ``secret``."""

    client_id: str
    secret: str = ""
    key_file: Path | None = None

    def proof(self, audience: str, now: Clock) -> Mapping[str, str]:
        """The fields of a token request that say who asks. ``audience`` is the address that is asked.

        Raises ``ClientKeyUnreadable``. The file is read each time: a renewed key needs no restart.
        """
        named = {"client_id": self.client_id}
        if self.key_file is None:
            return named
        return {**named, "client_assertion_type": ASSERTION_TYPE, "client_assertion": self._sign(audience, now)}

    async def post(
        self,
        http: httpx.AsyncClient,
        address: str,
        fields: Mapping[str, str],
        provider: Mapping[str, Any],
        now: Clock,
    ) -> httpx.Response:
        """Send a form to the provider, which says in its discovery document how it takes secrets.

        In the header unless it names the body only: whoever names nothing takes the header (Discovery 1.0 3).
        Raises ``httpx.HTTPError``, ``ClientKeyUnreadable``.
        """
        form = {**fields, **self.proof(address, now)}
        if self.key_file is None and self.secret:
            if BASIC in provider.get("token_endpoint_auth_methods_supported", [BASIC]):
                auth = httpx.BasicAuth(quote(self.client_id, safe=""), quote(self.secret, safe=""))
                return await http.post(address, data=form, timeout=SECONDS_MAX, auth=auth)
            form["client_secret"] = self.secret
        return await http.post(address, data=form, timeout=SECONDS_MAX)

    def _sign(self, audience: str, now: Clock) -> str:
        assert self.key_file is not None
        key = read_client_key(self.key_file)
        seconds = int(now().timestamp())
        claims = {
            "iss": self.client_id,
            "sub": self.client_id,
            "aud": audience,
            "iat": seconds,
            "exp": seconds + ASSERTION_SECONDS,
            "jti": str(new_id()),
        }
        algorithm = _algorithm(key)
        return jwt.encode({"alg": algorithm, "kid": key.kid}, claims, key, algorithms=[algorithm])


def read_client_key(path: Path) -> Key:
    """The private key (JWK). Raises ``ClientKeyUnreadable``."""
    try:
        with path.open("rb") as opened:
            others = stat.S_IMODE(path.stat().st_mode) & 0o077
            key = import_key(json.loads(opened.read(FILE_BYTES_MAX)))
    except (OSError, ValueError, TypeError, KeyError, JoseError) as failure:
        raise ClientKeyUnreadable(path=path, reason=type(failure).__name__) from failure
    if others or not isinstance(key, ECKey | RSAKey | OKPKey) or not key.is_private:
        raise ClientKeyUnreadable(path=path, reason="others may read it, or it is no private key")
    key.ensure_kid()
    return key


def _algorithm(key: Key) -> str:
    if isinstance(key, RSAKey):
        return "RS256"
    return "ES256" if isinstance(key, ECKey) else "Ed25519"
