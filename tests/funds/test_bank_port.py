"""Banks over NATS, on a real server: entries, statement files and answers to orders; whose they are, and once only."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import nats
import pytest
from joserfc import jwt
from joserfc.jwk import KeySet
from nats.aio.client import Client

from conftest import Databases
from funds.conftest import _KEY, ISSUER, NOW, World
from funds.test_api import ACCOUNT, NEW_CONTRACT, PAYMENT, opened
from funds.test_family_side import CONTRACT_AT
from funds.test_payments import BANK, PAYEE, batch, ordered, states, taught
from kernel.access.samples import given
from kernel.broker.world import until
from mingjing_funds.bank.status_written import Status, status_report
from mingjing_funds.messaging.commands import COMMANDS
from mingjing_funds.service import SERVICE
from mingjing_funds.settings import FundsSettings
from mingjing_kernel.access.noted import ACCESS, NoteAccess, person_id
from mingjing_kernel.broker.bulk_port import PortMessage
from mingjing_kernel.identifiers import new_id
from mingjing_kernel.identity import StaticKeys
from mingjing_kernel.log import Envelope
from mingjing_kernel.sealed.keyfile import make_key_file
from mingjing_kernel.service import Host
from mingjing_kernel.service.migrating import migrate

NUMBER = "6299000000009999999"
PLACE = {"bank": BANK["bank"], "department": "education", "region": "330106"}
ENTRY = {
    "flow": "HP1",
    "account_number": NUMBER,
    "booked_at": "2026-07-01T09:00:00+08:00",
    "amount_fen": 299_900,
    "balance_fen": 1_199_900,
    "summary": "学费",
}
HEADER = "序号,交易日期,交易时间,账号,户名,借方发生额,贷方发生额,账户余额,对方户名,对方账号,摘要,流水号"


def statement(flow: str) -> bytes:
    """A day of the bank's own layout with the one booking of ``ENTRY``."""
    title = "湖畔商业银行西湖支行托管专户流水\r\n记账日期：2026-07-01,币种：人民币,笔数：1\r\n"
    line = f"1,20260701,09:00:00,\t{NUMBER},托管专户,,2999.00,11999.00,家长,\t6217000000228973702,学费,{flow}\r\n"
    return f"{title}{HEADER}\r\n{line}".encode("gb18030")


@dataclass
class Bank:
    """A bank's system on NATS, and staff over HTTP."""

    world: World
    nats: Client

    async def send(self, command: str, body: dict[str, Any], who: str = "bank-1") -> dict[str, Any]:
        seconds = int(NOW.timestamp())
        claims = {"iss": ISSUER, "aud": "mingjing", "sub": who, "iat": seconds, "exp": seconds + 3600}
        token = str(jwt.encode({"alg": "ES256", "kid": "test"}, claims, _KEY, algorithms=["ES256"]))
        content = json.dumps({"command": body}, default=str).encode()
        headers = {"Authorization": f"Bearer {token}"}
        answer = await self.nats.request(f"funds.cmd.{command}.caller", content, timeout=60, headers=headers)
        return dict(json.loads(answer.data))

    async def grant(self, number: int, who: str, organisation: str, **more: Any) -> None:
        """As the console would tell it."""
        fact = given(number, who, role="bank", organisation=organisation, **more)
        await self.world.host.log.handle(
            ACCESS, person_id(who), NoteAccess(fact=fact), Envelope(command_id=new_id(), actor="console")
        )

    async def entries(self, who: Any) -> list[dict[str, Any]]:
        await self.world.host.runner.wait_for(await self.world.host.log.head())
        found: list[dict[str, Any]] = (await who.get("/accounts/entries"))["items"]
        return found


