"""The same over HTTP: whoever asks is shown exactly what her grants in force reach, on every page and in every export,
counted and alone, now and in the past. And every address is asked.
"""

from __future__ import annotations

import asyncio
import csv
import functools
import io
import json
import re
import zipfile
from collections.abc import Iterable
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from architecture.source import CLONE
from architecture.test_reads import SERVICES, service_of
from conftest import Databases
from mingjing_kernel.identity import ANY, Grant, Role, Scope
from mingjing_kernel.service.own_reads import OWN_READS
from scopes.holders import HOLDINGS, Held, reaches, scope_of
from scopes.question import NOW, POSITION, Question, Row
from scopes.route import Counted, Filed, Listed, One, Open, Route, Whole
from scopes.routes import OWN, routes_of
from scopes.served import BY_DEFAULT, IDS_APART, READER, ROWS, Served, served

CROWDED = 7
"""Rows a page where a list must take several."""
_OURS = re.compile(r"\btext-(\d+)\b")


@dataclass(frozen=True)
class Manner:
    """How the addresses are asked this time."""

    row: Row
    limit: int
    file: str
    is_past: bool


MANNERS = st.builds(
    Manner,
    row=st.sampled_from(ROWS),
    limit=st.sampled_from([CROWDED, 500]),
    file=st.sampled_from(["csv", "csv", "xlsx"]),
    is_past=st.booleans(),
)


@dataclass
class Asking:
    """One reader with everything that follows from what she holds."""

    served: Served
    held: list[Held]
    manner: Manner
    scope: Scope
    token: str

    async def ask(self, path: str, route: Route) -> None:
        """One address: what it shows must be what it ought to."""
        match route:
            case Listed():
                await self._list(path, route)
            case One():
                await self._one(path, route)
            case Counted():
                await self._counted(path, route)
            case Filed():
                await self._filed(path, route)
            case Whole():
                answer = await self.get(path, **route.params)
                assert (answer.status_code == 403) is not route.lets(self.scope), path
            case Open():
                return

    async def _list(self, path: str, route: Listed) -> None:
        past = self._past(route.has_past)
        params = {**route.params, **past}
        shown = self._shown(route.question, past)
        if not route.lets(self.scope):
            assert (await self.get(path, **params)).status_code == 403, path
            return
        if route.hides and self.manner.row.number not in shown:
            assert (await self.get(path, **params)).status_code == 404, path
            return
        if route.of_one:
            there = {row.number for row in ROWS if row.ends is None} if route.hides else shown
            shown = there & {row.number for row in ROWS if self.manner.row in route.belongs_to(row)}
        if route.is_whole:
            answer = await self.get(path, **params)
            assert {number_of(item[route.key]) for item in answer.json()["items"]} == shown, path
            return
        items = [item async for item in self._items(path, params)]
        ours = [number for item in items if (number := number_of(item[route.key])) is not None]
        assert sorted(ours) == sorted(shown), path
        if route.is_growing and not self._reaches(route.question, READER):
            assert len(items) == len(ours), path
        exported = await self.get(path, **params, format=self.manner.file)
        rows, numbers = FILES[self.manner.file](exported.content)
        assert numbers == shown, path
        assert rows == len(shown) or route.is_growing, path

    async def _one(self, path: str, route: One) -> None:
        past = self._past(route.has_past)
        answer = await self.get(path.format_map(_Some(route.fills)), **past)
        if not route.lets(self.scope):
            assert answer.status_code == 403, path
            return
        shown = self._shown(route.question, past)
        if not {row.number for row in route.belongs_to(self.manner.row)} <= shown:
            assert answer.status_code in route.refused, (path, answer.text)
        else:
            assert answer.status_code == route.answers, (path, answer.text)
        if answer.status_code != 200:
            assert answer.headers["content-type"] == "application/problem+json", path

    async def _filed(self, path: str, route: Filed) -> None:
        past = self._past(True)
        answer = await self.get(path.format_map(_Some(route.fills)), **past, format=self.manner.file)
        shown = self._shown(route.question, past)
        assert FILES[self.manner.file](answer.content) == (len(shown), shown), path

    async def _counted(self, path: str, route: Counted) -> None:
        past = self._past(route.has_past)
        answer = await self.get(path, **route.params, **past)
        if not route.lets(self.scope):
            assert answer.status_code == 403, path
            return
        counts = route.counts(answer.json())
        assert counts == {name: len(self._shown(one, past)) for name, one in route.questions.items()}, path

    async def _items(self, path: str, params: dict[str, Any]) -> Any:
        after: dict[str, str] = {}
        while True:
            answer = await self.get(path, **params, **after, limit=self.manner.limit)
            assert answer.status_code == 200, (path, answer.text)
            page = answer.json()
            for item in page["items"]:
                yield item
            if page["next"] is None:
                return
            after = {"after": page["next"]}

    async def get(self, path: str, **params: Any) -> Any:
        """Every place in the address that is still open is the row's."""
        id = str(self.manner.row.id)
        asked = {name: value.format(id=id) if isinstance(value, str) else value for name, value in params.items()}
        return await self.served.get(path.replace("{kind}", "retention").format_map(_Always(id)), self.token, **asked)

    def _past(self, has_past: bool) -> dict[str, str]:
        return {"as_of": f"@{POSITION}"} if has_past and self.manner.is_past else {}

    def _shown(self, question: Question, past: dict[str, str]) -> set[int]:
        """The numbers of the rows that ought to be shown."""
        at = POSITION if past else None
        return {row.number for row in ROWS if row.is_there(at) and self._reaches(question, row)}

    def _reaches(self, question: Question, row: Row) -> bool:
        roles = question.act.roles if question.act else question.roles
        stands = replace(row, region=question.region) if question.region else row
        holders = {role: str(of(row)) for role, of in question.holders.items()}
        is_across = reaches(self.held, question.across, stands, ("region",), {})
        return is_across or reaches(self.held, roles, stands, question.dimensions, holders)


