"""An institution as the registry holds it: six groups of information, what may be done, what happened; now or then."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from htpy import (
    Element,
    Node,
    a,
    b,
    button,
    code,
    dd,
    div,
    dl,
    dt,
    form,
    h2,
    input,
    label,
    li,
    ol,
    p,
    section,
    small,
    ul,
)

from mingjing_console import office_words as w
from mingjing_console.gateway import Answer
from mingjing_console.nouns import recorded
from mingjing_console.pages.deed_forms import available
from mingjing_console.pages.lookup import trouble
from mingjing_console.pages.rule_findings import findings
from mingjing_console.pages.shell import both, day, tag, yuan
from mingjing_console.words import CATEGORY, DEPARTMENT, ROLE, Words, en, zh

PRICES_SHOWN = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What the registry said about one institution."""

    registered: Answer
    dossier: Answer
    sites: Answer
    timeline: Answer
    actions: Answer | None
    """None where the past is looked at: nothing is done there."""
    documents: Answer | None = None
    checks: Answer | None = None
    as_of: str = ""


def record(institution_id: str, seen: Record) -> Node:
    """All of it."""
    if not seen.registered.is_there:
        return [_day_picker(institution_id, seen.as_of), trouble(seen.registered)]
    row = seen.registered.body
    file = seen.dossier.body if seen.dossier.is_there else {}
    path = f"/institutions/{institution_id}"
    return [
        _day_picker(institution_id, seen.as_of),
        available("institution", institution_id, seen.actions, recorded(file)) if seen.actions else None,
        div(".split.even")[_basic(row, file), _licence(row, file), _premises(seen.sites), _funds(row, file)],
        div(".split.even")[_staff(file), _materials(file)],
        findings(seen.checks) if seen.checks else None,
        documents("institution", institution_id, seen.documents) if seen.documents else None,
        happenings(seen.timeline, path, {"as_of": seen.as_of}),
    ]


def documents(noun: str, id: str, answer: Answer) -> Node:
    """The decisions and notices of a thing, each as a file to print."""
    title = h2[both("公文", "Documents")]
    if not answer.is_there:
        return section[title, trouble(answer)]
    found = [
        li[
            a(href=f"/documents/{noun}/{id}/{one['version']}")[one["title"]],
            " ",
            small(lang="en")[one["title_en"]],
            " ",
            small[f"{one['number']} · {day(one['recorded_at'])}"],
        ]
        for one in answer.body
    ]
    return section[title, ul(".plain")[found] if found else p(".soft")["没有公文。 None yet."]]


def happenings(answer: Answer, path: str, kept: Mapping[str, str]) -> Node:
    """What happened, latest first: when, what, who, why, on what basis, and the proof."""
    title = h2[both("登记大事记", "What the register says happened")]
    if not answer.is_there:
        return section[title, trouble(answer)]
    further = None
    if after := answer.body["next"]:
        query = {name: value for name, value in kept.items() if value} | {"earlier": str(after)}
        further = p[a(href=f"{path}?{urlencode(query)}")[both("更早的记录", "Earlier")]]
    shown = [_happening(one) for one in answer.items]
    return section[title, ol(".time")[shown] if shown else p(".soft")["没有记录。 Nothing yet."], further]


def fact(term_zh: str, term_en: str, value: Node) -> Node:
    """One term and what it is."""
    return [dt[term_zh, small(lang="en")[term_en] if term_en else None], dd[value]]


def _happening(one: Mapping[str, Any]) -> Element:
    who = " · ".join(
        filter(
            None,
            (
                one["actor"] + (f"（代 {one['on_behalf_of']}）" if one["on_behalf_of"] else ""),
                zh(DEPARTMENT, one["department"]),
                "、".join(zh(ROLE, role) for role in one["roles"]),
            ),
        )
    )
    why = " · ".join(
        filter(
            None,
            (
                f"理由 reason：{one['reason']}" if one["reason"] else "",
                f"依据 basis：{one['legal_basis']}" if one["legal_basis"] else "",
                f"规则版本 rules：{one['policy_version']}" if one["policy_version"] else "",
            ),
        )
    )
    return li[
        div(".row")[b[one["zh"]], small[one["on"]]],
        div[small(lang="en")[one["en"]]],
        div[one["about"]] if one["about"] else None,
        div[small[who]],
        div[small[why]] if why else None,
        small[
            "日志第 ",
            code[str(one["position"])],
            " 条 entry · ",
            a(href=f"/proofs/registry/{one['position']}")["证明 proof"],
        ],
    ]


def _day_picker(institution_id: str, as_of: str) -> Element:
    return section[
        form(".row", method="get", action=f"/institutions/{institution_id}")[
            label[both("查看某一天", "As of a day"), input(type="date", name="as_of", value=as_of)],
            button(type="submit")[both("查看", "Show")],
        ],
        p(".warn")[
            b[f"以下是 {as_of} 的登记情况。"],
            small(lang="en")[f" As the register stood on {as_of}."],
            " ",
            a(href=f"/institutions/{institution_id}")[both("回到今天", "Back to today")],
        ]
        if as_of
        else None,
    ]


