"""The addresses at which a supervisor decides on what officers' devices sent and nobody took yet."""

from __future__ import annotations

from uuid import UUID

from fastapi import Path, Request
from starlette.responses import RedirectResponse, Response

from mingjing_console import session
from mingjing_console.acting import FOREIGN, fields_of, gateway_of, require_signed_in, words_of
from mingjing_console.called import called
from mingjing_console.pages import visit_parts
from mingjing_console.pages.shell import page
from mingjing_kernel.http import Kit
from mingjing_kernel.http.router import Router


def make_part_pages(kit: Kit) -> Router:
    """For whoever has signed in; the service says what is whose."""
    router = Router()

    @router.get("/visit-parts")
    async def waiting_parts(request: Request) -> Response:
        require_signed_in(request)
        return await _shown(kit, request, ("", ""), 200)

    @router.post("/visit-parts/{part_id}/{sha256}/{deed}")
    async def settle_part(
        request: Request, part_id: UUID, deed: str, sha256: str = Path(pattern="^[0-9a-f]{64}$")
    ) -> Response:
        """Take it all the same, or dismiss it, with a reason."""
        require_signed_in(request)
        if deed not in visit_parts.DEEDS:
            return RedirectResponse("/visit-parts", status_code=303)
        if not session.is_same_site(request):
            return await _shown(kit, request, FOREIGN, 403)
        reason = (await fields_of(request)).get("reason", "")[: visit_parts.REASON_CHARACTERS_MAX]
        path = f"/visit-parts/{part_id}/{sha256}/{deed}"
        answer = await gateway_of(kit, request).send("inspection", "POST", path, {"reason": reason})
        if answer.is_success:
            return RedirectResponse(f"/visit-parts?at={answer.body['position']}", status_code=303)
        return await _shown(kit, request, words_of(answer), answer.status or 503)

    return router


async def _shown(kit: Kit, request: Request, why: tuple[str, str], status: int) -> Response:
    at = request.query_params.get("at", "")
    position = int(at) if at.isascii() and at.isdigit() and len(at) < 19 else 0
    answer = await gateway_of(kit, request).get("inspection", "/visit-parts", {"limit": 500}, position=position)
    answer = await called(kit, answer, "officer")
    content = [visit_parts.refused(why) if why[0] else None, visit_parts.waiting(answer)]
    return page(visit_parts.TITLE, content, person=session.name_of(request), is_wide=True, status=status)
