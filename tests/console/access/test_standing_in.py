"""Substitutes, ended sign-ins, locks: over HTTP, at once, on record."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from console.access.conftest import ADMIN, DAY, FIRST, NOW, OTHER_ADMIN, Desk, body, grant_id
from mingjing_console.codec import PEOPLE
from mingjing_kernel.access.noted import person_id

SUBSTITUTION = UUID(int=7)
FOR_ADMIN = {"Mingjing-On-Behalf-Of": ADMIN}


def substitution(person: str, substitute: str, **more: Any) -> dict[str, Any]:
    return {
        "person": person,
        "substitute": substitute,
        "valid_until": (NOW + DAY).isoformat(),
        "reason": "出差",
        **more,
    }


async def test_what_a_substitute_does_carries_both_names(office: Desk) -> None:
    await office.give(ADMIN, 5, "p-5")
    path = f"/substitutions/{SUBSTITUTION}"
    assert (await office.ask("p-6", "PUT", path, json=substitution("p-5", "p-6"))).status_code == 403
    assert (await office.ask("p-5", "PUT", path, json=substitution("p-5", "p-6"))).status_code == 201
    assert (await office.ask("p-6", "GET", "/me")).json()["may_act_for"] == ["p-5"]
    assert await office.mine("p-6") == []
    acting = {"Mingjing-On-Behalf-Of": "p-5"}
    assert await office.mine("p-6", **acting) == ["inspector"]
    tried = await office.ask("p-6", "PUT", f"/grants/{grant_id(6)}", json=body("p-7"), headers=acting)
    assert tried.status_code == 403
    meta = (await office.host.log.history(PEOPLE, person_id("p-7")))[-1].meta
    assert (meta.actor, meta.on_behalf_of) == ("p-6", "p-5")
    for spaced in ("p-5%20", "%20p-5"):
        refused = await office.ask("p-6", "GET", "/me", headers={"Mingjing-On-Behalf-Of": spaced})
        assert (refused.status_code, refused.json()["field"]) == (400, "Mingjing-On-Behalf-Of")


async def test_who_stands_in_for_an_administrator_administers_nothing(office: Desk) -> None:
    await office.ask(ADMIN, "PUT", f"/substitutions/{SUBSTITUTION}", json=substitution(ADMIN, "p-6"))
    assert await office.mine("p-6", **FOR_ADMIN) == []
    for person in ("p-5", "p-6", ADMIN):
        path = f"/grants/{grant_id(5)}"
        refused = await office.ask("p-6", "PUT", path, json=body(person), headers=FOR_ADMIN)
        assert refused.status_code == 403


async def test_an_administrator_lends_no_more_than_he_could_give(office: Desk) -> None:
    await office.give(ADMIN, 5, "p-5", department="education")
    await office.give(ADMIN, 6, "p-5", department="science", valid_from=(NOW + DAY / 2).isoformat())
    path, named = f"/substitutions/{SUBSTITUTION}", substitution("p-5", "p-6")
    assert (await office.ask(OTHER_ADMIN, "PUT", path, json=named)).status_code == 403
    assert await office.mine("p-6") == []
    await office.ask(ADMIN, "POST", f"/grants/{grant_id(6)}/taking", json={"reason": "调整分工"})
    assert (await office.ask(OTHER_ADMIN, "PUT", path, json=named)).status_code == 201


async def test_what_a_client_was_issued_is_ended_by_who_administers_the_whole_county(office: Desk) -> None:
    town = {"region": "330106109", "home_region": "330106109"}
    assert (await office.give(ADMIN, 5, "admin-town", "administrator", **town)).status_code == 201
    await office.give("admin-town", 6, "p-6", **town)
    path, client = f"/revocations/{UUID(int=3)}", {"what": "client", "value": "console", "reason": "密钥泄露"}
    for who in ("admin-town", OTHER_ADMIN, "p-6"):
        assert (await office.ask(who, "PUT", path, json=client)).status_code == 403, who
    named = await office.ask("admin-town", "PUT", path, json={**client, "person": "p-6"})
    assert (named.status_code, named.json()["type"].rpartition(":")[2]) == (422, "client-is-no-person")
    assert (await office.ask(ADMIN, "PUT", path, json=client)).status_code == 201
    assert (await office.ask(ADMIN, "PUT", path, json={**client, "what": "session"})).status_code == 422
    standing = await office.host.directory.current()
    assert list(standing.revoked) == [("client", "console", "")]


async def test_a_substitution_ends_on_its_own_or_when_somebody_ends_it(office: Desk) -> None:
    path = f"/substitutions/{SUBSTITUTION}"
    await office.ask(ADMIN, "PUT", path, json=substitution(ADMIN, "p-6"))
    office.clock[0] = NOW + DAY
    assert (await office.ask("p-6", "GET", "/me", headers=FOR_ADMIN)).status_code == 403
    office.clock[0] = NOW
    assert (await office.ask("p-7", "POST", f"{path}/ending", json={"reason": "回岗"})).status_code == 404
    assert (await office.ask("p-6", "POST", f"{path}/ending", json={"reason": "回岗"})).status_code == 201
    assert (await office.ask("p-6", "GET", "/me", headers=FOR_ADMIN)).status_code == 403
    listed = (await office.ask(ADMIN, "GET", "/substitutions")).json()["items"]
    assert [(row["person"], row["substitute"], row["dismissed_by"]) for row in listed] == [(ADMIN, "p-6", "p-6")]


async def test_nobody_is_lent_what_must_stay_apart(office: Desk) -> None:
    await office.give(ADMIN, 5, "p-5", "licensing-officer")
    await office.give(ADMIN, 6, "p-6", "approver")
    refused = await office.ask("p-5", "PUT", f"/substitutions/{SUBSTITUTION}", json=substitution("p-5", "p-6"))
    assert refused.status_code == 409
    assert "roles-kept-apart" in refused.json()["type"]


async def test_a_session_ends_at_once_and_a_new_sign_in_is_let_in(office: Desk) -> None:
    await office.give(ADMIN, 5, "p-5")
    revocation = {"person": "p-5", "what": "person", "reason": "手机丢失"}
    stranger = await office.ask(OTHER_ADMIN, "PUT", f"/revocations/{UUID(int=1)}", json=revocation)
    assert stranger.status_code == 403
    office.clock[0] = NOW + DAY / 24
    shown = {"Authorization": f"Bearer {office.token('p-5')}"}
    assert (await office.ask("p-5", "GET", "/me", headers=shown)).status_code == 200
    office.clock[0] += DAY / 1440
    assert (await office.ask(ADMIN, "PUT", f"/revocations/{UUID(int=1)}", json=revocation)).status_code == 201
    ended = await office.ask("p-5", "GET", "/me", headers=shown)
    assert (ended.status_code, ended.json()["type"].rpartition(":")[2]) == (401, "token-revoked")
    office.clock[0] += DAY / 1440
    assert await office.mine("p-5") == ["inspector"]


async def test_whoever_signs_out_is_out(office: Desk) -> None:
    await office.give(ADMIN, 5, "p-5")
    assert (await office.ask("p-5", "POST", "/sign-out")).status_code == 201
    assert (await office.ask("p-5", "GET", "/me")).status_code == 401
    assert await office.mine(ADMIN) == ["administrator"]


async def test_a_locked_person_is_kept_out_until_unlocked(office: Desk) -> None:
    await office.give(ADMIN, 5, "p-5")
    assert (await office.ask("p-6", "POST", "/locks/p-5", json={"reason": "多次失败"})).status_code == 403
    assert (await office.ask(ADMIN, "POST", "/locks/p-5", json={"reason": "多次失败"})).status_code == 201
    kept_out = await office.ask("p-5", "GET", "/me")
    assert (kept_out.status_code, kept_out.json()["type"].rpartition(":")[2]) == (403, "person-is-locked")
    people = (await office.ask(ADMIN, "GET", "/people")).json()["items"]
    assert [row["person"] for row in people if row["is_locked"]] == ["p-5"]
    unlocked = await office.ask(ADMIN, "POST", "/locks/p-5/unlocking", json={"reason": "已核实"})
    assert unlocked.status_code == 201
    assert await office.mine("p-5") == ["inspector"]
    own = await office.ask(ADMIN, "POST", f"/locks/{ADMIN}", json={"reason": "试"})
    assert own.status_code == 409
    assert (await office.ask(FIRST, "GET", "/me")).json()["is_first_administrator"] is False
