"""API documentation: the OpenAPI document with our problem responses, and its pages from local files.

The one rule: nothing is fetched from elsewhere; the pages work on a network without the internet.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.openapi.docs import get_redoc_html, get_swagger_ui_html
from fastapi.routing import APIRoute
from fastapi.staticfiles import StaticFiles
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import BaseRoute

from mingjing_kernel.http.export import CSV, JSON_FILE, XLSX
from mingjing_kernel.http.policy import documentation_policy
from mingjing_kernel.http.problem import MEDIA_TYPE, Problem
from mingjing_kernel.http.writing import DOCUMENTED, command_headers

ASSETS_PACKAGE = "fastapi_offline"
PROBLEM_RESPONSES: dict[str, str] = {
    str(status): description
    for status, description in (
        (400, "请求有误 Bad request"),
        (401, "未登录 Not signed in"),
        (403, "没有权限 Not allowed"),
        (404, "没有找到 Not found"),
        (408, "请求体未及时到达 The body came too slowly"),
        (409, "不符合规则 Refused by a rule"),
        (412, "记录已变化 Changed meanwhile"),
        (413, "内容过大 Too large"),
        (414, "地址过长 Address too long"),
        (415, "格式不支持 Format not supported"),
        (422, "内容不合法 Not valid"),
        (429, "请求过于频繁 Too many requests"),
        (431, "请求头过大 Headers too large"),
        (500, "系统错误 Our error"),
        (503, "暂时不可用 Not available now"),
    )
}
"""What any operation may answer besides its own. Written into the document, not declared to FastAPI, which would make
fifteen models a route and let every start and every test wait for them.
"""
EXPORTS: dict[str, Any] = {
    CSV: {"schema": {"type": "string"}},
    XLSX: {"schema": {"type": "string", "format": "binary"}},
    JSON_FILE: {"schema": {"type": "object"}},
}
"""What a list answers to ``?format=``, besides JSON."""
_ON_READS = frozenset({"400", "401", "403", "404", "414", "422", "429", "431", "500", "503"})
_REFERENCE = "#/components/schemas/{model}"


def operation_id(route: APIRoute) -> str:
    """The handler's name: what generated clients call the operation."""
    return route.name


def install_docs(app: FastAPI, routers: Iterable[APIRouter]) -> None:
    """``/docs`` (Swagger UI), ``/redoc`` and the assets of both; the document itself stays at ``/openapi.json``.

    Which operations take a command's headers is read off the app's routes, and off those of ``routers``.
    """
    routes = [*app.routes, *(route for router in routers for route in router.routes)]
    app.mount("/docs-assets", StaticFiles(directory=_assets()), name="docs-assets")
    made = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _with_headers(_with_problems(_with_schema(made())), routes)
        return app.openapi_schema

    async def swagger(request: Request) -> HTMLResponse:
        root = request.scope.get("root_path", "")
        return _page(
            get_swagger_ui_html(
                openapi_url=f"{root}{app.openapi_url}",
                title=app.title,
                swagger_js_url=f"{root}/docs-assets/swagger-ui-bundle.js",
                swagger_css_url=f"{root}/docs-assets/swagger-ui.css",
                swagger_favicon_url=f"{root}/docs-assets/favicon.png",
            )
        )

    async def redoc(request: Request) -> HTMLResponse:
        root = request.scope.get("root_path", "")
        return _page(
            get_redoc_html(
                openapi_url=f"{root}{app.openapi_url}",
                title=app.title,
                redoc_js_url=f"{root}/docs-assets/redoc.standalone.js",
                redoc_favicon_url=f"{root}/docs-assets/favicon.png",
                with_google_fonts=False,
            )
        )

    app.openapi = openapi  # type: ignore[method-assign]  # FastAPI's documented way to extend the document
    app.add_route("/docs", swagger, include_in_schema=False)
    app.add_route("/redoc", redoc, include_in_schema=False)


