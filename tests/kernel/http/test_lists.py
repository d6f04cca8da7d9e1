"""Lists: every row once, in order, within the scope; and the same rows as CSV and XLSX."""

from __future__ import annotations

import contextlib
import csv
import dataclasses
import io
import zipfile
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import httpx
import pytest
import pytest_asyncio
from fastapi import APIRouter, Depends
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel
from python_calamine import CalamineWorkbook
from sqlalchemy import Column as SqlColumn
from sqlalchemy import DateTime, Integer, MetaData, Table, Text, Uuid, select
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from mingjing_kernel.http import Asked, Column, Listing, Page, answer_list, asked
from mingjing_kernel.http.page import LIMIT_MAX, read_cursor, write_cursor
from mingjing_kernel.http.refusals import CursorMalformed, ExportTooLarge
from mingjing_kernel.identity import Role, Scope

visits = Table(
    "visits",
    MetaData(),
    SqlColumn("id", Uuid, primary_key=True),
    SqlColumn("name", Text, nullable=False),
    SqlColumn("region", Text, nullable=False),
    SqlColumn("amount_fen", Integer),
    SqlColumn("at", DateTime(timezone=True), nullable=False),
)
NAIVE = write_cursor((datetime(2026, 2, 1), UUID(int=1)))  # noqa: DTZ001
COLUMNS = (
    Column("name", "名称", "Name"),
    Column("amount_fen", "金额（元）", "Amount (yuan)", "yuan"),
    Column("at", "时间", "Time", "moment"),
)
NAMES = ["甲", "乙", "甲", "=HYPERLINK(1)", "+1", "-1", "@x", "\tx", "＝1", 'a,b\n"c"']
GRID_OFFICER = {"role": "grid-officer", "department": "*", "region": "330106", "category": "*"}


class Visit(BaseModel):
    id: UUID
    name: str


