"""Forms of joint operations 联合检查: planning one, sharing a file of a visit with its origin, taking one over.

One rule: a form has no rights of its own; whose evidence it is, and who took it when, the service says itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from htpy import (
    Node,
    a,
    button,
    details,
    div,
    form,
    h2,
    input,
    label,
    li,
    option,
    p,
    section,
    select,
    ul,
)
from htpy import summary as summary_of

from mingjing_console.acting import KEY
from mingjing_console.asking import Asked, Cell
from mingjing_console.deeds import Deed, day, one_of, text
from mingjing_console.gateway import Answer
from mingjing_console.inspection_words import MEMBER
from mingjing_console.pages.deed_forms import Filled, asking
from mingjing_console.pages.shell import both
from mingjing_console.words import zh
from mingjing_kernel.identifiers import new_id

PATH: Final = "/operations"
NEW: Final = f"{PATH}/new"
TITLE: Final = ("部署联合检查", "Plan a joint operation")
SEARCH: Final = "q"
PICK: Final = "pick:"
"""Before institution and site of a box."""
FILES_MAX: Final = 60
PLAN: Final = Deed(
    path="",
    asks=(
        text("title", "名称", "Title"),
        one_of("department", "牵头部门", "Leading department", MEMBER),
        Asked(
            name="members", zh="邀请成员单位（含牵头部门）", en="Departments, the leading one too", kind="several",
            words=MEMBER,
        ),
        day("held_on", "检查日期", "Held on"),
        Asked(
            name="targets", zh="检查对象", en="Sites", kind="table",
            cells=(Cell(name="institution_id", zh="机构编号"), Cell(name="site_id", zh="教学点编号")),
        ),
        text("reason", "事由", "Reason", "long"),
        text("legal_basis", "依据", "Legal basis", required=False),
    ),
)  # fmt: skip
_NOTE: Final = Asked(name="note", zh="说明", en="What it shows", required=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A site that a search found."""

    institution_id: str
    site_id: str
    name: str
    address: str


def planning(filled: Filled, found: Sequence[Found], is_searched: bool) -> Node:
    """The whole plan in one form; sites are looked up in it, so that nothing typed is lost."""
    fields = [asking(one, filled) for one in PLAN.asks]
    return section[
        form(method="post", action=NEW)[
            input(type="hidden", name=KEY, value=filled.typed.get(KEY) or str(new_id())),
            div(".fields")[
                label[
                    both("查找机构（名称）", "Find an institution"),
                    input(name=SEARCH, value=filled.typed.get(SEARCH, ""), maxlength="100"),
                ],
                button(".quiet", type="submit", name="step", value="search", formnovalidate=True)[
                    both("查找并加入所选", "Find, and add what is ticked")
                ],
            ],
            _found(found)
            if found
            else p(".soft")["没有找到已批准的教学点。 No approved site."]
            if is_searched
            else None,
            div(".fields")[fields],
            button(type="submit", name="step", value="send")[both("提交部署", "Plan it")],
        ],
        p[a(href=PATH)[both("返回", "Back")]],
    ]


def _found(found: Sequence[Found]) -> Node:
    return ul(".plain")[
        (
            li[
                label(".check")[
                    input(type="checkbox", name=f"{PICK}{one.institution_id}|{one.site_id}", value="true"),
                    f"{one.name} {one.address}",
                ]
            ]
            for one in found
        )
    ]


def picked(typed: Mapping[str, str]) -> dict[str, str]:
    """What was typed, with the ticked sites added to it, each once."""
    lines = [line.strip() for line in typed.get("targets", "").splitlines() if line.strip()]
    ticked = [name.removeprefix(PICK).replace("|", " | ") for name in typed if name.startswith(PICK)]
    kept = {name: value for name, value in typed.items() if not name.startswith(PICK)}
    return kept | {"targets": "\n".join(dict.fromkeys((*lines, *ticked)))}


def sharing(id: str, visits: Sequence[Mapping[str, Any]], pool: Answer) -> Node:
    """The files of the own department's visits that are not shared yet."""
    shared = {(one["visit_id"], one["sha256"]) for one in pool.items} if pool.is_there else set()
    offers = [(visit, files) for visit in visits if (files := _files(visit, shared))]
    title = h2[both("共享本部门证据", "Share evidence of your visits")]
    if not offers:
        return None
    return section[
        title,
        p(".soft")["共享时一并记录提供部门、取证人、取证时间和 SHA-256。 Its origin goes with it."],
        [
            details[
                summary_of[f"{visit['officer']} {visit['visited_at'][:16].replace('T', ' ')}"],
                form(method="post", action=f"{PATH}/{id}/share")[
                    input(type="hidden", name=KEY, value=str(new_id())),
                    input(type="hidden", name="visit_id", value=visit["visit_id"]),
                    label[
                        both("文件", "File"),
                        select(name="sha256", required=True)[
                            (option(value=sha)[f"{kind} {sha[:16]}"] for sha, kind in files)
                        ],
                    ],
                    asking(_NOTE),
                    button(type="submit")[both("共享", "Share")],
                ],
            ]
            for visit, files in offers
        ],
    ]


def taking(id: str, visits: Sequence[Mapping[str, Any]], pool: Answer) -> Node:
    """Others' pieces, to be taken over into a visit of the own department."""
    own = {visit["department"] for visit in visits}
    others = [one for one in pool.items if one["owner"] not in own] if pool.is_there else []
    if not visits or not others:
        return None
    return section[
        h2[both("引用其他部门证据", "Take shared evidence over")],
        form(method="post", action=f"{PATH}/{id}/reference")[
            input(type="hidden", name=KEY, value=str(new_id())),
            label[
                both("证据", "Piece"),
                select(name="item_id", required=True)[
                    (
                        option(value=one["item_id"])[f"{zh(MEMBER, one['owner'])} {one['sha256'][:16]} {one['note']}"]
                        for one in others
                    )
                ],
            ],
            label[
                both("引用到本部门的巡查", "Into your visit"),
                select(name="visit", required=True)[
                    (
                        option(value=f"{one['department']}|{one['visit_id']}")[
                            f"{zh(MEMBER, one['department'])} {one['officer']} {one['visited_at'][:10]}"
                        ]
                        for one in visits
                    )
                ],
            ],
            button(type="submit")[both("引用", "Take over")],
        ],
    ]


def _files(visit: Mapping[str, Any], shared: set[tuple[str, str]]) -> list[tuple[str, str]]:
    kinds = [(sha, "照片 Photo") for sha in visit["photos"]] + [
        (sha, "录音录像 Recording") for sha in visit["recordings"]
    ]
    signed = [(one["image"], "签名 Signature") for one in visit["signatures"] if one["image"]]
    return [one for one in (*kinds, *signed) if (visit["visit_id"], one[0]) not in shared][:FILES_MAX]
