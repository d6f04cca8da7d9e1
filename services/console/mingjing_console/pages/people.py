"""Staff, filings, findings, teaching sites and after-school providers: a list of each, and one of them with its deeds.

One rule: of a person a mask is shown, as the registry gives it; who she is, is opened elsewhere, with a purpose.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any
from urllib.parse import urlencode

from htpy import Node, a, b, code, dl, p, section, small

from mingjing_console import people_words as w
from mingjing_console.gateway import Answer
from mingjing_console.office_words import SITE
from mingjing_console.pages.deed_forms import available
from mingjing_console.pages.finding import chosen, further, question, rows, typed
from mingjing_console.pages.lookup import trouble
from mingjing_console.pages.shell import both, day, tag
from mingjing_console.pages.standing import fact, happenings
from mingjing_console.words import Words, en, zh

Row = Mapping[str, Any]
Named = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """One kind of thing: how it is asked for, what a line of its list shows, and what its own page does."""

    noun: str
    title: Named
    path: str
    """Here and in the registry."""
    id: str
    """The column that names one; the registry's list takes it as a filter."""
    filters: Mapping[str, tuple[Named, Words]]
    heads: Sequence[Named]
    cells: Callable[[Row], Sequence[Node]]
    facts: Callable[[Row], Node]
    begin: Mapping[str, Named]
    """The forms with which one begins."""
    has_timeline: bool = False


def listed(kept: Kept, asked: Mapping[str, str], answer: Answer) -> Node:
    """A list with its filters, and the way to each."""
    fields = [chosen(*words, name, choice, asked[name]) for name, (words, choice) in kept.filters.items()]
    whose = typed("机构编号", "Id of the institution", "institution_id", asked["institution_id"])
    ask = [
        question(kept.path, whose, *fields, typed("截至日期", "As of", "as_of", asked["as_of"], "date")),
        p[[(a(href=_begun(name, asked))[both(*words)], " ") for name, words in kept.begin.items()]],
    ]
    if not answer.is_there:
        return [section[ask], trouble(answer)]
    found: list[Sequence[Node]] = [kept.cells(row) for row in answer.items]
    return [section[ask], section[rows(kept.heads, found), further(kept.path, asked, answer)]]


def one(kept: Kept, row: Row, actions: Answer, timeline: Answer | None) -> Node:
    """One of them: what is on record, what may be done, what happened."""
    path = f"{kept.path}/{row[kept.id]}"
    return [
        section[dl(".wide")[kept.facts(row)]],
        available(kept.noun, row[kept.id], actions),
        happenings(timeline, path, {}) if timeline else None,
        p[a(href=kept.path)[both("返回清单", "Back to the list")]],
    ]


def of_institution(institution_id: str) -> Node:
    """The way from an institution to what is kept about it."""
    query = f"institution_id={institution_id}"
    ways = [a(href=f"{kept.path}?{query}")[both(*kept.title)] for kept in KEPT.values()]
    begun = [
        a(href=f"/begin/{name}?{query}")[both(*words)] for kept in KEPT.values() for name, words in kept.begin.items()
    ]
    return section[p[[(way, " · ") for way in ways]], p[[(way, " · ") for way in begun]]]


def _begun(name: str, asked: Mapping[str, str]) -> str:
    whose = asked["institution_id"]
    return f"/begin/{name}" + (f"?{urlencode({'institution_id': whose})}" if whose else "")


def _said(words: Words, value: str) -> Node:
    return [zh(words, value), " ", small(lang="en")[en(words, value)]] if value in words else (value or "—")


def _whose(row: Row) -> Node:
    name = row.get("institution_name") or "机构 Institution"
    return a(href=f"/institutions/{row['institution_id']}")[name]


def _doubts(row: Row) -> Node:
    """What a list says of somebody: never more than that somebody has to look."""
    found = [
        (row["bar_entry_id"], "bad", "列入从业人员黑名单", "On the staff blacklist"),
        (row["likely_bar_entry_id"], "warn", "疑似黑名单人员，待判定", "Perhaps on the staff blacklist"),
        (row["suspected_school_id"], "warn", "疑似在职教师", "Perhaps a school's teacher"),
        (row["likely_school_id"], "warn", "与在职教师同名同龄，待判定", "A school's teacher of the same name and age"),
        (not row["is_proved"], "warn", "无资格证明", "No proof"),
    ]
    tags = [(tag(kind, *words), " ") for is_so, kind, *words in found if is_so]
    return tags or tag("good", "无异常", "In order")


def _member(row: Row) -> Sequence[Node]:
    name = row["name"] or "（已删除）"
    return (
        [a(href=f"/staff/{row['member_id']}")[name], "" if row["is_employed"] else [" ", tag("", "已离职", "Left")]],
        _whose(row),
        _said(w.WORK, row["work"]),
        row["certificate_number"] or "—",
        day(row["from_on"]),
        _doubts(row),
    )


