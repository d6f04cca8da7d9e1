"""The tokens that the development issuer signs: access tokens (RFC 9068) and ID tokens (OpenID Connect Core 2).

The one rule: a token is short and says what it belongs to: ``jti`` its own name, ``sid`` the sign-in, ``client_id``
the program that it was given to; bound to a client certificate where the client showed one (RFC 8705).
"""

from __future__ import annotations

from typing import Any, Final

from joserfc import jwt
from joserfc.jwk import KeySet

from mingjing.issuer.keyring import Keyring
from mingjing.issuer.people import DemoPerson
from mingjing.issuer.sign_ins import SignIn
from mingjing_kernel.clock import Clock
from mingjing_kernel.identifiers import new_id

TOKEN_SECONDS = 900
TOKEN_SECONDS_MAX = 24 * 3600
_ALGORITHM: Final = "ES256"


class Tokens:
    """Signs with whichever key is current."""

    def __init__(self, url: str, audience: str, keyring: Keyring, now: Clock) -> None:
        self._url = url
        self._audience = audience
        self._keyring = keyring
        self._now = now

    def published(self) -> dict[str, Any]:
        """The public key set."""
        sheet = self._keyring.sheet
        return {"keys": [key.as_dict(private=False) for key in sheet.published(self._now())]}

    async def keys(self, kid: str) -> KeySet:
        """The same for checking what was signed here."""
        return KeySet(list(self._keyring.sheet.published(self._now())))

    def access(self, person: DemoPerson, client: str, *, seconds: int, sid: str = "", certificate: str = "") -> str:
        """A token for the services."""
        issued_at = int(self._now().timestamp())
        claims: dict[str, Any] = {
            "iss": self._url,
            "aud": self._audience,
            "iat": issued_at,
            "nbf": issued_at,
            "exp": issued_at + seconds,
            "jti": str(new_id()),
            "sid": sid or str(new_id()),
            "client_id": client,
            "azp": client,
            **person.claims(),
        }
        if certificate:
            claims["cnf"] = {"x5t#S256": certificate}
        return self._sign("at+jwt", claims)

    def identity(self, person: DemoPerson, sign_in: SignIn) -> str:
        """An ID token: for the client alone, to know whom it let in."""
        issued_at = int(self._now().timestamp())
        return self._sign(
            "JWT",
            {
                "iss": self._url,
                "aud": sign_in.asked.client_id,
                "azp": sign_in.asked.client_id,
                "iat": issued_at,
                "exp": issued_at + TOKEN_SECONDS,
                "auth_time": int(sign_in.began.timestamp()),
                "nonce": sign_in.asked.nonce,
                "sid": sign_in.sid,
                "sub": person.subject,
                "name": person.name,
            },
        )

    def _sign(self, kind: str, claims: dict[str, Any]) -> str:
        key = self._keyring.sheet.current
        header = {"alg": _ALGORITHM, "kid": key.kid, "typ": kind}
        return str(jwt.encode(header, claims, key, algorithms=[_ALGORITHM]))
