"""Parts of a lead's page: times, prices, other reports under its id."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from htpy import Node, dd, dt, h2, section, small

from mingjing_console.pages.finding import rows
from mingjing_console.pages.shell import both, day, tag


def others(found: Sequence[Mapping[str, Any]]) -> Node:
    """Other reports that came under the lead's id, and what was decided on each."""
    if not found:
        return None
    heads = (("第几份", "Number"), ("报送人", "By"), ("内容", "What it says"), ("处理", "Decision"))
    decisions = {"TAKEN": ("已采纳", "Taken"), "LEFT-OUT": ("未采纳", "Left out"), "": ("待处理", "Waiting")}
    table = [
        (str(one["number"]), [one["by"], " ", small[day(one["at"])]], [one["address"], " ", one["summary"]],
         [both(*decisions[one["decision"]]), " ", one["reason"]])
        for one in found
    ]  # fmt: skip
    return section[h2[both("同号异文", "Other reports under this id")], rows(heads, table)]


def time_of(one: Mapping[str, int]) -> str:
    """When somebody teaches there."""
    clocks = (divmod(one[name], 60) for name in ("begins", "ends"))
    return f"周{'一二三四五六日'[one['weekday'] - 1]} " + "–".join(f"{hour:02}:{minute:02}" for hour, minute in clocks)


def price_of(one: Mapping[str, Any]) -> str:
    """What is asked."""
    yuan, fen = divmod(one["fen"], 100)
    per = {"LESSON": "课时", "HOUR": "小时", "MONTH": "月", "TERM": "学期", "COURSE": "期"}[one["per"]]
    return f"{yuan}.{fen:02} 元/{per}"


def standing_of(lead: Mapping[str, Any]) -> Node:
    """Who verifies it, whether it waits too long for somebody, and whether its position was made up."""
    mock, escalated = tag("warn", "虚拟定位", "Mock position"), tag("bad", "逾期未认领", "Nobody took it on")
    return [
        [dt["定位", small["Position"]], dd[mock]] if lead["is_mock"] else None,
        dt["核查人", small["Verifier"]],
        dd[lead["verifier"] or tag("warn", "无人认领", "Nobody")],
        [dt["督办", small["Escalated"]], dd[escalated, " ", day(lead["escalated_on"])]]
        if lead["escalated_on"]
        else None,
    ]
