"""Whose certificate a caller showed: for tokens that are bound to one (RFC 8705).

The one rule: only a proxy of ours is believed. The server that carries us checks certificates
(``MINGJING_HTTP_CLIENT_CA_FILE``) and does not tell whose it was; a proxy in ``MINGJING_TRUSTED_PROXIES`` that ends TLS
says so in ``Client-Cert`` (RFC 9440), and takes that header away from whoever else sends it.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from starlette.requests import Request

HEADER = "client-cert"
CERTIFICATE_BYTES_MAX = 8_192


def certificate_thumbprint(request: Request, trusted_proxies: tuple[str, ...] = ()) -> str | None:
    """``x5t#S256`` of the caller's certificate: base64url of the SHA-256 of its DER; ``None`` where nobody vouches.

    Takes the TLS extension of ASGI too, should the server learn it.
    """
    if (der := _from_server(request.scope)) is None:
        proxy = request.client.host if request.client else ""
        der = _from_header(request.headers.get(HEADER, "")) if proxy in trusted_proxies else None
    if der is None:
        return None
    return base64.urlsafe_b64encode(hashlib.sha256(der).digest()).rstrip(b"=").decode("ascii")


def _from_server(scope: Any) -> bytes | None:
    chain = (scope.get("extensions") or {}).get("tls", {}).get("client_cert_chain") or []
    return x509.load_pem_x509_certificate(chain[0].encode()).public_bytes(Encoding.DER) if chain else None


def _from_header(value: str) -> bytes | None:
    """A byte sequence of RFC 8941: base64 between colons."""
    text = value.strip()
    if len(text) < 3 or len(text) > 2 * CERTIFICATE_BYTES_MAX or not (text[0] == text[-1] == ":"):
        return None
    try:
        der = base64.b64decode(text[1:-1], validate=True)
        x509.load_der_x509_certificate(der)
    except (binascii.Error, ValueError):
        return None
    return der
