"""The registry's lists for officers: institutions, applications, likenesses, listings, rows kept aside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from htpy import (
    Element,
    Node,
    a,
    b,
    button,
    details,
    div,
    dl,
    form,
    h2,
    input,
    label,
    p,
    section,
    small,
    summary,
    table,
    tbody,
    td,
    th,
    thead,
    tr,
)

from mingjing_console import office_words as w
from mingjing_console.gateway import Answer
from mingjing_console.pages.access_forms import reason_form
from mingjing_console.pages.deed_forms import available
from mingjing_console.pages.finding import chosen, further, question, rows, typed
from mingjing_console.pages.lookup import trouble
from mingjing_console.pages.shell import both, day, tag
from mingjing_console.pages.standing import documents, fact, happenings
from mingjing_console.words import CODE_STATE, DEPARTMENT, LICENCE, en, zh

INSTITUTIONS = ("机构", "Institutions")
APPLICATIONS = ("办件", "Applications and other business")
LIKENESSES = ("疑似同一主体", "Perhaps the same under a new name")
LISTINGS = ("黑名单案件", "Blacklist cases")
KEPT_ASIDE = ("待补正的行", "Rows kept aside")
CERTAIN = 1_000


def institutions(asked: Mapping[str, str], answer: Answer) -> Node:
    """Every institution that the visitor may see, by name."""
    ask = question(
        "/institutions",
        typed("名称、代码或证号", "Name, code or number", "search", asked["search"]),
        chosen("许可状态", "Licence", "licence_state", LICENCE, asked["licence_state"]),
        chosen("白名单", "Whitelist", "is_white", w.WHITE, asked["is_white"]),
        typed("截至日期", "As of", "as_of", asked["as_of"], "date"),
    )
    if not answer.is_there:
        return [section[ask], trouble(answer)]
    heads = (("机构", "Institution"), ("许可", "Licence"), ("有效期至", "Until"), ("主管部门", "Department"))
    past = f"?as_of={asked['as_of']}" if asked["as_of"] else ""
    found: list[Sequence[Node]] = [
        (
            [
                a(href=f"/institutions/{row['institution_id']}{past}")[row["name"]],
                " ",
                small[row["uscc"]],
                code_state(row),
            ],
            [_licence(row["licence_state"]), " ", tag("good", "白名单", "Whitelisted") if row["is_white"] else None],
            day(row["expires_on"]),
            zh(DEPARTMENT, row["department"]),
        )
        for row in answer.items
    ]
    return [section[ask], section[rows(heads, found), further("/institutions", asked, answer)]]


def code_state(row: Mapping[str, Any]) -> Node:
    """That a code is still to come; nothing where it stands."""
    state = row["code_state"]
    return [" ", tag("warn", zh(CODE_STATE, state), en(CODE_STATE, state))] if state in CODE_STATE else None


def applications(asked: Mapping[str, str], answer: Answer) -> Node:
    """What waits for whom: applications, changes, annual checks, closings."""
    ask = question(
        "/applications",
        chosen("申请状态", "Application", "application_state", w.APPLICATION, asked["application_state"]),
        chosen("运营状态", "Operation", "operation_state", w.OPERATION, asked["operation_state"]),
        chosen("年检", "Annual check", "check_state", w.CHECK, asked["check_state"]),
    )
    begin = p[
        a(href="/begin/institution")[both("新办机构登记", "Register a new institution")],
        " · ",
        a(href="/annual-checks")[both("批量开展年检", "Open annual checks")],
    ]
    if not answer.is_there:
        return [section[ask, begin], trouble(answer)]
    heads = (
        ("机构", "Institution"),
        ("申请", "Application"),
        ("受理", "Accepted"),
        ("运营", "Operation"),
        ("年检", "Annual check"),
        ("变更", "Change"),
    )
    found: list[Sequence[Node]] = [
        (
            a(href=f"/institutions/{row['institution_id']}")[row["name"]],
            zh(w.APPLICATION, row["application_state"]) or "—",
            day(row["accepted_on"]),
            zh(w.OPERATION, row["operation_state"]),
            _check(row),
            row["change_number"] or "—",
        )
        for row in answer.items
    ]
    return [section[ask, begin], section[rows(heads, found), further("/applications", asked, answer)]]


def likenesses(asked: Mapping[str, str], answer: Answer, actions: Mapping[str, Answer]) -> Node:
    """Pairs to judge, each with its fields side by side."""
    ask = question("/likenesses", chosen("状态", "State", "state", w.LIKENESS, asked["state"]))
    if not answer.is_there:
        return [section[ask], trouble(answer)]
    none = p(".soft")["没有记录。 Nothing found."]
    shown = [_likeness(row, actions.get(row["likeness_id"])) for row in answer.items]
    return [section[ask], shown or section[none], further("/likenesses", asked, answer)]


def _check(row: Mapping[str, Any]) -> str:
    """How far the check of a year is, or what it came to."""
    if not row["check_year"]:
        return "—"
    how_far = zh(w.CHECK_RESULT, row["check_result"]) or zh(w.CHECK, row["check_state"])
    return f"{row['check_year']} {how_far}"


def _licence(state: str) -> Element:
    kind = {"licensed": "good", "suspended": "bad", "revoked": "bad"}.get(state, "")
    return tag(kind, zh(LICENCE, state), en(LICENCE, state))


def _likeness(row: Mapping[str, Any], actions: Answer | None) -> Element:
    grounds = "、".join(zh(w.FORMER, one) for one in row["grounds"])
    return section[
        div(".row")[
            h2[a(href=f"/institutions/{row['institution_id']}")[row["institution_name"]]],
            tag("warn" if row["state"] == "open" else "", zh(w.LIKENESS, row["state"]), en(w.LIKENESS, row["state"])),
        ],
        p[
            "疑似 ",
            a(href=f"/institutions/{row['former_id']}")[row["former_name"]],
            f"（{grounds}）· {row['score']} / {CERTAIN} ",
            small(lang="en")[f"perhaps the former one; {row['score']} of {CERTAIN} points"],
        ],
        div(".scroll", tabindex="0", role="region", aria_label="逐项比对 Field by field")[
            table[
                thead[tr[(th(scope="col")[both(*head)] for head in _SIDES)]],
                tbody[(_line(line) for line in row["lines"])],
            ]
        ],
        p[b[row["judged_by"]], f" {day(row['judged_on'])}：{row['reason']}"] if row["judged_by"] else None,
        available("likeness", row["likeness_id"], actions) if actions else None,
    ]


_SIDES = (("项目", "Field"), ("本机构", "This one"), ("原机构", "The former"), ("分值", "Points"), ("发现", "Finding"))


def _line(line: Mapping[str, Any]) -> Element:
    return tr[
        th(scope="row")[both(line["field_zh"], line["field_en"])],
        td[line["here"] or "—"],
        td[line["there"] or "—"],
        td(".number")[f"{line['adds']:+d}"],
        td[line["sentence_zh"], " ", small(lang="en")[line["sentence_en"]]],
    ]


def listings(asked: Mapping[str, str], answer: Answer) -> Node:
    """Cases, with the next day that counts."""
    ask = [
        question("/listings", chosen("环节", "Stage", "stage", w.STAGE, asked["stage"])),
        p[a(href="/begin/listing")[both("提请列入黑名单", "Propose a blacklisting")]],
    ]
    if not answer.is_there:
        return [section[ask], trouble(answer)]
    heads = (
        ("当事人", "Party"),
        ("环节", "Stage"),
        ("期限", "Due on"),
        ("提请", "Proposed on"),
        ("决定书", "Decision"),
    )
    found: list[Sequence[Node]] = [
        (
            a(href=f"/listings/{row['listing_id']}")[row["name"] or row["listing_id"]],
            [zh(w.STAGE, row["stage"]), " ", small(lang="en")[en(w.STAGE, row["stage"])]],
            day(row["due_on"]),
            day(row["proposed_on"]),
            row["document_number"] or "—",
        )
        for row in answer.items
    ]
    return [section[ask], section[rows(heads, found), further("/listings", asked, answer)]]


def annulled(row: Mapping[str, Any]) -> Node:
    """That its decision was annulled, and by when it has to go; aloud where that day has passed."""
    if not row["remove_by"] or row["stage"] in w.LISTING_OVER:
        return None
    said = f"列入所依据的决定已被撤销（{row['annulment_reference']}），应于 {row['remove_by']} 前移出。"
    late = b["已逾期！ Overdue! "] if row["overdue_on"] else None
    told = f" Its decision was annulled; to be removed by {row['remove_by']}."
    return section(".card.bad", role="alert")[p[late, said, small(lang="en")[told]]]


def listing(row: Mapping[str, Any], actions: Answer, timeline: Answer, papers: Answer) -> Node:
    """One case: what it says, what may be done, what happened."""
    statements = "；".join(f"{one['received_on']} {one['statement']}" for one in row["statements"])
    return [
        section[
            dl(".wide")[
                fact("环节", "Stage", [b[zh(w.STAGE, row["stage"])], " ", small[en(w.STAGE, row["stage"])]]),
                fact("期限", "Due on", day(row["due_on"])),
                fact("失信等级", "Grade", row["grade"]),
                fact("主管部门", "Department", zh(DEPARTMENT, row["department"])),
                fact("事实", "Facts", row["facts"]),
                fact("依据", "Legal basis", row["legal_basis_reference"]),
                fact("法制审核意见", "Legal opinion", row["opinion"] or "—"),
                fact("陈述申辩", "Statements", statements or "—"),
                fact("决定书", "Decision", row["document_number"] or "—"),
                fact("公示期满", "Ends on", day(row["ends_on"])),
            ]
        ],
        annulled(row),
        available("listing", row["listing_id"], actions, {"propose-listing": row}),
        documents("listing", row["listing_id"], papers),
        happenings(timeline, f"/listings/{row['listing_id']}", {}),
    ]


def kept_aside(asked: Mapping[str, str], answer: Answer, refused: Node = None) -> Node:
    """Rows that wait: what was written, what is wrong with it, and the three ways out."""
    ask = question("/kept-aside", chosen("状态", "State", "state", w.ROW, asked["state"]))
    if not answer.is_there:
        return [refused, section[ask], trouble(answer)]
    none = section[p(".soft")["没有待补正的行。 No row waits."]]
    return [
        refused,
        section[ask],
        [_row(row) for row in answer.items] or none,
        further("/kept-aside", asked, answer),
    ]


def _row(row: Mapping[str, Any]) -> Element:
    title = row["cells"].get("name") or f"第 {row['row']} 行"
    problems = [
        p(".bad")[one["sentence_zh"], " ", small(lang="en")[one["sentence"]], " ", b[one["remedy_zh"]], " ", small(
            lang="en"
        )[one["remedy"]]]
        for one in row["problems"]
    ]  # fmt: skip
    return section[
        div(".row")[h2[title], small[f"{row['file_name']} · {row['sheet']} · 第 {row['row']} 行 row"]],
        problems,
        dl[(_cell(name, text) for name, text in row["cells"].items() if text)],
        _ways_out(row) if row["state"] == "waiting" else p[zh(w.ROW, row["state"]), " ", row["reason"]],
    ]


def _cell(name: str, text: str) -> Node:
    zh_words, en_words = w.CELL.get(name, (name, ""))
    return fact(zh_words, en_words, text)


def _ways_out(row: Mapping[str, Any]) -> Node:
    id, wrong = row["row_id"], dict.fromkeys(one["field"] for one in row["problems"] if one["field"])
    return div(".acts")[
        details[
            summary[both("更正后采纳", "Mend and take")],
            form(method="post", action=f"/kept-aside/{id}/mending")[
                div(".fields")[
                    (
                        label[
                            both(*w.CELL.get(name, (name, name))),
                            input(name=f"field.{name}", value=row["cells"].get(name, ""), maxlength="500"),
                        ]
                        for name in wrong or row["cells"]
                    ),
                    label[both("理由", "Reason"), input(name="reason", required=True, maxlength="500")],
                ],
                label(".check")[
                    input(type="checkbox", name="prevails", value="true"),
                    both("以本行为准，登记信息有误", "The row is right and the register wrong"),
                ],
                button(type="submit")[both("更正", "Mend")],
            ],
        ],
        form(method="post", action=f"/kept-aside/{id}/retry")[button(type="submit")[both("重试", "Retry")]],
        reason_form(f"/kept-aside/{id}/dismissal", {}, ("不予导入", "Dismiss")),
    ]
