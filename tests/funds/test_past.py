"""Accounts, contracts and every list as they stood, and balances, whose ``day`` is something else."""

from __future__ import annotations

from datetime import date
from itertools import islice
from typing import Any

from funds.county_weeks import masters, postings
from funds.test_api import ACCOUNT, CONTRACT, CSV, INSTITUTION, NEW_CONTRACT, PAYMENT, REGISTERED, opened, problem
from mingjing_contracts.registry import LicenceSuspendedV1

ONE_ACCOUNT, ONE_CONTRACT = f"/accounts/{ACCOUNT}", f"/contracts/{CONTRACT}"
LISTS = (
    "/accounts",
    "/accounts/entries",
    "/alerts",
    "/alerts/evaluations",
    "/contracts",
    "/contracts?state=paid",
    "/contracts/findings",
    "/files",
    "/institutions",
    "/kept-aside",
    "/kept-aside?state=all",
    "/payments",
    "/payments?open_only=true",
    "/refunds",
    "/releases",
)


async def lists(caller: Any, **more: Any) -> dict[str, bytes]:
    """Every list, whole, as a file."""
    return {path: await whole(caller, path, **more) for path in LISTS}


async def whole(caller: Any, path: str, **more: Any) -> bytes:
    path, _, asked = path.partition("?")
    filters = dict([asked.split("=")]) if asked else {}
    return bytes((await caller.read(path, format="csv", **filters, **more)).content)


async def test_one_account_and_one_contract_answer_as_of(world: Any) -> None:
    regulator = world.caller("fund-regulator")
    await opened(regulator)
    before = f"@{await world.host.log.head()}"
    await regulator.send("POST", "/contracts", json=NEW_CONTRACT)
    await regulator.get("/contracts")
    signed = f"@{await world.host.log.head()}"
    await regulator.send("POST", f"{ONE_CONTRACT}/payment", json=PAYMENT)
    now = await regulator.get(ONE_CONTRACT)
    assert (await regulator.get(ONE_CONTRACT, as_of=before))["status"] == 404
    past = await regulator.get(ONE_CONTRACT, as_of=signed)
    assert (past["state"], past["paid_fen"], past["institution_name"]) == ("signed", 0, now["institution_name"])
    assert (now["state"], now["paid_fen"]) == ("paid", 299_900)
    assert await regulator.get(ONE_CONTRACT, as_of=f"@{await world.host.log.head()}") == now
    assert (await regulator.get(ONE_ACCOUNT, as_of="@1"))["state"] == "applied"
    assert (await regulator.get(ONE_ACCOUNT, as_of="@2"))["state"] == "agreed"
    assert (await regulator.get(ONE_ACCOUNT))["state"] == "active"
    elsewhere = world.caller("fund-regulator", region="330105")
    assert (await elsewhere.get(ONE_CONTRACT, as_of=signed))["status"] == 404
    assert (await elsewhere.get(ONE_ACCOUNT, as_of=signed))["status"] == 404


async def test_a_day_of_the_books_counts_what_was_booked_for_it_later(world: Any) -> None:
    regulator = world.caller("fund-regulator")
    await opened(regulator)
    await regulator.send("POST", "/contracts", json=NEW_CONTRACT)
    await regulator.get("/contracts")
    before = await regulator.get("/accounts/balances", day="2026-07-01")
    signed = f"@{await world.host.log.head()}"
    await regulator.send("POST", f"{ONE_CONTRACT}/payment", json=PAYMENT)
    after = await regulator.get("/accounts/balances", day="2026-07-01")
    assert (before["accounts"][0]["unconsumed_fen"], after["accounts"][0]["unconsumed_fen"]) == (0, 299_900)
    assert await regulator.get("/accounts/balances", day="2026-07-01", as_of=signed) == before
    assert await regulator.get("/accounts/balances", as_of=signed) == before, "the day of the question is its own day"
    nothing = await regulator.get("/accounts/balances", as_of="@0")
    assert (nothing["accounts"], nothing["totals"]["accounts"]) == ([], 0)
    assert await regulator.get("/accounts/balances", as_of="2026-06-30") == nothing | {"day": "2026-06-30"}


