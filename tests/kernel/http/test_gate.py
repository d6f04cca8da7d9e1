"""The gate before every route: too fast, locked out, and the way back."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from fastapi import APIRouter, Depends
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet
from starlette.testclient import TestClient

from mingjing_kernel.http import make_app, make_dependencies
from mingjing_kernel.http.certificate import thumbprint
from mingjing_kernel.http.gate import Gate, Rates
from mingjing_kernel.http.rate import KEYS_MAX, RateLimiter, parse_rate
from mingjing_kernel.identity import Principal, StaticKeys, TokenChecker
from mingjing_kernel.identity.lockout import FIRST, FORGIVEN_AFTER, LONGEST, RECORDS_MAX, WINDOW, Lockout
from mingjing_kernel.identity.refusals import LockedOut
from mingjing_kernel.service.unlocking import make_unlocking_router

ISSUER = "https://issuer.example"
KEY = ECKey.generate_key("P-256", {"kid": "test"})
DER = b"the certificate of a bank"
THUMBPRINT = base64.urlsafe_b64encode(hashlib.sha256(DER).digest()).rstrip(b"=").decode()
FAILURES = 5


class Time:
    def __init__(self) -> None:
        self.now = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


async def _alone() -> None:
    """There is no other process."""


@pytest.fixture
def time() -> Time:
    return Time()


def token(time: Time, subject: str = "p-1", **claims: object) -> dict[str, str]:
    seconds = int(time.now.timestamp())
    said = {"iss": ISSUER, "aud": "mingjing", "sub": subject, "iat": seconds, "exp": seconds + 600, **claims}
    made = jwt.encode({"alg": "ES256", "kid": "test"}, said, KEY, algorithms=["ES256"])
    return {"Authorization": f"Bearer {made}"}


FORGED = {"Authorization": "Bearer e30.e30.e30"}


@pytest.fixture
def ask(time: Time) -> Callable[..., Callable[[str], TestClient]]:
    """Clients of one service, each from an address of its own."""

    def made(caller: str = "off", address: str = "off", header: str = "") -> Callable[[str], TestClient]:
        checker = TokenChecker(issuer=ISSUER, audience="mingjing", keys=StaticKeys(KeySet([KEY])), now=time)
        lockout = Lockout(time, address_failures_max=FAILURES)
        rates = Rates(caller=parse_rate(caller), address=parse_rate(address))
        gate = Gate(checker, lockout, rates, ("10.0.0.100",), header)
        kit = make_dependencies(checker, time, ("10.0.0.100",), gate)
        router = APIRouter()

        @router.get("/open")
        async def open_() -> None: ...

        @router.get("/mine")
        async def mine(principal: Principal = Depends(kit.caller)) -> str:
            return principal.subject

        unlocking = make_unlocking_router(lockout, _alone, kit.caller)
        app = make_app(title="T", version="1", package="mingjing_kernel", routers=[router, unlocking], gate=gate)
        return lambda address: TestClient(app, client=(address, 50_000))

    return made


def test_every_route_is_limited_by_address_with_the_time_to_wait(ask) -> None:
    there = ask(address="3/minute")
    client = there("10.0.0.1")
    assert [client.get(path).status_code for path in ("/open", "/nothing", "/open")] == [200, 404, 200]
    answer = client.get("/open")
    assert answer.status_code == 429
    assert answer.json()["type"] == "urn:mingjing:problem:too-many-requests"
    assert answer.headers["content-type"] == "application/problem+json"
    assert 0 < int(answer.headers["retry-after"]) <= 20
    assert there("10.0.0.2").get("/open").status_code == 200


def test_a_caller_is_limited_wherever_she_asks_from(ask, time: Time) -> None:
    there = ask(caller="2/minute")
    codes = [there(f"10.0.0.{number}").get("/mine", headers=token(time)).status_code for number in range(1, 4)]
    assert codes == [200, 200, 429]
    assert there("10.0.0.1").get("/mine", headers=token(time, "p-2")).status_code == 200


def test_behind_a_trusted_proxy_the_visitor_is_counted_and_not_the_proxy(ask) -> None:
    proxy = ask(address="1/minute")("10.0.0.100")
    assert proxy.get("/open", headers={"X-Forwarded-For": "1.2.3.4"}).status_code == 200
    assert proxy.get("/open", headers={"X-Forwarded-For": "1.2.3.4"}).status_code == 429
    assert proxy.get("/open", headers={"X-Forwarded-For": "1.2.3.5"}).status_code == 200


def test_wrong_tokens_lock_the_address_and_time_unlocks_it(ask, time: Time) -> None:
    there = ask()
    attacker = there("10.0.0.1")
    for _ in range(FAILURES):
        assert attacker.get("/mine", headers=FORGED).status_code == 401
    answer = attacker.get("/mine", headers=FORGED)
    assert answer.status_code == 429
    assert answer.json()["type"] == "urn:mingjing:problem:locked-out"
    assert "2026-03-01 16:00" in answer.json()["detail"]
    assert int(answer.headers["retry-after"]) == FIRST.total_seconds()
    assert attacker.get("/open").status_code == 200
    time.now += FIRST
    assert attacker.get("/mine", headers=token(time)).status_code == 200


def test_a_person_whose_name_the_attacker_says_is_not_locked_out(ask, time: Time) -> None:
    there = ask()
    forged = ECKey.generate_key("P-256", {"kid": "test"})
    said = {"iss": ISSUER, "aud": "mingjing", "sub": "p-1", "exp": int(time.now.timestamp()) + 600}
    named = jwt.encode({"alg": "ES256", "kid": "test"}, said, forged, algorithms=["ES256"])
    for _ in range(FAILURES + 1):
        there("10.0.0.1").get("/mine", headers={"Authorization": f"Bearer {named}"})
    assert there("10.0.0.2").get("/mine", headers=token(time, "p-1")).status_code == 200


def test_who_was_let_in_a_moment_ago_stays_in_while_her_address_is_locked(ask, time: Time) -> None:
    office = ask()("10.0.0.1")
    hers = token(time, "p-1")
    assert office.get("/mine", headers=hers).status_code == 200
    for _ in range(FAILURES):
        office.get("/mine", headers=FORGED)
    assert office.get("/mine", headers=hers).status_code == 200
    assert office.get("/mine", headers=token(time, "p-2")).status_code == 429


def test_an_expired_token_is_no_attack(ask, time: Time) -> None:
    office, old = ask()("10.0.0.1"), token(time)
    time.now += timedelta(hours=1)
    for _ in range(3 * FAILURES):
        assert office.get("/mine", headers=old).status_code == 401


def test_an_administrator_sees_a_lock_and_opens_it(ask, time: Time) -> None:
    there = ask()
    for _ in range(FAILURES):
        there("10.0.0.1").get("/mine", headers=FORGED)
    administrator = there("10.0.0.9")
    (lock,) = administrator.get("/lockouts", headers=token(time)).json()
    assert (lock["address"], lock["client"], lock["rounds"]) == ("10.0.0.1", "", 1)
    released = administrator.post("/lockouts/release", json={"address": "10.0.0.1"}, headers=token(time))
    assert released.status_code == 204
    assert there("10.0.0.1").get("/mine", headers=token(time, "p-2")).status_code == 200
    again = administrator.post("/lockouts/release", json={"address": "10.0.0.1"}, headers=token(time))
    assert (again.status_code, again.json()["type"]) == (404, "urn:mingjing:problem:nothing-locked")


def test_a_client_is_locked_at_one_address_only_and_success_forgives(time: Time) -> None:
    lockout = Lockout(time, address_failures_max=None, client_failures_max=3)
    for _ in range(2):
        lockout.failed("10.0.0.1", "bank-0001")
    lockout.succeeded("10.0.0.1", "bank-0001")
    for _ in range(2):
        lockout.failed("10.0.0.1", "bank-0001")
    lockout.require_open("10.0.0.1", "bank-0001")
    lockout.failed("10.0.0.1", "bank-0001")
    with pytest.raises(LockedOut):
        lockout.require_open("10.0.0.1", "bank-0001")
    lockout.require_open("10.0.0.1", "bank-0002")
    lockout.require_open("10.0.0.2", "bank-0001")


def wait_of(lockout: Lockout, time: Time) -> timedelta:
    (record,) = lockout.locked()
    assert record.until is not None
    return record.until - time.now


def test_each_lock_is_longer_than_the_last_up_to_a_limit_and_a_quiet_day_forgives(time: Time) -> None:
    lockout, waits = Lockout(time, address_failures_max=1), []
    for _ in range(10):
        lockout.failed("10.0.0.1")
        waits.append(wait_of(lockout, time))
        time.now += waits[-1]
    assert waits[:4] == [FIRST, 2 * FIRST, 4 * FIRST, 8 * FIRST]
    assert waits == sorted(waits)
    assert waits[-1] == LONGEST
    time.now += FORGIVEN_AFTER + WINDOW
    lockout.failed("10.0.0.1")
    assert wait_of(lockout, time) == FIRST


def test_slips_far_apart_lock_nobody(time: Time) -> None:
    lockout = Lockout(time, address_failures_max=3)
    for _ in range(20):
        lockout.failed("10.0.0.1")
        time.now += WINDOW
    lockout.require_open("10.0.0.1")


def test_the_memory_of_failures_is_bounded(time: Time) -> None:
    lockout = Lockout(time)
    for number in range(RECORDS_MAX + 100):
        lockout.failed(f"address-{number}")
    assert len(lockout._records) == RECORDS_MAX


class Ticks:
    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


@given(st.integers(1, 50), st.lists(st.floats(0, 5), min_size=1, max_size=200))
def test_in_no_stretch_of_time_pass_more_than_a_full_bucket_and_what_refills_it(most: int, pauses: list[float]) -> None:
    ticks, passed = Ticks(), []
    limiter = RateLimiter(parse_rate(f"{most}/10 second"), ticks)
    for pause in pauses:
        ticks.seconds += pause
        if limiter.wait_seconds("x") == 0:
            passed.append(ticks.seconds)
    for first in range(len(passed)):
        for last in range(first, len(passed)):
            assert last - first + 1 <= most + (passed[last] - passed[first]) * most / 10 + 1e-6


@given(st.integers(1, 50), st.integers(1, 100))
def test_whoever_waits_as_long_as_told_passes(most: int, more: int) -> None:
    ticks = Ticks()
    limiter = RateLimiter(parse_rate(f"{most}/10 second"), ticks)
    for _ in range(most + more):
        if (wait := limiter.wait_seconds("x")) > 0:
            ticks.seconds += wait
            assert limiter.wait_seconds("x") == 0


def test_the_memory_of_who_asked_is_bounded() -> None:
    limiter = RateLimiter(parse_rate("10/hour"), Ticks())
    for number in range(KEYS_MAX + 10):
        limiter.wait_seconds(f"address-{number}")
    assert len(limiter._arrivals) <= KEYS_MAX


def bound(time: Time) -> dict[str, str]:
    return token(time, "bank", cnf={"x5t#S256": THUMBPRINT})


def test_a_bound_token_needs_the_certificate_that_a_trusted_proxy_saw(ask, time: Time) -> None:
    there = ask(header="Client-Cert")
    shown = {"Client-Cert": f":{base64.b64encode(DER).decode()}:"}
    assert there("10.0.0.100").get("/mine", headers=bound(time) | shown).status_code == 200
    for address, headers in (("10.0.0.100", {}), ("10.0.0.1", shown), ("10.0.0.100", {"Client-Cert": ":AAAA:"})):
        answer = there(address).get("/mine", headers=bound(time) | headers)
        assert (answer.status_code, answer.json()["type"]) == (401, "urn:mingjing:problem:token-bound-elsewhere")
    unnamed = ask()("10.0.0.100").get("/mine", headers=bound(time) | shown)
    assert unnamed.status_code == 401


@pytest.mark.parametrize("text", ["", "::", ":AAAA", "x", "é", "-----BEGIN CERTIFICATE-----", ":****:", "A" * 20_000])
def test_what_is_no_certificate_has_no_thumbprint(text: str) -> None:
    assert thumbprint(text) == ""


def test_a_certificate_is_read_as_proxies_write_it() -> None:
    body = base64.b64encode(DER).decode()
    pem = f"-----BEGIN CERTIFICATE-----\n{body}\n-----END CERTIFICATE-----\n"
    escaped = pem.replace(" ", "%20").replace("\n", "%0A")
    assert thumbprint(pem) == thumbprint(escaped) == thumbprint(f":{body}:") == THUMBPRINT
