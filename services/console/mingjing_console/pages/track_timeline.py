"""What happened to one complaint being handled 办理过程, as the service lists it, the first first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from htpy import Node, b, div, h2, li, ol, section, small

from mingjing_console.gateway import Answer
from mingjing_console.inspection_words import MATTER
from mingjing_console.pages.findings import department
from mingjing_console.pages.shell import both, day, yuan
from mingjing_console.track_words import (
    CLOCK,
    ENDING,
    FACT,
    GROUND,
    LIKENESS,
    ORDER_KIND,
    OUTCOME,
    SAID,
    SATISFACTION,
    SIDE,
)
from mingjing_console.words import zh


def timeline(answer: Answer, contracts: Mapping[str, str]) -> Node:
    """Fact by fact; ``contracts`` are the printed numbers of contracts by id, as far as they are known."""
    if not answer.is_there:
        return None
    steps = answer.body["items"]
    return section[h2[both("办理过程", "What happened")], ol(".time")[(_step(one, contracts) for one in steps)]]


def slug(step: Mapping[str, Any]) -> str:
    """What kind of fact it is."""
    return str(step["fact"]).split(".")[1]


def _step(step: Mapping[str, Any], contracts: Mapping[str, str]) -> Node:
    fact, said = slug(step), step["said"]
    clocks = "；".join(f"{zh(CLOCK, clock)}至 {day(end)}" for clock, end in step["clocks"].items())
    return li(class_="grave" if fact == "track-supervised" else None)[
        div(".row")[b[zh(FACT, fact)], small[f"{day(step['at'])} · {_who(step['by'])}"]],
        [div[both(*line)] for line in _about(said, contracts)],
        [div(".echo")[f"{word}：{said[name]}"] for name, word in SAID.items() if name in said],
        small(".soft")[f"开始计时：{clocks}"] if clocks else None,
    ]


def _who(by: str) -> str:
    return "系统" if by.startswith("system:") else by


def _about(said: Mapping[str, str], contracts: Mapping[str, str]) -> list[tuple[str, str]]:
    """What a fact says beside its words, a line each."""
    lines = (
        ("clock", "期限", "Clock", lambda value: zh(CLOCK, value)),
        ("department", "部门", "Department", department),
        ("suggested_department", "建议部门", "Suggested", department),
        ("escalated_to", "上报至", "Escalated to", department),
        ("matter", "事项", "Matter", lambda value: zh(MATTER, value)),
        ("order_kind", "工单类别", "Kind", lambda value: zh(ORDER_KIND, value)),
        ("ground", "原因", "Ground", _ground),
        ("side", "一方", "Side", lambda value: zh(SIDE, value)),
        ("satisfaction", "回访结果", "Satisfaction", lambda value: zh(SATISFACTION, value)),
        ("outcome", "结果", "Outcome", lambda value: zh(OUTCOME, value)),
        ("likeness", "相同之处", "In common", lambda value: zh(LIKENESS, value)),
        ("is_substantiated", "是否属实", "So", lambda value: "属实" if value == "True" else "不属实"),
        ("is_rework", "重新办理", "Rework", lambda _: "不满意，重新办理一次"),
        ("refund_fen", "退费", "Refund", lambda value: yuan(int(value))),
        ("pay_by", "付款日", "Pay by", str),
        ("contract_id", "合同", "Contract", lambda value: contracts.get(value, value)),
        ("task_id", "检查任务", "Task", str),
    )  # fmt: skip
    told = [(word, shown(said[name]), en) for name, word, en, shown in lines if name in said]
    return [(f"{word}：{value}", en) for word, value, en in told if value]


def _ground(value: str) -> str:
    return zh(GROUND, value) if value in GROUND else zh(ENDING, value) if value in ENDING else ""
