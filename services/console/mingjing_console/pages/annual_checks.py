"""Opening the annual checks of a department: one form, and what became of each institution."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from htpy import Element, Node, a, b, button, div, form, h2, input, p, section, small

from mingjing_console import office_words as w
from mingjing_console.acting import KEY
from mingjing_console.deeds import Deed, day, number, one_of, text
from mingjing_console.pages.deed_forms import EMPTY, Filled, sent_to
from mingjing_console.pages.finding import rows
from mingjing_console.pages.shell import both, tag
from mingjing_console.words import DEPARTMENT, en, zh
from mingjing_kernel.identifiers import new_id

TITLE: Final = ("批量开展年检", "Open annual checks")
PATH: Final = "/annual-checks"
DEED: Final = Deed(
    path="/annual-checks/{year}/openings",
    asks=(
        number("year", "年度", "Year"),
        one_of("department", "主管部门", "Department", DEPARTMENT),
        text("region", "区划代码开头（可不填）", "Beginning of the division code", required=False),
        day("due_on", "报送截止", "Reports due on"),
    ),
)
_KINDS: Mapping[str, str] = {"opened": "good", "already-open": "", "refused": "bad"}


def opening(filled: Filled = EMPTY) -> Node:
    """The form."""
    return section[
        p[
            "对该部门所有已取得许可且未终止的机构开展年检；已经开展的不会重复。",
            small(lang="en")[" For every institution of the department that has a licence; nothing is opened twice."],
        ],
        sent_to(PATH, DEED, TITLE, filled),
        p[a(href="/applications?check_state=due")[both("查看待报送的机构", "Whose report is due")]],
    ]


def outcome(said: Mapping[str, Any], typed: Mapping[str, str]) -> Node:
    """What became of each, and the way to the next ones where there are more."""
    items: Sequence[Mapping[str, Any]] = said["items"]
    found = [(a(href=f"/institutions/{one['institution_id']}")[one["name"]], _came(one), _why(one)) for one in items]
    heads = (("机构", "Institution"), ("结果", "Result"), ("原因", "Reason"))
    return [
        div(".figures")[
            _figure(said["opened"], "已开展", "Opened"),
            _figure(said["already_open"], "此前已开展", "Open before"),
            _figure(said["refused"], "未能开展", "Not opened"),
        ],
        section[h2[both("逐个机构", "Each institution")], rows(heads, found)],
        _more(said["next"], typed) if said["next"] else None,
    ]


def _came(one: Mapping[str, Any]) -> Element:
    came = one["came"]
    return tag(_KINDS.get(came, ""), zh(w.OPENING, came), en(w.OPENING, came))


def _why(one: Mapping[str, Any]) -> Node:
    why = one["why_not"]
    if not why:
        return "—"
    return [f"{why['detail']}{why['remedy']} ", small(lang="en")[f"{why['detail_en']} {why['remedy_en']}"]]


def _more(following: str, typed: Mapping[str, str]) -> Element:
    kept = {one.name: typed.get(one.name, "") for one in DEED.asks} | {"after": following, KEY: str(new_id())}
    return section[
        p["还有更多机构。", small(lang="en")[" There are more institutions."]],
        form(method="post", action=PATH)[
            (input(type="hidden", name=name, value=value) for name, value in kept.items()),
            button(type="submit")[both("继续", "Go on")],
        ],
    ]


def _figure(count: int, zh_words: str, en_words: str) -> Element:
    return div(".figure")[b[str(count)], both(zh_words, en_words)]
