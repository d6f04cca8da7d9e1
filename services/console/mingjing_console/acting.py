"""What every page with forms does alike: read the form, ask the service with the visitor's token, say what it said."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias
from urllib.parse import parse_qsl
from uuid import UUID

from fastapi import Request
from starlette.exceptions import HTTPException

from mingjing_console import session
from mingjing_console.gateway import Answer, Gateway
from mingjing_console.refusals import FormTooLong
from mingjing_kernel.http import Kit
from mingjing_kernel.http.throttle import client_address

FORM_BYTES_MAX = 900 * 1024
FOREIGN = ("这个请求不是从本网站发出的。", "This request was not sent by a page of ours.")
SIGN_IN = "/sign-in"
KEY = "_key"
"""Of the hidden field that numbers a form."""
UNKNOWN = (
    "没有等到答复，不知是否已办理。再次提交不会重复办理。",
    "No answer came, so it may have been done. Sending it again does it once.",
)
FAULTS_MAX = 5
"""Of one refusal, said in a sentence."""
UNREADABLE = ("日期或数字无法识别。", "A date or a number cannot be read.")

Form: TypeAlias = Mapping[str, str]


def gateway_of(kit: Kit, request: Request) -> Gateway:
    """The services, as this visitor sees them."""
    return Gateway(kit, session.token_of(request), client_address(request, kit.settings.trusted_proxies))


def require_signed_in(request: Request) -> None:
    """Lead whoever has not signed in to where one does."""
    if not session.token_of(request):
        raise HTTPException(303, headers={"Location": SIGN_IN})


def signed_in(kit: Kit, request: Request) -> Gateway:
    """The services, as whoever has signed in sees them; everybody else is led to where one does."""
    require_signed_in(request)
    return gateway_of(kit, request)


async def fields_of(request: Request) -> Form:
    """What was typed."""
    body = await request.body()
    if len(body) > FORM_BYTES_MAX:  # never the half of it
        raise FormTooLong(limit=FORM_BYTES_MAX // 1024)
    return dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))


def words_of(answer: Answer) -> tuple[str, str]:
    """A refusal with its remedy, in both languages."""
    said = answer.body if isinstance(answer.body, dict) else {}
    if faults := (said.get("errors") or [])[:FAULTS_MAX]:
        return _each(said, faults, ""), _each(said, faults, "_en")  # its remedy points to a list that no page has
    zh = " ".join(filter(None, (said.get("detail", ""), said.get("remedy", ""))))
    en = " ".join(filter(None, (said.get("detail_en", ""), said.get("remedy_en", ""))))
    if answer.status == 0:
        return UNKNOWN
    return zh or "未能办理，请稍后再试。", en or "Not carried out; please try again soon."


def _each(said: Mapping[str, Any], faults: Iterable[Mapping[str, Any]], tongue: str) -> str:
    told = (f"{one.get('field', '').removeprefix('body.')}: {one.get(f'detail{tongue}', '')}" for one in faults)
    return " ".join((said.get(f"detail{tongue}", ""), *told))


def key_of(form: Form) -> str:
    """The form's own number, so that sending it twice is doing it once; empty when it has none."""
    try:
        return str(UUID(form.get(KEY, "")))
    except ValueError:
        return ""
