"""The bulk port on a real NATS and PostgreSQL: who is let in, who is not, and that each request has its own reply."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote
from uuid import UUID

import nats
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet
from nats.aio.client import Client

from kernel.access.samples import AT, DAY, given, locked, named, revoked, taken
from kernel.broker.toy import TALLY, TALLY_ID, Record, TooMuch, make_schema
from mingjing_kernel.access.admission import Admission
from mingjing_kernel.access.directory import Directory
from mingjing_kernel.access.facts import Fact
from mingjing_kernel.access.noted import ACCESS, NoteAccess, person_id
from mingjing_kernel.broker.bulk_port import BulkPort, PortCommand
from mingjing_kernel.http.gate import Gate, make_port_gate
from mingjing_kernel.http.problem import problem_of
from mingjing_kernel.identifiers import new_id
from mingjing_kernel.identity import UNDIVIDED, Act, Dimensions, Role, Scope, StaticKeys, TokenChecker, roles
from mingjing_kernel.identity.lockout import FIRST, Lockout
from mingjing_kernel.log import Envelope, Log
from mingjing_kernel.settings import ServiceSettings

ISSUER = "https://issuer.example"
KEY = ECKey.generate_key("P-256", {"kid": "test"})
FAILURES = 5
FORGED = "e30.e30.e30"
KEEP_TALLY = Act(name="keep-tally", zh="记数", en="keep the tally", roles=roles(Role.INSPECTOR))
HERE = Dimensions("education", "330106", UNDIVIDED)


def require(scope: Scope, command: Record) -> None:
    """The rule of the toy: an inspector of the county; one amount shows what a slip in the code does."""
    if command.amount == 666:
        raise RuntimeError("a slip")
    scope.require(KEEP_TALLY, HERE)


@dataclass
class Port:
    """The port of the toy service, and callers from outside."""

    log: Log
    gate: Gate
    client: Client
    token_grants: str
    now: datetime = AT

    async def note(self, *facts: Fact) -> None:
        """The console told this, and the service noted it."""
        for fact in facts:
            circumstances = Envelope(command_id=new_id(), actor="console")
            await self.log.handle(ACCESS, person_id(fact.person), NoteAccess(fact=fact), circumstances)

    def token(self, subject: str = "p-1", **more: Any) -> str:
        seconds = int(AT.timestamp())
        said = {"iss": ISSUER, "aud": "mingjing", "sub": subject, "iat": seconds, "exp": seconds + 80_000, **more}
        return str(jwt.encode({"alg": "ES256", "kid": "test"}, said, KEY, algorithms=["ES256"]))

    async def send(
        self,
        amount: int = 1,
        *,
        token: str | None = None,
        named: str = "",
        system: str = "bank-a",
        command: str = "record",
        body: bytes = b"",
        command_id: UUID | None = None,
        **more: Any,
    ) -> dict[str, Any]:
        """One request, and its reply."""
        request = {"id": TALLY_ID, "command_id": command_id or new_id(), "command": {"amount": amount}, **more}
        said = {"Authorization": f"Bearer {self.token() if token is None else token}"} if token != "" else {}
        if named:
            said["Mingjing-On-Behalf-Of"] = quote(named)
        content = body or json.dumps(request, default=str).encode()
        answer = await self.client.request(f"target.cmd.{command}.{system}", content, timeout=30, headers=said or None)
        assert not answer.headers, "nobody's token is sent back"
        return dict(json.loads(answer.data))

    async def amounts(self) -> tuple[int, ...]:
        return tuple((await self.log.state(TALLY, TALLY_ID))[0].amounts)


async def opened(url: str, nats_url: str, stack: AsyncExitStack, **settings: Any) -> Port:
    """A service whose port is open."""
    await make_schema(url, "target")
    told = ServiceSettings(lockout_failures_max=FAILURES, **settings)
    log = Log(url, "target", [TALLY, ACCESS])
    await log.start()
    stack.push_async_callback(log.stop)
    directory = Directory(log)
    await directory.start()
    stack.push_async_callback(directory.stop)

    def now() -> datetime:
        return made.now

    checker = TokenChecker(issuer=ISSUER, audience="mingjing", keys=StaticKeys(KeySet([KEY])), now=now)
    gate = make_port_gate(told, checker, Lockout(now, address_failures_max=told.lockout_failures_max))
    client = await nats.connect(nats_url)
    stack.push_async_callback(client.close)
    made = Port(log, gate, client, told.token_grants)
    commands = {"record": PortCommand(TALLY, Record, require)}
    serving = BulkPort(log, "target", commands, gate, Admission(directory, now, told.token_grants))
    server = await nats.connect(nats_url)
    stack.push_async_callback(server.close)
    await serving.start(server)
    await server.flush()
    stack.push_async_callback(serving.stop)
    return made


@pytest.fixture
async def port(postgres_url: str, nats_url: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Port]:
    """With the settings of an installation that says nothing."""
    monkeypatch.delenv("MINGJING_TOKEN_GRANTS", raising=False)
    async with AsyncExitStack() as stack:
        yield await opened(postgres_url, nats_url, stack)


def kind(reply: dict[str, Any]) -> tuple[int, str]:
    """Status and type of a refusal."""
    return reply["status"], reply["type"].removeprefix("urn:mingjing:problem:")


CLAIMED = [{"role": "inspector", "department": "*", "region": "*", "category": "*"}]


async def test_what_a_token_says_of_a_persons_grants_counts_for_nothing_and_what_events_say_does(port: Port) -> None:
    assert port.token_grants == "services"
    boastful = port.token(grants=CLAIMED)
    assert kind(await port.send(token=boastful)) == (403, "outside-scope")
    await port.note(given(1))
    assert (await port.send(5, token=boastful))["position"] > 0
    await port.note(taken(1))
    assert kind(await port.send(token=boastful)) == (403, "outside-scope")
    assert await port.amounts() == (5,)


async def test_a_grant_is_in_force_between_its_moments(port: Port) -> None:
    await port.note(given(1, valid_from=AT + DAY / 4, valid_until=AT + DAY / 2))
    seen = []
    for _ in range(3):
        seen.append("position" in await port.send())
        port.now += DAY / 4
    assert seen == [False, True, False]


async def test_each_request_of_a_burst_is_answered_for_itself(port: Port) -> None:
    await port.note(given(1))
    amounts = [1, 2000, 3, 4000, 5]
    replies = await asyncio.gather(*(port.send(amount) for amount in amounts), port.send(token=port.token("p-9")))
    assert ["position" in reply for reply in replies] == [True, False, True, False, True, False]
    assert [kind(reply)[1] for reply in replies if "status" in reply] == ["too-much", "too-much", "outside-scope"]
    assert sorted(await port.amounts()) == [1, 3, 5]


async def test_a_refusal_has_the_words_that_it_has_over_http(port: Port) -> None:
    await port.note(given(1))
    assert await port.send(5000) == problem_of(TooMuch(amount=5000)).model_dump(exclude_none=True)
    missing = await port.send(token=port.token("p-2"))
    assert missing["missing"]["roles"][0]["role"] == "inspector"
    assert "检查员" in missing["detail"]


async def test_a_substitute_acts_in_anothers_place_and_both_names_stand_beside_the_fact(port: Port) -> None:
    his = port.token("陈-2")
    await port.note(given(1, "王-1"))
    assert kind(await port.send(token=his, named="王-1")) == (403, "not-their-substitute")
    await port.note(named(2, "王-1", "陈-2"))
    assert kind(await port.send(token=his)) == (403, "outside-scope")
    assert "position" in await port.send(7, token=his, named="王-1")
    (fact,) = await port.log.history(TALLY, TALLY_ID)
    assert (fact.meta.actor, fact.meta.on_behalf_of) == ("陈-2", "王-1")
    port.now = AT + DAY
    late = port.token("陈-2", iat=int(port.now.timestamp()), exp=int(port.now.timestamp()) + 600)
    assert kind(await port.send(token=late, named="王-1")) == (403, "not-their-substitute")


async def test_whoever_is_locked_or_has_been_signed_out_is_kept_out_at_once(port: Port) -> None:
    shown = port.token(sid="s-1")
    await port.note(given(1), given(2, "p-2"))
    assert "position" in await port.send(token=shown)
    await port.note(revoked("session", "s-1"), locked("p-2"))
    assert kind(await port.send(token=shown)) == (401, "token-revoked")
    assert kind(await port.send(token=port.token("p-2"))) == (403, "person-is-locked")
    assert kind(await port.send(token="")) == (401, "not-signed-in")
    assert await port.amounts() == (1,)


async def test_a_bound_token_is_not_good_here(port: Port) -> None:
    """Nobody shows a certificate to the port; a bound token without it is a stolen one."""
    await port.note(given(1))
    assert kind(await port.send(token=port.token(cnf={"x5t#S256": "a" * 43}))) == (401, "token-bound-elsewhere")


async def test_a_caller_is_limited_wherever_she_sends_from(postgres_url: str, nats_url: str) -> None:
    async with AsyncExitStack() as stack:
        port = await opened(postgres_url, nats_url, stack, rate_port_caller="2/hour")
        await port.note(given(1), given(2, "p-2"))
        replies = [await port.send(system=system) for system in ("bank-a", "bank-b", "bank-c")]
        assert ["position" in reply for reply in replies] == [True, True, False]
        assert kind(replies[2]) == (429, "too-many-requests")
        assert 0 < replies[2]["retry_after_seconds"] <= 1800
        assert "position" in await port.send(token=port.token("p-2"))
        assert port.gate.throttled == 1


async def test_a_system_is_limited_whoever_sends_through_it(postgres_url: str, nats_url: str) -> None:
    async with AsyncExitStack() as stack:
        port = await opened(postgres_url, nats_url, stack, rate_port_system="2/hour")
        await port.note(given(1))
        replies = [await port.send(token=port.token(subject)) for subject in ("p-1", "p-2", "p-3")]
        assert [kind(reply)[0] if "status" in reply else 201 for reply in replies] == [201, 403, 429]
        assert "position" in await port.send(system="bank-b")


async def test_wrong_tokens_lock_a_system_and_time_unlocks_it(port: Port) -> None:
    await port.note(given(1), given(2, "p-2"))
    known = port.token()
    assert "position" in await port.send(token=known)
    for _ in range(FAILURES):
        assert (await port.send(token=FORGED))["status"] == 401
    refused = await port.send(token=port.token("p-2"))
    assert kind(refused) == (429, "locked-out")
    assert refused["retry_after_seconds"] == FIRST.total_seconds()
    assert "position" in await port.send(token=known), "whoever was let in a moment ago stays in"
    assert "position" in await port.send(token=port.token("p-2"), system="bank-b"), "nobody is locked out elsewhere"
    port.now += FIRST
    assert "position" in await port.send(token=port.token("p-2"))


async def test_an_administrator_opens_the_lock_of_a_system(port: Port) -> None:
    await port.note(given(1))
    for _ in range(FAILURES):
        await port.send(token=FORGED)
    assert kind(await port.send()) == (429, "locked-out")
    (lock,) = port.gate.lockout.locked()
    assert (lock.address, lock.client) == ("nats:bank-a", "")
    assert port.gate.lockout.release("nats:bank-a")
    assert "position" in await port.send()


@pytest.mark.parametrize(
    ("request_", "refusal"),
    [
        ({"command": "other"}, (422, "command-unreadable")),
        ({"system": "bank-a.bank-b"}, (422, "command-unreadable")),
        ({"body": b"{"}, (400, "body-not-json")),
        ({"body": b'{"id":1}'}, (422, "command-unreadable")),
        ({"body": b'{"id":1,"id":2}'}, (400, "member-repeated")),
        ({"body": b'{"reason":"\\u0000"}'}, (400, "text-not-unicode")),
        ({"reason": "x" * 2001}, (400, "header-malformed")),
        ({"legal_basis": "\x07"}, (400, "header-malformed")),
        ({"occurred_at": "2026-03-01T08:00:00"}, (400, "header-malformed")),
        ({"occurred_at": "2027-03-01T08:00:00Z"}, (400, "header-malformed")),
        ({"named": " p-2"}, (400, "header-malformed")),
        ({"amount": 666}, (500, "unexpected")),
    ],
)
async def test_what_cannot_be_taken_says_why_and_changes_nothing(
    port: Port, request_: dict[str, Any], refusal: tuple[int, str]
) -> None:
    await port.note(given(1))
    reply = await port.send(**request_)
    assert kind(reply) == refusal
    assert "slip" not in json.dumps(reply)
    assert await port.amounts() == ()


async def test_the_same_request_again_is_answered_again_and_anothers_is_refused(port: Port) -> None:
    await port.note(given(1), given(2, "p-2"), named(3, "p-1", "p-2"))
    first = await port.send(5, command_id=UUID(int=9))
    assert await port.send(5, command_id=UUID(int=9)) == {**first, "repeated": True}
    his = port.token("p-2")
    for more in ({}, {"named": "p-1"}):
        assert kind(await port.send(5, command_id=UUID(int=9), token=his, **more)) == (409, "command-id-reused")
    assert await port.amounts() == (5,)


async def test_what_nobody_waits_for_does_not_take_place(port: Port) -> None:
    await port.note(given(1))
    request = {"id": TALLY_ID, "command_id": new_id(), "command": {"amount": 1}}
    headers = {"Authorization": f"Bearer {port.token()}"}
    await port.client.publish("target.cmd.record.bank-a", json.dumps(request, default=str).encode(), headers=headers)
    assert "position" in await port.send(2)
    assert await port.amounts() == (2,)
