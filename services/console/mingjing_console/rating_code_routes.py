"""The address at which an official sends a guardian a code to rate by, as funds says it.

One rule: telephone and code are asked for in the body of requests, and shown on an answer that is kept nowhere.
"""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from fastapi import Request
from htpy import a, p, section
from starlette.responses import Response

from mingjing_console.acting import FOREIGN, UNREADABLE, fields_of, key_of, signed_in, words_of
from mingjing_console.gateway import Answer, Gateway
from mingjing_console.page_parts import official_page
from mingjing_console.pages import rating_code as shown
from mingjing_console.pages.deed_forms import Filled, refusal, sent_to
from mingjing_console.pages.shell import both
from mingjing_console.session import is_same_site
from mingjing_kernel.http import Kit
from mingjing_kernel.http.router import Router
from mingjing_kernel.identifiers import derived_id

OWN: Final = "funds"


def make_rating_code_pages(kit: Kit) -> Router:
    """For whoever has signed in; the service says who may."""
    router = Router()

    @router.post("/contracts/{contract_id}/rating-code")
    async def send_code(request: Request, contract_id: UUID) -> Response:
        """Issued, opened, and shown beside the telephone that stands in the contract."""
        gateway = signed_in(kit, request)
        form = await fields_of(request)
        if not is_same_site(request):
            return official_page(request, shown.TITLE, refusal(FOREIGN), 403)
        key = key_of(form)
        if not key:
            return official_page(request, shown.TITLE, refusal(UNREADABLE), 422)
        person, code = await _opened(gateway, f"/contracts/{contract_id}", key, form.get("explanation", "").strip())
        if person.is_success and code.is_success:
            content = shown.shown(str(contract_id), person.body, code.body["code"])
            return official_page(request, shown.TITLE, content)
        failed = code if person.is_success else person
        typed = {"explanation": form.get("explanation", "")}
        again = sent_to(shown.path_of(str(contract_id)), shown.ASKING, shown.WORDS, Filled(typed=typed))
        back = p[a(href=f"/contracts/{contract_id}")[both("返回", "Back")]]
        content = [refusal(words_of(failed)), section[again], back]
        return official_page(request, shown.TITLE, content, failed.status or 503)

    return router


async def _opened(gateway: Gateway, path: str, key: str, explanation: str) -> tuple[Answer, Answer]:
    """The guardian and the code, or the first refusal; the form's own number makes a second click harmless."""
    why: dict[str, Any] = {"purpose": "call-back", "explanation": explanation}
    asked = await gateway.send(OWN, "PUT", f"{path}/rating-requests/{key}", {}, explanation, key=key)
    if not asked.is_success:
        return asked, asked
    keys = [str(derived_id(what, key)) for what in ("rating-code-guardian", "rating-code-opened")]
    person = await gateway.send(OWN, "POST", f"{path}/family/guardian", why, key=keys[0])
    if not person.is_success:
        return person, person
    return person, await gateway.send(OWN, "POST", f"{path}/confirmation-requests/{key}/code", why, key=keys[1])
