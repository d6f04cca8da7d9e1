"""When lessons may be held, as institutions say it over HTTP one by one, in batches and in a vendor's file."""

from __future__ import annotations

from typing import Any

from funds.conftest import NOW
from funds.test_api import CONTRACT, problem
from funds.test_family_side import CONTRACT_AT, paid
from mingjing_funds.codec import CONTRACTS
from mingjing_funds.domain.lesson import LessonTimed
from mingjing_kernel.clock import shanghai_date

TODAY = shanghai_date(NOW).isoformat()
LATE = {"begins_at": f"{TODAY}T19:30:00+08:00", "ends_at": f"{TODAY}T21:00:00+08:00"}
FINE = {"begins_at": f"{TODAY}T18:30:00+08:00", "ends_at": f"{TODAY}T20:30:00+08:00"}
TABLE = "课消编号,机构编码,合同编号,学员,上课日期,开始,结束,课时,类型,教师,状态,确认方式,确认时间\r\n"
CSV = {"Content-Type": "application/octet-stream"}


def lesson(no: str, standing: str, **said: Any) -> dict[str, Any]:
    return {"lesson_no": no, "held_on": TODAY, "standing": standing} | said


async def told(world: Any) -> list[tuple[str, list[str]]]:
    facts = await world.host.log.history(CONTRACTS, CONTRACT)
    found = [fact.event for fact in facts if isinstance(fact.event, LessonTimed)]
    return [(one.lesson_no, [broken.rule.value for broken in one.breaches]) for one in found]


async def test_a_forbidden_hour_is_not_planned_and_is_told_of_a_lesson_that_was_held(world: Any) -> None:
    regulator = world.caller("fund-regulator")
    await paid(regulator)
    at = f"{CONTRACT_AT}/lessons"
    for half in ({"begins_at": LATE["begins_at"]}, {**LATE, "ends_at": LATE["begins_at"]}):
        refused = await regulator.send("POST", at, json=lesson("L1", "delivered", **half))
        assert problem(refused) == (422, "lesson-hours-unclear")
    elsewhen = {"begins_at": "2026-06-01T10:00:00+08:00", "ends_at": "2026-06-01T11:00:00+08:00"}
    batch = [lesson("L1", "delivered", contract_no="HT-1", **elsewhen)]
    batch += [lesson("L2", "scheduled", contract_no="HT-1", **LATE)]
    said = (await regulator.send("POST", "/lesson-batches", json={"lessons": batch})).json()
    kinds = [one["why_not"]["type"].rpartition(":")[2] for one in said["records"]]
    assert kinds == ["lesson-hours-unclear", "teaching-time-forbidden"]
    planned = await regulator.send("POST", at, json=lesson("L2", "scheduled", **LATE))
    assert problem(planned) == (409, "teaching-time-forbidden")
    tomorrow = {"begins_at": "2026-07-02T10:00:00+08:00", "ends_at": "2026-07-02T11:00:00+08:00"}
    planned = await regulator.send("POST", at, json=lesson("L3", "scheduled", held_on="2026-07-02", **tomorrow))
    assert planned.status_code == 201, planned.text
    for no, hours in (("L1", LATE), ("L2", FINE)):
        assert (await regulator.send("POST", at, json=lesson(no, "delivered", **hours))).status_code == 201
    assert await told(world) == [("L3", []), ("L1", ["T2"]), ("L2", [])]


async def test_of_a_file_only_hours_that_break_a_rule_are_told_and_once(world: Any) -> None:
    regulator = world.caller("fund-regulator")
    await paid(regulator)
    rows = [("L1", "19:30", "21:00", "待确认"), ("L2", "18:30", "20:30", "已确认"), ("L3", "", "", "待确认")]
    rows.append(("L4", "19:30", "21:00", "已取消"))

    def table(state: str = "") -> bytes:
        lines = (
            f"{no},,HT-1,武*帆,{TODAY},{begins},{ends},1,正课,李老师,{state or word},家长确认,{TODAY} 09:00:00\r\n"
            for no, begins, ends, word in rows
        )
        return (TABLE + "".join(lines)).encode()

    for content in (table(), table(), table("已确认")):
        sent = await regulator.send("POST", "/files/lessons", content=content, headers=CSV)
        assert sent.json()["kept_aside"] == 0, sent.text
        await regulator.get("/contracts")
    assert [one for one in await told(world) if one[0] != "L4"] == [("L1", ["T2"])]
    assert (await world.replayed()).differences == 0
