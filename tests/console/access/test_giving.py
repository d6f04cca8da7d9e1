"""Grants over HTTP: who gives what to whom, who sees it, and what it does at once."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from console.access.conftest import (
    ADMIN,
    DAY,
    FIRST,
    FIRST_TOO,
    NOW,
    OTHER_ADMIN,
    Desk,
    another_process,
    body,
    grant_id,
)
from mingjing_console.codec import PEOPLE
from mingjing_console.domain.person import ChangeRefused
from mingjing_kernel.access.facts import GrantGiven
from mingjing_kernel.access.noted import person_id

SECOND = timedelta(seconds=1)


async def until_both_wait(desk: Desk) -> None:
    """Until two writers of this database wait for the head of the log, which the test holds."""
    ours = "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
    asked = f"SELECT count(DISTINCT pid) FROM pg_locks WHERE NOT granted AND pid IN ({ours})"
    deadline = asyncio.get_running_loop().time() + 30
    while await desk.host.log.pool.fetchval(asked) < 2:
        assert asyncio.get_running_loop().time() < deadline
        await asyncio.sleep(0.01)


def type_of(answer: Any) -> str:
    return str(answer.json()["type"]).rpartition(":")[2]


async def test_the_first_administrator_is_first_only_once_and_on_record(desk: Desk) -> None:
    assert (await desk.ask(FIRST, "GET", "/me")).json()["is_first_administrator"] is True
    assert (await desk.ask("somebody", "GET", "/me")).json()["is_first_administrator"] is False
    assert (await desk.give("somebody", 9, ADMIN, "administrator")).status_code == 403
    own = await desk.give(FIRST, 9, FIRST, "administrator")
    assert (own.status_code, type_of(own)) == (409, "gives-himself")
    assert (await desk.give(FIRST, 1, ADMIN, "administrator")).status_code == 201
    assert (await desk.give(FIRST, 3, "p-1")).status_code == 403
    assert (await desk.ask(FIRST, "GET", "/me")).json()["is_first_administrator"] is False
    facts = await desk.host.log.history(PEOPLE, person_id(ADMIN))
    assert facts[-1].event.manner == "first-administrator"
    assert await desk.mine(ADMIN) == ["administrator"]


async def test_of_two_first_administrators_made_at_the_same_moment_the_second_is_refused(desk: Desk) -> None:
    """Two processes ask at once, and each sees that there is none yet; the log's order decides."""
    async with another_process(desk) as other, desk.host.log.pool.acquire() as connection:
        async with connection.transaction():
            await connection.execute('SELECT 1 FROM "console".head FOR UPDATE')
            made = asyncio.gather(
                desk.give(FIRST, 1, ADMIN, "administrator"), other.give(FIRST_TOO, 2, OTHER_ADMIN, "administrator")
            )
            await until_both_wait(desk)
        answers = await made
        assert sorted(answer.status_code for answer in answers) == [201, 409]
        refused = next(answer for answer in answers if answer.status_code == 409)
        assert type_of(refused) == "first-administrator-is-there"
        assert "首任管理员" in refused.json()["detail"]
        facts = [fact.event for fact in await desk.host.log.read(0, 100)]
        assert [fact.manner for fact in facts if isinstance(fact, GrantGiven)] == ["first-administrator"]
        assert [fact.rule for fact in facts if isinstance(fact, ChangeRefused)] == ["first-administrator-is-there"]
        mine = [await one.mine(who) for one, who in ((desk, ADMIN), (other, OTHER_ADMIN))]
        assert sorted(mine) == [[], ["administrator"]]


