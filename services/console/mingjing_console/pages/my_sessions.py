"""My sign-ins (我的登录): where one is signed in, and a button to end each of them."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from htpy import Element, Node, button, div, form, p, small, table, tbody, td, th, thead, tr

from mingjing_console.pages.shell import both, day, tag
from mingjing_console.sessions import Session

TITLE = ("我的登录", "My sign-ins")
_BROWSERS = (("MicroMessenger", "微信 WeChat"), ("Edg", "Edge"), ("Firefox", "Firefox"), ("Chrom", "Chrome"),
             ("Safari", "Safari"))  # fmt: skip
"""By a word in what a browser says of itself; the first that fits, for each says that it is all that follow."""
_SYSTEMS = (("Windows", "Windows"), ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"),
            ("Mac OS X", "macOS"), ("Linux", "Linux"))  # fmt: skip
UNKNOWN = "未知设备 unknown"


def table_of(listed: Sequence[Session], this: UUID) -> Node:
    """All of one's sessions, this one marked."""
    heads = (("设备", "Device"), ("地址", "Address"), ("登录时间", "Since"), ("最近使用", "Last seen"), ("", ""))
    return [
        p["不认识的登录请立即结束，并告知管理员。 ", small(lang="en")["End what you do not know, and tell somebody."]],
        div(".scroll")[
            table[
                thead[tr[[th[zh, small(lang="en")[en]] for zh, en in heads]]],
                tbody[[_row(one, one.session_id == this) for one in listed]],
            ]
        ],
        form(method="post", action="/sessions/others/end")[
            button(type="submit")[both("结束其他登录", "End all others")]
        ],
    ]


def _row(one: Session, is_this: bool) -> Element:
    end = form(method="post", action=f"/sessions/{one.session_id}/end")[
        button(".quiet", type="submit")[both("结束", "End")]
    ]
    return tr[
        td[device_name(one.device)],
        td[one.address],
        td(".date")[day(one.began_at.isoformat())],
        td(".date")[day(one.seen_at.isoformat())],
        td[tag("good", "本次登录", "This one") if is_this else end],
    ]


def device_name(said: str) -> str:
    """Browser and system in two words."""
    names = [next((name for word, name in known if word in said), "") for known in (_BROWSERS, _SYSTEMS)]
    return " · ".join(name for name in names if name) or UNKNOWN
