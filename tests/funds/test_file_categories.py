"""Files and rows kept aside are of the category of what they concern, and grants by category are held to it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import asyncpg

from funds.test_scope import CODES, CONTRACT, CSV, LESSON, PAYMENT, REFUND
from mingjing_funds.codec import DELIVERY_CODEC, ROW_CODEC
from mingjing_funds.intake.categories import of_file, shared
from mingjing_funds.service import SERVICE
from mingjing_kernel.log.database import asyncpg_url
from mingjing_kernel.projection.rebuild import rebuild

REGION = "330106"
ACCOUNTS = {"art": "6299000000001111111", "sport": "6299000000002222222"}


async def two(world: Any) -> Any:
    """An account of an art school and one of a sport school, each with a code and a paid contract."""
    regulator = world.caller("fund-regulator")
    for place, (category, number) in enumerate(ACCOUNTS.items()):
        id = UUID(int=0x40 + place)
        body = {
            "account_id": str(id), "institution_name": f"机构{category}", "bank": "湖畔商业银行",
            "account_name": "托管专户", "department": "education", "region": REGION, "category": category,
        }  # fmt: skip
        agreed = {"agreement_no": "1", "minimum_fen": 800_000, "signed_on": "2026-06-01"}
        active = {"number": number, "opened_on": "2026-06-02", "opening_fen": 800_000, "opening_on": "2026-06-02"}
        for path, said in (("", body), (f"/{id}/agreement", agreed), (f"/{id}/activation", active)):
            assert (await regulator.send("POST", f"/accounts{path}", json=said)).is_success
            await regulator.get("/accounts")
        for kind, table in (("vendor-codes", CODES), ("contracts", CONTRACT), ("payments", PAYMENT)):
            receipt = await sent(regulator, kind, rows(table, category))
            assert (receipt["accepted"], receipt["kept_aside"]) == (1, 0), (kind, receipt)
    return regulator


def rows(table: str, *categories: str, **words: str) -> str:
    """The table with a row of each of these schools."""
    head, line = table.split("\r\n")[:2]
    lines = [
        line.format(**{"code": one, "number": ACCOUNTS[one], "by": one, "no": f"HT-{one}"} | words)
        for one in categories
    ]
    return "\r\n".join([head, *lines, ""])


async def sent(writer: Any, kind: str, table: str) -> dict[str, Any]:
    answer = await writer.send("POST", f"/files/{kind}", content=table.encode(), headers=CSV)
    assert answer.status_code == 200, answer.text
    receipt: dict[str, Any] = answer.json()
    return receipt


async def test_a_file_is_of_the_category_that_its_rows_share(world: Any) -> None:
    regulator = await two(world)
    await sent(regulator, "lessons", rows(LESSON, "art"))
    await sent(regulator, "refunds", rows(REFUND, "art", "sport"))
    artist = world.caller("fund-regulator", "yi", category="art")
    artist.position = regulator.position
    files = (await artist.get("/files"))["items"]
    assert sorted(one["kind"] for one in files) == ["contracts", "lessons", "payments"]
    everything = (await regulator.get("/files"))["items"]
    said = {(one["kind"], one["category"]) for one in everything}
    assert said >= {("lessons", "art"), ("refunds", ""), ("payments", "art"), ("payments", "sport")}
    assert said >= {("vendor-codes", "")}, "a list of codes concerns nobody's money"


async def test_a_row_kept_aside_is_seen_and_settled_by_whoever_may_see_what_it_concerns(world: Any) -> None:
    regulator = await two(world)
    wrong = rows(REFUND, "art", "sport").replace("100.00", "0.00")
    assert (await sent(regulator, "refunds", wrong))["kept_aside"] == 2
    unknown = rows(LESSON, "art", no="HT-nobody")
    assert (await sent(regulator, "lessons", unknown))["kept_aside"] == 1
    artist, athlete = (world.caller("fund-regulator", name, category=name) for name in ACCOUNTS)
    artist.position = athlete.position = regulator.position
    (of_art,) = (await artist.get("/kept-aside"))["items"]
    (of_sport,) = (await athlete.get("/kept-aside"))["items"]
    assert (of_art["category"], of_sport["category"]) == ("art", "sport")
    assert {row["category"] for row in (await regulator.get("/kept-aside"))["items"]} == {"art", "sport", ""}
    path = f"/kept-aside/{of_art['row_id']}/dismissal"
    assert (await athlete.send("POST", path, json={"reason": "重复"})).status_code in (403, 404)
    assert (await artist.send("POST", path, json={"reason": "重复"})).is_success


async def test_a_row_that_comes_right_is_used_by_whoever_sends_what_it_waited_for(world: Any) -> None:
    regulator = await two(world)
    artist = world.caller("fund-regulator", "yi", category="art")
    artist.position = regulator.position
    assert (await sent(artist, "lessons", rows(LESSON, "art", no="HT-new")))["kept_aside"] == 1
    await artist.read("/kept-aside")
    assert (await sent(artist, "contracts", rows(CONTRACT, "art", no="HT-new")))["accepted"] == 1
    await artist.read("/contracts")
    assert (await sent(artist, "payments", rows(PAYMENT, "art", no="HT-new")))["came_right"] == 1


async def test_whoever_sends_what_concerns_nobody_known_sees_it_and_settles_it(world: Any) -> None:
    regulator = await two(world)
    artist, athlete = (world.caller("fund-regulator", name, category=name) for name in ACCOUNTS)
    artist.position = regulator.position
    assert (await sent(artist, "lessons", rows(LESSON, "art", no="HT-nobody")))["kept_aside"] == 1
    (mine,) = (await artist.get("/kept-aside"))["items"]
    assert mine["category"] == "art"
    assert (mine["file_id"], "art") in {
        (one["file_id"], one["category"]) for one in (await artist.get("/files"))["items"]
    }
    athlete.position = regulator.position = artist.position
    assert (await athlete.get("/kept-aside"))["items"] == []
    assert len((await regulator.get("/kept-aside"))["items"]) == 1
    path = f"/kept-aside/{mine['row_id']}/dismissal"
    assert (await artist.send("POST", path, json={"reason": "重复"})).is_success


async def test_an_upgrade_makes_the_lists_anew_and_older_facts_say_no_category(world: Any) -> None:
    regulator = await two(world)
    for codec, name in ((DELIVERY_CODEC, "funds.file-delivered"), (ROW_CODEC, "funds.row-kept-aside")):
        assert codec.retired[f"{name}.v1"].into == f"{name}.v2"
        assert codec.retired[f"{name}.v1"].up({"kind": "lessons"}) == {"kind": "lessons", "category": ""}
    before = (await regulator.get("/files"))["items"]
    live = world.host.runner.store.schema
    owner = await asyncpg.connect(asyncpg_url(world.host.settings.postgres_url))
    try:
        await owner.execute(f'ALTER TABLE "{live}".deliveries DROP COLUMN category')
        await owner.execute(f"UPDATE \"{live}\".projection SET fingerprint = 'of an older release'")
    finally:
        await owner.close()
    rebuilt = await rebuild(world.host.log, SERVICE.read_models)
    assert rebuilt.differences is None
    assert (await regulator.get("/files"))["items"] == before


def test_a_category_is_said_only_where_all_share_it() -> None:
    assert shared(["art", "", "art"]) == "art"
    assert shared(["art", "sport"]) == shared([]) == ""
    assert of_file({1: "art", 2: "sport"}, {1}) == "art"
    assert of_file({1: "art", 2: "sport"}, {1, 2}) == ""
    assert of_file({1: "art"}, set()) == "art"