def _member_facts(row: Row) -> Node:
    return [
        fact("姓名（隐去）", "Name, masked", row["name"] or "—"),
        fact("机构", "Institution", _whose(row)),
        fact("岗位", "Work", [_said(w.WORK, row["work"]), " 专职" if row["is_full_time"] else " 兼职"]),
        fact("任教学科类", "Curriculum subjects", "是 Yes" if row["is_subject"] else "否 No"),
        fact("资格", "Proof", [_said(w.PROOF, row["proof"]), " ", row["certificate_number"]]),
        fact(
            "科目、学段", "Subject and stage", f"{row['certificate_subject']} {row['certificate_stage']}".strip() or "—"
        ),
        fact("入职", "Began on", day(row["from_on"])),
        fact("离职", "Left on", day(row["left_on"])),
        fact("核查", "Checks", _doubts(row)),
        fact("黑名单事由", "Barred for", row["bar_reason"]) if row["bar_reason"] else None,
    ]


def _filing(row: Row) -> Sequence[Node]:
    return (
        a(href=f"/filings/{row['filing_id']}")[row["title"]],
        _whose(row),
        _said(w.FILING_KIND, row["kind"]),
        _said(w.FILING_STATE, row["state"]),
        day(row["filed_on"]),
    )


def _filing_facts(row: Row) -> Node:
    return [
        fact("名称", "Title", row["title"]),
        fact("机构", "Institution", _whose(row)),
        fact("类型", "Kind", _said(w.FILING_KIND, row["kind"])),
        fact("渠道", "Channel", _said(w.CHANNEL, row["channel"])),
        fact("学科类", "Curriculum subjects", "是 Yes" if row["is_subject"] else "否 No"),
        fact("状态", "State", _said(w.FILING_STATE, row["state"])),
        fact("意见", "Remark", row["words"] or "—"),
        fact("报备", "Filed", f"{day(row['filed_on'])} {row['filed_by']}"),
        fact("办结", "Settled", f"{day(row['settled_on'])} {row['settled_by']}"),
        fact("文件摘要", "SHA-256", code[row["evidence_sha256"]]),
    ]


def _breach(row: Row) -> Sequence[Node]:
    return (
        a(href=f"/breaches/{row['breach_id']}")[row["what"]],
        _whose(row),
        _said(w.BREACH_KIND, row["kind"]),
        _said(w.BREACH_STATE, row["state"]),
        day(row["seen_on"]),
    )


def _breach_facts(row: Row) -> Node:
    return [
        fact("情形", "What", row["what"]),
        fact("机构", "Institution", _whose(row)),
        fact("类型", "Kind", _said(w.BREACH_KIND, row["kind"])),
        fact("渠道", "Channel", _said(w.CHANNEL, row["channel"])),
        fact("发现", "Seen", f"{day(row['seen_on'])} {row['found_by']}"),
        fact("证据", "Evidence", row["evidence_reference"]),
        fact("状态", "State", _said(w.BREACH_STATE, row["state"])),
        fact("处理说明", "Remark", row["words"] or "—"),
        fact("办结", "Ended on", day(row["ended_on"])),
    ]


def _site(row: Row) -> Sequence[Node]:
    return (
        a(href=f"/sites/{row['site_id']}")[row["address"]],
        _whose(row),
        _said(SITE, row["state"]),
        f"{row['area_m2']} m²" if row["area_m2"] else "—",
        day(row["approved_on"]),
    )


def _site_facts(row: Row) -> Node:
    door = f"/s/{row['site_id']}"
    return [
        fact("地址", "Address", row["address"]),
        fact("机构", "Institution", _whose(row)),
        fact("状态", "State", _said(SITE, row["state"])),
        fact("网格", "Grid", code[row["grid_code"] or "—"]),
        fact("面积", "Area", f"{row['area_m2']} m²" if row["area_m2"] else "—"),
        fact("同时段最多人数", "Pupils of a session", str(row["students_max"] or "—")),
        fact("批准", "Approved on", day(row["approved_on"])),
        fact("停用", "Closed on", day(row["closed_on"])),
        fact("门牌页", "Page of its door", a(href=door)[door]) if row["state"] == "approved" else None,
    ]


def _provider(row: Row) -> Sequence[Node]:
    return (
        a(href=f"/providers/{row['institution_id']}")[row["institution_name"] or row["institution_id"]],
        "、".join(row["services"]),
        _said(w.PROVIDER_STATE, row["state"]),
        day(row["until_on"]),
        str(len(row["agreements"])),
        f"{row['points']} / 100",
    )


