"""The addresses of inspection tasks 检查任务: the list of whoever plans and goes, and one task."""

from __future__ import annotations

from uuid import UUID

from fastapi import Request
from starlette.responses import RedirectResponse, Response

from mingjing_console.act_routes import SIGN_IN
from mingjing_console.acting import gateway_of
from mingjing_console.page_parts import asked_of, exported, is_export, page_of, position_of, wanted_of
from mingjing_console.pages import tasks
from mingjing_console.pages.lookup import trouble
from mingjing_kernel.http import Kit
from mingjing_kernel.http.router import Router

OWN = "inspection"


def make_task_pages(kit: Kit) -> Router:
    """For whoever has signed in; the service says what she sees."""
    router = Router()

    @router.get(tasks.PATH)
    async def listed_tasks(request: Request) -> Response:
        gateway = gateway_of(kit, request)
        if not gateway.token:
            return RedirectResponse(SIGN_IN, status_code=303)
        asked = asked_of(request, "state", "is_overdue")
        if is_export(request):
            return await exported(request, gateway, (OWN, tasks.PATH), asked, tasks.TITLE)
        found = await gateway.get(OWN, tasks.PATH, wanted_of(request, asked), position=position_of(request))
        return page_of(request, tasks.TITLE, tasks.listed(asked, found), found)

    @router.get(f"{tasks.PATH}/{{task_id}}")
    async def one_task(request: Request, task_id: UUID) -> Response:
        gateway = gateway_of(kit, request)
        if not gateway.token:
            return RedirectResponse(SIGN_IN, status_code=303)
        row = await gateway.get(OWN, f"{tasks.PATH}/{task_id}", position=position_of(request))
        if not row.is_there:
            return page_of(request, tasks.TITLE, trouble(row), row)
        may = await gateway.get(OWN, f"{tasks.PATH}/{task_id}/available-actions")
        return page_of(request, tasks.TITLE, tasks.one(row.body, may), row)

    return router
