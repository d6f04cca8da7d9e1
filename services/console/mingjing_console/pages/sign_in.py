"""Sign-in (登录): the way to the identity provider and back.

One rule: no page here asks for a password. People prove who they are at the identity provider of their authority; on a
single machine that is the development issuer, where one chooses a demo person.
"""

from __future__ import annotations

from urllib.parse import quote

from htpy import Node, a, p, section, small

from mingjing_console.pages.shell import both
from mingjing_kernel.http.problem import Problem

TITLE = ("工作人员登录", "Sign in")
DONE = ("已登录", "Signed in")
LEFT = ("已退出", "Signed out")


def begin(then: str) -> Node:
    """The one way on."""
    return section[
        p[
            "将转到统一身份认证系统；单机试用时在那里选择演示身份。 ",
            small(lang="en")[
                "You prove who you are at the identity provider; on one machine you choose a demo person."
            ],
        ],
        p[a(".button", href=f"/sign-in/start?then={quote(then)}")[both("登录", "Sign in")]],
    ]


def go_on(then: str) -> Node:
    """A page that goes on by itself, and a way for whoever has switched that off."""
    return section[p[a(".button", href=then)[both("继续", "Go on")]]]


def trouble(problem: Problem) -> Node:
    """Why nobody was signed in, and the way to try again."""
    return section[
        p(role="alert")[problem.detail, " ", small(lang="en")[problem.detail_en]],
        p[problem.remedy, " ", small(lang="en")[problem.remedy_en]] if problem.remedy else None,
        p[a(".button", href="/sign-in")[both("重新登录", "Sign in again")]],
    ]
