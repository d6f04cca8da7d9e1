"""What answers a request is a coroutine.

One rule: FastAPI sends a plain function to a thread, and the way there and back costs a write more than its commit.
"""

from __future__ import annotations

from collections.abc import Iterator
from inspect import iscoroutinefunction, isfunction
from typing import Any

import pytest
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from mingjing.auditing import service_of
from mingjing.keys import LOGS
from mingjing_kernel.service import Host


def calls(dependant: Dependant) -> Iterator[Any]:
    """Everything that is called for one request, the endpoint first."""
    if dependant.call is not None:
        yield dependant.call
    for below in dependant.dependencies:
        yield from calls(below)


def threaded(routes: Any) -> Iterator[str]:
    for route in routes:
        if not isinstance(route, APIRoute):
            yield from threaded(getattr(route, "routes", ()))
            continue
        for call in calls(route.dependant):
            if not iscoroutinefunction(call if isfunction(call) else type(call).__call__):
                yield f"{route.path}: {getattr(call, '__qualname__', call)}"


@pytest.mark.parametrize("name", LOGS)
async def test_no_request_waits_for_a_thread(name: str) -> None:
    service = service_of(name)
    host = Host(service, service.settings(postgres_url="postgresql://nowhere/none"))
    try:
        seen = [route for route in host.app().routes if isinstance(route, APIRoute)]
        assert len(seen) > 5
        assert sorted(threaded(seen)) == []
    finally:
        await host.client.aclose()
