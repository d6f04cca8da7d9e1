"""Problem documents (RFC 9457): what a caller reads when a request is refused.

The one rule: ``type`` is stable and for programs, ``detail`` and ``remedy`` are for people, in Chinese and English;
what the caller sent is never echoed beyond the values that a refusal names itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import JSONResponse

from mingjing_kernel.http.refusals import NotYetVisible
from mingjing_kernel.identity.grant import ANY, Undivided
from mingjing_kernel.identity.refusals import GrantMissing, IssuerUnreachable, NotSignedIn, TokenRefused
from mingjing_kernel.identity.role import Role
from mingjing_kernel.refusal import Refusal
from mingjing_kernel.text import package_of, render

MEDIA_TYPE = "application/problem+json"
TYPE_PREFIX = "urn:mingjing:problem:"
RETRY_SECONDS = 5

_TITLES = {
    400: ("请求有误", "Bad request"),
    401: ("未登录", "Not signed in"),
    403: ("没有权限", "Not allowed"),
    404: ("没有找到", "Not found"),
    405: ("方法不支持", "Method not allowed"),
    408: ("请求超时", "Request timed out"),
    409: ("不符合规则", "Refused"),
    410: ("已经删除", "Gone"),
    412: ("记录已变化", "Changed meanwhile"),
    413: ("内容过大", "Too large"),
    414: ("地址过长", "Address too long"),
    415: ("格式不支持", "Format not supported"),
    422: ("内容不合法", "Not valid"),
    429: ("请求过于频繁", "Too many requests"),
    431: ("请求头过大", "Headers too large"),
    500: ("系统错误", "Our error"),
    503: ("暂时不可用", "Not available now"),
}


class Fault(BaseModel):
    """One wrong field."""

    field: str = Field(description="Path of the field, e.g. body.sites.0.address", examples=["body.amount_fen"])
    rule: str = Field(default="", description="Which rule it breaks")
    detail: str = Field(description="Chinese sentence")
    detail_en: str = Field(description="English sentence")
    remedy: str = Field(default="", description="What to do, Chinese")
    remedy_en: str = Field(default="", description="What to do, English")


class RoleItem(BaseModel):
    """A role by its names."""

    role: str = Field(description="As it stands in a grant", examples=["fund-regulator"])
    zh: str
    en: str


class Missing(BaseModel):
    """The grant that would do: one of the roles, covering department, region and category."""

    act: str = Field(description="Name of the act", examples=["close-alert"])
    roles: list[RoleItem] = Field(description="Any one of them")
    department: str = Field(description="'*' where any department will do; empty where only a grant for all will")
    region: str = Field(description="The grant's region is a prefix of this; '*' and empty as with the department")
    category: str = Field(description="As with the department")
    organisation: str = Field(default="", description="Whom an outsider must act for; empty for officials")


class Problem(BaseModel):
    """A refused request (RFC 9457)."""

    type: str = Field(description="Stable, for programs", examples=["urn:mingjing:problem:idempotency-key-missing"])
    title: str = Field(description="Kind of problem, Chinese and English")
    status: int
    detail: str = Field(description="Chinese sentence")
    detail_en: str = Field(description="English sentence")
    field: str = Field(default="", description="The field of the request that the rule looked at")
    rule: str = Field(default="", description="The rule, with its source")
    remedy: str = Field(default="", description="What the caller can do, Chinese")
    remedy_en: str = Field(default="", description="What the caller can do, English")
    instance: str = Field(default="", description="Reference of this one request; our log has it too")
    errors: list[Fault] | None = Field(default=None, description="One entry for each wrong field")
    missing: Missing | None = Field(default=None, description="With outside-scope: the grant that would do")


def problem_of(
    refusal: Refusal, *, status: int | None = None, reference: str = "", errors: list[Fault] | None = None
) -> Problem:
    """The document for a refusal; its sentences come from the catalogue of the package that defines it.

    A value named ``field`` says which field it was, when the class cannot know.
    """
    package = package_of(type(refusal))
    sentence = render(refusal.sentence, refusal.values, package)
    remedy = render(refusal.remedy, refusal.values, package) if refusal.remedy else None
    status = status or refusal.status
    chinese, english = _TITLES.get(status, _TITLES[400])
    return Problem(
        type=TYPE_PREFIX + refusal.code(),
        title=f"{chinese} {english}",
        status=status,
        detail=sentence.zh,
        detail_en=sentence.en,
        field=str(refusal.values.get("field", refusal.field)),
        rule=refusal.rule,
        remedy=remedy.zh if remedy else "",
        remedy_en=remedy.en if remedy else "",
        instance=f"urn:mingjing:request:{reference}" if reference else "",
        errors=errors,
        missing=_missing(refusal) if isinstance(refusal, GrantMissing) else None,
    )


def _missing(refusal: GrantMissing) -> Missing:
    act, holder = refusal.act, refusal.dimensions.holder
    divided = {
        name: ANY if isinstance(value, Undivided) else str(value or "")
        for name, value in refusal.dimensions._asdict().items()
    }
    return Missing(
        act=act.name,
        roles=[RoleItem(role=role.value, zh=role.zh, en=role.en) for role in Role if role in act.roles],
        department=divided["department"],
        region=divided["region"],
        category=divided["category"],
        organisation="" if isinstance(holder, Undivided) else divided["holder"],
    )


def answer(
    refusal: Refusal,
    request: Request,
    *,
    status: int | None = None,
    errors: list[Fault] | None = None,
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:
    """The response for a refusal."""
    problem = problem_of(refusal, status=status, reference=reference_of(request.scope), errors=errors)
    return JSONResponse(
        problem.model_dump(exclude_none=True),
        status_code=problem.status,
        media_type=MEDIA_TYPE,
        headers={**_headers(refusal), **(headers or {})},
    )


def reference_of(scope: Mapping[str, Any]) -> str:
    """The id of this request, given by the edge; empty outside of it."""
    return str(scope.get("mingjing.reference", ""))


def _headers(refusal: Refusal) -> dict[str, str]:
    if isinstance(refusal, NotSignedIn):
        said = (
            f', error="invalid_token", error_description="{refusal.code()}"'
            if isinstance(refusal, TokenRefused)
            else ""
        )
        return {"WWW-Authenticate": f'Bearer realm="mingjing"{said}'}
    wait = retry_after(refusal)
    return {} if wait is None else {"Retry-After": str(wait)}


def retry_after(refusal: Refusal) -> int | None:
    """After how many seconds the same request may do better; None where waiting does not help."""
    if refusal.status == 429:
        return int(str(refusal.values.get("retry_after_seconds", RETRY_SECONDS)))
    if isinstance(refusal, NotYetVisible | IssuerUnreachable) or refusal.status == 503:
        return RETRY_SECONDS
    return None
