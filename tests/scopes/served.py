"""A service in this process with a row of every kind at every place, for asking it over HTTP as anybody.

One rule: the rows are written where the lists look, so that each stands where no command would put it, too; what is
asked and answered goes the whole way through the service.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet
from sqlalchemy import create_engine, delete, text
from sqlalchemy.engine import make_url

from conftest import Databases
from mingjing_console.codec import PEOPLE
from mingjing_console.domain.person import PersonNamed
from mingjing_kernel.audit.keys import make_signing_key
from mingjing_kernel.decider import Decider
from mingjing_kernel.evidence.custody import own_envelope
from mingjing_kernel.evidence.facts import AttachEvidence, DeclareEvidence, Manifest, Thing
from mingjing_kernel.evidence.rules import EVIDENCE
from mingjing_kernel.identity import Role, StaticKeys
from mingjing_kernel.log import Aggregate, Outcome, Work
from mingjing_kernel.log.schema import read_schema_of
from mingjing_kernel.sealed.keyfile import make_key_file
from mingjing_kernel.service import Host, Service
from mingjing_kernel.service.migrating import migrate
from mingjing_kernel.settings import ServiceSettings
from scopes.columns import columns_of
from scopes.facts import facts_behind
from scopes.holders import Held, give
from scopes.question import NOW, POSITION, Row, write
from scopes.waiting import send_files

ISSUER = "https://issuer.example"
_KEY = ECKey.generate_key("P-256", {"kid": "test"})
_PLACES = ("330106", "330106109", "330106109001001", "330108", "3301", "44", "")
ROWS = [
    Row(
        number=number,
        department=("education", "science", "a%", "")[number % 4],
        region=_PLACES[number % 7],
        category=("art", "sport", "")[number % 3],
        begins=POSITION + 1 if number % 5 == 1 else 1,
        ends=POSITION if number % 9 == 4 else None,
    )
    for number in range(28)
]
"""Every department in every region; some that came later than the past that is asked about, some that are gone."""
BY_DEFAULT = ServiceSettings.model_fields["token_grants"].default
"""Whose tokens may say what they may do: no person's. Other tests let them."""
LIVE = [row for row in ROWS if row.ends is None]
IDS_APART = 100
"""Between the evidence of one kind of record and that of the next."""
BY_FACTS = frozenset({"evidence", "evidence_things", "people"})
"""Lists that the service folds itself: what is asked about them is decided on facts. Of rows that are gone are none."""
NAMED = Aggregate("person", Decider(None, lambda fact, _: [fact], lambda _, _fact: None), PEOPLE.codec)
"""People as somebody said they are, wherever that is."""


@dataclass
class Served:
    """One service and whoever asks it."""

    host: Host
    client: httpx.AsyncClient
    asked: int = 0

    def admit(self, held: Sequence[Held]) -> str:
        """A person who holds these grants, as the log says. Her token claims everything, which nobody believes: that is
        what a service does by default. Returns the token.
        """
        self.asked += 1
        who = f"reader-{self.asked}"
        give(self.host.directory.standing, who, held)
        claims = {
            "iss": ISSUER,
            "aud": "mingjing",
            "sub": who,
            "exp": int(NOW.timestamp()) + 600,
            "department": READER.department,
            "region": READER.region,
            "grants": [
                {"role": role.value, **dict.fromkeys(("department", "region", "category"), "*")} for role in Role
            ],
        }
        return jwt.encode({"alg": "ES256", "kid": "test"}, claims, _KEY, algorithms=["ES256"])

    async def get(self, path: str, token: str, **params: Any) -> httpx.Response:
        """One question."""
        headers = {"Authorization": f"Bearer {token}"}
        return await self.client.get(self.host.service.prefix + path, params=params, headers=headers)


READER = Row(number=-1, department="readers", region="99", category="")
"""Where everybody who asks works: reads of theirs are on record there."""


@asynccontextmanager
async def served(
    service: Service, databases: Databases, directory: Path, behind: Sequence[Row] = LIVE
) -> AsyncIterator[Served]:
    """The service with ``ROWS`` in each of its lists, and facts ``behind`` some of them."""

    def prepare(url: str) -> None:
        asyncio.run(migrate(service, url, say=lambda _: None))

    url = await asyncio.to_thread(databases.prepared, service.name, prepare)
    settings = service.settings(postgres_url=url, issuer_url=ISSUER, data_dir=directory, token_grants=BY_DEFAULT)
    for name in ("sealing", "index"):
        make_key_file(settings.key_file(name))
    make_signing_key(settings.key_file(f"{service.name}-signing"))
    host = Host(service, settings, parts={"http", "projections"}, now=lambda: NOW, keys=StaticKeys(KeySet([_KEY])))
    transport = httpx.ASGITransport(host.app(), raise_app_exceptions=True)
    async with host.running(), httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        results = await host.log.handle_many([*facts_of(service), *facts_behind(service, behind)])
        assert [one for one in results if not isinstance(one, Outcome)] == []
        await host.up_to_date()
        await asyncio.to_thread(_populate, service, url)
        if service.name == "registry":
            await send_files(host.settings, LIVE)
        yield Served(host, client)
    await asyncio.to_thread(databases.drop, url)


def things_of(row: Row) -> tuple[Row, ...]:
    """To which rows the evidence of a row belongs: its own, and for some the next one, too."""
    return (row, ROWS[row.number + 1]) if row.number % 4 == 0 else (row,)


def facts_of(service: Service) -> list[Work]:
    """Evidence of every kind of record, and people; at least as many facts as the past that is asked about."""
    works = []
    for row in LIVE:
        for number, kind in enumerate(service.evidence.kinds if service.evidence else ()):
            works += [
                Work(
                    EVIDENCE, UUID(int=row.id.int + number * IDS_APART), command, own_envelope("test", kind.kind, *way)
                )
                for command, *way in _declared(kind.kind, row)
            ]
        named = PersonNamed(
            person=f"text-{row.number}", name=f"text-{row.number}", department=row.department, region=row.region
        )
        if PEOPLE in service.aggregates:
            works.append(Work(NAMED, row.id, named, own_envelope("test", row.id)))
    return works


def _declared(kind: str, row: Row) -> list[tuple[Any, ...]]:
    first, *others = things_of(row)
    manifest = Manifest(
        size_bytes=100,
        sha256=f"{row.number:064x}",
        media_type="image/jpeg",
        thing=Thing(kind=kind, id=first.id),
        device=f"text-{row.number}",
    )
    declare = DeclareEvidence(
        manifest=manifest, is_thing_there=True, device_sent_at=NOW, lapses_at=NOW, by="device", at=NOW
    )
    attach = [AttachEvidence(thing=Thing(kind=kind, id=other.id), by="device", at=NOW) for other in others]
    return [(command, row.id, at) for at, command in enumerate([declare, *attach])]


def _populate(service: Service, url: str) -> None:
    engine = create_engine(make_url(url).set(drivername="postgresql+psycopg"))
    with engine.begin() as connection:
        connection.execute(text(f'SET search_path TO "{read_schema_of(service.name)}"'))
        for model in service.read_models:
            if model.name in BY_FACTS:
                continue
            for table in (model.table, model.past):
                if table is not None:
                    connection.execute(delete(table))
            for columns in columns_of(service.name, model.name):
                write(connection, model, ROWS, columns)
    engine.dispose()
