"""The FastAPI application of a service: the edge, problem documents, documentation, waiting for one's own write."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractAsyncContextManager
from functools import partial
from typing import Any

from fastapi import APIRouter, Depends, FastAPI
from starlette.types import ASGIApp

from mingjing_kernel.http.docs import install_docs, operation_id
from mingjing_kernel.http.edge import Edge
from mingjing_kernel.http.faults import install_problems
from mingjing_kernel.http.gate import Gate, Gated
from mingjing_kernel.http.reading import Wait, make_fresh
from mingjing_kernel.http.route import LateRoute
from mingjing_kernel.http.router import Router
from mingjing_kernel.http.shield import Shield

BODY_BYTES_MAX = 1024 * 1024
"""Of a JSON request; addresses that take files are named to ``make_app`` with their own limit."""

Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]


def make_app(
    *,
    title: str,
    version: str,
    package: str,
    routers: Iterable[APIRouter],
    wait: Wait | None = None,
    lifespan: Lifespan | None = None,
    prefix: str = "",
    description: str = "",
    tags: list[dict[str, Any]] | None = None,
    uploads: Mapping[str, int] | None = None,
    gate: Gate | None = None,
    layer: Callable[[ASGIApp], ASGIApp] | None = None,
    innermost: Callable[[ASGIApp], ASGIApp] | None = None,
) -> FastAPI:
    """A service's application.

    ``wait`` returns when the service's read models have reached a position; with it every GET that carries
    ``Mingjing-Position`` is held back until then. ``package`` names the catalogue of its validators' sentences.
    ``gate`` stands before every route.
    ``layer`` goes around the routes and sees every answer before it is sent; ``innermost`` stands behind the gate, and
    may answer in place of the routes.
    ``uploads`` says how many bytes the paths that begin with a key may take: ``{"/imports": 50 * 1024 * 1024}``.
    """
    app = FastAPI(
        title=title,
        version=version,
        description=description,
        openapi_tags=tags,
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
        dependencies=[Depends(make_fresh(wait))] if wait is not None else None,
        generate_unique_id_function=operation_id,
        redirect_slashes=False,
    )
    app.router.route_class = LateRoute
    made = list(routers)
    for router in made:
        take_in(app, router, prefix)
    install_problems(app, package)
    install_docs(app, made)
    _surround(app, innermost, partial(Gated, gate=gate) if gate is not None else None, layer)
    app.add_middleware(Edge, body_bytes_max=BODY_BYTES_MAX, uploads=dict(uploads or {}))
    app.add_middleware(Shield)
    return app


def _surround(app: FastAPI, *layers: Callable[[ASGIApp], ASGIApp] | None) -> None:
    """The last one added is the first to be met."""
    for layer in layers:
        if layer is not None:
            app.add_middleware(layer)


def take_in(app: FastAPI, router: APIRouter, prefix: str = "", **options: Any) -> None:
    """Make the routes of a router, once where it is one of ours."""
    if isinstance(router, Router):
        router.onto(app, prefix, **options)
    else:
        app.include_router(router, prefix=prefix, **options)