@pytest.fixture
async def bank(databases: Databases, nats_url: str, tmp_path: Path) -> AsyncIterator[Bank]:
    """Funds at work with its port open, an account open, and a grant for the system of one bank."""

    def prepare(empty: str) -> None:
        asyncio.run(migrate(SERVICE, empty, say=lambda _: None))

    url = await asyncio.to_thread(databases.prepared, "funds", prepare)
    settings = FundsSettings(postgres_url=url, nats_url=nats_url, issuer_url=ISSUER, data_dir=tmp_path)
    for name in ("sealing", "index"):
        make_key_file(settings.key_file(name))
    parts = {"http", "projections", "bulk-port"}
    host = Host(SERVICE, settings, parts=parts, keys=StaticKeys(KeySet([_KEY])), now=lambda: NOW)
    async with AsyncExitStack() as stack:
        app = host.app()
        await stack.enter_async_context(host.running())
        http = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://funds", timeout=60)
        await stack.enter_async_context(http)
        client = await nats.connect(nats_url)
        stack.push_async_callback(client.close)
        await until(lambda: host.talking.port.is_open, "an open port")
        made = Bank(World(host, http), client)
        await opened(made.world.caller("fund-regulator"), opening_fen=900_000)
        await made.grant(1, "bank-1", BANK["bank"])
        yield made
    await asyncio.to_thread(databases.drop, url)


def kind(reply: dict[str, Any]) -> tuple[int, str]:
    return reply["status"], reply["type"].rpartition(":")[2]


async def test_an_entry_counts_once_whichever_way_it_comes_and_one_that_cannot_be_used_is_kept_aside(
    bank: Bank,
) -> None:
    regulator = bank.world.caller("fund-regulator")
    unknown = ENTRY | {"flow": "HP2", "account_number": "6299000000001111111"}
    taken = await bank.send("book-entries", PLACE | {"entries": [ENTRY, unknown]})
    assert (taken["rows"], taken["accepted"], taken["kept_aside"]) == (2, 1, 1), taken
    assert taken["not_used"][0]["row"] == 1
    assert taken["not_used"][0]["why"]["type"].endswith("account-unknown")
    again = await bank.send("book-entries", PLACE | {"entries": [ENTRY]})
    assert (again["accepted"], again["repeated"]) == (0, 1)
    assert [(one["flow"], one["amount_fen"]) for one in await bank.entries(regulator)] == [("HP1", 299_900)]
    waiting = (await regulator.get("/kept-aside"))["items"]
    assert [(one["code"], one["state"]) for one in waiting] == [("account-unknown", "waiting")]


async def test_an_altered_entry_is_not_booked_over_the_first(bank: Bank) -> None:
    regulator = bank.world.caller("fund-regulator")
    await bank.send("book-entries", PLACE | {"entries": [ENTRY]})
    altered = await bank.send("book-entries", PLACE | {"entries": [ENTRY | {"amount_fen": 1, "balance_fen": 900_001}]})
    assert (altered["accepted"], altered["kept_aside"]) == (0, 1), altered
    assert [one["amount_fen"] for one in await bank.entries(regulator)] == [299_900]


async def test_a_bank_speaks_about_its_own_accounts_in_the_places_of_its_grant(bank: Bank) -> None:
    regulator = bank.world.caller("fund-regulator")
    assert kind(await bank.send("book-entries", PLACE | {"entries": [ENTRY]}, who="nobody")) == (403, "outside-scope")
    assert kind(await bank.send("book-entries", PLACE | {"region": "330108", "entries": [ENTRY]}))[0] == 403
    await bank.grant(2, "bank-2", "武林城市商业银行")
    assert kind(await bank.send("book-entries", PLACE | {"entries": [ENTRY]}, who="bank-2"))[0] == 403
    others = PLACE | {"bank": "武林城市商业银行", "entries": [ENTRY]}
    taken = await bank.send("book-entries", others, who="bank-2")
    assert (taken["accepted"], taken["kept_aside"]) == (0, 1)
    assert taken["not_used"][0]["why"]["type"].endswith("outside-your-scope")
    assert await bank.entries(regulator) == []


