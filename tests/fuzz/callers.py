"""Who fuzzes: tokens of the box's own issuer, minted with the key that it left, for any grants."""

from __future__ import annotations

import re
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import httpx
from joserfc import jwt

from chaos.box import Box
from mingjing.issuer.keyring import Keyring
from mingjing_kernel.identifiers import new_id
from mingjing_kernel.identity import OUTSIDERS, Role

HERE: Final = "330106"
ELSEWHERE: Final = "110101"
"""A county of which this installation knows nothing: whatever of ours is seen there has leaked."""
SERVICES = ("registry", "inspection", "funds", "console")
TOGETHER: Final = (
    (Role.LICENSING_OFFICER, Role.INSPECTOR, Role.GRID_OFFICER, Role.FUND_REGULATOR),
    (Role.APPROVER, Role.INSPECTOR, Role.MEDIATOR),
    (Role.CASE_OFFICER, Role.HOTLINE_OPERATOR, Role.ADMINISTRATOR),
    (Role.LEGAL_REVIEWER, Role.HOTLINE_OPERATOR),
    (Role.AUDITOR,),
    (Role.BANK, Role.INSTITUTION, Role.SCHOOL),
)
"""Roles that one person may hold together; every role is among them."""
ROWS_MAX = 50
MOMENT_SECONDS = 20
_CHINESE = re.compile(r"[\u4e00-\u9fff]{6,}")
"""Long enough to be nobody else's name."""


class Callers:
    """Sends requests as one of two people; knows some ids and names of what there is."""

    def __init__(self, box: Box) -> None:
        self.box = box
        self.ids: dict[str, list[str]] = defaultdict(list)
        """By the name of the path parameter that takes them."""
        self.names: set[str] = set()
        """Of institutions: what must not be seen elsewhere, unless it is published."""
        self._key = Keyring(box.installation.keys).sheet.current
        self._client = httpx.Client(timeout=60, trust_env=False)
        self._documents: dict[str, dict[str, Any]] = {}

    def __enter__(self) -> Callers:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def address(self, service: str) -> str:
        """Where a service answers."""
        return self.box.urls[service]

    def document(self, service: str) -> dict[str, Any]:
        """Its OpenAPI document, as it serves it."""
        if service not in self._documents:
            self._documents[service] = self._client.get(f"{self.address(service)}/openapi.json").json()
        return self._documents[service]

    def headers(self, region: str, roles: Sequence[Role]) -> dict[str, str]:
        """Of somebody with these roles in a region, signed in a moment ago."""
        now = int(time.time())
        claims = {
            "iss": self.box.urls["issuer"],
            "aud": "mingjing",
            "sub": f"fuzz-{region}-{roles[0]}",
            "name": "模糊测试",
            "department": "education",
            "region": region,
            "kind": "service",  # the only tokens whose own grants count here
            "iat": now,
            "exp": now + 600,
            "jti": str(new_id()),
            "grants": [_grant(role, region) for role in roles],
        }
        token = jwt.encode({"alg": "ES256", "kid": self._key.kid}, claims, self._key, algorithms=["ES256"])
        return {"Authorization": f"Bearer {token}"}

    def send(self, region: str, roles: Sequence[Role], case: Any) -> httpx.Response:
        """One generated request, with a fresh idempotency key unless the case brings its own."""
        headers = {"Idempotency-Key": str(new_id())} | self.headers(region, roles)
        address = self.address(case.operation.schema.raw_schema["info"]["x-service"])
        given = case.as_transport_kwargs(base_url=address, headers=headers)
        given = {name: value for name, value in given.items() if name in _SENT and value is not None}
        answer = self._client.request(**_for_httpx(given))
        answer.request.read()  # a form with files is sent as a stream; what was sent is looked at afterwards
        return answer

    def what_stops(self, service: str) -> str:
        """Why its lists stand still, after as long as a moment may last; empty when they go on."""
        because = ""
        for _ in range(MOMENT_SECONDS):
            said = self._client.get(f"{self.address(service)}/{service}/v1/health").json()
            if not (because := str(said["projections"]["because"])):
                return ""
            time.sleep(1)
        return because

    def learn(self, region: str) -> None:
        """Ids and names out of every list that needs no question."""
        for service in SERVICES:
            for path, operations in self.document(service)["paths"].items():
                if "get" in operations and "{" not in path:
                    for roles in TOGETHER:
                        answer = self._client.get(self.address(service) + path, headers=self.headers(region, roles))
                        if answer.is_success and "json" in answer.headers.get("content-type", ""):
                            self._keep(answer.json())

    def _keep(self, answer: Any) -> None:
        for row in _rows(answer):
            for field, value in row.items():
                if field.endswith("_id") and isinstance(value, str) and len(self.ids[field]) < ROWS_MAX:
                    self.ids[field].append(value)
                is_name = field == "institution_name" or (field == "name" and "institution_id" in row)
                if is_name and _CHINESE.match(str(value)):
                    self.names.add(str(value))


_SENT = frozenset({"method", "url", "params", "json", "data", "files", "headers"})


def _for_httpx(given: dict[str, Any]) -> dict[str, Any]:
    """Requests and httpx name a raw body differently, and httpx takes headers beyond ASCII as bytes only."""
    given["headers"] = [(name, str(value).encode("latin-1", "replace")) for name, value in given["headers"].items()]
    if files := given.get("files"):
        pairs = files.items() if isinstance(files, dict) else files
        given["files"] = [(name, _as_file(value)) for name, value in pairs]
    data = given.pop("data", None)
    if isinstance(data, str | bytes):
        given["content"] = data
    elif data is not None:
        given["data"] = data
    return given


def _as_file(value: Any) -> Any:
    """What is no text is written as one: a form has no numbers."""
    if isinstance(value, tuple):
        return tuple(one if one is None or isinstance(one, str | bytes | dict) else str(one) for one in value)
    return value if isinstance(value, str | bytes) else str(value)


def _rows(answer: Any) -> Iterator[Mapping[str, Any]]:
    items = answer.get("items", [answer]) if isinstance(answer, dict) else answer
    yield from (one for one in items[:ROWS_MAX] if isinstance(one, dict))


def _grant(role: Role, region: str) -> dict[str, str]:
    organisation = "*" if role in OUTSIDERS else ""
    return {
        "role": role.value,
        "department": "*",
        "region": region,
        "category": "*",
        "organisation": organisation,
    }