async def test_every_list_of_the_past_is_the_list_that_was_shown_then(world: Any) -> None:
    regulator = world.caller("fund-regulator")
    lesson = {"lesson_no": "KX1", "held_on": "2026-07-01", "standing": "confirmed"}
    refund = {"refund_no": "TF1", "amount_fen": 100, "reason": "停课"}
    codes = "机构编码,机构名称,统一社会信用代码,监管专户\r\nJG1,木铎轩,,62990\r\n".encode()
    then: dict[int, dict[str, bytes]] = {}

    async def remember() -> None:
        then[await world.host.log.head()] = await lists(regulator)

    await world.tell(REGISTERED)
    await opened(regulator)
    await remember()
    for path, body in (
        ("/contracts", NEW_CONTRACT),
        (f"{ONE_CONTRACT}/payment", PAYMENT),
        (f"{ONE_CONTRACT}/lessons", lesson),
        (f"{ONE_CONTRACT}/lessons", lesson | {"lesson_no": "KX2"}),
        (f"{ONE_CONTRACT}/refunds", refund),
    ):
        assert (await regulator.send("POST", path, json=body)).status_code == 201
        await remember()
    await regulator.send("POST", "/files/vendor-codes", content=codes, headers=CSV)
    await remember()
    (row,) = (await regulator.get("/kept-aside"))["items"]
    await regulator.send("POST", f"/kept-aside/{row['row_id']}/dismissal", json={"reason": "重复"})
    await world.tell(
        LicenceSuspendedV1(institution_id=INSTITUTION, decision_reference="1号", reason="", on=date(2026, 7, 1))
    )
    await remember()
    assert len({tuple(shown.values()) for shown in then.values()}) == len(then) == 8
    for position, shown in then.items():
        assert await lists(regulator, as_of=f"@{position}") == shown
    nothing = await lists(regulator, as_of="@0")
    assert {path for path, file in nothing.items() if file.count(b"\n") > 1} == set()


async def test_the_lists_of_a_county_are_what_they_were_a_week_before(world: Any) -> None:
    regulator = world.caller("fund-regulator")

    async def post(files: Any) -> None:
        for posting in files:
            path = f"/files/{posting.kind}?covers_to={posting.covers_to}&delivered_on={posting.delivered_on}"
            assert (await regulator.send("POST", path, content=posting.data, headers=CSV)).status_code == 200

    (_, first), (until, second) = islice(postings(), 2)
    await post([*masters(), *first])
    shown, then = await lists(regulator), f"@{await world.host.log.head()}"
    await post(second)
    await regulator.send("POST", f"/alerts/evaluations?day={until}")
    now = await lists(regulator)
    assert await lists(regulator, as_of=then) == shown != now
    assert await lists(regulator, as_of=f"@{await world.host.log.head()}") == now
    page = await regulator.get("/contracts", as_of=then, limit=7)
    more = await regulator.get("/contracts", as_of=then, limit=7, after=page["next"])
    assert not {one["contract_id"] for one in page["items"]} & {one["contract_id"] for one in more["items"]}


async def test_what_nobody_has_written_yet_is_refused_and_not_answered_as_if_it_were_now(world: Any) -> None:
    regulator = world.caller("fund-regulator")
    await opened(regulator)
    head = await world.host.log.head()
    for path in (*(path.partition("?")[0] for path in LISTS), ONE_ACCOUNT, ONE_CONTRACT):
        answer = await regulator.read(path, as_of=f"@{head + 1}")
        assert problem(answer) == (422, "position-not-yet-written")
        assert {answer.json()[name] for name in ("field", "rule")} == {"as_of", "as_of, Mingjing-Position"}
        assert str(head) in answer.json()["detail"]
    assert (await regulator.read("/accounts", as_of=f"@{head}")).status_code == 200
    regulator.position = str(head + 1)
    ahead = await regulator.read("/accounts")
    assert (problem(ahead)[1], ahead.json()["field"]) == ("position-not-yet-written", "Mingjing-Position")
