"""The issuer's page: one chooses as which of the demo people one signs in. It knows no passwords, and says so."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from htpy import Node, b, body, button, div, form, h1, head, html, input, li, link, main, meta, p, small, title, ul
from starlette.responses import HTMLResponse, Response

from mingjing.issuer.people import PEOPLE, DemoPerson
from mingjing_console.words import DEPARTMENT, zh

STYLE_PATH = "/issuer.css"
STYLE = """body{margin:0;background:#f4f6f8;color:#1b2330;overflow-wrap:anywhere;
font:16px/1.6 system-ui,"PingFang SC","Noto Sans CJK SC",sans-serif}
main{max-width:46rem;margin:0 auto;padding:1rem}
h1{font-size:1.45rem}h1 small,button small{display:block;font-weight:400}
small{color:#5b6675;font-size:.85rem}ul{list-style:none;margin:0;padding:0}
li{background:#fff;border:1px solid #dfe4ea;border-radius:.6rem;padding:1rem;margin:0 0 1rem}
form{display:flex;gap:.75rem;align-items:baseline;justify-content:space-between}
button{font:inherit;font-weight:600;padding:.4rem 1.1rem;border:0;border-radius:.5rem;background:#0b5c8a;color:#fff}
button{cursor:pointer;flex:none}button small{line-height:1.2;font-size:.7rem;color:inherit}
:focus-visible{outline:3px solid #0b5c8a;outline-offset:2px}
"""
SHOWN = ("client_id", "redirect_uri", "response_type", "scope", "state", "nonce", "code_challenge",
         "code_challenge_method")  # fmt: skip


def choosing_page(asked: Mapping[str, Any]) -> Response:
    """Everybody who can be chosen. The form's answer leads to the client, so its origin must be allowed, too."""
    client = urlsplit(str(asked["redirect_uri"]))
    policy = (
        f"default-src 'none'; style-src 'self'; form-action 'self' {client.scheme}://{client.netloc}; "
        "base-uri 'none'; frame-ancestors 'none'"
    )
    people = [person for person in PEOPLE.values() if person.kind == "person" and person.grants]
    content: Node = [
        p["演示身份，均为虚构；没有密码，只供本机试用。 Demo people; nobody here exists, and nobody has a password."],
        ul[(_person(person, asked) for person in people)],
    ]
    return page(("选择演示身份", "Choose a demo person"), content, policy)


def ended_page() -> Response:
    """After signing out, where the client named no address to return to."""
    policy = "default-src 'none'; style-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
    return page(("已退出", "Signed out"), p["可以关闭此页。 You may close this page."], policy)


def page(heading: tuple[str, str], content: Node, policy: str) -> Response:
    """A whole page."""
    document = html(lang="zh-CN")[
        head[
            meta(charset="utf-8"),
            meta(name="viewport", content="width=device-width, initial-scale=1"),
            title[f"{heading[0]} · 明镜 Mingjing"],
            link(rel="stylesheet", href=STYLE_PATH),
            link(rel="icon", href="data:,"),
        ],
        body[main[h1[heading[0], small(lang="en")[heading[1]]], content]],
    ]
    headers = {
        "Content-Security-Policy": f"{policy}; img-src data:",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
    }
    return HTMLResponse(str(document), headers=headers)


def _person(person: DemoPerson, asked: Mapping[str, Any]) -> Node:
    return li[
        form(method="post", action="/authorize")[
            [input(type="hidden", name=name, value=str(asked.get(name, ""))) for name in SHOWN],
            input(type="hidden", name="person", value=person.key),
            div[b[person.title], " ", person.name, " ", small[zh(DEPARTMENT, person.department)]],
            button(type="submit")["登录 ", small(lang="en")["Sign in"]],
        ]
    ]
