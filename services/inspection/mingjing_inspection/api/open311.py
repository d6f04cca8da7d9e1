"""Open311 GeoReport v2 (开放接口): other people's apps complain here, and see how far complaints got.

One rule: a request goes the way of the public form, so that nothing is taken here that would be refused there; what is
listed is a number, a day, a kind and a state. Withheld of the specification's fields, because each would tell who
complained or about whom: description, address, lat, long, zipcode, media_url, and the hour of requested_datetime.
"""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, time, timedelta
from hashlib import sha256
from typing import Annotated, Any, Final
from urllib.parse import parse_qsl

from fastapi import Depends, Query, Request, Response
from pydantic import ValidationError

from mingjing_inspection.api.geo_request import REQUIRED, Malformed, body_of, start_of
from mingjing_inspection.api.name_book import NameBook
from mingjing_inspection.api.public_complaint import take
from mingjing_inspection.documents.bulletin import department_named
from mingjing_inspection.domain.complaint_progress import ENDS, stage_of
from mingjing_inspection.policy.voice_rules import COMPLAINT_PUBLIC
from mingjing_inspection.projections.geo_report import one_request, requests_between
from mingjing_inspection.sources.geo_report import (
    FORMATS,
    SERVICES,
    SPECIFICATION,
    Record,
    definition_of,
    errors,
    rendered,
    service_called,
    service_of,
    service_record,
)
from mingjing_kernel.clock import SHANGHAI, shanghai_date
from mingjing_kernel.http import Kit
from mingjing_kernel.http.router import Router
from mingjing_kernel.identity import Principal
from mingjing_kernel.log import Envelope
from mingjing_kernel.policy import in_force
from mingjing_kernel.refusal import Refusal
from mingjing_kernel.sealed.keys import Keys
from mingjing_kernel.text import package_of, render

BASE: Final = "/open311/v2"
READ_AT_MOST: Final = "60/minute"
POST_AT_MOST: Final = "600/hour"
"""By the address of the app's server: many citizens stand behind one."""
FORM_BYTES_MAX: Final = 64 * 1024
FIELDS_MAX: Final = 60
IDS_MAX: Final = 100
SPAN_DAYS: Final = 90
_NAMES: Final = {
    "services": "service",
    "attributes": "attribute",
    "values": "value",
    "service_requests": "request",
    "errors": "error",
    "endpoints": "endpoint",
    "formats": "format",
}
_MEDIA: Final[dict[str, Any]] = {name: {} for name in ("application/json", "text/xml", "application/problem+json")}
GEO: Final[dict[str, Any]] = {
    "response_class": Response,
    "responses": {
        status: {"description": "GeoReport", "content": _MEDIA}
        for status in (200, 201, 400, 401, 403, 404, 409, 413, 415, 422, 429, 503)
    },
}
"""Answers and errors in the forms of the specification; what the gate before it refuses is a problem."""
Work = Callable[[], Awaitable[tuple[Any, str]]]


class Told(Exception):
    """What the specification calls an error: its status and a sentence."""

    def __init__(self, status: int, description: str) -> None:
        super().__init__(description)
        self.status, self.description = status, description


def make_router(kit: Kit) -> Router:
    """Without signing in; posting takes a key."""
    router = Router(tags=["public 公众查询"])
    _services(router, kit)
    _requests(router, kit)
    _posting(router, kit)
    return router


def _services(router: Router, kit: Kit) -> None:
    throttle = kit.throttled(READ_AT_MOST)
    jurisdiction = _jurisdiction(kit)

    @router.get(BASE + "/discovery.{format_}", summary="Open311 服务发现 discovery", **GEO)
    async def geo_discovery(request: Request, format_: str, visitor: Principal = Depends(kit.visitor)) -> Response:
        """Where the endpoint is and which formats it speaks."""

        async def work() -> tuple[Any, str]:
            await throttle(request, visitor)
            address = str(request.url).rpartition("/")[0]
            endpoint = {"specification": SPECIFICATION, "url": address, "type": "production", "formats": list(FORMATS)}
            contact = f"{kit.settings.county_name} 12345"
            return {"contact": contact, "endpoints": [endpoint]}, "discovery"

        return await _answered(format_, work)

    @router.get(BASE + "/services.{format_}", summary="Open311 服务列表 services", **GEO)
    async def geo_services(
        request: Request, format_: str, jurisdiction_id: str = "", visitor: Principal = Depends(kit.visitor)
    ) -> Response:
        """Which kinds of requests there are."""

        async def work() -> tuple[Any, str]:
            await throttle(request, visitor)
            jurisdiction(jurisdiction_id)
            return [service_record(one) for one in SERVICES], "services"

        return await _answered(format_, work)

    @router.get(
        BASE + "/services/{service_code}.{format_}",
        summary="Open311 服务定义 definition",
        **GEO,
    )
    async def geo_definition(
        request: Request,
        service_code: str,
        format_: str,
        jurisdiction_id: str = "",
        visitor: Principal = Depends(kit.visitor),
    ) -> Response:
        """Which attributes a request of this kind has."""

        async def work() -> tuple[Any, str]:
            await throttle(request, visitor)
            jurisdiction(jurisdiction_id)
            return definition_of(_known(service_code)), "service_definition"

        return await _answered(format_, work)


