"""What the rules say of an institution: R1–R17 and the teaching-time rules T1–T5, each breach with what was seen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from htpy import Element, Node, details, h2, p, section, small, summary

from mingjing_console.gateway import Answer
from mingjing_console.pages.finding import rows
from mingjing_console.pages.lookup import trouble
from mingjing_console.pages.shell import both, tag

_KIND: Mapping[str, str] = {"pass": "good", "fail": "bad", "unknown": "warn"}
_HEADS = (("规则", "Rule"), ("结论", "Outcome"), ("要求", "Asked"), ("所见", "Seen"))


def findings(answer: Answer) -> Node:
    """Breaches first; the rest on request."""
    title = h2[both("规则核对", "What the rules say")]
    if not answer.is_there:
        return section[title, trouble(answer)]
    every = [*answer.body["checks"], *answer.body["teaching_time"]]
    broken = [one for one in every if one["outcome"] == "fail"]
    rest = [one for one in every if one["outcome"] != "fail"]
    return section[
        title,
        rows(_HEADS, _lines(broken)) if broken else p(".soft")["没有发现违反的规则。 No rule is broken."],
        details[summary[both("其他规则", "The other rules")], rows(_HEADS, _lines(rest))],
    ]


def _lines(found: Sequence[Mapping[str, Any]]) -> list[Sequence[Node]]:
    return [
        (
            one["rule"],
            _outcome(one),
            [one["needed_zh"], " ", small(lang="en")[one["needed"]], " ", small[one["basis"]]],
            [one["seen_zh"], " ", small(lang="en")[one["seen"]]],
        )
        for one in found
    ]


def _outcome(one: Mapping[str, Any]) -> Element:
    return tag(_KIND.get(one["outcome"], ""), one["outcome_zh"], one["outcome"])
