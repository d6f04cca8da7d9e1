"""The officer's page (本人巡查): the one page with a script, because it has to work where there is no network.

One rule: the document is the same for everybody and holds nobody's data; the script fetches what is the officer's own.
"""

from __future__ import annotations

from htpy import (
    Element,
    a,
    body,
    button,
    div,
    form,
    h1,
    h2,
    head,
    header,
    html,
    link,
    main,
    meta,
    script,
    section,
    small,
    ul,
)
from htpy import title as title_element
from starlette.responses import HTMLResponse

from mingjing_console.pages.shell import ICON_PATH, STYLE_PATH, WORK_STYLE_PATH, both, fingerprint
from mingjing_kernel.http.policy import scripted_policy

TITLE = ("本人巡查", "My round")
SCRIPT_PATH, STORE_PATH, WORKER_PATH = "/round.js", "/round-store.js", "/round-worker.js"
LEAD_PATH, DRAFT_PATH, HOTSPOT_PATH = "/round-lead.js", "/round-draft.js", "/round-hotspot.js"
SCRIPTS = (SCRIPT_PATH, STORE_PATH, WORKER_PATH, LEAD_PATH, DRAFT_PATH, HOTSPOT_PATH)
HEADERS = {"Content-Security-Policy": scripted_policy(), "Cache-Control": "no-cache"}


def document() -> HTMLResponse:
    """The shell that the script fills."""
    whole = html(lang="zh-CN")[
        head[
            meta(charset="utf-8"),
            meta(name="viewport", content="width=device-width, initial-scale=1"),
            title_element[f"{TITLE[0]} · 明镜 Mingjing"],
            link(rel="icon", href=ICON_PATH),
            link(rel="stylesheet", href=f"{STYLE_PATH}?{fingerprint(STYLE_PATH)}"),
            link(rel="stylesheet", href=f"{WORK_STYLE_PATH}?{fingerprint(WORK_STYLE_PATH)}"),
            script(type="module", src=SCRIPT_PATH),
            script(type="module", src=LEAD_PATH),
            script(type="module", src=HOTSPOT_PATH),
        ],
        body[
            header[a(".name", href="/round")[both("明镜", "Mingjing")]],
            main[
                h1[TITLE[0], small(lang="en")[TITLE[1]]],
                div("#said", role="status"),
                section[
                    h2[both("任务", "Tasks")],
                    div("#fresh.warn"),
                    ul("#tasks.plain.people"),
                ],
                form("#report", hidden=True),
                _hotspots(),
                _leads(),
                section[
                    h2[both("本机上的报告", "On this device")],
                    ul("#queue.plain.people"),
                    button("#sync", type="button")[both("立即上传", "Send now")],
                    " ",
                    button("#clear.quiet", type="button")[both("清除已上传的", "Clear what is uploaded")],
                ],
            ],
        ],
    ]
    return HTMLResponse(str(whole), headers=HEADERS)


def _hotspots() -> Element:
    """Where many leads lie close to each other: when somebody is to look, and what was seen."""
    return section[
        h2[both("热点网格巡查", "Hot-spot visits")],
        div("#hotspot-said", role="status"),
        form("#hotspot", hidden=True),
        ul("#hotspots.plain.people"),
    ]


def _leads() -> Element:
    """Where a lead about a place is written, and those that are on this device."""
    return section[
        h2[both("无证培训线索", "Leads about teaching without a licence")],
        button("#lead-begin", type="button")[both("上报线索", "Report a lead")],
        div("#lead-said", role="status"),
        form("#lead", hidden=True),
        ul("#leads.plain.people"),
    ]
