"""Every reason for not believing a token has its own name; keys rotate without letting callers hammer the issuer."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, OctKey, OKPKey, RSAKey

from mingjing_kernel.identity import ANY, Grant, PublishedKeys, Role, StaticKeys, TokenChecker
from mingjing_kernel.identity.keys import REFRESH_SECONDS_MIN, STALE_SECONDS_MAX
from mingjing_kernel.identity.refusals import (
    GrantsMalformed,
    IssuerUnreachable,
    TokenAlgorithmNotAllowed,
    TokenAudienceWrong,
    TokenExpired,
    TokenIssuerWrong,
    TokenKeyUnknown,
    TokenMalformed,
    TokenNotYetValid,
    TokenSignatureWrong,
)
from mingjing_kernel.identity.signed import TOKEN_LENGTH_MAX
from mingjing_kernel.identity.token import REMEMBERED_SECONDS_MAX

ISSUER = "https://issuer.example"
AT = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
KEY = ECKey.generate_key("P-256", {"kid": "first"})
SECOND = ECKey.generate_key("P-256", {"kid": "second"})
GRANT = {"role": "inspector", "department": "*", "region": "330106", "category": "*"}


class Time:
    def __init__(self) -> None:
        self.now = AT

    def __call__(self) -> datetime:
        return self.now

    def pass_seconds(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def checker(time: Time) -> TokenChecker:
    return TokenChecker(issuer=ISSUER, audience="mingjing", keys=StaticKeys(KeySet([KEY])), now=time)


def token(key: Any = KEY, algorithm: str = "ES256", without: str = "", **claims: Any) -> str:
    seconds = int(AT.timestamp())
    said = {"iss": ISSUER, "aud": "mingjing", "sub": "p-1", "exp": seconds + 600, "grants": [GRANT], **claims}
    said.pop(without, None)
    return jwt.encode({"alg": algorithm, "kid": key.kid}, said, key, algorithms=[algorithm])


async def test_a_token_says_who_calls_and_with_which_grants(checker: TokenChecker) -> None:
    principal = await checker.principal(token(name="程立夏", department="market-regulation", region="330106"))
    assert principal.subject == "p-1"
    assert principal.name == "程立夏"
    assert principal.department == "market-regulation"
    assert principal.grants == (Grant(Role.INSPECTOR, ANY, "330106", ANY),)
    assert principal.has(Role.INSPECTOR)


@pytest.mark.parametrize(
    ("key", "algorithm"),
    [
        (KEY, "ES256"),
        (RSAKey.generate_key(2048, {"kid": "rsa"}), "RS256"),
        (OKPKey.generate_key("Ed25519", {"kid": "okp"}), "Ed25519"),
        pytest.param(
            OKPKey.generate_key("Ed25519", {"kid": "okp"}),
            "EdDSA",
            marks=pytest.mark.filterwarnings("ignore:EdDSA is deprecated"),
        ),
    ],
)
async def test_each_allowed_algorithm_is_accepted(time: Time, key: Any, algorithm: str) -> None:
    checker = TokenChecker(issuer=ISSUER, audience="mingjing", keys=StaticKeys(KeySet([key])), now=time)
    assert (await checker.principal(token(key, algorithm))).subject == "p-1"


@pytest.mark.parametrize(
    ("claims", "reason"),
    [
        ({"exp": int(AT.timestamp()) - 61}, TokenExpired),
        ({"nbf": int(AT.timestamp()) + 61}, TokenNotYetValid),
        ({"iss": "https://other.example"}, TokenIssuerWrong),
        ({"aud": "other"}, TokenAudienceWrong),
        ({"aud": ["other", "another"]}, TokenAudienceWrong),
        ({"exp": "tomorrow"}, TokenMalformed),
        ({"exp": True}, TokenMalformed),
        ({"exp": 10**30}, TokenMalformed),
        ({"sub": ""}, TokenMalformed),
        ({"sub": ["p-1"]}, TokenMalformed),
        ({"name": "x" * 201}, TokenMalformed),
        ({"grants": "inspector"}, GrantsMalformed),
        ({"grants": [GRANT] * 65}, GrantsMalformed),
        ({"grants": ["inspector"]}, GrantsMalformed),
        ({"grants": [{**GRANT, "role": "emperor"}]}, GrantsMalformed),
        ({"grants": [{**GRANT, "region": ""}]}, GrantsMalformed),
        ({"grants": [{**GRANT, "region": 330106}]}, GrantsMalformed),
        ({"grants": [{"role": "inspector"}]}, GrantsMalformed),
    ],
)
async def test_what_is_wrong_with_a_token_is_named(
    checker: TokenChecker, claims: dict, reason: type[Exception]
) -> None:
    with pytest.raises(reason) as refused:
        await checker.principal(token(**claims))
    assert type(refused.value) is reason


@pytest.mark.parametrize("missing", ["exp", "sub"])
async def test_a_token_without_a_needed_claim_is_refused(checker: TokenChecker, missing: str) -> None:
    with pytest.raises(TokenMalformed):
        await checker.principal(token(without=missing))


@pytest.mark.parametrize("seconds", [-59, 0, 59])
async def test_clocks_may_differ_a_little(checker: TokenChecker, seconds: int) -> None:
    moment = int(AT.timestamp()) + seconds
    assert await checker.principal(token(nbf=moment, exp=moment + 61))


@pytest.mark.parametrize("text", ["", "abc", "a.b.c", "ey.ey.ey", "é" * 10, "x" * (TOKEN_LENGTH_MAX + 1)])
async def test_what_is_no_token_is_refused(checker: TokenChecker, text: str) -> None:
    with pytest.raises(TokenMalformed):
        await checker.principal(text)


async def test_a_changed_token_is_refused(checker: TokenChecker) -> None:
    head, _, signature = token().split(".")
    _, forged, _ = token(sub="p-2").split(".")
    with pytest.raises(TokenSignatureWrong):
        await checker.principal(f"{head}.{forged}.{signature}")


async def test_the_algorithm_none_and_shared_secrets_are_refused(checker: TokenChecker) -> None:
    secret = OctKey.import_key("x" * 32, {"kid": "first"})
    with pytest.raises(TokenAlgorithmNotAllowed):
        await checker.principal(token(secret, "HS256"))
    _, payload, _ = token().split(".")
    none = "eyJhbGciOiJub25lIiwia2lkIjoiZmlyc3QifQ"
    with pytest.raises(TokenAlgorithmNotAllowed):
        await checker.principal(f"{none}.{payload}.")


async def test_a_key_that_nobody_publishes_is_refused(checker: TokenChecker) -> None:
    with pytest.raises(TokenKeyUnknown):
        await checker.principal(token(SECOND))


async def test_a_remembered_token_expires_all_the_same(checker: TokenChecker, time: Time) -> None:
    remembered = token(exp=int(AT.timestamp()) + 30)
    await checker.principal(remembered)
    time.pass_seconds(29)
    await checker.principal(remembered)
    time.pass_seconds(62)
    with pytest.raises(TokenExpired):
        await checker.principal(remembered)


class Provider:
    """An identity provider whose keys rotate and which can be away."""

    def __init__(self, *keys: ECKey) -> None:
        self.keys = list(keys)
        self.is_away = False
        self.issuer = ISSUER
        self.jwks_uri = f"{ISSUER}/keys"
        self.asked: list[str] = []

    async def fetch(self, url: str) -> bytes:
        self.asked.append(url)
        await asyncio.sleep(0)
        if self.is_away:
            raise OSError("connection refused")
        if url.endswith("openid-configuration"):
            return json.dumps({"issuer": self.issuer, "jwks_uri": self.jwks_uri}).encode()
        return json.dumps({"keys": [key.as_dict(private=False) for key in self.keys]}).encode()


def checker_of(provider: Provider, time: Time) -> TokenChecker:
    keys = PublishedKeys(ISSUER, now=time, fetch=provider.fetch)
    return TokenChecker(issuer=ISSUER, audience="mingjing", keys=keys, now=time)


async def test_keys_are_fetched_once_for_many_callers(time: Time) -> None:
    provider = Provider(KEY)
    checker = checker_of(provider, time)
    await asyncio.gather(*(checker.principal(token(jti=str(number))) for number in range(20)))
    assert len(provider.asked) == 2


async def test_a_rotated_key_is_found_without_a_restart(time: Time) -> None:
    provider = Provider(KEY)
    checker = checker_of(provider, time)
    await checker.principal(token())
    provider.keys = [SECOND]
    time.pass_seconds(REFRESH_SECONDS_MIN)
    await checker.principal(token(SECOND))
    time.pass_seconds(REMEMBERED_SECONDS_MAX)
    with pytest.raises(TokenKeyUnknown):
        await checker.principal(token())


async def test_invented_key_ids_do_not_make_us_ask_again_and_again(time: Time) -> None:
    provider = Provider(KEY)
    checker = checker_of(provider, time)
    await checker.principal(token())
    for number in range(50):
        invented = ECKey.import_key(SECOND.as_dict(private=True), {"kid": f"invented-{number}"})
        with pytest.raises(TokenKeyUnknown):
            await checker.principal(token(invented))
    assert len(provider.asked) == 2


async def test_a_provider_that_is_away_throws_nobody_out_for_a_day(time: Time) -> None:
    provider = Provider(KEY)
    checker = checker_of(provider, time)
    await checker.principal(token())
    provider.is_away = True
    time.pass_seconds(STALE_SECONDS_MAX - 1)
    await checker.principal(token(exp=int(time.now.timestamp()) + 60))
    time.pass_seconds(2 * REFRESH_SECONDS_MIN)
    with pytest.raises(IssuerUnreachable):
        await checker.principal(token(exp=int(time.now.timestamp()) + 61))


async def test_a_provider_that_was_never_there_is_named_with_the_reason(time: Time) -> None:
    provider = Provider(KEY)
    provider.is_away = True
    with pytest.raises(IssuerUnreachable) as refused:
        await checker_of(provider, time).principal(token())
    assert "connection refused" in str(refused.value)


@pytest.mark.parametrize(
    ("change", "value"),
    [("issuer", "https://other.example"), ("jwks_uri", "http://issuer.example/keys"), ("jwks_uri", "file:///etc/keys")],
)
async def test_keys_from_an_unsafe_place_are_not_taken(time: Time, change: str, value: str) -> None:
    provider = Provider(KEY)
    setattr(provider, change, value)
    with pytest.raises(IssuerUnreachable):
        await checker_of(provider, time).principal(token())
