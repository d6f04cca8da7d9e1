"""Contracts that come in a file are looked at by the rules in force for their day and place."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from funds.county_weeks import masters
from funds.test_api import CSV, REGISTERED
from mingjing_kernel.identifiers import new_id

HEAD = (
    "合同编号,机构编码,机构,学员,监护人,监护人手机,课程,课时数,赠送课时,合同金额,开课日期,有效期至,签订时间,"
    "期初已消课时,合同文本,状态"
)
COVERS = "2026-07-01"


def line(no: str, **change: str) -> str:
    """A row of 合同台账: within every limit unless it says otherwise."""
    said = {
        "course": "书法", "lessons": "24", "price": "2400.00", "starts": "2026-07-05", "ends": "2026-09-30",
        "at": "2026-06-28 10:00:00", "used": "0", "text": "示范文本", "pupil": "武玲帆", "phone": "19900000686",
    } | change  # fmt: skip
    return (
        f"{no},JG00018,木铎轩书画,{said['pupil']},段宇,{said['phone']},{said['course']},{said['lessons']},,{said['price']},"
        f"{said['starts']},{said['ends']},{said['at']},{said['used']},{said['text']},履行中"
    )


async def begun(world: Any) -> Any:
    """The county's accounts and codes; the first institution is known to the registry."""
    regulator = world.caller("fund-regulator")
    await world.tell(REGISTERED)
    for posting in masters():
        path = f"/files/{posting.kind}?covers_to={posting.covers_to}"
        assert (await regulator.send("POST", path, content=posting.data, headers=CSV)).status_code == 200
    return regulator


async def sent(regulator: Any, *lines: str, covers_to: str = COVERS) -> dict[str, Any]:
    content = "\n".join((HEAD, *lines)).encode("utf-8-sig")
    answer = await regulator.send("POST", f"/files/contracts?covers_to={covers_to}", content=content, headers=CSV)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def findings(regulator: Any) -> list[tuple[str, str, int, int]]:
    items = (await regulator.get("/contracts/findings", limit=500))["items"]
    return sorted((one["contract_no"], one["rule"], one["found"], one["allowed"]) for one in items)


async def in_force(world: Any, rule: str, **values: int) -> None:
    """A version of the rule for the region, written by one and approved by another."""
    policy = f"/policies/{rule}/versions/{new_id()}"
    draft = {
        "numbers": values,
        "region": "330106",
        "effective_on": "2026-07-01",
        "legal_basis": "测试",
        "reason": "试点",
    }
    proposer, approver = world.caller("administrator", "wu"), world.caller("approver", "shi")
    answer = await proposer.send("PUT", policy, json=draft)
    assert answer.is_success, answer.text
    approver.position = proposer.position
    legal = {"Mingjing-Reason": "check", "Mingjing-Legal-Basis": "agreement-8"}
    answer = await approver.send("POST", f"{policy}/approval", headers=legal)
    assert answer.is_success, answer.text


async def test_top_ups_under_another_name_count_together_within_one_file_and_over_two(world: Any) -> None:
    regulator = await begun(world)
    taken = await sent(
        regulator,
        line("HT-A2", course="书法补充协议", price="2900.00", at="2026-06-29 09:00:00"),  # not in the order of signing
        line("HT-A1"),
        line("HT-B1", pupil="白一诺", phone="19900000687", starts="2026-08-20", ends="2026-10-31"),
        line("HT-C1", pupil="林佳琪", phone="19900000688", text="自拟", used="4"),
    )
    assert (taken["accepted"], taken["kept_aside"]) == (4, 0)
    assert await findings(regulator) == [
        ("HT-A2", "P5-amount", 530_000, 500_000),
        ("HT-A2", "P6-renewal", 24, 20),
        ("HT-B1", "P6-early", 53, 31),
    ]
    await sent(regulator, line("HT-C2", pupil="林佳琪", phone="19900000688", lessons="44", at="2026-06-30 10:00:00"))
    assert ("HT-C2", "P5-lessons", 64, 60) not in await findings(regulator), "twenty are left: a renewal"
    before = await findings(regulator)
    again = await sent(regulator, line("HT-A1"))
    assert (again["accepted"], again["repeated"]) == (0, 1), "a row that stands is no news, whatever was paid since"
    assert await findings(regulator) == before
    assert (await world.replayed()).differences == 0


async def test_of_old_contracts_nobody_knows_what_was_left_on_that_day(world: Any) -> None:
    regulator = await begun(world)
    old = {"starts": "2026-02-01", "ends": "2026-04-30", "at": "2026-01-20 10:00:00"}
    next_one = {"starts": "2026-05-01", "ends": "2026-07-30", "at": "2026-04-20 10:00:00"}
    await sent(regulator, line("HT-A1", **old), line("HT-A2", price="2900.00", **next_one))
    assert await findings(regulator) == []


async def test_a_regions_own_limit_counts_and_what_it_forbids_is_kept_aside_until_it_is_mended(world: Any) -> None:
    regulator = await begun(world)
    await in_force(world, "charging", lessons=20)
    await in_force(world, "charging-at-import", **{"p10-text-mode": 2})
    taken = await sent(
        regulator,
        line("HT-A1", at="2026-07-01 09:00:00"),
        line("HT-A2", pupil="白一诺", phone="19900000687", lessons="20", text="自拟", at="2026-07-01 09:00:00"),
        line("HT-A3", pupil="林佳琪", phone="19900000688", ends="2026-10-31"),
    )
    assert (taken["accepted"], taken["kept_aside"]) == (2, 1)
    assert await findings(regulator) == [
        ("HT-A1", "P2", 24, 20),
        ("HT-A3", "P1", 119, 92),
    ], "HT-A3 was signed before the region's own number was in force"
    (row,) = (await regulator.get("/kept-aside"))["items"]
    assert row["code"] == "model-text-missing"
    assert (await regulator.get("/contracts", contract_no="HT-A2"))["items"] == []
    assert UUID(row["row_id"])
