"""A route that is made late answers, documents and refuses as one that FastAPI makes at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Annotated

import httpx
import pytest
from fastapi import FastAPI, Query
from fastapi.routing import APIRoute
from pydantic import BaseModel

from mingjing_kernel.http.route import LateRoute

THREADS = 8


class Part(BaseModel):
    number: int


async def part_of(whole_id: int, number: Annotated[int, Query(ge=1)] = 1) -> Part:
    """One part of a whole."""
    return Part(number=whole_id + number)


async def put_part(whole_id: int, part: Part) -> Part:
    return part


def app_of(route_class: type[APIRoute]) -> FastAPI:
    app = FastAPI()
    app.router.route_class = route_class
    app.add_api_route("/wholes/{whole_id}", part_of, methods=["get"], tags=["whole"])
    app.add_api_route("/wholes/{whole_id}/parts", put_part, methods=["PUT"], status_code=201)
    return app


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/wholes/3", None),
        ("GET", "/wholes/3?number=0", None),
        ("GET", "/wholes/three", None),
        ("HEAD", "/wholes/3", None),
        ("DELETE", "/wholes/3", None),
        ("PUT", "/wholes/3/parts", {"number": 4}),
        ("PUT", "/wholes/3/parts", {"number": "x"}),
        ("GET", "/nowhere", None),
        ("GET", "/openapi.json", None),
    ],
)
async def test_it_answers_as_one_made_at_once(method: str, path: str, body: object) -> None:
    answers = []
    for route_class in (APIRoute, LateRoute):
        transport = httpx.ASGITransport(app_of(route_class))
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            answer = await client.request(method, path, json=body)
        answers.append((answer.status_code, answer.headers.multi_items(), answer.content))
    assert answers[0] == answers[1]


def late() -> LateRoute:
    return next(route for route in app_of(LateRoute).routes if isinstance(route, LateRoute))


def test_nothing_is_read_of_it_before_somebody_asks() -> None:
    route = late()
    assert "dependant" not in vars(route)
    assert route.dependant.call is part_of
    assert {"dependant", "app", "response_field"} <= vars(route).keys()


def test_what_a_route_does_not_have_is_missing_before_and_after() -> None:
    route = late()
    for _ in range(2):
        with pytest.raises(AttributeError):
            _ = route.colour


def test_two_threads_that_ask_at_once_get_the_same() -> None:
    for _ in range(THREADS):
        route, together = late(), Barrier(THREADS)

        def ask(_: int, route: LateRoute = route, together: Barrier = together) -> object:
            together.wait()
            return route.dependant

        with ThreadPoolExecutor(THREADS) as pool:
            found = list(pool.map(ask, range(THREADS)))
        assert all(one is found[0] for one in found)
