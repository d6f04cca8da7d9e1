"""The client certificate that a caller showed to the proxy in front of us (RFC 8705, RFC 9440).

The one rule: the header is believed only from an address that the settings name as a trusted proxy, and only when the
settings name the header at all; a proxy has to remove what callers send under that name.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import unquote

CERTIFICATE_LENGTH_MAX = 16 * 1024
_PEM = re.compile(r"-----BEGIN CERTIFICATE-----(.+?)-----END CERTIFICATE-----", re.DOTALL)


def certificate_of(scope: Mapping[str, Any], header: str, trusted_proxies: tuple[str, ...]) -> str:
    """SHA-256 of the certificate as it stands in ``x5t#S256``; empty without a believable one."""
    client = scope.get("client")
    if not header or client is None or client[0] not in trusted_proxies:
        return ""
    wanted = header.lower().encode()
    found = [value for name, value in scope["headers"] if name == wanted]
    # Two certificates are one too many: nobody can say which the proxy meant.
    return thumbprint(found[0].decode("latin-1")) if len(found) == 1 else ""


@lru_cache(maxsize=1024)
def thumbprint(text: str) -> str:
    """Of a certificate as ``:base64:`` (RFC 9440), as PEM or as percent-encoded PEM (nginx); else empty."""
    if len(text) > CERTIFICATE_LENGTH_MAX:
        return ""
    if text.startswith(":") and text.endswith(":"):
        body = text[1:-1]
    else:
        pem = _PEM.search(unquote(text))
        body = "".join(pem[1].split()) if pem else ""
    try:
        der = base64.b64decode(body, validate=True)
    except (binascii.Error, ValueError):
        return ""
    return base64.urlsafe_b64encode(hashlib.sha256(der).digest()).rstrip(b"=").decode() if der else ""
