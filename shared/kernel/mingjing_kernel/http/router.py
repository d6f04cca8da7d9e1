"""A router whose addresses FastAPI makes once, when the app takes them in.

FastAPI's own router makes every route when it is declared and once more for the app that includes it: signatures,
models and all. With a hundred addresses that is half of a service's start.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, FastAPI


class Router(APIRouter):
    """To be used like FastAPI's, and given to ``make_app``; it answers nothing by itself."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.addresses: list[tuple[str, Callable[..., Any], dict[str, Any]]] = []

    def add_api_route(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        """Remember an address; every decorator ends here."""
        self.addresses.append((path, endpoint, options))

    def include_router(self, router: APIRouter, **options: Any) -> None:
        """Take over the addresses of another one, before it is given to an app."""
        if not isinstance(router, Router) or options:
            raise TypeError("a Router includes Routers, as they are")
        self.addresses += [
            (router.prefix + path, endpoint, router.with_own(given)) for path, endpoint, given in router.addresses
        ]

    def with_own(self, options: dict[str, Any]) -> dict[str, Any]:
        """The options of one address with what holds for all of them."""
        tags = [*self.tags, *(options.get("tags") or [])]
        dependencies = [*self.dependencies, *(options.get("dependencies") or [])]
        return {**options, "tags": tags, "dependencies": dependencies}

    def onto(self, app: FastAPI, prefix: str = "", **more: Any) -> None:
        """Make the routes."""
        for path, endpoint, options in self.addresses:
            app.router.add_api_route(prefix + self.prefix + path, endpoint, **{**self.with_own(options), **more})
