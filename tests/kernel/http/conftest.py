"""A small service behind the real edge: what its routers do is said in each test."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import pytest
from fastapi import APIRouter
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet
from starlette.testclient import TestClient

from mingjing_kernel.access.refusals import NotTheirSubstitute
from mingjing_kernel.http import Dependencies, make_app, make_dependencies
from mingjing_kernel.http.reading import Wait
from mingjing_kernel.identity import Principal, StaticKeys, TokenChecker

AT = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
_KEY = ECKey.generate_key("P-256", {"kid": "test"})


@dataclass
class Door:
    """Makes clients of an app with the given routers."""

    kit: Dependencies
    clients: list[TestClient] = field(default_factory=list)

    def client(
        self,
        *routers: APIRouter,
        wait: Wait | None = None,
        uploads: Mapping[str, int] | None = None,
        address: str = "127.0.0.1",
    ) -> TestClient:
        app = make_app(
            title="试验 Test", version="1", package="mingjing_kernel", routers=routers, wait=wait, uploads=uploads
        )
        return TestClient(app, client=(address, 50_000), raise_server_exceptions=True)


class Willing:
    """Lets everybody in with what the token says, and in the place of anybody who is not called ``no-…``."""

    async def let_in(self, found: Principal, named: str = "") -> Principal:
        if named.startswith("no-"):
            raise NotTheirSubstitute
        return replace(found, on_behalf_of=named)


@pytest.fixture
def checker() -> TokenChecker:
    return TokenChecker(
        issuer="https://issuer.example", audience="mingjing", keys=StaticKeys(KeySet([_KEY])), now=lambda: AT
    )


@pytest.fixture
def door(checker: TokenChecker) -> Door:
    return Door(make_dependencies(checker, lambda: AT, admission=Willing()))


@pytest.fixture(scope="session")
def signed_in() -> Callable[..., dict[str, str]]:
    """Headers of somebody who has signed in."""

    def headers(subject: str = "p-1", *grants: dict[str, str], **more: Any) -> dict[str, str]:
        seconds = int(AT.timestamp())
        claims = {
            "iss": "https://issuer.example",
            "aud": "mingjing",
            "sub": subject,
            "exp": seconds + 600,
            "grants": list(grants),
            "department": "education",
            "region": "330106",
            **more,
        }
        token = jwt.encode({"alg": "ES256", "kid": "test"}, claims, _KEY, algorithms=["ES256"])
        return {"Authorization": f"Bearer {token}"}

    return headers