def _provider_facts(row: Row) -> Node:
    agreements = [
        p[f"学校 {one['school_id']}，{one['from_on']} 至 {one['until_on']} ", code[one["agreement_id"]]]
        for one in row["agreements"]
    ]
    deductions = [
        p[f"{zh(w.PART, one['part'])} −{one['points']}：{one['reason']}（{one['found_on']}）", code[one["entry_id"]]]
        for one in row["deductions"]
    ]
    evaluations = [
        p[
            b[f"{one['period']} {one['total']} 分 {zh(w.GRADE, one['grade'])}"],
            f"（{one['on']}，{one['policy_version']}）",
        ]
        for one in row["evaluations"]
    ]
    left = [_said(w.LEFT, row["left_ground"]), f" {day(row['left_on'])} {row['left_reason']}"]
    return [
        fact("机构", "Institution", _whose(row)),
        fact("服务项目", "Services", "、".join(row["services"])),
        fact("状态", "State", _said(w.PROVIDER_STATE, row["state"])),
        fact("遴选文件", "Decision", row["decision_reference"] or "—"),
        fact("期限", "Term", f"{day(row['from_on'])} 至 {day(row['until_on'])}"),
        fact("选用学校", "Schools that chose it", agreements or "—"),
        fact("本期考核", "Open evaluation", [b[f"{row['points']} / 100"], deductions]),
        fact("历次等次", "Evaluations", evaluations or "—"),
        fact("退出", "Left", left) if row["left_ground"] else None,
        _return_due(row),
        fact("已通知学校", "Schools told", "、".join(row["schools_told"])) if row["schools_told"] else None,
    ]


def _return_due(row: Row) -> Node:
    if not row["return_asked_on"]:
        return None
    said = f"黑名单已撤销或修复（{day(row['return_asked_on'])}），请决定是否恢复：重新推荐，或不予恢复。"
    return fact("是否恢复", "Put back?", [said, " ", small(lang="en")["Propose it anew, or decline."]])


_WHOSE: Named = ("机构", "Institution")
_STATE: Named = ("状态", "State")
KEPT: Mapping[str, Kept] = MappingProxyType(
    {
        "staff": Kept(
            noun="staff",
            title=("从业人员", "Staff"),
            path="/staff",
            id="member_id",
            filters=MappingProxyType(
                {
                    "is_employed": (("在职（不选即在职）", "Employed, unless chosen otherwise"), w.EMPLOYED),
                    "is_doubtful": (("核查", "Checks"), w.DOUBTFUL),
                }
            ),
            heads=(
                ("姓名", "Name"),
                _WHOSE,
                ("岗位", "Work"),
                ("证书", "Certificate"),
                ("入职", "From"),
                ("核查", "Checks"),
            ),
            cells=_member,
            facts=_member_facts,
            begin=MappingProxyType(
                {
                    "staff": ("登记从业人员", "Enrol somebody"),
                    "sessions": ("申报每班次学生数", "State the pupils of a session"),
                }
            ),
        ),
        "filings": Kept(
            noun="filing",
            title=("备案", "Filings"),
            path="/filings",
            id="filing_id",
            filters=MappingProxyType(
                {"kind": (("类型", "Kind"), w.FILING_KIND), "state": (_STATE, w.FILING_STATE)},
            ),
            heads=(("名称", "Title"), _WHOSE, ("类型", "Kind"), _STATE, ("报备", "Filed on")),
            cells=_filing,
            facts=_filing_facts,
            begin=MappingProxyType({"filing": ("报备", "File an item")}),
        ),
        "breaches": Kept(
            noun="breach",
            title=("违规发现", "Findings of breach"),
            path="/breaches",
            id="breach_id",
            filters=MappingProxyType(
                {"kind": (("类型", "Kind"), w.BREACH_KIND), "state": (_STATE, w.BREACH_STATE)},
            ),
            heads=(("情形", "What"), _WHOSE, ("类型", "Kind"), _STATE, ("发现", "Seen on")),
            cells=_breach,
            facts=_breach_facts,
            begin=MappingProxyType({"breach": ("登记违规发现", "Record a finding")}),
        ),
        "sites": Kept(
            noun="site",
            title=("教学点", "Teaching sites"),
            path="/sites",
            id="site_id",
            filters=MappingProxyType({"state": (_STATE, SITE)}),
            heads=(("地址", "Address"), _WHOSE, _STATE, ("面积", "Area"), ("批准", "Approved on")),
            cells=_site,
            facts=_site_facts,
            begin=MappingProxyType({"site": ("申报教学点", "Propose a site")}),
            has_timeline=True,
        ),
        "providers": Kept(
            noun="provider",
            title=("课后服务机构", "After-school providers"),
            path="/providers",
            id="institution_id",
            filters=MappingProxyType({"state": (_STATE, w.PROVIDER_STATE)}),
            heads=(
                _WHOSE,
                ("服务项目", "Services"),
                _STATE,
                ("期满", "Until"),
                ("选用学校", "Schools"),
                ("考核得分", "Points"),
            ),
            cells=_provider,
            facts=_provider_facts,
            begin=MappingProxyType({"provider": ("推荐课后服务机构", "Propose a provider")}),
        ),
    }
)
