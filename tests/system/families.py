"""Marked families sent into funds by every way: the vendor's tables, contracts signed here, rows that are mended.

And what a family may do with its own data.
"""

from __future__ import annotations

from typing import Any

import httpx

from mingjing_funds.intake.numbered import contract_id
from mingjing_kernel.identifiers import new_id
from system.intruder import ADMINISTRATOR, AUDITOR, BANKER, WHY, Intruder
from system.marked import (
    CODES,
    CONTRACTS_HEADER,
    LESSONS_HEADER,
    PAYMENTS_HEADER,
    REFUNDS_HEADER,
    Marks,
    contract,
    day,
    lesson,
    people,
    today,
)

NUMBER = "HT00001-2606-900"


async def table(intruder: Intruder, kind: str, *lines: str) -> Any:
    """The receipt of a table."""
    query = f"?covers_to={today()}&department=science"
    content = "\n".join(lines).encode("utf-8-sig")
    answer = await intruder.send(BANKER, "POST", "funds", f"/files/{kind}{query}", content=content)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def order_tables(intruder: Intruder, marks: Marks) -> None:
    """The vendor's tables: children and guardians in columns of their own, and numbers in the wrong ones."""
    waits = contract(marks, "unknown code", code="JG00002")
    await table(intruder, "contracts", CONTRACTS_HEADER, waits)
    for code in ("JG00001", "JG00002"):
        assert (await table(intruder, "vendor-codes", CODES.format(code=code)))["accepted"] == 1
    rows = [contract(marks, "contract"), contract(marks, "bad contract", price="一千"), contract(marks, "x", price="")]
    taken = await table(intruder, "contracts", CONTRACTS_HEADER, *rows, waits)
    assert (taken["accepted"], taken["kept_aside"], taken["came_right"]) == (2, 2, 1), taken
    lessons = [lesson(marks, "lesson"), lesson(marks, "bad lesson", state=marks.phone("lesson state"))]
    assert (await table(intruder, "lessons", LESSONS_HEADER, *lessons))["kept_aside"] == 2
    kept = (await intruder.send(BANKER, "GET", "funds", "/kept-aside")).json()["items"]
    assert len(kept) == 4
    for row in kept:
        corrections = {"学员": marks.name("correction"), "监护人": marks.name("correction"), "合同金额": "2.00"}
        path = f"/kept-aside/{row['row_id']}/mending"
        await intruder.send(BANKER, "POST", "funds", path, json={"corrections": corrections})


async def family(intruder: Intruder, marks: Marks) -> None:
    """One family: it moves and comes back, pays, learns, asks for money; is found, opened, copied, put right."""
    first, moved = people(marks, "family"), people(marks, "family moved")
    line = contract(marks, "again", number=NUMBER, family="{}")
    for at, named in enumerate((first, first, moved, first)):
        beside = contract(marks, f"beside {at}")  # the same file again would say nothing new
        taken = await table(intruder, "contracts", CONTRACTS_HEADER, line.format(named), beside)
        assert taken["kept_aside"] == 0, taken
    for kind, *lines in (
        ("payments", PAYMENTS_HEADER, f"JF1,{NUMBER},{today()} 11:00:00,2999.00,微信{marks.phone('method')},成功"),
        ("lessons", LESSONS_HEADER, lesson(marks, "taken", "已确认", NUMBER)),
        ("refunds", REFUNDS_HEADER, f"TF1,{NUMBER},{today()} 12:00:00,回电{marks.phone('why')},1.00,,待机构处理,,"),
    ):
        assert (await table(intruder, kind, *lines))["kept_aside"] == 0
    phone = first.split(",")[3]
    search = {"field": "phone", "value": phone}
    found = await intruder.send(ADMINISTRATOR, "POST", "funds", "/subjects/search", headers=WHY, json=search)
    subject = found.json()[0]["subject"]
    path, why = f"/contracts/{contract_id(NUMBER)}/family/guardian", {"purpose": "refund", "explanation": "退费"}
    assert (await intruder.read_alone(BANKER, "funds", path, json=why))["phone"] == phone
    copy = await intruder.read_alone(ADMINISTRATOR, "funds", f"/subjects/{subject}/copy", headers=WHY)
    assert phone in str(copy)
    await put_right(intruder, marks, f"{path}/correction", phone)
    await intruder.send(AUDITOR, "GET", "funds", f"/subjects/{subject}/record")
    case = await intruder.send(AUDITOR, "GET", "funds", f"/log/cases/contract/{contract_id(NUMBER)}")
    assert case.status_code == 200, case.text


