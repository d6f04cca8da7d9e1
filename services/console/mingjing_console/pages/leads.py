"""Leads about teaching without a licence (无证培训线索): the list with what hangs together, and one with its triage.

One rule: every tie of a cluster says in words what it stands on; persons stand in masks, and nobody is opened here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from htpy import Node, a, code, dd, details, div, dl, dt, h2, li, ol, p, section, small, summary, ul

from mingjing_console.asking import Asked
from mingjing_console.deeds import Deed, text, yes
from mingjing_console.gateway import Answer
from mingjing_console.pages.deed_forms import EMPTY, Filled, refusal, sent_to
from mingjing_console.pages.finding import chosen, further, question, rows, typed
from mingjing_console.pages.lead_parts import others, price_of, standing_of, time_of
from mingjing_console.pages.lookup import trouble
from mingjing_console.pages.shell import both, day, tag
from mingjing_console.words import Words, zh

TITLE: Final = ("无证培训线索", "Leads about teaching without a licence")
PATH: Final = "/leads"
CLUSTERS_MAX: Final = 30
TIES_MAX: Final = 20
STAGE: Words = MappingProxyType(
    {
        "OPEN": ("待核查", "Open"),
        "VERIFYING": ("核查中", "Being verified"),
        "CASE_PROPOSED": ("建议立案", "Case proposed"),
        "NOT_SUBSTANTIATED": ("查无实据", "Nothing found"),
    }
)
ORIGIN: Words = MappingProxyType(
    {
        "FIELD": ("巡查发现", "An officer"),
        "OPERATOR": ("来电来访", "An operator"),
        "COMPLAINT": ("投诉举报", "A complaint"),
        "CHILDCARE": ("托管名义（C13）", "Childcare as cover"),
        "VETO": ("一票否决项", "A hazard"),
        "REPORT_VERIFIED": ("举报核查属实", "A verified report"),
        "RECTIFICATION_FAILED": ("整改未到位", "A failed rectification"),
    }
)
VENUE: Words = MappingProxyType(
    {
        "UNKNOWN": ("不详", "Unknown"),
        "HOME": ("居民住宅", "Home"),
        "HOTEL": ("酒店宾馆", "Hotel"),
        "CAFE": ("咖啡厅等", "Café"),
        "OFFICE": ("写字楼", "Office"),
        "SHOP": ("临街商铺", "Shop"),
        "DEDICATED": ("专门培训场所", "Dedicated place"),
        "ONLINE": ("线上", "Online"),
    }
)
COVER: Words = MappingProxyType(
    {
        "NONE": ("无名目", "None"),
        "CONSULTING": ("咨询", "Consulting"),
        "CULTURE": ("文化传播", "Culture"),
        "HOUSEKEEPING": ("家政服务", "Housekeeping"),
        "LIVE_IN_TUTOR": ("住家教师", "Live-in tutor"),
        "SHARED_TUTOR": ("众筹私教", "Shared tutor"),
        "STUDY_TOUR": ("研学", "Study tour"),
        "CAMP": ("冬夏令营", "Camp"),
        "CHILDCARE": ("托管", "Childcare"),
        "MESSAGING": ("即时通讯、直播", "Messaging"),
    }
)
VERDICT: Words = MappingProxyType(
    {
        "NOT_ESTABLISHED": ("尚不能认定", "Not established"),
        "O1": ("O1 擅自举办校外培训机构", "O1 unlicensed institution"),
        "O2": ("O2 变相开展学科类培训", "O2 disguised training"),
    }
)
ANSWER: Words = MappingProxyType({"YES": ("是", "Yes"), "NO": ("否", "No"), "UNKNOWN": ("不详", "Unknown")})
STEP: Words = MappingProxyType(
    {
        "opened": ("自动登记", "Opened by a reaction"),
        "reported": ("上报", "Reported"),
        "seen-again": ("补充", "Seen again"),
        "verification-started": ("开始核查", "Verification begun"),
        "premises-found": ("认定无证场所", "Premises found"),
        "triage-answered": ("研判答题", "Triage answered"),
        "triage-confirmed": ("研判确认", "Triage confirmed"),
        "registry-told": ("已告知登记服务", "Registry told"),
        "registry-told-otherwise": ("已撤回告知", "Registry told otherwise"),
        "concluded": ("办结", "Concluded"),
        "escalated": ("逾期未认领，已上报", "Nobody took it on in time; escalated"),
        "other-report-kept": ("同号异文，已保留", "Another report under its number, kept"),
        "other-report-settled": ("同号异文，已处理", "The other report, decided on"),
    }
)
_QUESTION: Words = MappingProxyType(
    {
        "DEDICATED_PLACE": ("专门场所或特定网站、应用程序", "A dedicated place, website or app"),
        "TWO_STAFF": ("2名以上从业人员", "Two staff or more"),
        "ORGANIZED": ("组织机构和分工", "Organization and division of work"),
        "PUPILS": ("面向学龄前儿童、中小学生", "Pupils"),
        "PAID": ("收费", "Paid"),
        "SUBJECT": ("学科类", "Subject training"),
        "BY_MESSAGING": ("即时通讯、直播", "By messaging or live stream"),
        "FEW_AT_PLACES": ("居民楼、酒店、咖啡厅一对一、一对多", "One to one or few, at homes, hotels, cafés"),
        "UNDER_NAME": ("以咨询、家政、研学、托管等名义", "Under another name"),
    }
)
_HEADS: Final = (
    ("时间", "When"),
    ("线索", "Lead"),
    ("地址", "Address"),
    ("网格", "Grid"),
    ("来源", "Origin"),
    ("状态", "Stage"),
)
_NOTE: Final = text("note", "说明", "Note", "long")
_REASON: Final = text("reason", "理由", "Reason")
_OTHER: Final = text("other", "另一条线索编号", "The other lead")


def _one_of(name: str, zh: str, en: str, words: Words) -> Asked:
    return Asked(name=name, zh=zh, en=en, kind="one-of", words=words)


DEEDS: Mapping[str, tuple[str, str, Deed]] = MappingProxyType(
    {
        "verification": ("verify-lead", "POST", Deed(path="/leads/{id}/verification")),
        "premises-found": ("find-premises", "POST", Deed(path="/leads/{id}/premises-found", asks=(_NOTE,))),
        "answer": (
            "answer-triage",
            "POST",
            Deed(
                path="/leads/{id}/triage/answers",
                asks=(
                    _one_of("question", "问题", "Question", _QUESTION),
                    _one_of("answer", "答案", "Answer", ANSWER),
                    Asked(
                        name="evidence", zh="照片 SHA-256（每行一个）", en="Photos, one a line", kind="lines",
                        required=False,
                    ),
                    text("note", "依据", "What it is founded on", "long", required=False),
                ),
            ),
        ),
        "confirmation": (
            "confirm-triage",
            "POST",
            Deed(
                path="/leads/{id}/triage/confirmation",
                asks=(
                    _one_of("verdict", "结论", "Verdict", VERDICT),
                    text("note", "说明", "Note", "long", required=False),
                ),
            ),
        ),
        "conclusion": (
            "conclude-lead",
            "POST",
            Deed(path="/leads/{id}/conclusion", asks=(yes("is_case_proposed", "建议立案", "Propose a case"), _NOTE)),
        ),
        "other": (
            "settle-other-lead-report",
            "POST",
            Deed(
                path="/leads/{id}/others/{number}/decision",
                asks=(
                    text("number", "第几份同号异文", "Which other report"),
                    yes("is_taken", "采纳为补充情况", "It counts, as seen again"),
                    text("reason", "理由", "Reason", "long"),
                ),
            ),
        ),
        "link": ("", "PUT", Deed(path="/leads/{id}/links/{other}", asks=(_OTHER, _REASON))),
        "parting": ("", "POST", Deed(path="/leads/{id}/links/{other}/parting", asks=(_OTHER, _REASON))),
    }
)  # fmt: skip
"""By the last word of a form's address: the act that inspection calls it, how it is sent, and what it asks."""
NAMES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "verification": ("开始核查", "Begin to verify"),
        "premises-found": ("认定无证办学场所", "Somebody teaches there"),
        "answer": ("填写研判", "Answer a question"),
        "confirmation": ("确认研判结论", "Confirm the verdict"),
        "conclusion": ("线索办结", "Conclude"),
        "other": ("处理同号异文", "Decide on another report"),
        "link": ("关联线索", "Link"),
        "parting": ("取消关联", "Part"),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What inspection said of one lead."""

    lead: Answer
    triage: Answer
    cluster: Answer
    timeline: Answer
    actions: Answer


def leads(asked: Mapping[str, str], found: Answer, clusters: Answer) -> Node:
    """The list, and above it what hangs together."""
    ask = section[
        question(
            PATH,
            chosen("状态", "Stage", "stage", STAGE, asked["stage"]),
            chosen("来源", "Origin", "origin", ORIGIN, asked["origin"]),
            chosen("名目", "Cover", "cover", COVER, asked["cover"]),
            typed("网格编码开头", "Beginning of the grid's code", "region", asked["region"]),
            typed("截至（日期）", "As of", "as_of", asked["as_of"], "date"),
        )
    ]
    if not found.is_there:
        return [ask, trouble(found)]
    table = [
        (
            day(one["opened_at"]),
            a(href=f"{PATH}/{one['lead_id']}")[one["summary"][:60]],
            one["address"],
            code[one["region"]],
            both(*ORIGIN[one["origin"]]),
            _stage(one["stage"]),
        )
        for one in found.items
    ]
    return [
        ask,
        _clusters(clusters),
        section[h2[both("线索", "Leads")], rows(_HEADS, table), further(PATH, asked, found)],
    ]


def one_lead(id: str, seen: Seen, why: tuple[str, str] = ("", ""), form: tuple[str, Filled] = ("", EMPTY)) -> Node:
    """Where, when, who in masks; the triage, what hangs together with it, what happened, and what may be done."""
    if not seen.lead.is_there:
        return trouble(seen.lead)
    lead = seen.lead.body
    return [
        refusal(why),
        section[
            h2[_stage(lead["stage"]), " ", lead["address"] or code[lead["region"]]],
            p[lead["summary"]],
            dl[
                dt["网格", small["Grid"]],
                dd[code[lead["region"]]],
                dt["来源", small["Origin"]],
                dd[both(*ORIGIN[lead["origin"]])],
                [dt["场所", small["Place"]], dd[both(*VENUE[lead["venue"]])]] if lead["venue"] else None,
                [dt["名目", small["Cover"]], dd[both(*COVER[lead["cover"]])]] if lead["cover"] else None,
                [dt["时段", small["Times"]], dd["；".join(map(time_of, lead["times"]))]] if lead["times"] else None,
                [dt["价格", small["Prices"]], dd["；".join(map(price_of, lead["prices"]))]] if lead["prices"] else None,
                [dt["人员", small["Persons"]], dd[[_person(one) for one in lead["persons"]]]]
                if lead["persons"]
                else None,
                standing_of(lead),
                [dt["照片", small["Photos"]], dd[ul(".plain")[(li[code[one]] for one in lead["photos"])]]]
                if lead["photos"]
                else None,
            ],
        ],
        others(lead["others"]),
        _triage(seen.triage),
        _forms(id, seen.actions, *form),
        _clusters(seen.cluster),
        _timeline(seen.timeline),
    ]


def _stage(stage: str) -> Node:
    kind = {"CASE_PROPOSED": "bad", "NOT_SUBSTANTIATED": "good"}.get(stage, "warn")
    return tag(kind, *STAGE[stage])


def _person(one: Mapping[str, Any]) -> Node:
    return div[one["person"], " ", small[" ".join(one["masked"].values())]]


def _triage(answer: Answer) -> Node:
    if not answer.is_there:
        return None
    said = answer.body
    missing = "、".join(zh(_QUESTION, one) for one in said["missing_o1"])
    heads = (("问题", "Question"), ("答案", "Answer"), ("依据", "Founded on"), ("填写人", "By"))
    table = [(one["zh"], both(*ANSWER[one["answer"]]), _founded(one), one["by"]) for one in said["questions"]]
    confirmed = tag("bad", "已确认", "confirmed") if said["confirmed"] else tag("warn", "待确认", "to be confirmed")
    return section[
        h2[both("O1/O2 研判", "Triage"), " ", both(*VERDICT[said["verdict"]]), " ", confirmed],
        p[f"认定 O1 尚缺：{missing}。 ", small(lang="en")["What O1 still lacks."]] if missing else None,
        rows(heads, table),
    ]


def _founded(one: Mapping[str, Any]) -> str:
    photos = f"照片 {len(one['evidence'])} 张 " if one["evidence"] else ""
    return f"{photos}{one['note']}"


def _forms(id: str, actions: Answer, deed: str, filled: Filled) -> Node:
    """A form for each act that the service lets the visitor do; the two of links are for whoever may link."""
    if not actions.is_there:
        return None
    may = {one["act"] for one in actions.body["actions"] if one["available"]}
    names = [name for name, (act, _, _) in DEEDS.items() if act in may or (not act and "answer-triage" in may)]
    heading = h2[both("可办事项", "What you may do now")]
    if not names:
        return section[heading, p(".soft")["目前没有可办的事项。 Nothing at present."]]
    return section(".acts")[
        heading,
        [
            details(open=name == deed)[
                summary[both(*NAMES[name])],
                sent_to(f"{PATH}/{id}/{name}", asked_of(name), NAMES[name], filled if name == deed else EMPTY),
            ]
            for name in names
        ],
    ]


def asked_of(name: str) -> Deed:
    """What the form of a deed asks."""
    return DEEDS[name][2]


def _clusters(answer: Answer) -> Node:
    heading = h2[both("同一场所、同一电话的线索", "What hangs together")]
    if not answer.is_there:
        return section[heading, trouble(answer)]
    found: Sequence[Mapping[str, Any]] = answer.body["items"]
    if not found:
        return section[heading, p(".soft")["没有相互关联的线索。 Nothing hangs together."]]
    left = (
        p(".warn")["线索过多，只比对了一部分。 Too many leads; some were left out."]
        if answer.body["left_out"]
        else None
    )
    return section[heading, left, [_cluster(one) for one in found[:CLUSTERS_MAX]]]


def _cluster(one: Mapping[str, Any]) -> Node:
    named = {lead["lead_id"]: lead for lead in one["leads"]}
    return details[
        summary[f"{len(named)} 条 ", small(lang="en")["leads "], one["leads"][0]["address"]],
        ul(".plain")[
            (
                li[_stage(lead["stage"]), " ", a(href=f"{PATH}/{id}")[lead["address"] or lead["summary"][:40]]]
                for id, lead in named.items()
            )
        ],
        ul[
            (
                li[_short(named[tie["first"]]), " — ", _short(named[tie["second"]]), "：", tie["zh"], " ",
                   small(lang="en")[tie["en"]]]
                for tie in one["ties"][:TIES_MAX]
            )
        ],
    ]  # fmt: skip


def _short(lead: Mapping[str, Any]) -> str:
    return str(lead["address"] or lead["summary"])[:24]


def _timeline(answer: Answer) -> Node:
    if not answer.is_there:
        return None
    return section[
        h2[both("时间线", "What happened")],
        ol[
            (
                li[
                    day(one["happened_at"]),
                    " ",
                    both(*STEP[one["step"]]),
                    f" {one['by']} ",
                    one["value"],
                    " ",
                    one["note"],
                ]
                for one in answer.body["steps"]
            )
        ],
    ]
