"""The HTTP server of a service: what it waits for, how much it takes, and TLS.

The one rule: a caller who is slow or greedy costs a connection and no more; everything else has a limit here or at the
edge (``http/admission.py``).
"""

from __future__ import annotations

import functools
import ssl
from typing import Any

import httpx
from granian.constants import Interfaces, SSLProtocols
from granian.http import HTTP1Settings, HTTP2Settings
from granian.server.embed import Server

from mingjing_kernel.http.admission import ADDRESS_BYTES_MAX, HEADER_BYTES_MAX
from mingjing_kernel.refusal import Refusal
from mingjing_kernel.settings import ServiceSettings

BACKLOG = 1024
HEADER_MILLISECONDS_MAX = 10_000
"""From the first byte of a request to the end of its headers: who drips them is cut off."""
HEAD_BYTES_MAX = 2 * (ADDRESS_BYTES_MAX + HEADER_BYTES_MAX)
"""What the server holds of a request before the edge has judged it: twice what the edge takes: it can say so."""
STREAMS_MAX = 100
"""At once in one HTTP/2 connection."""
PING_MILLISECONDS = 30_000
CALL_SECONDS_MAX = 10.0


class CertificateUnusable(Refusal):
    """A certificate, key or list of authorities that TLS cannot work with."""

    sentence = "TLS cannot be set up with {files}: {reason}."
    remedy = (
        "Check that the files are PEM, that key and certificate belong together, and that the service may read them."
    )
    status = 500


def make_server(app: Any, settings: ServiceSettings) -> Any:
    """The server for one service's application. Raises ``CertificateUnusable``."""
    try:
        return Server(
            app,
            address=settings.http_host,
            port=settings.http_port,
            interface=Interfaces.ASGI,
            backlog=BACKLOG,
            log_enabled=False,
            websockets=False,
            http1_settings=HTTP1Settings(header_read_timeout=HEADER_MILLISECONDS_MAX, max_buffer_size=HEAD_BYTES_MAX),
            http2_settings=HTTP2Settings(
                max_concurrent_streams=STREAMS_MAX,
                max_headers_size=HEAD_BYTES_MAX,
                keep_alive_interval=PING_MILLISECONDS,
            ),
            ssl_cert=settings.http_cert_file,
            ssl_key=settings.http_key_file,
            ssl_protocol_min=SSLProtocols.tls12,
            ssl_ca=settings.http_client_ca_file,
            ssl_client_verify=settings.http_client_ca_file is not None,
        )
    except (OSError, ssl.SSLError) as unusable:
        raise CertificateUnusable(files=settings.http_cert_file, reason=_reason(unusable)) from unusable


def make_client(settings: ServiceSettings) -> httpx.AsyncClient:
    """For calls to other services and the issuer: our own authorities, our own certificate. Raises
    ``CertificateUnusable``.
    """
    return httpx.AsyncClient(
        timeout=httpx.Timeout(CALL_SECONDS_MAX), trust_env=False, verify=outgoing_tls(settings) or _usual_tls()
    )


@functools.cache
def _usual_tls() -> ssl.SSLContext:
    """The authorities that the world knows: reading them is slow, and done once in a process."""
    return httpx.create_ssl_context(trust_env=False)


def outgoing_tls(settings: ServiceSettings) -> ssl.SSLContext | None:
    """How this service checks whom it calls and shows who it is; ``None`` where the settings name neither."""
    if settings.ca_file is None and settings.client_cert_file is None:
        return None
    try:
        context = ssl.create_default_context(cafile=settings.ca_file)
        if settings.client_cert_file is not None:
            context.load_cert_chain(settings.client_cert_file, settings.client_key_file)
    except (OSError, ssl.SSLError) as unusable:
        files = ", ".join(str(path) for path in (settings.ca_file, settings.client_cert_file) if path)
        raise CertificateUnusable(files=files, reason=_reason(unusable)) from unusable
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def _reason(failure: OSError) -> str:
    return (failure.strerror or str(failure) or type(failure).__name__).lower()