async def put_right(intruder: Intruder, marks: Marks, path: str, phone: str) -> None:
    """Corrections, good and bad; then she asks for her own record, with telephones that were hers and were not."""
    right = {"person": marks.person("correction"), "reason": "本人来电"}
    for wrong in (
        right | {"person": {"name": marks.name("long correction") * 60}},
        right | {"person": [marks.name("list correction")]},
        right | {"reason": "", "person": marks.person("no reason")},
    ):
        assert (await intruder.send(BANKER, "POST", "funds", path, json=wrong)).status_code == 422
    corrected = await intruder.send(BANKER, "POST", "funds", path, json=right)
    assert corrected.status_code == 201, corrected.text
    nowhere = {"contract_no": marks.name("no contract"), "phone": phone}
    await intruder.send(BANKER, "POST", "funds", "/contracts/own-record", json=nowhere)
    for named in (phone, marks.phone("own record"), right["person"]["phone"]):  # type: ignore[index]
        body = {"contract_no": NUMBER, "phone": named}
        own = await intruder.send(BANKER, "POST", "funds", "/contracts/own-record", json=body)
    assert own.status_code == 200, own.text


async def contracts_signed(intruder: Intruder, marks: Marks) -> None:
    """Contracts signed over HTTP: a family in full, and refused ones with people where none belong."""
    terms, key = await an_account(intruder), new_id()
    terms |= {"contract_no": "HT-LEAKS", "is_subject": False, "lessons": 10, "price_fen": 90_000, "starts_on": day(1),
              "ends_on": day(60), "course": f"编程 {marks.phone('signed: course')}"}  # fmt: skip
    guardian = {**marks.person("signed: guardian"), "id_number": marks.identity("signed: guardian")}
    whole = terms | {"pupil": {"name": marks.name("signed: pupil")}, "guardian": guardian}
    await written(intruder, "/contracts", whole, key=key)
    other = terms | {"pupil": {"name": marks.name("other: pupil")}, "guardian": marks.person("other: guardian")}
    for wrong in (
        other,
        other | {"contract_id": str(new_id()), "price_fen": marks.phone("a price")},
        terms | {"pupil": marks.name("pupil as text"), "guardian": [marks.person("guardian in a list")]},
        terms | {"pupil": {"name": f"{marks.name('masked pupil')}**"}},
        other | {"contract_id": str(new_id()), "contract_no": "HT-LONG", "lessons": 600},
    ):
        refused = await intruder.send(BANKER, "POST", "funds", "/contracts", json=wrong)
        assert 400 <= refused.status_code < 500, refused.text
    await intruder.send(BANKER, "POST", "funds", "/contracts", json=other, key=key)
    path = f"/contracts/{terms['contract_id']}"
    await written(intruder, f"{path}/payment", {
        "payment_no": "JF2", "amount_fen": 90_000, "paid_at": f"{today()}T09:00:00+08:00",
        "method": f"微信 {marks.phone('method over HTTP')}",
    })  # fmt: skip
    await written(intruder, f"{path}/lessons", {
        "lesson_no": "KX1", "held_on": today(), "standing": "confirmed", "how": f"电话{marks.phone('how')}",
        "content": marks.words("content of a lesson"),
    })  # fmt: skip
    refund = {"refund_no": "TF2", "amount_fen": 1, "reason": marks.words("refund over HTTP")}
    await written(intruder, f"{path}/refunds", refund)


async def an_account(intruder: Intruder) -> dict[str, Any]:
    """Where a contract can be signed, and the contract's own id."""
    account = new_id()
    holder = {"account_id": str(account), "institution_name": "木铎轩", "bank": "湖畔商业银行", "account_name": "专户",
              "department": "science", "region": "330106"}  # fmt: skip
    activation = {"number": "6299000000000000123", "opened_on": today(), "opening_fen": 0, "opening_on": today()}
    await written(intruder, "/accounts", holder)
    agreement = {"agreement_no": "1", "minimum_fen": 0, "signed_on": today()}
    await written(intruder, f"/accounts/{account}/agreement", agreement)
    await written(intruder, f"/accounts/{account}/activation", activation)
    return {"account_id": str(account), "contract_id": str(new_id())}


async def written(intruder: Intruder, path: str, body: Any, **more: Any) -> httpx.Response:
    """A write that is taken, and stands in the lists: what comes next refers to it."""
    answer = await intruder.send(BANKER, "POST", "funds", path, json=body, **more)
    assert answer.is_success, answer.text
    position = {"Mingjing-Position": answer.headers["Mingjing-Position"]}
    await intruder.send(BANKER, "GET", "funds", "/accounts", headers=position)
    return answer
