"""What RFC 8725 warns of, tried on the token reader; and whatever else Hypothesis thinks of."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from hypothesis import given
from hypothesis import strategies as st
from joserfc.jwk import ECKey, KeySet, RSAKey

from mingjing_kernel.identity import NotSignedIn, Principal, StaticKeys, TokenChecker, TokenRefused
from mingjing_kernel.identity.refusals import (
    TokenAlgorithmNotAllowed,
    TokenAudienceWrong,
    TokenBoundElsewhere,
    TokenKeyUnknown,
    TokenLivesTooLong,
    TokenMalformed,
    TokenNotYetValid,
    TokenOfAnotherKind,
    TokenSignatureWrong,
)
from mingjing_kernel.identity.signed import OPENINGS_MAX
from mingjing_kernel.identity.token import LIFETIME_SECONDS_MAX

ISSUER = "https://issuer.example"
AT = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
SECONDS = int(AT.timestamp())
KEY = ECKey.generate_key("P-256", {"kid": "first"})
THEIRS = ECKey.generate_key("P-256", {"kid": "theirs"})
RSA = RSAKey.generate_key(2048, {"kid": "rsa"})
SAID: dict[str, Any] = {"iss": ISSUER, "aud": "mingjing", "sub": "p-1", "iat": SECONDS, "exp": SECONDS + 600}
THUMBPRINT = base64.urlsafe_b64encode(hashlib.sha256(b"a certificate").digest()).rstrip(b"=").decode()


def checker(*keys: Any, **more: Any) -> TokenChecker:
    held = StaticKeys(KeySet(list(keys or (KEY, RSA))))
    return TokenChecker(issuer=ISSUER, audience="mingjing", keys=held, now=lambda: AT, **more)


def b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def signed(header: bytes, payload: bytes, key: ECKey = KEY) -> str:
    """A token with exactly these bytes and a right signature."""
    signing = f"{b64(header)}.{b64(payload)}"
    private = ec.derive_private_key(
        int.from_bytes(base64.urlsafe_b64decode(str(key.as_dict(private=True)["d"]) + "=="), "big"), ec.SECP256R1()
    )
    r, s = decode_dss_signature(private.sign(signing.encode(), ec.ECDSA(SHA256())))
    return f"{signing}.{b64(r.to_bytes(32, 'big') + s.to_bytes(32, 'big'))}"


def header(**more: Any) -> bytes:
    return json.dumps({"alg": "ES256", "kid": "first", **more}).encode()


def claims(**more: Any) -> bytes:
    return json.dumps({**SAID, **more}).encode()


async def test_the_bytes_made_here_are_a_token() -> None:
    assert (await checker().principal(signed(header(), claims()))).subject == "p-1"


@pytest.mark.parametrize("algorithm", ["none", "None", "NONE", "", "HS256", "ES384", "\ud800", 7, None, ["ES256"], {}])
async def test_an_algorithm_of_the_attackers_choice_is_refused(algorithm: Any) -> None:
    token = f"{b64(header(alg=algorithm))}.{b64(claims())}."
    with pytest.raises((TokenAlgorithmNotAllowed, TokenMalformed)):
        await checker().principal(token)


async def test_a_public_key_is_no_shared_secret() -> None:
    """The classic: HS256 over the bytes of the published RSA key."""
    for secret in (RSA.as_pem(private=False), json.dumps(RSA.as_dict(private=False)).encode()):
        signing = f"{b64(header(alg='HS256', kid='rsa'))}.{b64(claims())}"
        forged = f"{signing}.{b64(hmac.digest(secret, signing.encode(), 'sha256'))}"
        with pytest.raises(TokenAlgorithmNotAllowed):
            await checker().principal(forged)


async def test_an_algorithm_that_does_not_fit_the_key_is_refused() -> None:
    forged = signed(header(alg="RS256"), claims())
    with pytest.raises(TokenRefused):
        await checker().principal(forged)


@pytest.mark.parametrize(
    "kid",
    ["", "../../../dev/null", "first' OR '1'='1", "first\0", "file:///etc/passwd", "x" * 400, None, 7, ["first"], {}],
)
async def test_a_key_id_only_names_a_key_that_is_there(kid: Any) -> None:
    with pytest.raises((TokenKeyUnknown, TokenMalformed)):
        await checker().principal(signed(header(kid=kid), claims()))


async def test_without_a_key_id_the_only_key_is_meant_and_of_several_none() -> None:
    unnamed = signed(json.dumps({"alg": "ES256"}).encode(), claims())
    assert (await checker(KEY).principal(unnamed)).subject == "p-1"
    with pytest.raises(TokenMalformed):
        await checker(KEY, THEIRS).principal(unnamed)
    with pytest.raises(TokenSignatureWrong):
        await checker(THEIRS).principal(unnamed)
    with pytest.raises(TokenMalformed):
        await checker(RSA).principal(unnamed)


async def test_a_key_or_an_address_that_a_token_brings_along_is_never_used() -> None:
    public = THEIRS.as_dict(private=False)
    brought = [{"jwk": public}, {"jku": "https://attacker.example/keys"}, {"x5u": "https://attacker.example/cert"},
               {"x5c": ["AAAA"]}]  # fmt: skip
    for more in brought:
        for kid, reason in (("first", TokenSignatureWrong), ("theirs", TokenKeyUnknown)):
            with pytest.raises((reason, TokenMalformed)):
                await checker().principal(signed(header(kid=kid, **more), claims(), THEIRS))


@pytest.mark.parametrize("crit", [["exp"], ["b64"], [], "exp", None])
async def test_an_extension_that_must_be_understood_is_refused(crit: Any) -> None:
    with pytest.raises(TokenMalformed):
        await checker().principal(signed(header(crit=crit, b64=False), claims()))


async def test_a_payload_that_is_not_encoded_is_refused() -> None:
    with pytest.raises(TokenRefused):
        await checker().principal(signed(header(b64=False, crit=["b64"]), claims()))


@pytest.mark.parametrize(
    "payload",
    [
        claims()[:-1] + b', "sub": "p-2"}',
        claims()[:-1] + b', "grants": [], "grants": [{"role": "administrator"}]}',
        claims()[:-1] + b', "a": {"b": 1, "b": 2}}',
        claims()[:-1] + b', "a": NaN}',
        claims()[:-1] + b', "a": Infinity}',
        claims()[:-1] + b', "a": ' + b"9" * 5_000 + b"}",
        claims(name="half \ud800"),
        claims()[:-1] + b', "a": ' + b"[" * 6_000 + b"]" * 6_000 + b"}",
        b'{"a":' * 1_500 + b"1" + b"}" * 1_500,
        b"[" * (OPENINGS_MAX + 1) + b"]" * (OPENINGS_MAX + 1),
        b"[]",
        b"null",
        b'"text"',
        b"",
        b"\xff\xfe",
        b"\xef\xbb\xbf" + claims(),
    ],
    ids=range(16),
)
async def test_what_two_readers_could_read_differently_is_refused(payload: bytes) -> None:
    with pytest.raises(TokenMalformed):
        await checker().principal(signed(header(), payload))


async def test_a_header_member_that_stands_there_twice_is_refused() -> None:
    with pytest.raises(TokenMalformed):
        await checker().principal(signed(b'{"alg":"none","kid":"first","alg":"ES256"}', claims()))


@pytest.mark.parametrize("kind", ["logout+jwt", "secevent+jwt", "dpop+jwt", "client-authentication+jwt", 7, ["JWT"]])
async def test_what_is_signed_for_another_purpose_is_no_access_token(kind: Any) -> None:
    with pytest.raises((TokenOfAnotherKind, TokenMalformed)):
        await checker().principal(signed(header(typ=kind), claims()))


@pytest.mark.parametrize("kind", ["JWT", "jwt", "at+jwt", "application/at+jwt"])
async def test_an_access_token_may_say_that_it_is_one(kind: str) -> None:
    assert await checker().principal(signed(header(typ=kind), claims()))


@pytest.mark.parametrize("kind", ["ID", "Refresh", "Logout"])
async def test_a_provider_that_writes_the_kind_into_a_claim_is_understood(kind: str) -> None:
    with pytest.raises(TokenOfAnotherKind):
        await checker().principal(signed(header(), claims(typ=kind)))


async def test_a_token_that_lives_too_long_is_refused_and_so_is_one_without_a_beginning() -> None:
    for more in ({"exp": SECONDS + LIFETIME_SECONDS_MAX + 1}, {"iat": SECONDS - LIFETIME_SECONDS_MAX}):
        with pytest.raises(TokenLivesTooLong):
            await checker().principal(signed(header(), claims(**more)))
    endless = {name: value for name, value in SAID.items() if name != "iat"} | {"exp": SECONDS + 10 * 365 * 86_400}
    with pytest.raises(TokenLivesTooLong):
        await checker().principal(signed(header(), json.dumps(endless).encode()))
    short = checker(lifetime_seconds_max=300)
    with pytest.raises(TokenLivesTooLong):
        await short.principal(signed(header(), claims()))


async def test_a_token_from_the_future_is_refused() -> None:
    with pytest.raises(TokenNotYetValid):
        await checker().principal(signed(header(), claims(iat=SECONDS + 61)))


async def test_only_named_parties_are_served_where_the_setting_names_some() -> None:
    some = checker(parties=("console", "bank-0001"))
    assert (await some.principal(signed(header(), claims(azp="console")))).session.client == "console"
    assert (await some.principal(signed(header(), claims(client_id="bank-0001")))).session.client == "bank-0001"
    for more in ({"azp": "other"}, {}):
        with pytest.raises(TokenAudienceWrong):
            await some.principal(signed(header(), claims(**more)))


async def test_a_token_says_to_which_sign_in_it_belongs() -> None:
    found = (await checker().principal(signed(header(), claims(sid="s-1", jti="t-1")))).session
    assert (found.session_id, found.token_id, found.issued_at) == ("s-1", "t-1", AT)


async def test_a_bound_token_is_good_only_with_its_certificate_also_when_it_is_remembered() -> None:
    bound, checks = signed(header(), claims(cnf={"x5t#S256": THUMBPRINT})), checker()
    for _ in range(2):
        assert (await checks.principal(bound, THUMBPRINT)).subject == "p-1"
        for other in ("", THUMBPRINT[:-1], "é"):
            with pytest.raises(TokenBoundElsewhere):
                await checks.principal(bound, other)


@pytest.mark.parametrize("cnf", [{}, [], "x", {"jkt": "x"}, {"x5t#S256": ""}, {"x5t#S256": 1}, {"x5t#S256": "é"},
                                 {"x5t#S256": THUMBPRINT, "jkt": "x"}])  # fmt: skip
async def test_a_proof_that_is_not_known_here_is_not_ignored(cnf: Any) -> None:
    with pytest.raises(TokenMalformed):
        await checker().principal(signed(header(), claims(cnf=cnf)), THUMBPRINT)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=20,
)
NAMES = st.sampled_from(["alg", "kid", "typ", "crit", "b64", "jwk", "jku", "x5c", "zip", "enc", "cty"])
CLAIMS = st.sampled_from(["iss", "aud", "sub", "exp", "nbf", "iat", "grants", "cnf", "azp", "sid", "jti", "typ", "name",
                          "kind", "department", "region"])  # fmt: skip


def as_json(read: Any) -> bytes:
    return json.dumps(read).encode("utf-8", "surrogatepass")


async def tried(token: str) -> None:
    """Either it is believed, or refused by name; nothing else ever comes out."""
    try:
        assert isinstance(await checker().principal(token), Principal)
    except NotSignedIn as refused:
        str(refused).encode("utf-8")


@given(st.text() | st.lists(st.text(max_size=40), min_size=2, max_size=6).map(".".join))
async def test_any_text_is_refused_by_name(text: str) -> None:
    with pytest.raises(NotSignedIn):
        await checker().principal(text)


@given(st.lists(st.binary(max_size=60), min_size=3, max_size=3))
async def test_any_bytes_are_refused_by_name(parts: list[bytes]) -> None:
    with pytest.raises(NotSignedIn):
        await checker().principal(".".join(b64(part) for part in parts))


@given(st.dictionaries(NAMES, JSON, max_size=6), st.binary(max_size=80))
async def test_any_header_is_refused_by_name(said: dict[str, Any], signature: bytes) -> None:
    await tried(f"{b64(as_json({'alg': 'ES256', 'kid': 'first', **said}))}.{b64(claims())}.{b64(signature)}")
    await tried(signed(as_json({"alg": "ES256", "kid": "first", **said}), claims()))


@given(st.dictionaries(CLAIMS, JSON, max_size=8))
async def test_any_signed_claims_are_believed_or_refused_by_name(said: dict[str, Any]) -> None:
    await tried(signed(header(), as_json({**SAID, **said})))


@given(st.binary(max_size=300))
async def test_any_signed_bytes_are_refused_by_name(payload: bytes) -> None:
    await tried(signed(header(), payload))


@given(st.integers(0, 400), st.characters(min_codepoint=32, max_codepoint=126))
async def test_a_token_with_any_one_character_changed_is_refused(place: int, character: str) -> None:
    good = signed(header(), claims())
    place %= len(good)
    changed = good[:place] + character + good[place + 1 :]
    if changed[: good.rindex(".")] != good[: good.rindex(".")]:  # the last bits of a signature's text say nothing
        with pytest.raises(NotSignedIn):
            await checker().principal(changed)


def test_the_hours_of_a_limit_are_told() -> None:
    told = TokenLivesTooLong(hours=30, hours_max=f"{timedelta(seconds=LIFETIME_SECONDS_MAX) / timedelta(hours=1):g}")
    assert "30 hours; accepted are at most 24" in str(told)
