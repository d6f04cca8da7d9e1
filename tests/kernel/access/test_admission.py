"""Who is let in, and with what: the token says who it is, the directory what that person may do now."""

from __future__ import annotations

from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet

from kernel.access.samples import AT, DAY, SECOND, given, locked, named, revoked, taken, unlocked
from mingjing_kernel.access.admission import Admission, TokenGrants
from mingjing_kernel.access.facts import Fact
from mingjing_kernel.access.refusals import NotTheirSubstitute, PersonIsLocked, TokenRevoked
from mingjing_kernel.access.standing import Standing
from mingjing_kernel.identity import Principal, StaticKeys, TokenChecker
from mingjing_kernel.refusal import Refusal

KEY = ECKey.generate_key("P-256", {"kid": "test"})
ISSUER = "https://issuer.example"


class Known:
    """A directory whose log has been read."""

    def __init__(self, *facts: Fact) -> None:
        self.standing = Standing()
        for fact in facts:
            self.standing.apply(fact)

    async def current(self) -> Standing:
        return self.standing


class Door:
    def __init__(self, *facts: Fact, token_grants: TokenGrants = "services") -> None:
        self.known, self.now = Known(*facts), AT
        self.checker = TokenChecker(
            issuer=ISSUER,
            audience="mingjing",
            keys=StaticKeys(KeySet([KEY])),
            now=lambda: self.now,
            lifetime_seconds_max=101 * 86_400,
        )
        self.admission = Admission(self.known, lambda: self.now, token_grants)

    async def principal(self, shown: str, named: str = "") -> Principal:
        return await self.admission.let_in(await self.checker.principal(shown), named)


def token(subject: str = "p-1", **more: Any) -> str:
    seconds = int(AT.timestamp())
    claims = {"iss": ISSUER, "aud": "mingjing", "sub": subject, "iat": seconds, "exp": seconds + 100 * 86_400, **more}
    return jwt.encode({"alg": "ES256", "kid": "test"}, claims, KEY, algorithms=["ES256"])


def claimed(role: str = "auditor") -> list[dict[str, str]]:
    return [{"role": role, "department": "*", "region": "*", "category": "*"}]


@pytest.mark.parametrize(
    ("mode", "kind", "roles"),
    [
        ("services", "person", ["inspector"]),
        ("services", "service", ["auditor", "inspector"]),
        ("none", "service", ["inspector"]),
        ("all", "person", ["auditor", "inspector"]),
    ],
)
async def test_whose_token_may_carry_grants_is_a_setting(mode: TokenGrants, kind: str, roles: list[str]) -> None:
    door = Door(given(1), token_grants=mode)
    found = await door.principal(token(kind=kind, grants=claimed()))
    assert [grant.role.value for grant in found.grants] == roles


async def test_a_person_of_whom_the_log_says_nothing_sees_what_the_public_sees() -> None:
    found = await Door().principal(token(grants=claimed("administrator")))
    assert found.grants == ()
    assert len(found.scope.grants) == 1


async def test_grants_begin_and_end_under_a_remembered_token() -> None:
    door = Door(given(1, valid_from=AT + SECOND, valid_until=AT + 2 * SECOND))
    seen = []
    for _ in range(3):
        seen.append(len((await door.principal(token())).grants))
        door.now += SECOND
    assert seen == [0, 1, 0]


@pytest.mark.parametrize(
    ("fact", "reason"),
    [
        (revoked("session", "s-1", at=AT + SECOND), TokenRevoked),
        (revoked("token", "j-1", at=AT + SECOND), TokenRevoked),
        (revoked("person", "p-1", at=AT + SECOND), TokenRevoked),
        (revoked("client", "console", at=AT + SECOND), TokenRevoked),
        (locked(), PersonIsLocked),
    ],
)
async def test_a_revocation_beats_the_memory_of_checked_tokens(fact: Fact, reason: type[Refusal]) -> None:
    door, shown = Door(given(1)), token(sid="s-1", jti="j-1", azp="console")
    assert (await door.principal(shown)).grants
    door.known.standing.apply(fact)
    with pytest.raises(reason) as refused:
        await door.principal(shown)
    assert type(refused.value) is reason


async def test_a_new_sign_in_after_a_revocation_and_an_unlocked_person_are_let_in() -> None:
    door = Door(given(1), revoked("person", "p-1"), locked(), unlocked())
    assert (await door.principal(token(iat=int((AT + SECOND).timestamp())))).grants


async def test_what_was_taken_back_is_gone_at_the_next_request() -> None:
    door, shown = Door(given(1)), token()
    assert (await door.principal(shown)).grants
    door.known.standing.apply(taken(1))
    assert (await door.principal(shown)).grants == ()


async def test_a_substitute_has_the_grants_of_the_person_and_none_of_his_own() -> None:
    door = Door(given(1), given(2, "p-2", role="mediator"), named(3, valid_until=AT + DAY))
    own, acting = await door.principal(token("p-2")), await door.principal(token("p-2"), "p-1")
    assert [grant.role.value for grant in own.grants] == ["mediator"]
    assert [grant.role.value for grant in acting.grants] == ["inspector"]
    assert (acting.subject, acting.on_behalf_of) == ("p-2", "p-1")


@pytest.mark.parametrize(
    "facts", [(), (named(3, valid_from=AT + SECOND),), (named(3, valid_until=AT),), (named(3, "p-9"),)]
)
async def test_nobody_stands_in_for_another_without_a_substitution_in_force(facts: tuple[Fact, ...]) -> None:
    door = Door(given(1), *facts)
    with pytest.raises(NotTheirSubstitute):
        await door.principal(token("p-2"), "p-1")


async def test_nobody_stands_in_for_whoever_is_locked() -> None:
    door = Door(given(1), named(3), locked())
    with pytest.raises(PersonIsLocked):
        await door.principal(token("p-2"), "p-1")


async def test_a_substitute_is_lent_what_was_held_when_it_began_and_not_what_was_given_since() -> None:
    door, shown = Door(given(1), given(2, role="mediator"), named(3)), token("p-2")

    async def lent() -> list[str]:
        return [grant.role.value for grant in (await door.principal(shown, "p-1")).grants]

    assert await lent() == ["inspector", "mediator"]
    door.now += SECOND
    door.known.standing.apply(given(4, role="grid-officer", given_at=door.now))
    door.known.standing.apply(taken(2))
    assert await lent() == ["inspector"]
    door.known.standing.apply(named(5, valid_from=door.now, named_at=door.now))
    assert await lent() == ["inspector", "grid-officer"]


@pytest.mark.parametrize("role", ["administrator", "auditor", "service", "public"])
async def test_what_is_not_delegated_is_not_lent_either(role: str) -> None:
    door = Door(given(1, role=role), given(2), named(3))
    acting = await door.principal(token("p-2"), "p-1")
    assert [grant.role.value for grant in acting.grants] == ["inspector"]


async def test_what_must_not_meet_in_one_person_does_not_meet_in_a_substitute_who_was_given_it_later() -> None:
    door, shown = Door(given(1, role="licensing-officer"), given(2), named(3)), token("p-2")

    async def lent() -> list[str]:
        acting = await door.principal(shown, "p-1")
        return [grant.role.value for grant in acting.grants]

    assert await lent() == ["licensing-officer", "inspector"]
    door.known.standing.apply(given(4, "p-2", role="approver", region="330105"))
    assert await lent() == ["licensing-officer", "inspector"]
    door.known.standing.apply(given(5, "p-2", role="approver", region="330106109"))
    assert await lent() == ["inspector"]
