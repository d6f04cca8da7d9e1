"""Overview (总览): what the whole county looks like today to whoever has signed in, and whether the logs stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from htpy import Element, Node, a, b, code, div, h2, p, section, small, table, tbody, td, th, thead, tr

from mingjing_console.gateway import Answer
from mingjing_console.pages import overdue, tasks
from mingjing_console.pages.lookup import trouble
from mingjing_console.pages.shell import both, day, tag, yuan
from mingjing_console.words import ESCALATION, SERVICE, TASK_KIND, TASK_STATE, WHY_NO_SITE, zh

TITLE = ("总览", "Overview")
ROWS_MAX = 12
CHECKPOINT_LINES = 3
SELF_CHECK = {
    "clean": ("完好", "Intact", "good"),
    "found": ("有问题", "Something is wrong", "bad"),
    "never": ("尚无结果", "No result yet", "warn"),
}
OPEN = frozenset({"raised", "acknowledged", "verifying", "confirmed", "false-positive", "disposing", "resolved"})


@dataclass(frozen=True, slots=True, kw_only=True)
class County:
    """What the services said, to one visitor."""

    ledger: Answer
    whitelisted: Answer
    totals: Answer
    tasks: Answer
    alerts: Answer
    balances: Answer
    health: Mapping[str, Answer]
    checkpoints: Mapping[str, Answer]
    notices: Answer


def overview(county: County) -> Node:
    """Figures, what presses, and the logs."""
    return [
        div(".figures")[
            _institutions(county.ledger),
            _white(county.whitelisted),
            _seen(county.totals),
            _alert_figures(county.alerts),
        ],
        own_notices(county.notices),
        _money(county.balances),
        div(".split.even")[_alerts(county.alerts), _tasks(county.tasks)],
        _logs(county),
    ]


def own_notices(answer: Answer) -> Node:
    """What names whoever looks and was not acknowledged; nothing where there is none, so that it stands out."""
    if not answer.is_there or not answer.items:
        return None
    title = h2[a(href=f"{overdue.PATH}?is_mine=true&is_read=false")[both("与您有关的催办督办", "Late, and yours")]]
    return section[title, [overdue.one(row) for row in answer.items[:ROWS_MAX]], _rest(len(answer.items))]


def _institutions(answer: Answer) -> Node:
    totals = answer.body["totals"] if answer.is_there else {}
    if not any(totals.get(name) for name in ("institutions", "applying", "ended")):
        return _figure("—", "在册机构", "Institutions")  # whoever may not read the ledger is told of nothing in it
    rest = f"许可有效 licensed {totals['licensed']:,} · 已终止 ended {totals['ended']:,}"
    return _figure(f"{totals['institutions']:,}", "在册机构", "Institutions", rest)


def _white(answer: Answer) -> Node:
    if not answer.is_there:
        return _figure("—", "白名单", "Whitelisted")
    return _figure(f"{len(answer.items):,}{'+' if answer.body['next'] else ''}", "白名单", "Whitelisted")


def _seen(answer: Answer) -> Node:
    if not answer.is_there:
        return [_figure("—", "巡查", "Visits"), _figure("—", "投诉举报", "Complaints")]
    totals = answer.body
    urgent = f"紧急 urgent {totals['complaints_urgent']} · 未匹配 unmatched {totals['complaints_unmatched']}"
    return [
        _figure(f"{totals['visits']:,}", "巡查", "Visits"),
        _figure(f"{totals['complaints']:,}", "投诉举报", "Complaints", urgent),
        _figure(f"{totals['tasks_open']:,}", "未办结任务", "Open tasks", f"共 of {totals['tasks']}"),
        _figure(f"{totals['kept_aside']:,}", "待补正行", "Kept aside"),
    ]


def _alert_figures(answer: Answer) -> Node:
    if not answer.is_there:
        return _figure("—", "资金预警", "Alerts")
    live = [row for row in answer.items if row["state"] in OPEN]
    red = sum(1 for row in live if row["severity"] == "RED")
    return _figure(str(len(live)), "未解除预警", "Alerts", f"红色 red {red} · 共 of {len(answer.items)}")


def _money(answer: Answer) -> Node:
    if not answer.is_there:
        return section[h2[both("资金", "Money")], trouble(answer)]
    totals = answer.body["totals"]
    balanced = tag("good", "分毫不差", "Balanced") if totals["is_balanced"] else tag("bad", "不平", "Not balanced")
    return [
        div(".figures.money")[
            _figure(yuan(totals["received_fen"]), "收取", "Received"),
            _figure(yuan(totals["released_fen"]), "拨付", "Released"),
            _figure(yuan(totals["refunded_fen"]), "退费", "Refunded"),
            _figure(yuan(totals["held_fen"]), "托管余额", "Held"),
            _figure(yuan(totals["unconsumed_fen"]), "未消课负债", "Unconsumed"),
        ],
        p[
            f"{totals['accounts']} 个专户 ",
            small(lang="en")["accounts "],
            balanced if totals["accounts"] else None,
            small[f" {answer.body['day']}"],
        ],
    ]


def _alerts(answer: Answer) -> Node:
    title = h2[a(href="/alerts?severity=RED")[both("未解除的红色预警", "Red alerts")]]
    if not answer.is_there:
        return section[title, trouble(answer)]
    rows = [row for row in answer.items if row["severity"] == "RED" and row["state"] in OPEN]
    rows.sort(key=lambda row: row["raised_on"], reverse=True)
    body = [
        tr[
            td(".date")[day(row["raised_on"])],
            td[a(href=f"/alerts/{row['alert_id']}")[row["rule"]]],
            td[_named(row["institution_id"], row["institution_name"]), " ", small[row["explanation_zh"]]],
        ]
        for row in rows[:ROWS_MAX]
    ]
    return section[title, _table((("日期", "Date"), ("规则", "Rule"), ("机构", "Institution")), body), _rest(len(rows))]


def _tasks(answer: Answer) -> Node:
    title = h2[a(href=tasks.PATH)[both("未办结的检查任务", "Open tasks")]]
    if not answer.is_there:
        return section[title, trouble(answer)]
    rows = [row for row in answer.items if row["state"] not in ("CLOSED", "CANCELLED")]
    body = [
        tr[
            td(".date")[a(href=f"{tasks.PATH}/{row['task_id']}")[day(row["due_at"])]],
            td[
                tag("bad" if row["state"] == "WITHOUT_SITE" else "", zh(TASK_STATE, row["state"])),
                " ",
                tag("", zh(TASK_KIND, row["kind"])),
                " ",
                row["escalation"] and tag("bad", zh(ESCALATION, row["escalation"])),
                " ",
                _named(row["institution_id"], row["reason"] or "—"),
                " ",
                small[zh(WHY_NO_SITE, row["why_no_site"])],
            ],
        ]
        for row in rows[:ROWS_MAX]
    ]
    return section[title, _table((("期限", "Due"), ("任务", "Task")), body), _rest(len(rows))]


def _logs(county: County) -> Node:
    body = []
    for service, answer in county.health.items():
        said = answer.body or {}
        point = _checkpoint(county.checkpoints[service])
        state = tag("good", "正常", "Ready") if answer.is_there else tag("bad", "无应答", "No answer")
        body.append(
            tr[
                td[both(*SERVICE[service])],
                td[state],
                td[_self_check(said.get("self_verification"))],
                td(".number")[f"{said['head']:,}" if "head" in said else "—"],
                td(".number")[f"{said['projections']['position']:,}" if "projections" in said else "—"],
                td[code[point[1]], " ", small[point[0]]],
            ]
        )
    head = (
        ("服务", "Service"),
        ("状态", "State"),
        ("每日自检", "Self-check"),
        ("事件", "Events"),
        ("读模型", "Read models"),
        ("根", "Root"),
    )
    return section[h2[both("日志", "Logs")], _table(head, body, numbers=(3, 4))]


def _self_check(standing: Mapping[str, Any] | None) -> Node:
    """What the log last found when it verified itself, and whether a result is missing."""
    if not standing:
        return "—"
    zh_, en_, kind = SELF_CHECK[standing["state"]]
    late = [" ", tag("bad", "逾期", "Overdue")] if standing["is_overdue"] else None
    return [tag(kind, zh_, en_), late, " ", small[day(standing["at"])]]


def _checkpoint(answer: Answer) -> tuple[str, str]:
    """Size and root of a signed note: origin, size and root on the first three lines (C2SP tlog-checkpoint)."""
    lines = str(answer.body).splitlines() if answer.is_there else []
    return (f"@{lines[1]}", lines[2]) if len(lines) >= CHECKPOINT_LINES else ("", "—")


def _table(heads: Sequence[tuple[str, str]], rows: list[Element], numbers: tuple[int, ...] = ()) -> Node:
    if not rows:
        return p(".soft")["没有。 None."]
    cells = [
        th(class_="number" if place in numbers else None)[zh_, small(lang="en")[en_]]
        for place, (zh_, en_) in enumerate(heads)
    ]
    return div(".scroll")[table[thead[tr[cells]], tbody[rows]]]


def _rest(count: int) -> Node:
    return p(".soft")[f"另有 {count - ROWS_MAX} 条。 {count - ROWS_MAX} more."] if count > ROWS_MAX else None


def _named(institution_id: str | None, text: str) -> Node:
    return a(href=f"/institutions/{institution_id}")[text] if institution_id else b[text]


def _figure(number: str, term_zh: str, term_en: str, note: str = "") -> Element:
    return div(".figure")[b[number], term_zh, small(lang="en")[term_en], small[note] if note else None]