def _requests(router: Router, kit: Kit) -> None:
    throttle = kit.throttled(READ_AT_MOST)
    jurisdiction = _jurisdiction(kit)

    @router.get(BASE + "/requests.{format_}", summary="Open311 诉求列表 requests", **GEO)
    async def geo_requests(
        request: Request,
        format_: str,
        asked: Annotated[Mapping[str, str], Depends(_asked)],
        visitor: Principal = Depends(kit.visitor),
    ) -> Response:
        """Of 90 days at most, 1,000 at most; too few of one kind and month are not listed."""

        async def work() -> tuple[Any, str]:
            await throttle(request, visitor)
            jurisdiction(asked["jurisdiction_id"])
            return await _listed(kit, asked), "service_requests"

        return await _answered(format_, work)

    @router.get(
        BASE + "/requests/{request_id}.{format_}",
        summary="Open311 一件诉求 request",
        **GEO,
    )
    async def geo_request(
        request: Request,
        request_id: str,
        format_: str,
        jurisdiction_id: str = "",
        visitor: Principal = Depends(kit.visitor),
    ) -> Response:
        """By the number on its receipt."""

        async def work() -> tuple[Any, str]:
            await throttle(request, visitor)
            jurisdiction(jurisdiction_id)
            return await _by_numbers(kit, [request_id]), "service_requests"

        return await _answered(format_, work)

    @router.get(BASE + "/tokens/{token_id}.{format_}", summary="Open311 令牌 token", **GEO)
    async def geo_token(
        request: Request, token_id: str, format_: str, visitor: Principal = Depends(kit.visitor)
    ) -> Response:
        """Every request has its number at once, so its number is its token."""

        async def work() -> tuple[Any, str]:
            await throttle(request, visitor)
            (found,) = await _by_numbers(kit, [token_id])
            number = found["service_request_id"]
            return [{"service_request_id": number, "token": number}], "service_requests"

        return await _answered(format_, work)


def _posting(router: Router, kit: Kit) -> None:
    throttle = kit.throttled(POST_AT_MOST)
    names, keys, jurisdiction = NameBook(kit), Keys(kit), _jurisdiction(kit)

    @router.post(
        BASE + "/requests.{format_}",
        status_code=201,
        summary="Open311 提交诉求 post",
        **GEO,
    )
    async def geo_post(
        request: Request, response: Response, format_: str, visitor: Principal = Depends(kit.visitor)
    ) -> Response:
        """A form; ``api_key`` names the app. The same form on the same day is the same complaint."""

        async def work() -> tuple[Any, str]:
            await throttle(request, visitor)
            content = await request.body()
            if len(content) > FORM_BYTES_MAX:
                raise Told(400, "The form is too long. 内容过长。")
            fields = dict(parse_qsl(content.decode("utf-8", "replace"), max_num_fields=FIELDS_MAX))
            app = _app(kit, fields.get("api_key", ""))
            jurisdiction(fields.get("jurisdiction_id", ""))
            return await _taken(kit, names, keys, response, app, fields), "service_requests"

        return await _answered(format_, work, 201)


async def _taken(
    kit: Kit, names: NameBook, keys: Keys, response: Response, app: str, fields: dict[str, str]
) -> list[Record]:
    service = _known(fields.get("service_code", ""))
    said = repr(sorted((name, value) for name, value in fields.items() if name != "api_key")).encode()
    day = shanghai_date(kit.now()).isoformat()
    digest = keys.index().keyed("open311", f"{app}\x1f{day}\x1f".encode() + said)
    body = body_of(service, fields, digest)
    written = Envelope(command_id=body.form_id, actor=f"open311:{app}", digest=digest)
    filed = body.model_dump(mode="json", exclude={"secret"})
    taken = await take(kit, names, keys, body, response, written, filed)
    notice = (
        f"请保存编号 {taken.number} 和查询码 {taken.secret}（不再显示）。最迟 {taken.told_by} 告知是否受理。"
        f" Keep the number and the secret {taken.secret}: with both the complaint can be followed."
    )
    return [{"service_request_id": taken.number, "service_notice": notice, "account_id": None}]