async def test_the_first_administrators_own_request_is_answered_again(desk: Desk) -> None:
    headers = {"Idempotency-Key": "018f0000-0000-7000-8000-000000000001"}
    people = [
        {**body(ADMIN, "administrator"), "grant_id": str(grant_id(1))},
        {**body("p-1"), "grant_id": str(grant_id(2))},
    ]
    answers = [await desk.ask(FIRST, "POST", "/grants", json={"grants": people}, headers=headers) for _ in range(2)]
    assert [(one.status_code, one.json()["repeated"]) for one in answers] == [(201, False), (201, True)]
    assert (await desk.give(FIRST, 1, ADMIN, "administrator")).status_code == 201
    wider = await desk.give(FIRST, 1, ADMIN, "administrator", region="*")
    assert (wider.status_code, type_of(wider)) == (409, "grant-id-taken")
    assert (await desk.give(FIRST, 1, "p-2", "administrator")).status_code == 403
    assert (await desk.give(FIRST_TOO, 1, ADMIN, "administrator")).status_code == 403
    more = [*people, {**body("p-2"), "grant_id": str(grant_id(3))}]
    assert (await desk.ask(FIRST, "POST", "/grants", json={"grants": more})).status_code == 403


async def test_the_first_administrator_can_do_nothing_but_make_another(desk: Desk) -> None:
    assert (await desk.give(FIRST, 3, "p-1")).status_code == 403
    for_a_day = await desk.give(FIRST, 4, ADMIN, "administrator", valid_until=(NOW + DAY).isoformat())
    assert for_a_day.status_code == 403
    people = [{**body("p-1"), "grant_id": str(grant_id(5))}, {**body("p-2", "auditor"), "grant_id": str(grant_id(6))}]
    assert (await desk.ask(FIRST, "POST", "/grants", json={"grants": people})).status_code == 403
    assert (await desk.ask(FIRST, "GET", "/me")).json()["is_first_administrator"] is True


async def test_nobody_takes_a_person_over_by_giving_her_something(office: Desk) -> None:
    async def home() -> tuple[str, str]:
        rows = (await office.ask(ADMIN, "GET", "/people")).json()["items"]
        return next((row["name"], row["department"]) for row in rows if row["person"] == "p-5")

    await office.give(ADMIN, 5, "p-5", department="science")
    ours = {"department": "education", "name": "别名", "home_department": "education", "home_region": "330106"}
    assert (await office.give(OTHER_ADMIN, 6, "p-5", **ours)).status_code == 201
    await office.give(OTHER_ADMIN, 7, "p-7", **{**ours, "name": "p-7"})
    part = {**body("p-5", **ours), "valid_until": (NOW + DAY).isoformat()}
    path = f"/grants/{grant_id(7)}/delegations/{grant_id(8)}"
    assert (await office.ask("p-7", "PUT", path, json=part)).status_code == 201
    assert await home() == ("p-5（演示）", "science")
    assert (await office.ask(OTHER_ADMIN, "POST", "/locks/p-5", json={"reason": "试"})).status_code == 403
    assert (await office.give(ADMIN, 9, "p-5", **ours)).status_code == 201
    assert await home() == ("别名", "education")
    assert (await office.give(ADMIN, 10, "p-5", department="science")).status_code == 201
    assert await home() == ("p-5（演示）", "education")


async def test_several_grants_are_given_at_once_or_not_at_all(desk: Desk) -> None:
    people = [
        {**body(person, role), "grant_id": str(grant_id(number))}
        for number, (person, role) in enumerate([("p-1", "inspector"), ("p-2", "mediator"), (ADMIN, "administrator")])
    ]
    bad = [*people, {**body(FIRST), "grant_id": str(grant_id(77))}]
    assert (await desk.ask(FIRST, "POST", "/grants", json={"grants": bad})).status_code == 409
    (tried,) = await desk.host.log.read(0, 10)
    assert (tried.event.act, tried.event.rule) == ("give-grants", "gives-himself")
    headers = {"Idempotency-Key": "018f0000-0000-7000-8000-000000000001"}
    given = await desk.ask(FIRST, "POST", "/grants", json={"grants": people}, headers=headers)
    assert given.status_code == 201, given.text
    assert await desk.mine("p-2") == ["mediator"]


