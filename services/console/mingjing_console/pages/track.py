"""One complaint being handled 投诉办理: its clocks, what was said, both sides, what happened, what may be done now.

One rule: nothing is judged here; what may be done, until when and why not the service says.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from htpy import (
    Node,
    a,
    b,
    button,
    details,
    div,
    dl,
    fieldset,
    form,
    h2,
    input,
    li,
    ol,
    p,
    section,
    small,
    span,
    summary,
    ul,
)

from mingjing_console.acting import KEY
from mingjing_console.deeds import Deed, one_of, text
from mingjing_console.deeds_tracks import ALIKE
from mingjing_console.gateway import Answer
from mingjing_console.inspection_words import MATTER
from mingjing_console.pages.deed_forms import asking, available, sent_to
from mingjing_console.pages.findings import department, fact
from mingjing_console.pages.shell import both, day, tag, yuan
from mingjing_console.pages.track_timeline import slug, timeline
from mingjing_console.pages.tracks import PATH, due, lateness, marks, stage
from mingjing_console.track_words import (
    CLOCK,
    IDENTITY,
    LAW,
    LIKENESS,
    ORDER_KIND,
    OUTCOME,
    PURPOSE,
    SAID,
    SATISFACTION,
    SIDE,
    SPOKEN,
    WHERE_FROM,
)
from mingjing_console.words import TRACK, zh
from mingjing_kernel.identifiers import new_id

GONE: Final = (
    "已办理。该件现由其他部门承办，不在您的查看范围内。",
    "Done. Another department has it now; it is not within your reach any more.",
)
OPENING: Final = Deed(
    path="/complainant",
    asks=(
        one_of("purpose", "查看目的", "Purpose", PURPOSE),
        text("explanation", "办理的案件和用途", "Which case, and what for", "long"),
    ),
)
HANDING: Final = Deed(
    path="", asks=(text("reason", "怎样核实了是本人（拨打了哪里登记的电话）", "How you know that it is she", "long"),)
)
OPENED: Final = ("联系投诉人", "Call the complainant")
HANDED: Final = ("新的查询码", "A new secret")
REPLIES: Final[Mapping[str, str]] = {
    "accept-dispute": "told",
    "refuse-dispute": "told",
    "extend-track": "told",
    "notify-complainant": "text",
    "inform-reporter": "text",
    "reply-order": "text",
}
"""Into which field of each form its template goes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What the services said about one track."""

    may: Answer
    message: Answer
    timeline: Answer
    suggestion: Answer
    texts: Answer
    siblings: Answer
    contract: Answer
    now: str


def one(row: Mapping[str, Any], seen: Seen) -> Node:
    """The whole page."""
    return [
        section[
            div(".row")[span[tag("", zh(TRACK, row["track"])), " ", stage(row), marks(row)], _siblings(row, seen)],
            p[b[_title(seen)]],
            _clocks(row, seen.now),
        ],
        div(".split.even")[
            _message(seen.message), section[h2[both("基本信息", "Particulars")], _particulars(row, seen)]
        ],
        _statements(seen.timeline),
        available("complaint-track", row["track_id"], _without_likeness(seen.may), _begin(row, seen)),
        _contact(row, seen.message),
        timeline(seen.timeline, _numbers(row, seen)),
    ]


def message(answer: Answer) -> Node:
    """What was said, and what its citizen added."""
    return _message(answer)


def contact(track_id: str, number: str, found: Mapping[str, Any]) -> Node:
    """Who complained, as it was opened; what was masked in her words stands as she said it."""
    return [
        section[
            h2[both("投诉人联系方式", "Whom to call")],
            dl[
                fact("编号", "Number", number),
                fact("姓名", "Name", found["name"]),
                fact("电话", "Telephone", a(href=f"tel:{found['phone']}")[found["phone"]] if found["phone"] else ""),
                [fact(SAID.get(name, name), "As said", words) for name, words in found["words"].items()],
            ],
            p(".soft")["本次查看已记录在案。不得向被反映方透露。 This look is on record; not for the respondent."],
        ],
        p[a(href=f"{PATH}/{track_id}")[both("返回，登记回访结果", "Back, to write down the call-back")]],
    ]


def secret(track_id: str, found: Mapping[str, Any]) -> Node:
    """The secret, once."""
    told = found["secret"] or "已交付过，不再显示。如未记下，请重新交付。 Shown before."
    return [
        section[
            p["请读给投诉人，只显示这一次；以前的查询码从现在起无效。 Read it to her; it is shown once."],
            dl[fact("编号", "Number", found["number"]), fact("查询码", "Secret", b[told])],
            p(".soft")["投诉人在“查看进度”页凭编号和查询码查询、补充、答复回访、申请重新办理。"],
        ],
        p[a(href=f"{PATH}/{track_id}")[both("返回", "Back")]],
    ]


def _title(seen: Seen) -> str:
    return str(seen.message.body["title"] or "（无标题）") if seen.message.is_there else ""


def _siblings(row: Mapping[str, Any], seen: Seen) -> Node:
    """The other tracks of the same message."""
    others = [one for one in seen.siblings.items if one["track_id"] != row["track_id"]]
    if not others:
        return None
    return span[
        "同一诉求另有：", [[a(href=f"{PATH}/{one['track_id']}")[zh(TRACK, one["track"])], " "] for one in others]
    ]


def _clocks(row: Mapping[str, Any], now: str) -> Node:
    if not row["clocks"]:
        return p(".soft")[due(row, now), " · 没有正在计时的环节。 No clock runs."]
    running = sorted(row["clocks"].items(), key=lambda one: str(one[1]))
    return ul(".plain")[
        (
            li[
                zh(CLOCK, clock), "，最迟 ", b[day(end)], " ",
                lateness(end, now, row["is_reminded"] and clock == row["due_clock"]),
            ]
            for clock, end in running
        )
    ]  # fmt: skip


def _message(answer: Answer) -> Node:
    title = h2[both("诉求内容", "What was said")]
    if not answer.is_there:
        return section[title, p(".soft")["内容暂时查不到。 Not available."]]
    said = answer.body
    return section[
        title,
        p(".echo")[said["text"]],
        dl[
            fact("被反映方", "Respondent", said["respondent"]),
            fact("地点", "Place", said["place"]),
            fact("涉及金额", "Claimed", yuan(said["claimed_fen"]) if said["claimed_fen"] else ""),
            fact("紧急用词", "Urgent words", "、".join(said["urgent_words"])),
            fact(
                "身份方式", "Identity", zh(IDENTITY, said["identity"] or ("ANONYMOUS" if said["is_anonymous"] else ""))
            ),
        ],
        _spoken(said["said"] or ()),
    ]


def _spoken(said: Sequence[Mapping[str, Any]]) -> Node:
    if not said:
        return None
    return [
        h2[both("诉求人后来说的", "Said since")],
        ol(".time")[(li[p[b[zh(SPOKEN, one["what"])], " ", small[day(one["at"])]], _words(one)] for one in said)],
    ]


def _words(one: Mapping[str, Any]) -> Node:
    if one["what"] == "photo":
        return p(".soft")["照片已存证。 A photo, kept as evidence."]
    return p(".echo")[one["text"]] if one["text"] else None


def _particulars(row: Mapping[str, Any], seen: Seen) -> Node:
    said = seen.suggestion.body if seen.suggestion.is_there else {}
    why = a(href=f"{PATH}/{row['track_id']}/suggestions")["为何这样建议 Why"]
    institution = row["institution_id"]
    return dl[
        fact("编号", "Number", row["number"]),
        fact("渠道", "Channel", zh(WHERE_FROM, row["channel"])),
        fact("受理时间", "Received", day(row["received_at"])),
        fact("机构", "Institution", _institution(institution)),
        fact("事项", "Matter", zh(MATTER, row["matter"]) if row["matter"] else ""),
        fact("工单类别", "Kind", zh(ORDER_KIND, row["order_kind"])) if row["order_kind"] else None,
        fact("主管部门", "File of", department(row["department"])),
        fact("承办部门", "Handled by", department(row["handler_department"])),
        fact("转办建议", "Suggested", [department(said["department"]), " ", why]) if said else None,
        fact("建议依据", "Legal basis", said.get("legal_basis", "")) if said else None,
        fact("无人承办上报至", "Escalated to", department(row["escalated_to"])) if row["escalated_to"] else None,
        fact("退回", "Returned", f"{row['returns']} 次，建议 {department(row['suggested_department'])}")
        if row["returns"]
        else None,
        fact("超期", "Overdue", f"{row['supervised']} 次") if row["supervised"] else None,
        fact("适用办法", "Law", zh(LAW, row["law"])),
        fact("暂停放款", "Frozen", _contract(row["contract_id"], seen.contract)) if row["contract_id"] else None,
        fact("约定退费", "Refund", yuan(row["refund_fen"])) if row["refund_fen"] else None,
        fact("经办人", "Handled by whom", row["handled_by"]),
        fact("满意度", "Satisfaction", zh(SATISFACTION, row["satisfaction"])) if row["satisfaction"] else None,
        fact("结果", "Outcome", zh(OUTCOME, row["outcome"])) if row["outcome"] else None,
        _documents(row),
        _related(row),
    ]


def _number_of(contract: Answer) -> str:
    """As it is printed; empty where it is not known here."""
    return str(contract.body["contract_no"]) if contract.is_there else ""


def _numbers(row: Mapping[str, Any], seen: Seen) -> dict[str, str]:
    number = _number_of(seen.contract)
    return {row["contract_id"]: number} if number else {}


def _contract(contract_id: str, named: Answer) -> Node:
    """As a person knows it: number, course, institution."""
    frozen = tag("warn", "放款已暂停", "Release frozen")
    if not named.is_there:
        return [f"合同 {contract_id} ", frozen]
    known = named.body
    link = a(href=f"/contracts/{contract_id}")[f"合同 {known['contract_no']}"]
    return [link, f" {known['course']} · {known['institution_name']} ", frozen]


def _institution(institution: str | None) -> Node:
    if not institution:
        return tag("warn", "待认定", "Open")
    return [
        a(href=f"/institutions/{institution}")["查看机构"], " · ",
        a(href=f"/complaint-groups?institution_id={institution}")["群体投诉"], " · ",
        a(href=f"{PATH}?view=open&institution_id={institution}")["全部投诉"],
    ]  # fmt: skip


def _documents(row: Mapping[str, Any]) -> Node:
    if row["outcome"] != "AGREED" and row["stage"] != "AGREED":
        return None
    return fact("文书", "Document", a(href=f"{PATH}/{row['track_id']}/agreement")["调解书 Agreement (PDF)"])


def _related(row: Mapping[str, Any]) -> Node:
    into = row["merged_into"]
    return [
        fact("已并入", "Merged into", a(href=f"{PATH}/{into}")["查看主件 Main one"]) if into else None,
        [
            fact("关联", "Linked", a(href=f"{PATH}/{one['other']}")[zh(LIKENESS, one["likeness"])])
            for one in row["links"]
        ],
        fact("疑似重复", "Alike", a(href=f"{PATH}/{row['track_id']}/alike")["查找并对照 Look side by side"]),
    ]


def _without_likeness(may: Answer) -> Answer:
    """Linking and merging are done where both stand side by side, and nowhere by typing an id."""
    if not may.is_there:
        return may
    return Answer(may.status, {**may.body, "actions": [one for one in may.body["actions"] if one["act"] not in ALIKE]})


def _statements(told: Answer) -> Node:
    """Both sides beside each other."""
    if not told.is_there:
        return None
    taken = [one for one in told.body["items"] if slug(one) == "statement-taken"]
    if not taken:
        return None
    return div(".split.even")[
        (
            section[
                h2[f"{zh_}陈述 ", small(lang="en")[en]],
                [
                    p(".echo")[small[day(one["at"])], " ", one["said"]["text"]]
                    for one in taken
                    if one["said"]["side"] == side
                ]
                or p(".soft")["尚未记录。 None yet."],
            ]
            for side, (zh_, en) in SIDE.items()
        )
    ]


def _begin(row: Mapping[str, Any], seen: Seen) -> dict[str, Mapping[str, Any]]:
    """What the forms begin with: the template of each reply, and the matter that is known."""
    texts = seen.texts.body["items"] if seen.texts.is_there else ()
    found: dict[str, Mapping[str, Any]] = {
        one["step"]: {REPLIES[one["step"]]: one["text"]} for one in texts if one["step"] in REPLIES
    }
    if row["matter"]:
        found["route-track"] = {"matter": row["matter"]}
    if row["contract_id"]:
        found["ask-ledger-extract"] = {"contract_id": _number_of(seen.contract) or row["contract_id"]}
    return found


def _contact(row: Mapping[str, Any], message: Answer) -> Node:
    """Whom to call: for a purpose on record."""
    title = h2[both("联系投诉人", "Call the complainant")]
    if message.is_there and message.body["is_anonymous"]:
        return section[title, p(".soft")["匿名，没有联系方式。 Anonymous."]]
    return section[
        title,
        details[
            summary[both("查看姓名和电话", "Open name and telephone")],
            p(".soft")["先写明用途，再查看；每次查看都记录在案，本人可以知道。 Each look is on record."],
            form(method="post", action=f"{PATH}/{row['track_id']}/complainant")[
                input(type="hidden", name=KEY, value=str(new_id())),
                fieldset[(asking(one) for one in OPENING.asks)],
                button(type="submit")[both("查看", "Open")],
            ],
        ],
        details[
            summary[both("交付新的查询码（导入的投诉，或查询码遗失）", "Hand a secret")],
            p(".soft")["先拨打登记的电话核实本人；交付后原查询码失效。 Call her first; the old one ends."],
            sent_to(f"{PATH}/{row['track_id']}/secret", HANDING, ("交付查询码", "Hand it")),
        ],
    ]
