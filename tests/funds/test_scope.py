"""Two regions side by side: what a writer of one may not do to the other, whatever he says in a file."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

MINE, THEIRS = "330106", "330105"
NUMBERS = {MINE: "6299000000001111111", THEIRS: "6299000000002222222"}
CSV = {"Content-Type": "text/csv"}
CODES = "机构编码,机构名称,统一社会信用代码,监管专户\r\n{code},机构{code},,{number}\r\n"
CONTRACT = (
    "合同编号,机构编码,学员,课程,课时数,赠送课时,合同金额,开课日期,有效期至,签订时间,期初已消课时,合同文本\r\n"
    "{no},{code},武*帆,书法,24,0,2400.00,2026-06-20,2026-09-10,2026-06-10 10:00:00,0,示范文本\r\n"
)
PAYMENT = "缴费单号,合同编号,缴费时间,金额,支付方式,状态\r\nJF-{no}-{by},{no},2026-06-11 10:00:00,2400.00,微信,成功\r\n"
REFUND = (
    "退费单号,合同编号,申请时间,退费原因,申请金额,机构答复日期,状态,退款日期,退款金额\r\n"
    "TF-{by},{no},2026-06-12 10:00:00,停课,100.00,,待机构处理,,\r\n"
)
LESSON = (
    "课消编号,机构编码,合同编号,学员,上课日期,开始,结束,课时,类型,教师,状态,确认方式,确认时间\r\n"
    "KX-{by},{code},{no},武*帆,2026-06-21,09:00,10:00,1,正课,王,已确认,家长确认,2026-06-21 12:00:00\r\n"
)
INSTRUCTION = (
    "指令号,机构编码,专户账号,指令日期,结算截至,课时数,合同笔数,拨付金额\r\n"
    "ZL-{by},{code},{number},2026-06-22,2026-06-21,1,1,10.00\r\n"
)
OUTSIDE = "outside-your-scope"


async def account(writer: Any, region: str, opening_fen: int = 800_000) -> UUID:
    """An open account of a region."""
    id = UUID(int=int(region))
    body = {
        "account_id": str(id),
        "institution_name": f"机构{region}",
        "bank": "湖畔商业银行",
        "account_name": "托管专户",
        "department": "education",
        "region": region,
    }
    steps = (
        ("/accounts", body),
        (f"/accounts/{id}/agreement", {"agreement_no": "1", "minimum_fen": 800_000, "signed_on": "2026-06-01"}),
        (
            f"/accounts/{id}/activation",
            {
                "number": NUMBERS[region],
                "opened_on": "2026-06-02",
                "opening_fen": opening_fen,
                "opening_on": "2026-06-02",
            },
        ),
    )
    for path, said in steps:
        answer = await writer.send("POST", path, json=said)
        assert answer.status_code < 300, answer.text
        await writer.get("/accounts")
    return id


async def sent(writer: Any, region: str, kind: str, table: str, **words: str) -> dict[str, Any]:
    """The receipt of a file that its sender says is of this region."""
    words = {"code": region, "number": NUMBERS[region], "by": region, "no": f"HT-{region}"} | words
    answer = await writer.send(
        "POST", f"/files/{kind}?region={region}", content=table.format(**words).encode(), headers=CSV
    )
    assert answer.status_code == 200, answer.text
    receipt: dict[str, Any] = answer.json()
    return receipt


async def neighbours(world: Any) -> dict[str, Any]:
    """A writer of each region, with an account, a code, and a paid contract each."""
    writers = {region: world.caller("fund-regulator", f"writer-{region}", region=region) for region in (MINE, THEIRS)}
    for region, writer in writers.items():
        await account(writer, region)
        for kind, table in (("vendor-codes", CODES), ("contracts", CONTRACT), ("payments", PAYMENT)):
            receipt = await sent(writer, region, kind, table)
            assert (receipt["accepted"], receipt["kept_aside"]) == (1, 0), (kind, receipt)
    return writers


@pytest.mark.parametrize(
    ("kind", "table", "words"),
    [
        ("vendor-codes", CODES, {"code": "new"}),
        ("vendor-codes", CODES, {"number": "6299000000003333333"}),
        ("contracts", CONTRACT, {"no": "HT-new"}),
        ("release-instructions", INSTRUCTION, {}),
    ],
)
async def test_a_row_that_points_elsewhere_is_kept_aside(world: Any, kind: str, table: str, words: Any) -> None:
    writers = await neighbours(world)
    theirs = {"code": THEIRS, "number": NUMBERS[THEIRS], "no": f"HT-{THEIRS}"} | words
    receipt = await sent(writers[MINE], MINE, kind, table, **theirs)
    assert (receipt["accepted"], receipt["kept_aside"]) == (0, 1)
    (row,) = (await writers[MINE].get("/kept-aside"))["items"]
    assert row["code"] == OUTSIDE
    assert row["sentence_zh"] != row["sentence_en"]
    mending = await writers[MINE].send("POST", f"/kept-aside/{row['row_id']}/mending", json={"corrections": {}})
    assert (mending.status_code, mending.json()["type"].rsplit(":", 1)[-1]) == (403, OUTSIDE)
    assert (await writers[THEIRS].get("/kept-aside"))["items"] == []
    everywhere = world.caller("fund-regulator", region="33")
    mending = await everywhere.send("POST", f"/kept-aside/{row['row_id']}/mending", json={"corrections": {}})
    assert mending.status_code != 403


@pytest.mark.parametrize(
    ("kind", "table", "code", "comes_right"),
    [
        ("payments", PAYMENT, "", 1),
        ("refunds", REFUND, "", 0),  # nobody has paid on the own contract
        ("lessons", LESSON, "", 1),
        ("lessons", LESSON, THEIRS, 0),
    ],
)
async def test_of_the_neighbours_contract_it_is_not_told_that_it_is_there(
    world: Any, kind: str, table: str, code: str, comes_right: int
) -> None:
    """The row waits for a contract of that number within the sender's own reach."""
    writers = await neighbours(world)
    no = f"HT-{THEIRS}"
    for sought in (no, "HT-nobody"):
        receipt = await sent(writers[MINE], MINE, kind, table, no=sought, code=code, by=sought)
        assert (receipt["accepted"], receipt["kept_aside"]) == (0, 1)
    theirs, nobodys = (await writers[MINE].get("/kept-aside"))["items"]
    for row in (theirs, nobodys):
        assert row["code"] == "contract-unknown"
        mending = await writers[MINE].send("POST", f"/kept-aside/{row['row_id']}/mending", json={"corrections": {}})
        assert (mending.status_code, mending.json()["type"].rsplit(":", 1)[-1]) == (404, "contract-unknown")
    assert theirs.keys() == nobodys.keys()
    assert (await sent(writers[MINE], MINE, "vendor-codes", CODES + "\r\n"))["came_right"] == 0
    own = await sent(writers[MINE], MINE, "contracts", CONTRACT, no=no)
    assert (own["accepted"], own["kept_aside"]) == (1, 0)
    again = await sent(writers[MINE], MINE, "vendor-codes", CODES + "\r\n\r\n")
    assert again["came_right"] == comes_right