class _Always(dict[str, str]):
    """The same for every parameter of a path."""

    def __init__(self, value: str) -> None:
        super().__init__()
        self._value = value

    def __missing__(self, _name: str) -> str:
        return self._value


class _Some(dict[str, str]):
    """Some parameters of a path; the others stay as they are."""

    def __missing__(self, name: str) -> str:
        return f"{{{name}}}"


def number_of(key: str) -> int | None:
    """Which row an item is; ``None`` for what came of our own questions."""
    if key.startswith("reader-"):
        return None
    return int(key.removeprefix("text-")) if key.startswith("text-") else (UUID(key).int - 1) % IDS_APART


def of_csv(content: bytes) -> tuple[int, set[int]]:
    """How many rows a file has, and which."""
    lines = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    return len(lines) - 1, numbers_in(cell for line in lines for cell in line)


def of_xlsx(content: bytes) -> tuple[int, set[int]]:
    """The same of a workbook."""
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    return sheet.count("<row ") - 1, numbers_in([sheet])


def numbers_in(texts: Iterable[str]) -> set[int]:
    """Rows that texts speak of."""
    return {int(number) for text in texts for number in _OURS.findall(text)}


FILES = {"csv": of_csv, "xlsx": of_xlsx}


def everywhere(role: Role) -> Held:
    return Held(Grant(role, ANY, ANY, ANY), NOW, None)


BANK_ALONE = Held(Grant(Role.BANK, ANY, "33", ANY, organisation="icbc"), NOW, None)


@pytest.mark.parametrize("name", SERVICES)
def test_every_address_shows_exactly_what_its_reader_may_see(name: str, databases: Databases, tmp_path: Path) -> None:
    service = service_of(name)
    routes = {path: several for path, several in routes_of(service).items() if path in documented(name)}
    stack = AsyncExitStack()
    with asyncio.Runner() as runner:
        asked = runner.run(stack.enter_async_context(served(service, databases, tmp_path)))

        async def everything(held: list[Held], manner: Manner) -> None:
            asking = Asking(asked, held, manner, scope_of(held), asked.admit(held))
            for path, several in routes.items():
                for route in several:
                    await asking.ask(path, route)

        @settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
        @example(held=[everywhere(Role.AUDITOR)], manner=Manner(ROWS[0], CROWDED, "xlsx", is_past=False))
        @example(held=[everywhere(Role.ADMINISTRATOR)], manner=Manner(ROWS[2], 500, "csv", is_past=True))
        @example(held=[BANK_ALONE], manner=Manner(ROWS[0], 500, "csv", is_past=False))
        @given(held=HOLDINGS, manner=MANNERS)
        def ask(held: list[Held], manner: Manner) -> None:
            runner.run(everything(held, manner))

        try:
            ask()
        finally:
            runner.run(stack.aclose())


@pytest.mark.parametrize("name", SERVICES)
async def test_a_row_without_facts_is_told_of_as_if_it_were_not_there(
    name: str, databases: Databases, tmp_path: Path
) -> None:
    service = service_of(name)
    routes = {path: several for path, several in routes_of(service).items() if path in documented(name)}
    held = [everywhere(role) for role in Role]
    async with served(service, databases, tmp_path, behind=()) as asked:
        asking = Asking(asked, held, Manner(ROWS[0], CROWDED, "csv", is_past=False), scope_of(held), asked.admit(held))
        for path in (path for path, several in routes.items() for route in several if isinstance(route, One)):
            answer = await asking.get(path)
            assert answer.status_code < 500, path
            if path.endswith("/available-actions"):
                assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json"), path


@pytest.mark.parametrize("name", SERVICES)
def test_every_service_believes_no_persons_token_by_default(name: str) -> None:
    """With which ``served`` runs it, and every reader above claims everything in hers."""
    assert service_of(name).settings.model_fields["token_grants"].default == BY_DEFAULT == "services"


@pytest.mark.parametrize("name", SERVICES)
def test_every_address_is_asked(name: str) -> None:
    service = service_of(name)
    asked, known = routes_of(service).keys(), service.reads.keys() | OWN_READS.keys()
    assert known | documented(name) == asked | OWN_READS.keys(), "say in routes.py whose rows it shows"
    assert asked >= OWN.keys()


@functools.cache
def documented(name: str) -> frozenset[str]:
    """The addresses of a service's OpenAPI document that answer a GET."""
    document = json.loads((CLONE / f"docs/api/{name}.openapi.json").read_text(encoding="utf-8"))
    return frozenset(
        path.removeprefix(f"/{name}/v1") for path, methods in document["paths"].items() if "get" in methods
    )
