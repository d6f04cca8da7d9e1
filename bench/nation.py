"""A nation's register for the benchmarks of lists and look-ups: institutions, sites and staff in all 2,847 counties.

Institutions and sites are facts that the service's own folds turn into rows through the product's own store; staff
are too many for that and are multiplied inside PostgreSQL. The one rule: a seed makes it, and nobody in it exists.
"""

from __future__ import annotations

import random
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from typing import Any
from uuid import UUID

import asyncpg

from match_sample import BRAND, FORMS, GIVEN, ROADS, SURNAMES, TRADES
from mingjing_kernel.identifiers import derived_id
from mingjing_kernel.log import Recorded
from mingjing_kernel.log.database import asyncpg_url, connect
from mingjing_kernel.log.schema import read_schema_of
from mingjing_kernel.projection.runner import use_json
from mingjing_kernel.projection.store import Store
from mingjing_kernel.spelling.places import division_table
from mingjing_registry.domain.institution import CustodyActivated, InstitutionRegistered
from mingjing_registry.domain.licence import Ending, LicenceRecorded, LicenceTerms
from mingjing_registry.domain.particulars import Category, Listing, Nature, Particulars
from mingjing_registry.domain.site import Place, SiteApproved
from mingjing_registry.domain.whitelist import Standing, WhitelistEntered
from mingjing_registry.service import SERVICE

INSTITUTIONS = 120_000
PAGE_EVENTS = 2_000
STAFF_AN_INSTITUTION = (50, 3)
"""So many for so many: 2,000,000 for 120,000."""
FILLED = ("institutions", "names", "search_terms", "sites", "whitelist", "ledger", "dossiers")
"""The read models that are folded; the others stay empty."""
_AT = datetime(2026, 7, 1, tzinfo=UTC)
_ON = date(2026, 7, 1)
_DEPARTMENT = {"subject": "education", "art": "culture-tourism-sport", "sport": "culture-tourism-sport",
               "technology": "science", "other": "education"}  # fmt: skip
