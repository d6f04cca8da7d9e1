"""Open data 开放数据: the whitelist for anybody's machine, with licence, attribution and schema; nothing personal.

One rule: the document is made once for each state of the list and answered from memory, so whoever asks again with the
tag that he has gets 304 and costs nothing.
"""

from __future__ import annotations

import asyncio
import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime, parsedate_to_datetime
from typing import Any, Literal

import msgspec
from fastapi import Depends
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from mingjing_kernel.http import Kit
from mingjing_kernel.http.export import Column, csv_cell
from mingjing_kernel.http.router import Router
from mingjing_kernel.identity import Scope
from mingjing_registry.projections.whitelist import changed_at, whitelist_in

LIMIT = "60/minute"
"""Of one network address; a reader of the feed asks once a day, with the tag of what it has."""
AGE_SECONDS = 300
"""How long whoever stands in between may answer for us."""
ROWS_MAX = 200_000
FIELDS = (
    Column("name", "机构名称", "Name of the institution"),
    Column("uscc", "统一社会信用代码", "Unified social credit code (GB 32100)"),
    Column("category", "培训类别", "Training category: subject, art, sport, technology, other"),
    Column("department", "主管部门", "Competent department"),
    Column("region", "行政区划", "Division code (GB/T 2260, GB/T 10114)"),
    Column("licence_number", "办学许可证号", "Licence number"),
    Column("expires_on", "有效期至", "Last day of the licence", "date"),
    Column("custody_bank", "托管银行", "Bank of the custody account"),
    Column("custody_account_name", "托管账户名", "Name of the custody account"),
    Column("entered_on", "列入日期", "On the list since", "date"),
)
TITLE = "校外培训机构白名单"
TITLE_EN = "Whitelist of off-campus training institutions"

Form = Literal["json", "csv"]


@dataclass(frozen=True, slots=True)
class Feed:
    """The list at one position of the log, ready to be sent."""

    head: int
    position: int
    modified: datetime | None
    bodies: Mapping[Form, bytes]

    def tag(self, form: Form) -> str:
        """Names this state in this form."""
        return f'"whitelist-{self.position}-{form}"'


class Feeds:
    """Makes the feed when the list has changed, and remembers it."""

    def __init__(self, kit: Kit) -> None:
        self._kit = kit
        self._last: Feed | None = None
        self._making = asyncio.Lock()

    async def current(self) -> Feed:
        """As the list stands. Whoever asks while it is made waits for the one that is being made."""
        head = await self._kit.log.head()
        async with self._making:
            last = self._last
            return last if last is not None and last.head >= head else await self._made(head, last)

    async def _made(self, head: int, last: Feed | None) -> Feed:
        await self._kit.caught_up(head)
        public = Scope.public()
        async with self._kit.connection() as connection:
            position = (await connection.execute(changed_at(public))).scalar_one() or 0
            if last is not None and last.position == position:
                self._last = Feed(head, position, last.modified, last.bodies)
                return self._last
            statement = whitelist_in(public, is_listed=True).limit(ROWS_MAX)
            statement = statement.order_by(statement.selected_columns.uscc)
            rows = (await connection.execute(statement)).mappings().all()
        modified = await self._recorded_at(position)
        bodies = await asyncio.to_thread(self._bodies, rows, position, modified)
        self._last = Feed(head, position, modified, bodies)
        return self._last

    async def _recorded_at(self, position: int) -> datetime | None:
        facts = await self._kit.log.read(position - 1, 1) if position else []
        return facts[0].recorded_at.replace(microsecond=0) if facts else None

    def _bodies(self, rows: Sequence[Any], position: int, modified: datetime | None) -> dict[Form, bytes]:
        about = {
            **self.about(),
            "modified": modified,
            "position": position,
            "count": len(rows),
            "is_whole": len(rows) < ROWS_MAX,
        }
        listed = [{column.key: row[column.key] for column in FIELDS} for row in rows]
        text = io.StringIO()
        lines = csv.writer(text)
        lines.writerow([column.key for column in FIELDS])
        lines.writerows([csv_cell(column, row[column.key]) for column in FIELDS] for row in rows)
        return {
            "json": msgspec.json.encode({**about, "institutions": listed}),
            "csv": "\ufeff".encode() + text.getvalue().encode(),
        }

    def about(self) -> dict[str, str]:
        """Whose it is, and what may be done with it."""
        settings = self._kit.settings
        return {
            "title": TITLE,
            "title_en": TITLE_EN,
            "publisher": settings.open_data_publisher,
            "licence": settings.open_data_licence,
            "attribution": f"{settings.open_data_publisher}《{TITLE}》",
            "region": settings.county_code,
        }


