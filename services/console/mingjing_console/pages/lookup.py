"""Public look-up (公众查询): is this institution on the whitelist? Anonymous, phone first, a few kilobytes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from htpy import Node, a, b, button, div, form, input, li, p, section, small, ul

from mingjing_console.gateway import Answer
from mingjing_console.pages.shell import both, tag
from mingjing_console.words import CATEGORY, DEPARTMENT, ENDED, LICENCE, en, zh

TITLE = ("查一查培训机构", "Look up a training institution")
WHITELIST_TITLE = ("白名单", "Whitelist")


def search_form(asked: str) -> Node:
    """The one question that the page asks."""
    return form(".search", method="get", action="/", role="search")[
        input(
            type="search",
            name="q",
            value=asked,
            placeholder="名称、证号或地址 Name, code, address",
            aria_label="机构名称、信用代码、许可证号或地址 Name, credit code, licence number or address",
            minlength="2",
            maxlength="100",
            required=True,
        ),
        button(type="submit")[both("查询", "Search")],
    ]


def advice() -> Node:
    """What a parent should know before paying."""
    return section[
        p[
            b["交费前先查。"],
            "在白名单上的机构：许可有效、预收费进入托管专户、没有停业处罚。",
            small(lang="en")[" Listed: licensed, fees in custody, no suspension."],
        ],
        p[
            b["只向托管专户交费，"],
            "不要转给个人。一次收费不超过 3 个月或 60 课时。",
            small(lang="en")[" Pay only into the custody account, never to a person."],
        ],
        p[
            "发现无证办学、私下收款、停课失联，请打 ",
            b["12345"],
            "，或",
            a(href="/phones")["主管部门监督电话"],
            "，或",
            a(href="/complain")["网上举报"],
            "。",
            small(lang="en")[" To report, call 12345."],
        ],
    ]


def results(asked: str, answer: Answer) -> Node:
    """What was found, or why nothing is shown."""
    if not answer.is_there:
        return trouble(answer)
    if not answer.items:
        return section[
            p(".bad")[
                b[f"没有查到“{asked}”：在本地没有办学许可登记。"],
                small(lang="en")[" Not found: not licensed here."],
            ],
            p[
                "请核对全称，或少写几个字、写地址再试。确实查不到的，不要交费，请拨 12345 举报。",
                small(lang="en")[
                    " Check the full name, or try fewer characters or the address. Do not pay; call 12345."
                ],
            ],
        ]
    more = p(".soft")["结果较多，请写得更完整。 More results: please write more of the name."]
    ended = [(row, one) for row in answer.items for one in row["ended_numbers"] if one["number"] == asked]
    over = [row for row, _ in ended]
    stands = any(row["licence_number"] == asked and row not in over for row in answer.items)
    warned = [ended_number(one) for _, one in ended if not stands]
    return [warned, ul(".plain")[(hit(row) for row in answer.items)], more if answer.body["next"] else None]


def ended_number(one: Mapping[str, Any]) -> Node:
    """Above whoever had it: the number that was asked for is no licence any more."""
    how, how_en = zh(ENDED, one["how"]), en(ENDED, one["how"])
    return section[
        p(".bad")[
            b[f"许可证编号 {one['number']} 已于 {one['on']} 失效（{how}），不是有效许可。"],
            small(lang="en")[f" This licence number is not valid: {how_en} on {one['on']}."],
        ],
    ]


def hit(row: Mapping[str, Any]) -> Node:
    """One institution in a list."""
    return li[
        a(".hit.card", href=f"/institutions/{row['institution_id']}")[
            div(".row")[b[row["name"]], standing(row)],
            small[_kind(row)],
            restriction(row),
        ]
    ]


def restriction(row: Mapping[str, Any]) -> Node:
    """That nobody new may be enrolled, why and until when; nothing where it may."""
    if not row.get("recruitment_notice"):
        return None
    return p(".bad")[b[row["recruitment_notice"]], small(lang="en")[f" {row['recruitment_notice_en']}"]]


def _kind(row: Mapping[str, Any]) -> str:
    custody = f"托管 {row['custody_bank']}" if row["custody_bank"] else ""
    parts = (zh(CATEGORY, row["category"]), zh(DEPARTMENT, row["department"]), custody)
    return " · ".join(part for part in parts if part)


def standing(row: Mapping[str, Any]) -> Node:
    """On the list or not, and if not, how its licence stands."""
    if row.get("is_white", row.get("is_listed")):
        return tag("good", "✓ 白名单", "Whitelisted")
    licence = row.get("licence_state", "")
    if licence in ("", "licensed"):
        return tag("warn", "不在白名单", "Not whitelisted")
    return tag("bad", zh(LICENCE, licence), "Not whitelisted")


def whitelist(answer: Answer, shown: str) -> Node:
    """One page of the list, by name."""
    if not answer.is_there:
        return trouble(answer)
    after = answer.body["next"]
    return [
        p(".soft")[shown],
        ul(".plain")[(hit({**row, "licence_state": ""}) for row in answer.items)],
        p[a(href=f"/whitelist?after={after}")[both("下一页", "Next page")]] if after else None,
    ]


def trouble(answer: Answer) -> Node:
    """A service that does not answer, or that says no."""
    if answer.status == 429:
        return section[p["查询太频繁，请一分钟后再试。 Too many questions; please wait a minute."]]
    if answer.status == 401:
        return section[p["登录已失效，请重新登录。 You are not signed in any more; please sign in again."]]
    if answer.status == 403:
        return section[p["不在您的授权之内；如需查看，请向管理员申请。 Not within your grants; ask an administrator."]]
    if answer.status == 404:
        return section[
            p["没有这条记录，或不在您的授权之内。 There is no such record, or it is not within your grants."]
        ]
    if answer.status == 422 and isinstance(answer.body, dict):
        return section[p(role="alert")[_wrong(answer.body)]]
    return section[p["暂时查不到，请稍后再试。 Not available at the moment; please try again soon."]]


def _wrong(problem: Mapping[str, Any]) -> Node:
    """What is wrong with the question, and how to ask it; of fields that cannot be read each for itself."""
    faults = problem.get("errors") or [problem]
    return [
        [
            f"{one.get('detail', '')}{one.get('remedy', '')} ",
            small(lang="en")[f"{one.get('detail_en', '')} {one.get('remedy_en', '')} "],
        ]
        for one in faults
    ]