async def test_a_row_that_waits_elsewhere_is_not_used_by_the_neighbour(world: Any) -> None:
    mine, theirs = (world.caller("fund-regulator", f"writer-{region}", region=region) for region in (MINE, THEIRS))
    await account(theirs, THEIRS)
    receipt = await sent(theirs, THEIRS, "contracts", CONTRACT)
    assert receipt["kept_aside"] == 1
    await account(mine, MINE)
    everywhere = world.caller("fund-regulator", "all", region="33")
    await sent(everywhere, THEIRS, "vendor-codes", CODES)
    assert (await sent(mine, MINE, "vendor-codes", CODES))["came_right"] == 0
    await sent(mine, MINE, "contracts", CONTRACT)
    assert len((await theirs.get("/kept-aside"))["items"]) == 1
    assert (await sent(theirs, THEIRS, "contracts", CONTRACT))["came_right"] == 1


async def test_nobody_takes_the_number_of_a_neighbours_account(world: Any) -> None:
    writers = await neighbours(world)
    id = UUID(int=9)
    body = {
        "account_id": str(id),
        "institution_name": "他人",
        "bank": "湖畔商业银行",
        "account_name": "托管专户",
        "department": "education",
        "region": MINE,
    }
    opening = {"opened_on": "2026-06-02", "opening_fen": 800_000, "opening_on": "2026-06-02"}
    await writers[MINE].send("POST", "/accounts", json=body)
    await writers[MINE].get("/accounts")
    signed = {"agreement_no": "1", "minimum_fen": 800_000, "signed_on": "2026-06-01"}
    await writers[MINE].send("POST", f"/accounts/{id}/agreement", json=signed)
    answer = await writers[MINE].send("POST", f"/accounts/{id}/activation", json={"number": NUMBERS[THEIRS], **opening})
    assert (answer.status_code, answer.json()["type"].rsplit(":", 1)[-1]) == (409, "number-taken")


async def test_only_own_accounts_are_evaluated(world: Any) -> None:
    writers = await neighbours(world)
    # A reader of the other region too: that must not make him its writer.
    claims = world.caller("fund-regulator", "writer-and-reader", region=MINE, also=("auditor", THEIRS))
    evaluated = (await claims.send("POST", "/alerts/evaluations?day=2026-07-01")).json()
    assert evaluated["evaluated"] > 0
    writers[MINE].position = writers[THEIRS].position = claims.position
    assert (await writers[THEIRS].get("/alerts/evaluations"))["items"] == []
    seen = (await writers[MINE].get("/alerts/evaluations"))["items"]
    assert {row["account_id"] for row in seen} == {str(UUID(int=int(MINE)))}


async def test_what_happens_elsewhere_does_not_age_a_payment(world: Any) -> None:
    writers = await neighbours(world)
    before = await writers[MINE].get("/accounts/balances", day="2026-06-12")
    answer = await writers[THEIRS].send(
        "POST",
        f"/files/lessons?region={THEIRS}",
        content=LESSON.format(by=THEIRS, code=THEIRS, no=f"HT-{THEIRS}").encode(),
        headers=CSV,
    )
    assert answer.json()["accepted"] == 1
    writers[MINE].position = writers[THEIRS].position
    assert await writers[MINE].get("/accounts/balances", day="2026-06-12") == before
    assert before["totals"]["accounts"] == 1
    assert before["accounts"][0]["in_transit_fen"] == 240_000


async def test_a_row_of_a_closed_account_says_in_chinese_where_it_stands(world: Any) -> None:
    writer = world.caller("fund-regulator", region=MINE)
    closed = await account(writer, MINE, opening_fen=0)
    for step, body in (("closing-request", {"department_consents": True}), ("closing", {})):
        answer = await writer.send("POST", f"/accounts/{closed}/{step}", json=body)
        assert answer.is_success, answer.text
        await writer.get("/accounts")
    receipt = await sent(writer, MINE, "release-instructions", INSTRUCTION)
    assert (receipt["accepted"], receipt["kept_aside"]) == (0, 1)
    (row,) = (await writer.get("/kept-aside"))["items"]
    assert row["sentence_zh"] == "此步骤要求账户处于“正常”状态，现为“已销户”。"
    assert row["sentence_en"] == "This step needs an account that is active; this one is closed."