@pytest.mark.parametrize(
    ("giver", "more", "status"),
    [
        (ADMIN, {}, 201),
        (ADMIN, {"region": "330106109"}, 201),
        (ADMIN, {"region": "3301"}, 403),
        (ADMIN, {"region": "*"}, 403),
        (ADMIN, {"region": "330105"}, 403),
        (OTHER_ADMIN, {"department": "education"}, 201),
        (OTHER_ADMIN, {"department": "*"}, 403),
        (OTHER_ADMIN, {"department": "science"}, 403),
        ("p-1", {}, 403),
        (ADMIN, {"region": "33010"}, 422),
        (ADMIN, {"role": "emperor"}, 422),
        (ADMIN, {"role": "service"}, 422),
        (ADMIN, {"role": "public"}, 422),
        (ADMIN, {"department": ""}, 422),
        (ADMIN, {"legal_basis": ""}, 422),
        (ADMIN, {"valid_until": (NOW - SECOND).isoformat()}, 422),
    ],
)
async def test_an_administrator_gives_as_far_as_his_own_grant_reaches(
    office: Desk, giver: str, more: dict[str, Any], status: int
) -> None:
    given = await office.ask(giver, "PUT", f"/grants/{grant_id(5)}", json={**body("p-5"), **more})
    assert given.status_code == status, given.text


async def test_an_administrator_does_not_give_himself_more(office: Desk) -> None:
    refused = await office.give(ADMIN, 5, ADMIN, "auditor")
    assert (refused.status_code, type_of(refused)) == (409, "gives-himself")
    facts = await office.host.log.history(PEOPLE, person_id(ADMIN))
    assert (facts[-1].event.rule, facts[-1].meta.actor) == ("gives-himself", ADMIN)


async def test_that_somebody_tried_is_on_record(office: Desk) -> None:
    headers = {"Idempotency-Key": "018f0000-0000-7000-8000-000000000003"}
    for _ in range(2):
        path = f"/grants/{grant_id(5)}"
        tried = await office.ask("p-5", "PUT", path, json=body("p-5", "administrator"), headers=headers)
        assert (tried.status_code, type_of(tried)) == (403, "outside-scope")
    (fact,) = await office.host.log.history(PEOPLE, person_id("p-5"))
    assert (fact.event.act, fact.event.rule, fact.event.attempted_by) == ("give-grant", "outside-scope", "p-5")
    assert await office.mine("p-5") == []


async def test_roles_that_check_each_other_are_not_given_to_one_person(office: Desk) -> None:
    assert (await office.give(ADMIN, 5, "p-5", "licensing-officer")).status_code == 201
    refused = await office.give(ADMIN, 6, "p-5", "approver", region="330106109")
    assert (refused.status_code, type_of(refused)) == (409, "roles-kept-apart")
    assert (await office.give(ADMIN, 6, "p-6", "approver")).status_code == 201


async def test_a_grant_begins_and_ends_on_its_own(office: Desk) -> None:
    dates = {"valid_from": (NOW + DAY).isoformat(), "valid_until": (NOW + 2 * DAY).isoformat()}
    assert (await office.give(ADMIN, 5, "p-5", **dates)).status_code == 201
    seen = []
    for moment in (NOW, NOW + DAY - SECOND, NOW + DAY, NOW + 2 * DAY - SECOND, NOW + 2 * DAY):
        office.clock[0] = moment
        seen.append(await office.mine("p-5"))
    assert seen == [[], [], ["inspector"], ["inspector"], []]


async def test_what_is_taken_back_is_gone_at_once_and_may_be_sent_twice(office: Desk) -> None:
    await office.give(ADMIN, 5, "p-5")
    assert await office.mine("p-5") == ["inspector"]
    path, reason = f"/grants/{grant_id(5)}/taking", {"reason": "调离"}
    assert (await office.ask("p-6", "POST", path, json=reason)).status_code == 404
    assert (await office.ask(OTHER_ADMIN, "POST", path, json=reason)).status_code == 404
    headers = {"Idempotency-Key": "018f0000-0000-7000-8000-000000000002"}
    first = await office.ask(ADMIN, "POST", path, json=reason, headers=headers)
    again = await office.ask(ADMIN, "POST", path, json=reason, headers=headers)
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json()["repeated"] is True
    assert await office.mine("p-5") == []
    assert (await office.give(ADMIN, 5, "p-5")).status_code == 409