async def _listed(kit: Kit, asked: Mapping[str, str]) -> list[Record]:
    if numbers := [one.strip() for one in asked["service_request_id"].split(",") if one.strip()]:
        return await _by_numbers(kit, numbers[:IDS_MAX])
    now = kit.now()
    end = _moment("end_date", asked["end_date"]) or now
    start = _moment("start_date", asked["start_date"]) or end - timedelta(days=SPAN_DAYS)
    start = max(start, end - timedelta(days=SPAN_DAYS))
    if asked["status"] not in ("", "open", "closed"):
        raise Told(400, "status is open or closed. 状态只能是 open 或 closed。")
    kind = _known(asked["service_code"]).track if asked["service_code"] else None
    numbers_ = await in_force(kit.log, COMPLAINT_PUBLIC, shanghai_date(now), kit.settings.county_code)
    statement = requests_between(
        (start_of(start), start_of(end, following=True)),
        (start, end),
        numbers_["least"],
        kind=kind.value if kind else "",
        is_open=None if not asked["status"] else asked["status"] == "open",
    )
    async with kit.connection() as connection:
        return [_shown(row, kit) for row in (await connection.execute(statement)).mappings()]


async def _by_numbers(kit: Kit, numbers: list[str]) -> list[Record]:
    async with kit.connection() as connection:
        found = [(await connection.execute(one_request(number.upper()))).mappings().one_or_none() for number in numbers]
    shown = [_shown(row, kit) for row in found if row is not None]
    if not shown:
        raise Told(404, "service_request_id was not found. 没有此编号。")
    return shown


def _shown(row: Mapping[str, Any], kit: Kit) -> Record:
    service = service_of(row["tracks"])
    day = datetime.combine(shanghai_date(row["received_at"]), time(), SHANGHAI)
    due = row["due_on"]
    return {
        "service_request_id": row["number"],
        "status": "closed" if stage_of(row["status"]) in ENDS else "open",
        "status_notes": None,
        "service_name": service.name,
        "service_code": service.code,
        "description": None,
        "agency_responsible": department_named(row["department"]),
        "service_notice": None,
        "requested_datetime": day.isoformat(),
        "updated_datetime": None,
        "expected_datetime": datetime.combine(due, time(), SHANGHAI).isoformat() if due else None,
        "address": kit.settings.county_name,
        "address_id": None,
        "zipcode": None,
        "lat": None,
        "long": None,
        "media_url": None,
    }


async def _asked(
    jurisdiction_id: str = "",
    service_request_id: str = Query(default="", max_length=4_000),
    service_code: str = "",
    start_date: str = Query(default="", max_length=40),
    end_date: str = Query(default="", max_length=40),
    status: str = "",
) -> Mapping[str, str]:
    return {
        "jurisdiction_id": jurisdiction_id,
        "service_request_id": service_request_id,
        "service_code": service_code,
        "start_date": start_date,
        "end_date": end_date,
        "status": status,
    }


def _known(code: str) -> Any:
    if not code:
        raise Told(400, REQUIRED.format(name="service_code"))
    service = service_called(code)
    if service is None:
        raise Told(404, "service_code was not found. 没有这种服务。")
    return service


def _jurisdiction(kit: Kit) -> Callable[[str], None]:
    """One endpoint, one county: naming it is optional, naming another is an error."""

    def check(jurisdiction_id: str) -> None:
        if jurisdiction_id not in ("", kit.settings.county_code):
            raise Told(404, "jurisdiction_id was not found. 没有这个辖区。")

    return check


def _app(kit: Kit, api_key: str) -> str:
    """The name of the app whose key it is; every key is compared, so that time tells nothing."""
    digest = sha256(api_key.encode()).hexdigest()
    found = ""
    for entry in kit.settings.open311_keys:
        name, _, expected = entry.partition(":")
        if hmac.compare_digest(digest, expected.lower()):
            found = name
    if not found:
        raise Told(403, "Missing or invalid api_key. 缺少或错误的 api_key，请向系统管理员申请。")
    return found


def _moment(name: str, text: str) -> datetime | None:
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text.replace(" ", "+"))
    except ValueError:
        raise Told(400, f"{name} is not a moment such as 2026-07-01T00:00:00+08:00. 时间格式有误。") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)


async def _answered(format_: str, work: Work, status: int = 200) -> Response:
    """In the format asked for; whatever is refused, in the specification's own form of an error."""
    if format_ not in FORMATS:
        return _errors(404, "The formats are json and xml. 格式只有 json 和 xml。", "json")
    try:
        value, root = await work()
    except Told as told:
        return _errors(told.status, told.description, format_)
    except Malformed as malformed:
        return _errors(400, str(malformed), format_)
    except ValidationError as invalid:
        fields = ", ".join(".".join(map(str, one["loc"])) for one in invalid.errors())
        return _errors(400, f"Not valid: {fields}. 内容不合法。", format_)
    except Refusal as refusal:
        code = 400 if refusal.status == 422 else refusal.status
        said = render(refusal.sentence, refusal.values, package_of(type(refusal)))
        return _errors(code, f"{said.zh} {said.en}", format_)
    return Response(rendered(value, format_, root, _NAMES), status, media_type=FORMATS[format_])


def _errors(status: int, description: str, format_: str) -> Response:
    content = rendered(errors(status, description), format_, "errors", _NAMES)
    return Response(content, status, media_type=FORMATS[format_])