def make_router(kit: Kit) -> Router:
    """The feed, its schema, and what it is."""
    router = Router(prefix="/open-data", tags=["public 公众查询"], dependencies=[Depends(kit.throttled(LIMIT))])
    feeds = Feeds(kit)

    @router.get("", summary="开放数据目录 what there is")
    async def catalogue() -> JSONResponse:
        """In the terms of DCAT 3."""
        return JSONResponse(_catalogue(feeds.about()), headers=_public())

    @router.get("/whitelist.json", summary="白名单 JSON the whitelist as JSON", response_class=JSONResponse)
    async def whitelist_json(request: Request) -> Response:
        """Send ``If-None-Match`` or ``If-Modified-Since``: 304 when nothing has changed."""
        return _answer(request, await feeds.current(), "json", "application/json")

    @router.get("/whitelist.csv", summary="白名单 CSV the whitelist as CSV", response_class=Response)
    async def whitelist_csv(request: Request) -> Response:
        """UTF-8 with byte order mark; the columns are those of the schema."""
        return _answer(request, await feeds.current(), "csv", "text/csv; charset=utf-8")

    @router.get("/whitelist/schema.json", summary="白名单字段说明 what the columns mean")
    async def schema() -> JSONResponse:
        """CSV on the Web metadata (W3C Tabular Data)."""
        return JSONResponse(_schema(feeds.about()), headers=_public())

    return router


def _answer(request: Request, feed: Feed, form: Form, media: str) -> Response:
    headers = {**_public(), "ETag": feed.tag(form)}
    if feed.modified is not None:
        headers["Last-Modified"] = format_datetime(feed.modified, usegmt=True)
    if _has_it(request, feed, form):
        return Response(status_code=304, headers=headers)
    return Response(feed.bodies[form], media_type=media, headers=headers)


def _has_it(request: Request, feed: Feed, form: Form) -> bool:
    """RFC 9110 §13.2.2: the tag counts; the date only where there is no tag."""
    if (tags := request.headers.get("if-none-match")) is not None:
        known = {tag.strip().removeprefix("W/") for tag in tags.split(",")}
        return feed.tag(form) in known or "*" in known
    since = request.headers.get("if-modified-since")
    if since is None or feed.modified is None:
        return False
    moment = _moment(since)
    return moment is not None and feed.modified <= moment


def _moment(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:  # what is no date does not count (RFC 9110 §13.1.3)
        return None
    return moment if moment.tzinfo else None


def _public() -> dict[str, str]:
    return {
        "Cache-Control": f"public, max-age={AGE_SECONDS}",
        "Access-Control-Allow-Origin": "*",
        "Cross-Origin-Resource-Policy": "cross-origin",
    }


def _catalogue(about: Mapping[str, str]) -> dict[str, Any]:
    files = [("whitelist.json", "application/json"), ("whitelist.csv", "text/csv")]
    return {
        "@context": "https://www.w3.org/ns/dcat3.jsonld",
        "@type": "Catalog",
        "dataset": [
            {
                "@type": "Dataset",
                "title": [{"@language": "zh", "@value": TITLE}, {"@language": "en", "@value": TITLE_EN}],
                "publisher": about["publisher"],
                "license": about["licence"],
                "rights": about["attribution"],
                "spatial": about["region"],
                "conformsTo": "open-data/whitelist/schema.json",
                "distribution": [
                    {"@type": "Distribution", "accessURL": f"open-data/{name}", "mediaType": media}
                    for name, media in files
                ],
            }
        ],
    }


def _schema(about: Mapping[str, str]) -> dict[str, Any]:
    return {
        "@context": "http://www.w3.org/ns/csvw",
        "url": "../whitelist.csv",
        "dc:title": TITLE,
        "dc:publisher": about["publisher"],
        "dc:license": about["licence"],
        "dc:rights": about["attribution"],
        "tableSchema": {
            "primaryKey": "uscc",
            "columns": [
                {
                    "name": column.key,
                    "titles": {"zh": column.zh},
                    "dc:description": column.en,
                    "datatype": "date" if column.kind == "date" else "string",
                    "required": column.key in ("name", "uscc", "entered_on"),
                }
                for column in FIELDS
            ],
        },
    }
