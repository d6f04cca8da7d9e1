"""Signed claims: what a JSON Web Token says, once its signature holds.

The one rule: the header only names a key that we have already, and only for an algorithm that we accept. A key, or an
address of a key, that a token brings along (``jwk``, ``jku``, ``x5u``, ``x5c``) is never looked at; an extension that
must be understood (``crit``) is refused, for none is. What two readers could read differently (a member twice, NaN, a
text that is no text) is refused as well. Checks as RFC 8725 advises.
"""

from __future__ import annotations

import base64
import binascii
import json
import warnings
from collections.abc import Mapping
from typing import Any, Final

from joserfc import jws
from joserfc.errors import BadSignatureError, InvalidKeyIdError, JoseError, SecurityWarning
from joserfc.jwk import Key, KeySet

from mingjing_kernel.identity.keys import KeySource
from mingjing_kernel.identity.refusals import (
    TokenAlgorithmNotAllowed,
    TokenKeyUnknown,
    TokenMalformed,
    TokenSignatureWrong,
)

ALGORITHMS: Final = ("ES256", "RS256", "EdDSA", "Ed25519")
TOKEN_LENGTH_MAX = 16 * 1024
OPENINGS_MAX = 256
"""Of ``{`` and ``[`` in one part, so that no reader runs out of stack; a token with 64 grants has 66."""
_PARTS = 3


async def signed_claims(token: str, keys: KeySource) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """Header and claims. Raises a ``TokenRefused`` for whatever is wrong, ``IssuerUnreachable`` without keys."""
    header, claims = _read(token)
    algorithm, kid = header.get("alg"), header.get("kid")
    if algorithm not in ALGORITHMS:
        raise TokenAlgorithmNotAllowed(algorithm=str(algorithm)[:20], accepted=", ".join(ALGORITHMS))
    if "kid" in header and (not isinstance(kid, str) or not kid):
        raise TokenMalformed(reason="the header names no key (kid)")
    if "crit" in header:
        raise TokenMalformed(reason="the header demands an extension (crit)")
    found = await _candidates(keys, kid)
    try:
        with warnings.catch_warnings():
            # RFC 9864 splits the name "EdDSA"; identity providers still use it, and our keys fix the curve.
            warnings.simplefilter("ignore", SecurityWarning)
            jws.deserialize_compact(token.encode("ascii"), found, algorithms=[algorithm])
    except InvalidKeyIdError as unknown:
        raise TokenKeyUnknown from unknown
    except BadSignatureError as wrong:
        raise TokenSignatureWrong from wrong
    except (JoseError, ValueError, TypeError) as unreadable:
        raise TokenMalformed(reason=type(unreadable).__name__) from unreadable
    return header, claims


async def _candidates(keys: KeySource, kid: str | None) -> KeySet | Key:
    """The keys among which ``kid`` chooses; without it the only one (OpenID Connect Core 10.1)."""
    found = await keys.keys(kid or "")
    if kid is not None:
        return found
    if len(found.keys) != 1:
        raise TokenMalformed(reason="the header names no key (kid), and there are several")
    return found.keys[0]


def unproven_claims(token: str) -> Mapping[str, Any]:
    """What a token says, its signature unseen: to find out whose key to check it with, and for nothing else."""
    return _read(token)[1]


def _read(token: str) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """Header and claims as they stand there; nothing of them is believed yet."""
    if len(token) > TOKEN_LENGTH_MAX:
        raise TokenMalformed(reason=f"longer than {TOKEN_LENGTH_MAX} characters")
    parts = token.split(".")
    if len(parts) != _PARTS or not token.isascii():
        raise TokenMalformed(reason="not a signed JSON Web Token")
    return _object(parts[0]), _object(parts[1])


def _object(part: str) -> Mapping[str, Any]:
    try:
        raw = base64.b64decode(part + "=" * (-len(part) % 4), altchars=b"-_", validate=True)
        if raw.count(b"{") + raw.count(b"[") > OPENINGS_MAX:
            raise TokenMalformed(reason="nested too deeply")
        read = json.loads(raw.decode("utf-8"), object_pairs_hook=_without_doubles, parse_constant=_no_number)
        if b"\\u" in raw:
            json.dumps(read, ensure_ascii=False).encode("utf-8")  # half a surrogate pair is no text
    except (binascii.Error, ValueError, RecursionError) as unreadable:
        raise TokenMalformed(reason="not a signed JSON Web Token") from unreadable
    if not isinstance(read, dict):
        raise TokenMalformed(reason="not a signed JSON Web Token")
    return read


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """RFC 7519 4: the first of two could be read here and the second elsewhere."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a member stands there twice")
    return found


def _no_number(constant: str) -> None:
    raise ValueError(f"{constant} is no JSON")
