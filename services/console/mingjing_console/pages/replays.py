"""An alert replayed 预警重演, a silence explained, and other numbers tried over past days 阈值推演.

One rule: what is shown was told anew by the service in its own words; nothing is reckoned here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final
from urllib.parse import urlencode

from htpy import Node, a, b, details, div, dl, form, h2, img, input, label, option, p, section, select, small, summary
from htpy import button as button_of

from mingjing_console.gateway import Answer
from mingjing_console.pages.finding import question, rows, typed
from mingjing_console.pages.lookup import trouble
from mingjing_console.pages.shell import both, day, tag, yuan
from mingjing_console.pages.standing import fact
from mingjing_console.words import SEVERITY, Words, en, zh

TITLE: Final = ("预警重演", "Alert replayed")
WHAT_IF: Final = ("阈值推演", "What if the numbers were others")
WHAT_IF_PATH: Final = "/alerts/what-if"
ITEMS_SHOWN: Final = 100
OUTCOME: Words = MappingProxyType(
    {
        "fired": ("触发", "Fired"),
        "quiet": ("未触发", "Quiet"),
        "cannot-tell": ("无法判断", "Cannot tell"),
        "not-asked": ("不评估", "Not asked"),
        "not-watched": ("尚未开户", "Not watched"),
    }
)
_ALIKE: Final = "两种阈值下每条规则通报次数和对象都相同。 Every rule is told as often, and of the same, under both."
_COLOURS: Final = {"RED": "bad", "YELLOW": "warn", "NOTICE": ""}


def one(alert: Mapping[str, Any], asked: Mapping[str, str], found: Answer) -> Node:
    """What the rule saw on the day, which facts led there, what the other rules said; and the question for others."""
    ask = section[
        h2[both("换一条规则或日期", "Another rule or day")],
        question(
            f"/alerts/{alert['alert_id']}/replay",
            typed("规则（如 F15）", "Rule, such as F15", "rule", asked["rule"]),
            typed("日期", "Day", "day", asked["day"], "date"),
        ),
        p[a(href=f"/alerts/{alert['alert_id']}")[both("返回预警", "Back to the alert")]],
        p[a(href=WHAT_IF_PATH)[both("阈值推演", "Try other numbers")]],
    ]
    if not found.is_there:
        return [trouble(found), ask]
    said = found.body
    return [_said(said), _stored(said), _others(said), _facts(said), _features(said), ask]


def _said(said: Mapping[str, Any]) -> Node:
    measures = "；".join(f"{one['name']} = {_value(one['name'], one['value'])}" for one in said["measures"])
    return section[
        div(".row")[_outcome(said), b[f"{said['rule']} {said['rule_zh']} ", small(lang="en")[said["rule_en"]]]],
        p[b[said["because_zh"]]],
        p[small(lang="en")[said["because_en"]]],
        p(".soft")[both(said["note_zh"], said["note_en"])] if said["note_zh"] else None,
        dl[
            fact("机构", "Institution", said["institution_name"] or "—"),
            fact("日期", "Day", day(said["day"])),
            fact("规则版本", "Rule version", said["rule_version"]),
            fact("阈值版本", "Numbers", said["thresholds_version"] or "—"),
            fact("所见数值", "Values seen", measures or "—"),
            fact("阈值", "Threshold", yuan(said["threshold"]) if said["is_in_fen"] else str(said["threshold"])),
            fact("日志读至", "Log read up to", f"@{said['position']}"),
        ],
    ]


def _outcome(said: Mapping[str, Any]) -> Node:
    code = said["severity"]
    if code:
        return tag(_COLOURS.get(code, ""), f"{zh(SEVERITY, code)} {said['rule']}", f"{en(SEVERITY, code)}")
    return tag("good" if said["outcome"] == "quiet" else "", *OUTCOME.get(said["outcome"], ("—", "—")))


def _value(name: str, value: int) -> str:
    return yuan(value) if name.endswith("_fen") else str(value)


def _stored(said: Mapping[str, Any]) -> Node:
    """Whether the same comes out again."""
    if not said["stored"]:
        return None
    agreed = {
        True: tag("good", "重演结果与存档一致", "Comes out again as it was stored"),
        False: tag("bad", "重演结果与存档不一致", "Does not come out as it was stored"),
        None: tag("", "存档为其他规则版本，不作比对", "Stored by another version of the rule: not compared"),
    }
    heads = (("评估日", "Day"), ("结果", "Result"), ("规则版本", "Version"), ("说明", "Why"), ("日志位置", "Position"))
    lines = [
        (day(one["day"]), zh(SEVERITY, one["severity"]), one["rule_version"], one["because_zh"], f"@{one['position']}")
        for one in said["stored"]
    ]
    return section[h2[both("存档的结果", "As it was stored")], div(".row")[agreed[said["agrees"]]], rows(heads, lines)]


def _others(said: Mapping[str, Any]) -> Node:
    heads = (("规则", "Rule"), ("结果", "Result"), ("原因", "Why"))
    lines: list[Sequence[Node]] = [
        (one["rule_version"], _outcome(one), [one["because_zh"], " ", small(lang="en")[one["because_en"]]])
        for one in said["others"]
    ]
    return section[details[summary[both("同日其他规则", "The other rules on that day")], rows(heads, lines)],]


def _facts(said: Mapping[str, Any]) -> Node:
    heads = (("日期", "Day"), ("事实", "Fact"), ("对象", "Of"), ("日志位置", "Position"))
    lines = [
        (day(one["day"]), one["fact"], f"{one['noun']} {one['id']}", f"@{one['position']}")
        for one in reversed(said["facts"])
    ]
    return section[
        h2[both("由哪些事实得出", "The facts that led there")],
        p(".soft")[both("最近200条，最新在前。", "The latest 200, newest first.")],
        rows(heads, lines),
    ]


def _features(said: Mapping[str, Any]) -> Node:
    heads = (("特征", "What is looked at"), ("值", "Value"))
    lines = [(name, "—" if value is None else _shown(name, value)) for name, value in said["features"].items()]
    return section[details[summary[both("全部特征值", "Everything that was seen")], rows(heads, lines)]]


def _shown(name: str, value: Any) -> str:
    return yuan(value) if name.endswith("_fen") and isinstance(value, int) else str(value)


def what_if(asked: Mapping[str, str], numbers: Answer, found: Answer | None) -> Node:
    """The question, and both stories as a table and a chart."""
    ask = section[
        p(".soft")[
            both(
                "选一个阈值、填新值和期间：列出若按新值会报什么。不改变现行阈值，也不产生预警。",
                "Choose a number, a value and a period. No policy changes and no alert is raised.",
            )
        ],
        form(method="get", action=WHAT_IF_PATH, role="search")[
            div(".fields")[
                label[both("阈值", "Number"), select(name="number")[_options(numbers, asked["number"])]],
                label[
                    both("新值", "Value"),
                    input(name="value", inputmode="numeric", value=asked["value"], maxlength="9"),
                ],
                typed("自", "From", "since", asked["since"], "date"),
                typed("至", "To", "until", asked["until"], "date"),
                typed("区划", "Division", "region", asked["region"]),
            ],
            p[button_of(type="submit")[both("推演", "Try")]],
        ],
    ]
    if found is None:
        return ask
    if not found.is_there:
        return [ask, trouble(found)]
    return [ask, _stories(asked, found.body)]


def _options(numbers: Answer, value: str) -> list[Node]:
    """Every number of the alert rules with what is in force; the amounts of size classes cannot be tried."""
    found: list[Node] = []
    for rule in numbers.body if numbers.is_there else ():
        if not rule["name"].startswith("alert-"):
            continue
        for one in rule["numbers"]:
            key = f"{rule['name']}.{one['name']}"
            said = f"{rule['zh']} · {one['zh']} {one['en']}（{one['value']} {one['unit']}）"
            found.append(option(value=key, selected=key == value)[said])
    return found


def _stories(asked: Mapping[str, str], said: Mapping[str, Any]) -> Node:
    query = urlencode(question_of(asked))
    heads = (("规则", "Rule"), ("现行", "In force"), ("调整后", "Changed"), ("新增", "Gained"), ("消失", "Lost"))
    lines = [
        (
            f"{one['rule']} {one['rule_zh']} {one['rule_en']}",
            str(one["before"]),
            str(one["after"]),
            "、".join(one["gained"]) or "—",
            "、".join(one["lost"]) or "—",
        )
        for one in said["differences"]
    ]
    return [
        section[
            div(".figures")[
                div(".figure")[b[str(said["before"])], both("现行阈值通报次数", "Told, numbers in force")],
                div(".figure")[b[str(said["after"])], both("调整后通报次数", "Told, changed")],
                div(".figure")[b[str(said["accounts"])], both("专户", "Accounts")],
            ],
            p[b[f"{said['since']} — {said['until']}，{'，'.join(said['changed'])}"]],
            rows(heads, lines) if lines else p(".soft")[_ALIKE],
            div(".scroll", tabindex="0", role="region", aria_label="图表 Chart")[
                img(src=f"{WHAT_IF_PATH}/chart?{query}", alt="每周通报次数 Told by week", width="900", height="340")
            ],
        ],
        _told(said),
    ]


def _told(said: Mapping[str, Any]) -> Node:
    heads = (("通报日", "Told on"), ("规则", "Rule"), ("机构", "Institution"), ("说明", "Why"))
    lines = [
        (
            day(one["on"]),
            tag(_COLOURS.get(one["severity"], ""), one["rule"]),
            one["institution_name"],
            one["because_zh"],
        )
        for one in said["items"][:ITEMS_SHOWN]
    ]
    rest = len(said["items"]) + said["left_off"] - len(lines)
    return section[
        h2[both("调整后会通报", "What would have been told")],
        rows(heads, lines),
        p(".soft")[f"另有{rest}条未显示。 {rest} more."] if rest else None,
    ]


def question_of(asked: Mapping[str, str]) -> dict[str, str]:
    """The same question as the service is asked it."""
    kept = {name: asked[name] for name in ("since", "until", "region") if asked[name]}
    return {"set": f"{asked['number']}={asked['value']}"} | kept
