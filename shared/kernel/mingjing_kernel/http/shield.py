"""Headers that every answer carries, whoever made it: a page, JSON, a file, a refusal, an error.

The one rule: an answer that says nothing gets the strictest word. A handler that needs another one sets it itself.
"""

from __future__ import annotations

from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mingjing_kernel.http.policy import NOTHING

TRANSPORT_SECONDS = 31_536_000
"""For how long a browser that was here over TLS comes back over TLS only."""
FEATURES = (
    "accelerometer=(), autoplay=(), camera=(self), display-capture=(), geolocation=(self), "
    "gyroscope=(), hid=(), magnetometer=(), microphone=(self), midi=(), payment=(), serial=(), usb=()"
)
"""Inspectors take pictures and their place on our own pages; nothing else, and nobody else."""
_USUAL: Final = (
    (b"x-content-type-options", b"nosniff"),
    (b"content-security-policy", NOTHING.encode()),
    (b"referrer-policy", b"no-referrer"),
    (b"permissions-policy", FEATURES.encode()),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"x-frame-options", b"DENY"),
    # Answers are for who asked: no proxy and no browser keeps them unless their handler says that it may.
    (b"cache-control", b"no-store"),
    # Also of the server that carries us: whose version has which weakness is nobody's business.
    (b"server", b"mingjing"),
)
_TRANSPORT: Final = (b"strict-transport-security", f"max-age={TRANSPORT_SECONDS}".encode())


class Shield:
    """Pure ASGI, outermost of all: what the layers within answer goes out with these headers."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = (*_USUAL, _TRANSPORT) if scope.get("scheme") == "https" else _USUAL

        async def shielded(message: Message) -> None:
            if message["type"] == "http.response.start":
                said = list(message.get("headers", ()))
                names = {name.lower() for name, _ in said}
                message["headers"] = [*said, *(pair for pair in headers if pair[0] not in names)]
            await send(message)

        await self._app(scope, receive, shielded)