@pytest_asyncio.fixture(scope="module")
async def engine(module_postgres_url: str) -> AsyncIterator[AsyncEngine]:
    made = create_async_engine(make_url(module_postgres_url).set(drivername="postgresql+asyncpg"))
    rows = [
        {
            "id": UUID(int=number),
            "name": name,
            "region": "330106001" if number != 2 else "330108001",
            "amount_fen": None if number == 1 else (-1) ** number * (123_456 + number),
            "at": datetime(2026, 2, 1 + number // 3, 1, 2, 3, tzinfo=UTC),
        }
        for number, name in enumerate(NAMES)
    ]
    async with made.begin() as connection:
        await connection.run_sync(visits.metadata.create_all)
        await connection.execute(visits.insert(), rows)
    yield made
    await made.dispose()


def listing(scope: Scope, *, is_descending: bool = False) -> Listing:
    condition = scope.where(
        roles={Role.GRID_OFFICER}, department=visits.c.name, region=visits.c.region, category=visits.c.name
    )
    return Listing(
        name="巡查",
        title=("巡查&记录", "Visits & records"),
        statement=select(visits).where(condition),
        keys=(visits.c.at, visits.c.id),
        columns=COLUMNS,
        is_descending=is_descending,
    )


@pytest_asyncio.fixture
async def lists(door, engine: AsyncEngine, signed_in) -> AsyncIterator[Any]:
    """Runs the app on this test's own loop, where the engine's connections live."""
    router = APIRouter()

    @router.get("/visits")
    async def all_visits(
        newest: bool = False, scope: Scope = Depends(door.kit.scope), asked: Asked = Depends(asked)
    ) -> Page[Visit]:
        return await answer_list(listing(scope, is_descending=newest), asked, engine.connect, Visit)  # type: ignore[return-value]

    app = door.client(router).app
    headers = signed_in("p-1", GRID_OFFICER)
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://test", headers=headers) as client:
        yield client


@pytest.mark.parametrize("newest", ["false", "true"])
@pytest.mark.parametrize("limit", [1, 2, 3, 9, 50])
async def test_pages_show_each_row_once_and_in_order(lists, newest: str, limit: int) -> None:
    seen, after = [], None
    for _ in range(20):
        query = {"limit": limit, "newest": newest, **({"after": after} if after else {})}
        page = (await lists.get("/visits", params=query)).json()
        assert len(page["items"]) <= limit
        seen += [UUID(item["id"]).int for item in page["items"]]
        after = page["next"]
        if after is None:
            break
    expected = [number for number in range(len(NAMES)) if number != 2]
    assert seen == (expected[::-1] if newest == "true" else expected)


@pytest.mark.parametrize("limit", [0, -1, LIMIT_MAX + 1, "x"])
async def test_a_page_has_a_limit(lists, limit: object) -> None:
    assert (await lists.get("/visits", params={"limit": limit})).status_code == 422


@pytest.mark.parametrize(
    "after",
    ["x", "", "é", write_cursor(("a",)), write_cursor((1, 2)), NAIVE,
     write_cursor((date(2026, 2, 1), UUID(int=1))), "W10", "bnVsbA", "W1sicyIsIngiXV0" * 3],
)  # fmt: skip
async def test_a_cursor_from_elsewhere_is_refused(lists, after: str) -> None:
    answer = await lists.get("/visits", params={"after": after})
    if after:
        assert answer.json()["type"] == "urn:mingjing:problem:cursor-malformed"
    else:
        assert answer.status_code == 200


async def test_csv_has_every_row_and_no_formula(lists) -> None:
    answer = await lists.get("/visits?format=csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert "%E5%B7%A1%E6%9F%A5.csv" in answer.headers["content-disposition"]
    assert answer.content.startswith("\ufeff名称".encode())
    rows = list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert rows[0] == ["名称", "金额（元）", "时间"]
    assert rows[1] == ["甲", "1234.56", "2026-02-01 09:02:03"]
    assert rows[2][1] == ""
    assert [row[0] for row in rows[3:]] == [
        "'=HYPERLINK(1)", "'+1", "'-1", "'@x", "'\tx", "'＝1", 'a,b\n"c"',
    ]  # fmt: skip
    assert rows[3][1] == "-1234.59"


async def test_xlsx_has_every_row_as_data(lists) -> None:
    answer = await lists.get("/visits?format=xlsx", headers={"Accept-Language": "en-GB,zh;q=0.5"})
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert sheet[0] == ["Name", "Amount (yuan)", "Time"]
    assert sheet[1] == ["甲", 1234.56, datetime(2026, 2, 1, 9, 2, 3)]  # noqa: DTZ001
    assert [row[0] for row in sheet[1:]] == [name for number, name in enumerate(NAMES) if number != 2]
    assert sheet[2][1] == ""


async def test_xlsx_prints_with_title_day_header_and_pages(lists) -> None:
    answer = await lists.get("/visits?format=xlsx&as_of=2026-06-30")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        page = archive.read("xl/worksheets/sheet1.xml").decode()
        book = archive.read("xl/workbook.xml").decode()
    assert 'paperSize="9"' in page
    assert 'orientation="landscape"' in page
    assert 'fitToHeight="0"' in page
    assert "巡查&amp;&amp;记录" in page  # of the title 巡查&记录: a bare & would be a command of the page header
    assert "截至 2026-06-30" in page
    assert "第 &amp;P 页，共 &amp;N 页" in page
    assert "$1:$1" in book  # the header row, on every page


async def test_json_has_every_row_with_its_columns(lists) -> None:
    answer = await lists.get("/visits?format=json-file")
    assert ".json" in answer.headers["content-disposition"]
    told = answer.json()
    assert [column["key"] for column in told["columns"]] == ["name", "amount_fen", "at"]
    assert (told["title"], told["rows"][0]) == (
        "巡查&记录",
        {"name": "甲", "amount_fen": 123456, "at": "2026-02-01T09:02:03+08:00"},
    )
    assert [row["name"] for row in told["rows"]] == [name for number, name in enumerate(NAMES) if number != 2]


@pytest.mark.parametrize("format", ["csv", "xlsx", "json-file"])
async def test_an_export_that_is_too_long_is_refused_before_it_begins(engine: AsyncEngine, format: str) -> None:
    short = dataclasses.replace(listing(Scope.system()), export_rows_max=3)
    with pytest.raises(ExportTooLarge):
        await answer_list(short, Asked(format=format), engine.connect, Visit)


async def test_without_a_grant_the_list_and_the_file_are_empty(lists, signed_in) -> None:
    nobody = signed_in("p-2")
    assert (await lists.get("/visits", headers=nobody)).json() == {"items": [], "next": None}
    assert len((await lists.get("/visits?format=csv", headers=nobody)).text.splitlines()) == 1


keys = st.lists(
    st.text(alphabet=st.characters(exclude_characters="\0", exclude_categories=["Cs"]))
    | st.integers(min_value=-(2**63) + 1, max_value=2**63 - 1)
    | st.booleans()
    | st.uuids()
    | st.dates()
    | st.datetimes(timezones=st.just(UTC)),
    max_size=4,
)


@given(keys)
def test_a_cursor_gives_back_what_went_in(values: list[object]) -> None:
    assert read_cursor(write_cursor(tuple(values))) == tuple(values)


@given(st.text(max_size=60))
def test_no_cursor_breaks_the_reader(text: str) -> None:
    with contextlib.suppress(CursorMalformed):
        read_cursor(text)