def _page(made: HTMLResponse) -> HTMLResponse:
    """The viewer's page with the policy that lets its own script run, and no other."""
    made.headers["Content-Security-Policy"] = documentation_policy(bytes(made.body).decode())
    return made


def _assets() -> Path:
    found = find_spec(ASSETS_PACKAGE)
    if found is None or found.origin is None:
        raise RuntimeError(f"the package {ASSETS_PACKAGE} with the documentation pages is not installed")
    return Path(found.origin).parent / "static"


def _with_schema(document: dict[str, Any]) -> dict[str, Any]:
    """The schema of a problem, among the others in their order."""
    schema = Problem.model_json_schema(ref_template=_REFERENCE, mode="serialization")
    parts = schema.pop("$defs", {})
    components = document.setdefault("components", {})
    known = components.setdefault("schemas", {}) | parts | {Problem.__name__: schema}
    for unused in ("HTTPValidationError", "ValidationError"):
        known.pop(unused, None)
    components["schemas"] = dict(sorted(known.items()))
    return document


def _with_problems(document: dict[str, Any]) -> dict[str, Any]:
    """Problems have their own media type, reads do not answer what only writes can, and lists come as tables too."""
    for operations in document.get("paths", {}).values():
        for method, operation in operations.items():
            if method != "get":
                operation["parameters"] = [
                    one for one in operation.get("parameters", []) if one["name"] != "Mingjing-Position"
                ]
            if any(one["name"] == "format" for one in operation.get("parameters", [])):
                operation["responses"]["200"].setdefault("content", {}).update(EXPORTS)
            own = {
                status: _as_problem(one, status)
                for status, one in operation["responses"].items()
                if not _is_default(one)
            }
            operation["responses"] = own | {
                status: _problem(description)
                for status, description in PROBLEM_RESPONSES.items()
                if (method != "get" or status in _ON_READS) and status not in own
            }
    return document


def _with_headers(document: dict[str, Any], routes: Iterable[BaseRoute]) -> dict[str, Any]:
    """The headers of a command, on every operation that reads them."""
    parameters = [
        {"name": name, "in": "header", "required": False, "schema": {"type": "string"}, "description": meaning}
        for name, meaning in DOCUMENTED.items()
    ]
    writes = {
        operation_id(route)
        for route in routes
        if isinstance(route, APIRoute) and _asks(route.dependant, command_headers)
    }
    for operations in document.get("paths", {}).values():
        for operation in operations.values():
            if operation["operationId"] in writes:
                operation["parameters"] = [*operation.get("parameters", []), *parameters]
    return document


def _asks(dependant: Dependant, wanted: Callable[..., Any]) -> bool:
    return dependant.call is wanted or any(_asks(one, wanted) for one in dependant.dependencies)


def _problem(description: str) -> dict[str, Any]:
    schema = {"$ref": _REFERENCE.format(model=Problem.__name__)}
    return {"description": description, "content": {MEDIA_TYPE: {"schema": schema}}}


def _is_default(response: dict[str, Any]) -> bool:
    """FastAPI's own word for a request that is not valid; ours is a problem."""
    return _refers_to(response, "HTTPValidationError")


def _as_problem(response: dict[str, Any], status: str) -> dict[str, Any]:
    """An operation may answer an error in its own form; what the gate before it refuses is a problem all the same."""
    if not _refers_to(response, Problem.__name__):
        content = response.get("content")
        if status not in PROBLEM_RESPONSES or not content or MEDIA_TYPE in content:
            return response
        return {**response, "content": {**content, **_problem("")["content"]}}
    return {**response, "content": {MEDIA_TYPE: response["content"]["application/json"]}}


def _refers_to(response: dict[str, Any], name: str) -> bool:
    schema = response.get("content", {}).get("application/json", {}).get("schema", {})
    return str(schema.get("$ref", "")).endswith(f"/{name}")