_STAFF = {
    "member_id": "md5('member ' || n)::uuid", "subject": "'person-' || n", "identity_digest": "md5('identity ' || n)",
    "work": "(ARRAY['teacher','teacher','teacher','research','other'])[1 + n % 5]", "is_subject": "n % 7 = 0",
    "is_full_time": "n % 3 <> 0", "proof": "CASE WHEN n % 5 < 3 THEN 'certificate' ELSE '' END",
    "certificate_number": "CASE WHEN n % 5 < 3 THEN lpad(n::text, 17, '2') ELSE '' END",
    "certificate_subject": "''", "certificate_stage": "''", "is_proved": "n % 50 <> 0", "is_employed": "n % 10 <> 0",
    "from_on": "date '2021-09-01' + n % 1500", "left_on": "CASE WHEN n % 10 = 0 THEN date '2026-01-31' END",
    "suspected_school_id": "NULL::uuid", "cleared_schools": "'[]'::jsonb",
    "unlike_bars": "'[]'::jsonb", "bar_entry_id": "NULL::uuid",
    "bar_reason": "''", "position": "n", "version": "1", "from_position": "n",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What somebody who searches may know of an institution."""

    id: UUID
    name: str
    former_name: str
    fragment: str
    uscc: str
    licence_number: str
    region: str
    address: str


def nation(count: int, seed: int = 20260701) -> Iterator[tuple[Known, list[tuple[str, Any]]]]:
    """Each institution with its facts, as (stream, event)."""
    draw, counties = random.Random(seed), _counties()
    for number in range(count):
        yield _institution(draw, number, *draw.choice(counties))


def _institution(
    draw: random.Random, number: int, city: str, county: str, code: str
) -> tuple[Known, list[tuple[str, Any]]]:
    core = "".join(draw.choice(BRAND) for _ in range(draw.choice((2, 3, 3, 4))))
    (category, trade), form = draw.choice(TRADES), draw.choice(FORMS)
    name = f"{draw.choice(('', city, city, city + county))}{core}{trade}{form}"
    former = f"{city}{draw.choice(BRAND)}{core}{trade}培训部" if draw.random() < 0.2 else ""
    department, town = _DEPARTMENT[category], f"{code}{draw.randint(1, 14):03}"
    grids = [f"{town}{draw.randint(1, 12):03}{draw.randint(1, 20):03}" for _ in range(2 + number % 2)]
    places = [
        f"{county}{draw.choice(ROADS)}路{draw.randint(1, 900)}号{draw.randint(1, 9)}幢{draw.randint(101, 2_500)}室"
        for _ in grids
    ]
    known = Known(
        id=derived_id("nation", number), name=name, former_name=former, fragment=core[: draw.choice((2, 3, 4))],
        uscc=f"52{code}MJ{number:07}X", licence_number=f"教民{code}7{number:08}", region=town, address=places[0],
    )  # fmt: skip
    stated = Particulars(
        name=name, uscc=known.uscc, former_names=(former,) if former else (), nature=Nature.NON_PROFIT,
        categories=(Category(category),), items=(trade,), departments=(department,), region=town,
        legal_representative=draw.choice(SURNAMES) + draw.choice(GIVEN), phone=f"1{draw.randint(10**9, 10**10 - 1)}",
        staff_count=17, student_count=draw.randint(20, 600), area_m2=draw.randint(100, 2_000),
        custody_bank="湖畔商业银行",
    )  # fmt: skip
    stream = f"institution-{known.id}"
    facts = [(stream, event) for event in _life(draw, known, stated)]
    for at, (grid, address) in enumerate(zip(grids, places, strict=True)):
        place = Place(address=address, town_code=town, grid_code=grid)
        approved = SiteApproved(
            institution_id=known.id, place=place, area_m2=200, signed_by=(), site_check_reference="",
            register=department, on=_ON,
        )  # fmt: skip
        facts.append((f"site-{derived_id('nation-site', number, at)}", approved))
    return known, facts


def _life(draw: random.Random, known: Known, stated: Particulars) -> Iterator[Any]:
    """Registered, licensed, with an account, and nine of ten on the whitelist."""
    yield InstitutionRegistered(particulars=stated, listing=Listing(register=stated.departments[0]), on=_ON)
    until, standing = _ON + timedelta(days=draw.randint(30, 1_000)), draw.choices(("licensed", "revoked"), (95, 5))[0]
    terms = LicenceTerms(number=known.licence_number, issued_on=date(2023, 7, 1), expires_on=until)
    yield LicenceRecorded(terms=terms, standing=_ending(standing), standing_since=None, note="", on=_ON)
    bank, account = stated.custody_bank, f"{stated.name}预收费专户"
    yield CustodyActivated(account_id=known.uscc, bank=bank, account_name=account, opened_on=_ON, on=_ON)
    if standing == "licensed" and draw.random() < 0.95:
        yield WhitelistEntered(
            name=stated.name, uscc=stated.uscc, licence_number=terms.number, expires_on=until,
            category=stated.categories[0].value, department=stated.departments[0], region=stated.region,
            custody_bank=bank, custody_account_name=account, reason=Standing.CONDITIONS_MET, on=_ON,
        )  # fmt: skip


def _ending(standing: str) -> Ending:
    found: Ending = standing  # type: ignore[assignment]
    return found


async def fill(url: str, count: int, progress: Callable[[int, int], None] = lambda done, total: None) -> list[Known]:
    """Fill the read models of a migrated registry; returns every institution."""
    models = tuple(model for model in SERVICE.read_models if model.name in FILLED)
    schema = read_schema_of(SERVICE.name)
    connection = await connect(url, SERVICE.name)
    await use_json(connection)
    store = Store(schema, models, fresh=True)
    made_by = await connection.fetchval(f'SELECT fingerprint FROM "{schema}".projection')
    await connection.execute(f'UPDATE "{schema}".projection SET fingerprint = $1', store.fingerprint)
    known: list[Known] = []
    facts = _recorded(nation(count), known)
    async with _without_indexes(url, *FILLED):
        while page := list(islice(facts, PAGE_EVENTS)):
            async with connection.transaction():
                await store.apply(connection, page)
            progress(len(known), count)
    await connection.execute(f'UPDATE "{schema}".projection SET fingerprint = $1', made_by)
    await connection.close()
    return known


@asynccontextmanager
async def _without_indexes(url: str, *tables: str) -> AsyncIterator[Any]:
    """The owner's connection; the tables' indexes, but those of their keys, are made anew at the end."""
    connection = await asyncpg.connect(asyncpg_url(url))
    schema = read_schema_of(SERVICE.name)
    indexes = await connection.fetch(
        "SELECT indexname AS name, indexdef AS made FROM pg_indexes "
        "WHERE schemaname = $1 AND tablename = ANY($2) AND indexname <> tablename || '_pkey'", schema, list(tables),
    )  # fmt: skip
    for index in indexes:
        await connection.execute(f'DROP INDEX "{schema}"."{index["name"]}"')
    yield connection
    for index in indexes:
        await connection.execute(index["made"], timeout=600)
    await connection.close()


def _recorded(whole: Iterator[tuple[Known, list[tuple[str, Any]]]], known: list[Known]) -> Iterator[Recorded[Any]]:
    position = 0
    for one, facts in whole:
        known.append(one)
        for version, (stream, event) in enumerate(facts, 1):
            position += 1
            yield Recorded(position, stream, version, "", event, b"", _AT, _AT)


async def staff(url: str, known: Sequence[Known]) -> int:
    """Multiply staff inside PostgreSQL, and gather the planner's figures; returns how many."""
    schema = read_schema_of(SERVICE.name)
    people, institutions = STAFF_AN_INSTITUTION
    count = len(known) * people // institutions
    columns = ("institution_id", *_STAFF)
    values = ", ".join(("ids[1 + n % array_length(ids, 1)]", *_STAFF.values()))
    async with _without_indexes(url, "staff") as connection:
        await connection.execute(
            f'INSERT INTO "{schema}".staff ({", ".join(columns)}) SELECT {values} '
            f"FROM generate_series(1, {count}) AS n, (SELECT $1::uuid[] AS ids) AS everybody",
            [one.id for one in known], timeout=600,
        )  # fmt: skip
        await connection.execute(
            f'INSERT INTO "{schema}".staff_counts SELECT institution_id, count(*) FILTER (WHERE is_employed), '
            f"count(*) FILTER (WHERE is_employed AND work = 'teacher') FROM \"{schema}\".staff GROUP BY 1", timeout=600,
        )  # fmt: skip
    return count


async def settle(url: str) -> None:
    """As autovacuum leaves tables that have stood for a while."""
    connection = await asyncpg.connect(asyncpg_url(url))
    for name in (*FILLED, "staff", "staff_counts"):
        await connection.execute(f'VACUUM (ANALYZE) "{read_schema_of(SERVICE.name)}".{name}', timeout=600)
    await connection.close()


def _counties() -> list[tuple[str, str, str]]:
    """City or province, county and code, of the whole country."""
    table = division_table()
    return [
        ((city or province).removesuffix("市"), name, code)
        for province, _, cities in table["provinces"]
        for city, _, counties in cities
        for name, code in counties.items()
    ]
