"""One institution (机构): what is published; and for officials, everything on one timeline."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from htpy import Element, Node, a, b, dd, div, dl, dt, h2, li, ol, p, section, small

from mingjing_console.gateway import Answer
from mingjing_console.pages.lookup import restriction, standing, trouble
from mingjing_console.pages.shell import both, day, tag, yuan
from mingjing_console.people_words import ENDED_BY, LIFT
from mingjing_console.timeline import Moment, moments
from mingjing_console.words import ACCOUNT_STATE, CATEGORY, DEPARTMENT, ENDED, KIND, LICENCE, en, zh

MOMENTS_MAX = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """What the services said about one institution, to one visitor."""

    published: Answer
    registered: Answer
    timeline: Answer
    balances: Answer
    accounts: Answer
    alerts: Answer
    findings: Answer
    rectifications: Answer

    def account(self, institution_id: str) -> Mapping[str, Any] | None:
        """Its custody account, if the visitor may see it."""
        return next((row for row in self.accounts.items if row["institution_id"] == institution_id), None)

    def balance(self, institution_id: str) -> Mapping[str, Any] | None:
        """Its balance, if the visitor may see it."""
        rows = self.balances.body["accounts"] if self.balances.is_there else []
        return next((row for row in rows if row["institution_id"] == institution_id), None)


def published(row: Mapping[str, Any]) -> Node:
    """For everybody."""
    return section[
        p[standing(row), " ", _caution(row)],
        restriction(row),
        dl(".wide")[
            _fact("信用代码", "Credit code", row["uscc"] or "—"),
            _former_codes(row),
            _fact("许可证号", "Licence number", row["licence_number"] or "—"),
            _ended_numbers(row),
            _fact("许可状态", "Licence", f"{zh(LICENCE, row['licence_state'])} {en(LICENCE, row['licence_state'])}"),
            _fact("有效期至", "Valid until", day(row["expires_on"])),
            _fact("类别", "Category", f"{zh(CATEGORY, row['category'])} {'、'.join(row['items'])}".strip()),
            _fact("主管部门", "Department", zh(DEPARTMENT, row["department"])),
            _fact("托管银行", "Custody bank", row["custody_bank"] or "—"),
            _fact("托管账户名", "Account name", b[row["custody_account_name"]])
            if row.get("custody_account_name")
            else None,
            _fact("曾用名", "Former names", "、".join(row["former_names"])) if row["former_names"] else None,
            _fact("教学点", "Sites", [[site["address"], " "] for site in row.get("sites", [])] or "—"),
            _fact("投诉举报", "Hotline", row["hotline"]) if row.get("hotline") else None,
        ],
    ]


def complain_about(whom: str, institution_id: str) -> Node:
    """The way to the form, with whom it is about filled in, and to what families think of it."""
    return p[
        a(".button", href=f"/complain?{whom}")[both("投诉举报", "Complain")],
        " ",
        a(href=f"/ratings/{institution_id}")[both("家长评价", "Ratings")],
    ]


def _former_codes(row: Mapping[str, Any]) -> Node:
    former = "、".join(f"{one['uscc']}（至 {one['until']}）" for one in row["former_codes"])
    return _fact("曾用信用代码", "Former codes", former) if former else None


def _ended_numbers(row: Mapping[str, Any]) -> Node:
    """Numbers that are no licence any more."""
    ended = "、".join(f"{one['number']}（{zh(ENDED, one['how'])}，{one['on']}）" for one in row["ended_numbers"])
    return _fact("失效证号", "No longer valid", ended) if ended else None


def at_door(door: Mapping[str, Any]) -> Node:
    """Above an institution's page, for whoever scanned the code at a door: this door is theirs, and open or not."""
    if not door["is_in_force"]:
        return _closed_door(door)
    is_good = door["licence_state"] == "licensed"
    approved = tag("good", "✓ 已批准的教学点", "Approved site")
    warned = tag("warn", "已批准的教学点，机构限期整改中", "Approved site, under rectification")
    return section[
        p[approved if is_good else warned, " ", b[door["address"]]],
        p(".soft")["请核对门牌地址与此一致；不一致的，不要交费，请举报。 Compare the address with where you stand."],
    ]


def _closed_door(door: Mapping[str, Any]) -> Node:
    """An address that was approved for a licence that is not in force any more."""
    said, said_en = zh(LICENCE, door["licence_state"]), en(LICENCE, door["licence_state"])
    return section[
        p[tag("bad", f"办学许可无效：{said}", f"No licence in force: {said_en}"), " ", b[door["address"]]],
        p(".bad")[b["请勿在此交费。"], small(lang="en")[" Do not pay here; call 12345 if teaching goes on."]],
        p["此处仍在招生、收费的，请拨 ", b["12345"], " 举报。"],
    ]