async def test_a_holder_delegates_a_part_which_ends_with_the_grant(office: Desk) -> None:
    await office.give(ADMIN, 5, "p-5", valid_until=(NOW + 9 * DAY).isoformat())
    part = {**body("p-6", region="330106109"), "valid_until": (NOW + DAY).isoformat()}
    path = f"/grants/{grant_id(5)}/delegations/{grant_id(6)}"
    assert type_of(await office.ask("p-7", "PUT", path, json=part)) == "grant-not-theirs"
    wider = await office.ask("p-5", "PUT", path, json={**part, "region": "3301"})
    assert (wider.status_code, type_of(wider)) == (409, "wider-than-own")
    assert (await office.ask("p-5", "PUT", path, json={**part, "valid_until": None})).status_code == 422
    assert (await office.ask("p-5", "PUT", path, json=part)).status_code == 201
    assert await office.mine("p-6") == ["inspector"]
    onward = f"/grants/{grant_id(6)}/delegations/{grant_id(7)}"
    again = await office.ask("p-6", "PUT", onward, json={**part, "person": "p-7"})
    assert (again.status_code, type_of(again)) == (409, "role-not-delegable")
    await office.ask(ADMIN, "POST", f"/grants/{grant_id(5)}/taking", json={"reason": "调离"})
    assert await office.mine("p-6") == []


async def test_whoever_delegated_takes_it_back(office: Desk) -> None:
    await office.give(ADMIN, 5, "p-5")
    part = {**body("p-6"), "valid_until": (NOW + DAY).isoformat()}
    await office.ask("p-5", "PUT", f"/grants/{grant_id(5)}/delegations/{grant_id(6)}", json=part)
    gone = await office.ask("p-5", "POST", f"/grants/{grant_id(6)}/taking", json={"reason": "不再需要"})
    assert gone.status_code == 201
    assert await office.mine("p-6") == []


async def test_lists_show_what_the_caller_administers_and_answer_for_the_past(office: Desk) -> None:
    await office.give(ADMIN, 5, "p-5", department="education")
    before = office.position
    await office.ask(ADMIN, "POST", f"/grants/{grant_id(5)}/taking", json={"reason": "调离"})

    async def listed(who: str, query: str = "") -> list[dict[str, Any]]:
        answer = await office.ask(who, "GET", f"/grants{query}")
        assert answer.status_code == 200, answer.text
        return answer.json()["items"]

    assert {row["person"] for row in await listed(ADMIN)} == {ADMIN, OTHER_ADMIN, "p-5"}
    assert {row["person"] for row in await listed(OTHER_ADMIN)} == {OTHER_ADMIN, "p-5"}
    assert await listed("p-5") == []
    now, then = await listed(ADMIN, "?person=p-5"), await listed(ADMIN, f"?person=p-5&as_of=@{before}")
    assert (now[0]["taken_by"], then[0]["taken_by"]) == (ADMIN, "")
    assert now[0]["name"] == "p-5（演示）"
    people = await office.ask(ADMIN, "GET", "/people?format=csv")
    assert people.status_code == 200
    assert "p-5（演示）" in people.text
    assert (await office.replayed()).differences == 0


async def test_a_history_is_for_the_person_and_for_those_who_administer_her(office: Desk) -> None:
    await office.give(ADMIN, 5, "p-5", department="science")
    path = f"/people/{person_id('p-5')}/history"
    for who, status in (("p-5", 200), (ADMIN, 200), (OTHER_ADMIN, 404), ("p-6", 404)):
        assert (await office.ask(who, "GET", path)).status_code == status, who
    facts = (await office.ask("p-5", "GET", path)).json()["facts"]
    assert [fact["type"] for fact in facts] == ["console.person-named.v1", "console.grant-given.v1"]
    assert (facts[1]["actor"], facts[1]["reason"]) == (ADMIN, "任命")
