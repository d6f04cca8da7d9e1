"""When lessons may be held, as institutions say it over HTTP one by one, in batches and in a vendor's file."""

from __future__ import annotations

from typing import Any

from funds.conftest import NOW
from funds.test_api import CONTRACT, problem
from funds.test_charging_import import in_force
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


async def test_hours_are_read_as_clerks_write_them_and_what_is_none_keeps_its_own_row_aside(world: Any) -> None:
    regulator = world.caller("fund-regulator")
    await paid(regulator)
    rows = [("L1", "9：30", "20:31"), ("L2", "19:30Z", "21:00"), ("L3", "21:00", "19:30"), ("L4", "25:00", "26:00")]
    rows += [("L5", "8:05:00", "9:00:00"), ("L6", "19:30", "")]
    lines = (f"{no},,HT-1,武*帆,{TODAY},{begins},{ends},1,正课,李老师,待确认,,\r\n" for no, begins, ends in rows)
    sent = await regulator.send("POST", "/files/lessons", content=(TABLE + "".join(lines)).encode(), headers=CSV)
    assert (sent.json()["accepted"], sent.json()["kept_aside"]) == (3, 3), sent.text
    assert await told(world) == [("L1", ["T2"])]


async def test_on_a_day_off_no_school_subject_is_taught_though_the_hours_are_left_out(world: Any) -> None:
    regulator = world.caller("fund-regulator")
    await paid(regulator, is_subject=True)
    at, saturday = f"{CONTRACT_AT}/lessons", "2026-06-27"
    planned = await regulator.send("POST", at, json=lesson("L1", "scheduled", held_on="2026-07-04"))
    assert problem(planned) == (409, "teaching-time-forbidden")
    batch = [lesson(no, "delivered", held_on=saturday, contract_no="HT-1") for no in ("L2", "L2")]
    batch += [lesson("L3", "scheduled", held_on="2026-07-04", contract_no="HT-1")]
    said = (await regulator.send("POST", "/lesson-batches", json={"lessons": batch})).json()
    assert [(one["index"], one["became"]) for one in said["records"]] == [(1, "repeated"), (2, "refused")]
    days = (("L4", saturday), ("L5", "2026-06-26"))
    rows = "".join(f"{no},,HT-1,武*帆,{day},,,1,正课,李老师,待确认,,\r\n" for no, day in days)
    sent = await regulator.send("POST", "/files/lessons", content=(TABLE + rows).encode(), headers=CSV)
    assert sent.json()["accepted"] == 2, sent.text
    assert await told(world) == [("L2", ["T1"]), ("L4", ["T1"])]


async def test_a_lesson_is_held_against_the_numbers_of_its_own_day(world: Any) -> None:
    """Since today lessons end at six; what was held yesterday and is reported today was in order."""
    regulator = world.caller("fund-regulator")
    await paid(regulator)
    await in_force(world, "teaching-times", **{"on-site-until": 18 * 60})
    at = f"{CONTRACT_AT}/lessons"

    def on(day: str) -> dict[str, str]:
        return {"held_on": day, "begins_at": f"{day}T18:00:00+08:00", "ends_at": f"{day}T19:00:00+08:00"}

    yesterday, rows = "2026-06-30", ""
    for number, day in enumerate((yesterday, TODAY)):
        answer = await regulator.send("POST", at, json=lesson(f"A{number}", "delivered", **on(day)))
        assert answer.is_success, answer.text
        batch = {"lessons": [lesson(f"B{number}", "delivered", contract_no="HT-1", **on(day))]}
        assert (await regulator.send("POST", "/lesson-batches", json=batch)).json()["accepted"] == 1
        rows += f"C{number},,HT-1,武*帆,{day},18:00,19:00,1,正课,李老师,待确认,,\r\n"
    sent = await regulator.send("POST", "/files/lessons", content=(TABLE + rows).encode(), headers=CSV)
    assert sent.json()["accepted"] == 2, sent.text
    assert sorted(one for one in await told(world) if one[1]) == [("A1", ["T2"]), ("B1", ["T2"]), ("C1", ["T2"])]
