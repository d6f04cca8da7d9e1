"""The shell around every page: head, navigation, headers that let nothing foreign in.

One rule: no inline style and no inline script on any page, and no script at all unless the page names a file of ours;
the Content-Security-Policy says so to the browser, too. The one page that works without a network has a shell of its
own (``round``).
"""

from __future__ import annotations

import hashlib
from datetime import date, datetime
from functools import cache
from importlib.resources import files

from htpy import (
    Element,
    Node,
    a,
    body,
    button,
    footer,
    form,
    h1,
    head,
    header,
    html,
    link,
    main,
    meta,
    nav,
    script,
    small,
    span,
)
from htpy import title as title_element
from starlette.responses import HTMLResponse, Response

from mingjing_kernel.clock import SHANGHAI
from mingjing_kernel.http.policy import page_policy, scripted_form_policy

HEADERS = {"Content-Security-Policy": page_policy()}
"""What these pages need beyond the headers that every answer has."""
STYLE_PATH = "/mingjing.css"
WORK_STYLE_PATH = "/mingjing-work.css"
"""What only those need who have signed in: the public's pages stay small."""
ICON_PATH = "/mingjing.svg"
DESK_SCRIPT_PATH = "/complaint-desk.js"
YEAR_SECONDS = 31_536_000
_CSS = "text/css; charset=utf-8"
_TYPES = {STYLE_PATH: _CSS, WORK_STYLE_PATH: _CSS, ICON_PATH: "image/svg+xml",
          DESK_SCRIPT_PATH: "text/javascript; charset=utf-8"}  # fmt: skip


def page(
    title: tuple[str, str],
    content: Node,
    *,
    person: str = "",
    is_wide: bool = False,
    status: int = 200,
    then: str = "",
    is_private: bool = False,
    runs: str = "",
) -> HTMLResponse:
    """A whole page. ``title`` is Chinese and English; ``person`` who has signed in; ``then`` where it goes on to.

    ``is_private``: it shows what is one visitor's own, although nobody has signed in. ``runs``: the script of a page
    that works without it, too.
    """
    document = html(lang="zh-CN")[
        head[
            meta(charset="utf-8"),
            meta(name="viewport", content="width=device-width, initial-scale=1"),
            meta(http_equiv="refresh", content=f"0;url={then}") if then else None,
            title_element[f"{title[0]} · 明镜 Mingjing"],
            link(rel="icon", href=ICON_PATH),
            link(rel="stylesheet", href=f"{STYLE_PATH}?{fingerprint(STYLE_PATH)}"),
            link(rel="stylesheet", href=f"{WORK_STYLE_PATH}?{fingerprint(WORK_STYLE_PATH)}") if person else None,
            script(type="module", src=f"{runs}?{fingerprint(runs)}") if runs else None,
        ],
        body(class_="wide" if is_wide else None)[
            header[a(".name", href="/")[both("明镜", "Mingjing")], _navigation(person)],
            main[h1[title[0], small(lang="en")[title[1]] if title[1] else None], content],
            footer[small["公示信息出自可核验的登记日志。 Published from a log that can be verified."]],
        ],
    ]
    caching = "no-store" if person or then or is_private else "no-cache"
    policy = {"Content-Security-Policy": scripted_form_policy()} if runs else HEADERS
    return HTMLResponse(str(document), status_code=status, headers={**policy, "Cache-Control": caching})


def asset(path: str) -> Response:
    """A file of ours. Its address carries its fingerprint, so it may be kept for ever."""
    headers = {"Cache-Control": f"public, max-age={YEAR_SECONDS}, immutable", **HEADERS}
    return Response(_asset(path), media_type=_TYPES[path], headers=headers)


@cache
def fingerprint(path: str) -> str:
    """Changes when the file does."""
    return hashlib.sha256(_asset(path)).hexdigest()[:8]


def both(zh: str, en: str) -> Node:
    """Chinese with the English beside it."""
    return [zh, " ", small(lang="en")[en]]


def tag(kind: str, zh: str, en: str = "") -> Element:
    """A word in a frame: ``good``, ``bad``, ``warn`` or plain."""
    return span(class_=f"tag {kind}".strip(), title=en or None)[zh]


def day(value: str | None) -> str:
    """A date, or a moment as a day in China; a dash where there is none."""
    if not value:
        return "—"
    if len(value) <= len("2026-01-01"):
        return date.fromisoformat(value).isoformat()
    return datetime.fromisoformat(value).astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")


def yuan(fen: int) -> str:
    """Integer fen as yuan, exactly."""
    sign, fen = ("−", -fen) if fen < 0 else ("", fen)
    return f"{sign}¥{fen // 100:,}.{fen % 100:02d}"


def _navigation(person: str) -> Element:
    white = a(href="/whitelist")[both("白名单", "Whitelist")]
    if not person:
        return nav[white, a(href="/sign-in")[both("工作人员登录", "Staff sign-in")]]
    leave = form(method="post", action="/sign-out")[button(".quiet", type="submit")[both("退出", "Sign out")]]
    staff = [
        a(href="/overview")[both("总览", "Overview")],
        a(href="/institutions")[both("机构", "Institutions")],
        a(href="/applications")[both("办件", "Business")],
        a(href="/likenesses")[both("疑似主体", "Likenesses")],
        a(href="/listings")[both("黑名单案件", "Cases")],
        a(href="/ledger")[both("台账", "Ledger")],
        a(href="/custody")[both("资金监管", "Custody")],
        a(href="/complaints/new")[both("受理投诉", "Take a complaint")],
        a(href="/round")[both("本人巡查", "My round")],
        a(href="/visit-parts")[both("待处理上报", "To decide")],
        a(href="/grids")[both("网格", "Grids")],
        a(href="/leads")[both("线索", "Leads")],
        a(href="/findings")[both("问题案卷", "Findings")],
        a(href="/rectifications")[both("整改", "Rectification")],
        a(href="/operations")[both("联合检查", "Joint")],
        a(href="/draws")[both("双随机", "Draws")],
        a(href="/bulletin")[both("半月通报", "Bulletin")],
        a(href="/imports")[both("导入", "Import")],
        a(href="/kept-aside")[both("待补正", "Kept aside")],
        a(href="/reads")[both("查阅记录", "Reads")],
        a(href="/access")[both("权限", "Access")],
        a(href="/sessions")[both("我的登录", "My sign-ins")],
    ]
    return nav[staff, white, span(".soft")[person], leave]


@cache
def _asset(path: str) -> bytes:
    return files("mingjing_console").joinpath("static", path.removeprefix("/")).read_bytes()