def no_such_door() -> Node:
    """The code at a door that leads to no approved site."""
    return section[
        p(".bad")[b["此二维码不属于任何已批准的教学点。"], small(lang="en")[" No approved site has this code."]],
        p["不要在这里交费。请拨 ", b["12345"], " 举报。", small(lang="en")[" Do not pay here; call 12345."]],
    ]


def _caution(row: Mapping[str, Any]) -> Node:
    if row["is_white"]:
        return small["许可有效，托管专户正常。 Licensed, and its custody account is active."]
    if row["licence_state"] == "licensed":
        return small["许可有效，但托管专户未启用或未达到其他条件，交费要谨慎。 Licensed, but not on the list."]
    return small["请勿交费。 Do not pay."]


def for_officials(institution_id: str, gathered: Gathered) -> Node:
    """Everything that the visitor may see, on one timeline, with the money beside it."""
    found = moments(
        gathered.timeline.items,
        gathered.registered.body if gathered.registered.is_there else {},
        gathered.account(institution_id),
        [row for row in gathered.alerts.items if row["institution_id"] == institution_id],
        gathered.findings.items,
        gathered.rectifications.items,
    )
    return div(".split")[
        section[
            h2[both("时间线", "Timeline")],
            p[a(href=f"/tasks?institution_id={institution_id}")[both("检查任务", "Inspection tasks")]],
            None if gathered.timeline.is_there else trouble(gathered.timeline),
            ol(".time")[(_moment(one) for one in found[:MOMENTS_MAX])]
            if found
            else p(".soft")["没有记录。 Nothing yet."],
            p(".soft")[f"另有更早的 {rest} 条。 {rest} earlier ones."]
            if (rest := len(found) - MOMENTS_MAX) > 0
            else None,
        ],
        div[_custody(institution_id, gathered)],
    ]


def _custody(institution_id: str, gathered: Gathered) -> Node:
    account, balance = gathered.account(institution_id), gathered.balance(institution_id)
    its = f"/accounts/{account['account_id']}" if account else ""
    title = h2[a(href=its)[both("托管专户", "Custody account")] if its else both("托管专户", "Custody account")]
    if not gathered.accounts.is_there:
        return section[title, trouble(gathered.accounts)]
    if account is None:
        return section[title, p(".bad")["没有托管专户。 No custody account."]]
    facts: list[Node] = [
        _fact("状态", "State", zh(ACCOUNT_STATE, account["state"])),
        _fact("银行", "Bank", account["bank"]),
        _fact("最低留存", "Minimum", yuan(account["minimum_fen"])),
        _lift_proposed(account),
    ]
    if balance is not None:
        short = balance["closing_fen"] + balance["in_transit_fen"] < balance["unconsumed_fen"]
        covered = tag("bad", "不足", "Short") if short else tag("good", "足额", "Covered")
        facts += [
            _fact("余额", "Balance", [b[yuan(balance["closing_fen"])], " ", covered]),
            _fact("未消课负债", "Unconsumed", yuan(balance["unconsumed_fen"])),
            _fact("已收", "Received", yuan(balance["received_fen"])),
            _fact("已拨付", "Released", yuan(balance["released_fen"])),
            _fact("已退", "Refunded", yuan(balance["refunded_fen"])),
        ]
    return section[title, dl[facts]]


def _lift_proposed(account: Mapping[str, Any]) -> Node:
    """That a person is asked to lift the release hold (X13: what it was set for is over); nothing where nobody is."""
    written = account["lift_proposed_because"]
    code, _, cause = written.partition(": ")
    said: Node = written
    if code in LIFT:
        said = [zh(LIFT, code), f"（{zh(ENDED_BY, cause)}）" if cause else "", " ", small(lang="en")[en(LIFT, code)]]
    return _fact("建议解除暂停拨付", "Lift of the hold proposed", b[said]) if written else None


def _moment(one: Moment) -> Element:
    return li(class_="grave" if one.is_grave else None)[
        div(".row")[
            b[zh(KIND, one.kind), " ", small(lang="en")[en(KIND, one.kind)]],
            small[day(one.at)],
        ],
        div[tag("bad" if one.is_grave else "", one.state), " "] if one.state else None,
        div[one.text] if one.text else None,
        small[one.note] if one.note else None,
    ]


def _fact(term_zh: str, term_en: str, value: Node) -> Node:
    return [dt[term_zh, small(lang="en")[term_en]], dd[value]]


def link(institution_id: str, name: str) -> Element:
    """The way to an institution's page."""
    return a(href=f"/institutions/{institution_id}")[name]