def _basic(row: Mapping[str, Any], file: Mapping[str, Any]) -> Element:
    profile = file.get("profile") or {}
    return section[
        h2[both("基本信息", "Basic")],
        dl[
            fact("信用代码", "Credit code", row["uscc"] or "—"),
            fact("曾用名", "Former names", "、".join(row["former_names"]) or "—"),
            fact("类别", "Categories", "、".join(zh(CATEGORY, one) for one in row["categories"]) or "—"),
            fact("培训方式", "Modes", _coded(w.MODE, profile.get("modes"))),
            fact("学段", "Stages", _coded(w.SCHOOL_STAGE, profile.get("stages"))),
            fact("举办者", "Organizer", profile.get("organizer") or "—"),
            fact("法定代表人", "Representative", row["legal_representative"] or "—"),
            fact("电话", "Telephone", row["phone"] or "—"),
            fact("主管部门", "Department", zh(DEPARTMENT, row["department"])),
        ],
    ]


def _licence(row: Mapping[str, Any], file: Mapping[str, Any]) -> Element:
    state, operation = row["licence_state"], (file.get("operation") or {}).get("state", "")
    white = tag("good", "✓ 白名单", "Whitelisted") if row["is_white"] else tag("warn", "不在白名单", "Not whitelisted")
    return section[
        h2[both("许可与名单", "Licence and lists")],
        dl[
            fact("许可状态", "Licence", f"{zh(w.LICENCE_STATE, state)} {en(w.LICENCE_STATE, state)}"),
            fact("许可证号", "Number", row["licence_number"] or "—"),
            fact("发证", "Issued", day(row["issued_on"])),
            fact("有效期至", "Until", day(row["expires_on"])),
            fact("名单", "List", white),
            fact("年检", "Annual check", row["annual_check"] or "—"),
            fact(
                "运营", "Operation", f"{zh(w.OPERATION, operation)} {en(w.OPERATION, operation)}" if operation else "—"
            ),
        ],
    ]


def _funds(row: Mapping[str, Any], file: Mapping[str, Any]) -> Element:
    profile, liability = file.get("profile") or {}, file.get("liability") or {}
    owed = liability.get("unconsumed_fen")
    prices = (profile.get("prices") or [])[:PRICES_SHOWN]
    shown = "；".join(f"{one['item']} {yuan(one['total_fen'])} / {one['lessons']} 课时" for one in prices)
    active = tag("good", "启用", "Active") if row["custody_active"] else tag("warn", "未启用", "Not active")
    return section[
        h2[both("资金", "Funds")],
        dl[
            fact("托管银行", "Custody bank", [row["custody_bank"] or "—", " ", active]),
            fact("未消课负债", "Owed", "—" if owed is None else f"{yuan(owed)}（{day(liability['stated_on'])}）"),
            fact("收费公示", "Prices", shown or "—"),
            fact("合同版本", "Contract", profile.get("contract_version") or "—"),
        ],
    ]


def _premises(answer: Answer) -> Element:
    title = h2[both("场所", "Premises")]
    if not answer.is_there:
        return section[title, trouble(answer)]
    found = [
        fact(
            zh(w.SITE, row["state"]),
            en(w.SITE, row["state"]),
            [row["address"], " ", small[f"{row['area_m2']} m²" if row["area_m2"] else ""], " ", code[row["grid_code"]]],
        )
        for row in answer.items
    ]
    return section[title, dl[found] if found else p(".soft")["没有教学点。 No site."]]


def _staff(file: Mapping[str, Any]) -> Element:
    counts = file.get("staff")
    title = h2[both("从业人员", "Staff")]
    if not counts:
        return section[title, p(".soft")["尚未汇总。 Not summarised yet."]]
    return section[
        title,
        dl[
            fact("总数", "Total", str(counts["total"])),
            fact("教学教研", "Teaching", str(counts["teaching"])),
            fact("专职教师", "Full-time", str(counts["full_time_teachers"])),
            fact("无资质", "Unqualified", str(counts["unqualified"])),
        ],
    ]


def _materials(file: Mapping[str, Any]) -> Element:
    counts = file.get("materials")
    title = h2[both("培训材料", "Materials")]
    if not counts:
        return section[title, p(".soft")["尚未汇总。 Not summarised yet."]]
    return section[
        title,
        dl[
            fact("已备案", "Filed", str(counts["filed"])),
            fact("待审", "To review", str(counts["unreviewed"])),
        ],
    ]


def _coded(words: Words, codes: list[str] | None) -> str:
    return "、".join(zh(words, one) for one in codes or []) or "—"
