"""Fund alerts 资金预警: what stands, most severe first; one of them with its reasons, its clocks and what may be done.

One rule: an alert is read in the words that its rule wrote down when it was raised; nothing is reckoned here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from htpy import Element, Node, a, b, div, dl, h2, li, ol, p, section, small

from mingjing_console import funds_words as w
from mingjing_console.gateway import Answer
from mingjing_console.pages.deed_forms import available
from mingjing_console.pages.finding import chosen, export, question, rows, tagged, typed
from mingjing_console.pages.lookup import trouble
from mingjing_console.pages.shell import both, day, tag, yuan
from mingjing_console.pages.standing import fact
from mingjing_console.words import SEVERITY, Words, en, zh

TITLE: Final = ("资金预警", "Fund alerts")
PATH: Final = "/alerts"
ROWS_MAX, EVALUATIONS_MAX = 200, 30
ENDED: Final = frozenset({"closed", "cleared"})
STATES: Words = {"open": ("未办结", "Not over"), **w.ALERT_STATE}
_COLOURS: Final = {"RED": "bad", "YELLOW": "warn", "NOTICE": ""}
_RANK: Final = {"RED": 0, "YELLOW": 1, "NOTICE": 2}


def listed(asked: Mapping[str, str], found: Answer) -> Node:
    """Alerts: the most severe first, of these the latest."""
    filters = section[
        question(
            PATH,
            chosen("状态", "State", "state", STATES, asked["state"]),
            chosen("等级", "Severity", "severity", SEVERITY, asked["severity"]),
            typed("规则（如 F08）", "Rule, such as F08", "rule", asked["rule"]),
        )
    ]
    if not found.is_there:
        return [filters, trouble(found)]
    these = [row for row in found.items if asked["state"] != "open" or row["state"] not in ENDED]
    these.sort(key=lambda row: str(row["raised_on"]), reverse=True)
    these.sort(key=lambda row: _RANK.get(row["severity"], len(_RANK)))
    return [_figures(these), filters, section[table(these[:ROWS_MAX]), _rest(len(these), found), export(PATH, asked)]]


def table(these: Sequence[Mapping[str, Any]]) -> Node:
    """Alerts, a line each."""
    heads = (
        ("等级", "Severity"),
        ("触发", "Raised"),
        ("机构", "Institution"),
        ("说明", "What was seen"),
        ("状态", "State"),
        ("期限", "Clock"),
    )
    return rows(heads, [_line(row) for row in these])


def one(row: Mapping[str, Any], may: Answer, evaluations: Answer, others: Answer) -> Node:
    """One alert: why, how far, what may be done, what the rule saw on other days."""
    return [
        section[
            div(".row")[severity(row), _state(row), _late(row)],
            p[b[row["explanation_zh"]]],
            p[small(lang="en")[row["explanation_en"]]],
            ol(".time")[_life(row)],
        ],
        section[h2[both("预警信息", "Particulars")], dl[_particulars(row)]],
        available("alert", row["alert_id"], may),
        _seen(row, evaluations),
        _others(row, others),
    ]


def severity(row: Mapping[str, Any]) -> Element:
    """In its colour."""
    code = row["severity"]
    return tag(_COLOURS.get(code, ""), f"{zh(SEVERITY, code)} {row['rule']}", f"{en(SEVERITY, code)} {row['rule']}")


def _line(row: Mapping[str, Any]) -> Sequence[Node]:
    return (
        severity(row),
        day(row["raised_on"]),
        a(href=f"{PATH}/{row['alert_id']}")[row["institution_name"] or "—"],
        row["explanation_zh"],
        _state(row),
        _late(row) or "—",
    )


def _state(row: Mapping[str, Any]) -> Element:
    return tagged("good" if row["state"] in ENDED else "", w.ALERT_STATE, row["state"])


def _late(row: Mapping[str, Any]) -> Node:
    """That a step was not taken in time, and which; that one is due soon."""
    if row["state"] in ENDED:
        return None
    if row["escalated_on"]:
        steps = "、".join(zh(w.ALERT_CLOCK, one) for one in row["escalated_for"].split())
        return tag("bad", f"{steps}超期，{day(row['escalated_on'])} 已上报", "Overdue; the level above was told")
    if row["reminded_on"]:
        return tag("warn", f"{day(row['reminded_on'])} 已提醒", "Reminded")
    return None


def _life(row: Mapping[str, Any]) -> Node:
    """What is known of each step."""
    ended = row["state"] in ENDED
    steps = (
        (day(row["raised_on"]), "触发", "Raised", row["rule_version"]),
        (row["acknowledged_by"], "签收", "Taken on", ""),
        (row["plan"], "处置方案", "Plan", ""),
        (ended and day(row["ended_on"]), zh(w.ALERT_STATE, row["state"]), en(w.ALERT_STATE, row["state"]), ""),
    )
    return [
        li[div(".row")[b[f"{said} ", small(lang="en")[said_en]], small[beside]], div[what]]
        for what, said, said_en, beside in steps
        if what
    ]


def _particulars(row: Mapping[str, Any]) -> Node:
    institution = row["institution_id"]
    name = row["institution_name"]
    ended = [zh(w.DISPOSAL, row["disposal"]), f"：{row['evidence']}" if row["evidence"] else ""]
    return [
        fact("机构", "Institution", a(href=f"/institutions/{institution}")[name] if institution else name),
        fact("专户", "Account", a(href=f"/accounts/{row['account_id']}")["查看专户 Look at it"]),
        fact("规则", "Rule", f"{row['rule']} · {row['rule_version']}"),
        fact("余额", "Balance", _money(row["balance_fen"])),
        fact("在途", "In transit", _money(row["in_transit_fen"])),
        fact("未消课负债", "Unconsumed", _money(row["unconsumed_fen"])),
        fact("处置结果", "How it ended", ended if row["disposal"] else "—"),
    ]


def _money(fen: int | None) -> str:
    return "—" if fen is None else yuan(fen)


def _seen(row: Mapping[str, Any], evaluations: Answer) -> Node:
    """What the same rule saw of this account, latest first: also when it said nothing."""
    title = h2[both("该规则的历次评估", "What the rule saw on other days")]
    if not evaluations.is_there:
        return section[title, trouble(evaluations)]
    of_it = [one for one in evaluations.items if one["rule"] == row["rule"]]
    of_it.sort(key=lambda one: str(one["day"]), reverse=True)
    heads = (("日期", "Day"), ("结果", "Result"), ("余额", "Balance"), ("未消课", "Unconsumed"), ("阈值", "Threshold"))
    lines: list[Sequence[Node]] = [
        (
            day(one["day"]),
            severity(one) if one["severity"] else "未触发 Nothing",
            yuan(one["balance_fen"]),
            yuan(one["unconsumed_fen"]),
            yuan(one["threshold_fen"]),
        )
        for one in of_it[:EVALUATIONS_MAX]
    ]
    note = p(".soft")[
        "仅记录结果有变化的评估；任一天为何触发或为何未触发，可以重演。",
        small(lang="en")[" Only what changed is on record; a replay says why of any day, and why not."],
    ]
    more = p[
        a(href=f"{PATH}/{row['alert_id']}/replay")[both("重演这条预警", "Replay this alert")],
        " · ",
        a(href=f"{PATH}/what-if")[both("阈值推演", "Try other numbers")],
    ]
    return section[title, rows(heads, lines), note, more]


def _others(row: Mapping[str, Any], others: Answer) -> Node:
    rest = [one for one in others.items if one["alert_id"] != row["alert_id"] and one["state"] not in ENDED]
    if not rest:
        return None
    return section[h2[both("该机构其他未办结预警", "Its other alerts")], table(rest[:ROWS_MAX])]


def _figures(these: Sequence[Mapping[str, Any]]) -> Node:
    late = sum(1 for row in these if row["escalated_on"] and row["state"] not in ENDED)
    counts = [(sum(1 for row in these if row["severity"] == code), *words) for code, words in SEVERITY.items()]
    counts += [(late, "处置超期", "Overdue")]
    return div(".figures")[[div(".figure")[b[str(count)], both(*words)] for count, *words in counts]]


def _rest(count: int, found: Answer) -> Node:
    if count <= ROWS_MAX and not found.body["next"]:
        return None
    return p(".soft")[
        f"只显示前 {ROWS_MAX} 条，请缩小范围。", small(lang="en")[f" The first {ROWS_MAX} only; narrow the question."]
    ]