async def test_a_statement_file_and_a_message_say_the_same_booking_once(bank: Bank) -> None:
    regulator, flow = bank.world.caller("fund-regulator"), "HP202607010000001"
    body = PLACE | {"content": base64.b64encode(statement(flow)).decode(), "covers_to": "2026-07-01"}
    taken = await bank.send("take-statement", body)
    assert (taken["rows"], taken["accepted"], taken["missing"]) == (1, 1, 0), taken
    again = await bank.send("book-entries", PLACE | {"entries": [ENTRY | {"flow": flow}]})
    assert (again["accepted"], again["repeated"], again["kept_aside"]) == (0, 1, 0), again
    assert [one["flow"] for one in await bank.entries(regulator)] == [flow]
    await bank.grant(2, "bank-2", "武林城市商业银行")
    strange = body | {"bank": "武林城市商业银行"}
    assert kind(await bank.send("take-statement", strange, who="bank-2")) == (422, "layout-unexpected")


async def test_what_is_no_message_is_refused_in_words(bank: Bank) -> None:
    bodies: tuple[dict[str, Any], ...] = (
        {},
        PLACE | {"entries": []},
        PLACE | {"entries": [ENTRY | {"counterparty": "段宇"}]},
        PLACE | {"entries": [ENTRY | {"booked_at": "2026-07-01T09:00:00"}]},
    )
    for body in bodies:
        assert kind(await bank.send("book-entries", body)) == (422, "command-unreadable")
    nothing = PLACE | {"content": base64.b64encode(b"hello").decode()}
    status, why = kind(await bank.send("take-statement", nothing))
    assert (status, why) in {(422, "file-unreadable"), (422, "layout-unknown")}, why


async def test_a_status_report_ends_an_order_once_and_another_bank_is_told_of_no_batch(bank: Bank) -> None:
    regulator, approver = bank.world.caller("fund-regulator", "song"), bank.world.caller("approver", "qian")
    approver.position = regulator.position
    named = await approver.send("POST", f"/accounts/{ACCOUNT}/settlement-account", json=PAYEE)
    assert named.status_code == 200, named.text
    assert (await regulator.send("POST", "/contracts", json=NEW_CONTRACT)).status_code == 201
    await regulator.get("/contracts")
    assert (await regulator.send("POST", f"{CONTRACT_AT}/payment", json=PAYMENT)).status_code == 201
    await bank.send("book-entries", PLACE | {"entries": [ENTRY]})
    await taught(regulator)
    await ordered(regulator, "ZL1", 100)
    sent = await batch(regulator)
    report = status_report("R", UUID(sent["batch_id"]).hex, [Status("ZL1", "ACSC", NOW, flow="HP9")], NOW)
    body = {"bank": BANK["bank"], "content": base64.b64encode(report).decode()}
    await bank.grant(2, "bank-2", "武林城市商业银行")
    other = body | {"bank": "武林城市商业银行"}
    assert kind(await bank.send("answer-orders", other, who="bank-2")) == (404, "batch-unknown")
    assert kind(await bank.send("answer-orders", body, who="bank-2"))[0] == 403
    said = await bank.send("answer-orders", body)
    assert (said["news"], said["contradicted"]) == (1, []), said
    assert (await bank.send("answer-orders", body))["news"] == 0
    await bank.world.host.runner.wait_for(await bank.world.host.log.head())
    assert await states(regulator) == {"ZL1": "executed"}


async def test_no_more_messages_are_in_hand_than_the_service_can_hold(
    bank: Bank, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = COMMANDS["book-entries"]
    going, goes_on = asyncio.Event(), asyncio.Event()

    async def slow(host: Any, scope: Any, body: Any, written: Any) -> Any:
        going.set()
        await goes_on.wait()
        return await whole.take(host, scope, body, written)

    port = bank.world.host.talking.port
    entry, decode = port._table["book-entries"]
    assert isinstance(entry, PortMessage)
    monkeypatch.setitem(port._table, "book-entries", (replace(entry, take=slow, in_hand_max=1), decode))
    first = asyncio.create_task(bank.send("book-entries", PLACE | {"entries": [ENTRY]}))
    await going.wait()
    busy = await bank.send("book-entries", PLACE | {"entries": [ENTRY]})
    assert busy["status"] == 503
    assert busy["retry_after_seconds"] > 0
    goes_on.set()
    assert (await first)["accepted"] == 1
