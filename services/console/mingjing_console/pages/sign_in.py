"""Sign-in (登录): on a single machine, as one of the demo people of the development issuer.

One rule: this page knows no password. Where the issuer is a real identity provider it says so and offers nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from htpy import Node, b, button, div, form, input, li, p, section, small, ul

from mingjing_console.pages.shell import both
from mingjing_console.words import DEPARTMENT, zh

TITLE = ("工作人员登录", "Sign in")


def people(found: Sequence[Mapping[str, Any]]) -> Node:
    """A button for each demo person."""
    if not found:
        return section[p["本机没有演示身份。请用贵单位的统一身份认证登录。 No demo people here."]]
    return [
        p["演示身份，均为虚构。 Demo people; nobody here exists."],
        ul(".plain")[(_person(one) for one in found if one.get("kind") == "person")],
    ]


def _person(one: Mapping[str, Any]) -> Node:
    return li(".card")[
        form(".row", method="post", action="/sign-in")[
            input(type="hidden", name="person", value=one["key"]),
            div[b[one["title"]], " ", one["name"], " ", small[zh(DEPARTMENT, one.get("department", ""))]],
            button(type="submit")[both("登录", "Sign in")],
        ]
    ]
