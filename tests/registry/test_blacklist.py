"""Blacklist over HTTP: three people, one transaction with the whitelist, and silence after the removal."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from mingjing_kernel.identifiers import new_id
from mingjing_registry.domain.annulment import BlacklistRemovalOverdue, BlacklistRemovalReminded
from mingjing_registry.domain.blacklist_facts import BlacklistPublished, BlacklistRemoved
from mingjing_registry.domain.blacklisted import InstitutionBlacklisted, InstitutionCleared
from mingjing_registry.domain.whitelist import WhitelistEntered, WhitelistLeft
from registry.conftest import Caller, World
from registry.listing import BODIES, DAYS, NEW, STEPS, Listed
from registry.test_api import MUDUO, MUDUO_ID, MUDUO_ROW, account, file, problem

WITHDRAWAL = {
    "cause": "annulled", "reference": "杭政复〔2026〕1号", "known_on": "2026-06-30", "reason": "处罚被撤销",
}  # fmt: skip
ANNULMENT = {
    "body": "reconsideration", "reference": "杭政复〔2026〕1号", "annulled_on": "2026-06-25", "known_on": "2026-06-30",
}  # fmt: skip


@pytest.fixture(name="listed")
async def make_listed(world: World) -> Listed:
    """A white institution, and a proposal to list it."""
    answer = await world.caller("licensing-officer").send(file(MUDUO_ROW), "名单.csv")
    assert answer.status_code == 200, answer.text
    await world.tell(account())
    found = Listed(world)
    await found.propose({"institution_id": str(MUDUO_ID)})
    return found


def kinds(facts: list[Any], *wanted: type) -> list[tuple[type, int]]:
    return [(type(fact.event), fact.position) for fact in facts if isinstance(fact.event, wanted)]


async def test_publication_and_whitelist_exit_are_one_append_and_so_are_removal_and_entry(listed: Listed) -> None:
    world = listed.world
    await listed.go(*STEPS[:-1])
    assert (await world.public.get("/blacklist"))["items"] == []
    assert len((await world.public.get("/whitelist"))["items"]) == 1
    await listed.go("publication")
    officer = listed.caller("case-officer")
    officer.position = str(await world.host.log.head())
    (row,) = (await officer.get("/blacklist"))["items"]
    assert (row["code"], row["document_number"], row["ends_on"]) == (MUDUO, "西教列〔2026〕1号", "2029-06-17")
    assert "facts" not in row
    assert (await officer.get("/whitelist"))["items"] == []
    (left,) = (await officer.get("/whitelist", is_listed=False))["items"]
    assert (left["reason"], left["left_on"]) == ("blacklisted", "2026-06-19")

    published = await world.host.log.head()
    assert (await listed.do(officer, "withdrawal", WITHDRAWAL)).status_code == 403
    proposer = world.caller("approver", subject="case-officer-330106")
    assert problem(await listed.do(proposer, "withdrawal", WITHDRAWAL))[1] == "other-person-must"
    signing = listed.caller("approver")
    assert (await listed.do(signing, "withdrawal", WITHDRAWAL)).status_code == 200
    officer.position = signing.position
    assert (await officer.get("/blacklist"))["items"] == []
    assert len((await officer.get("/whitelist"))["items"]) == 1
    facts = await world.host.log.read(0, 1_000)
    told = kinds(
        facts, BlacklistPublished, InstitutionBlacklisted, WhitelistLeft, BlacklistRemoved, InstitutionCleared,
        WhitelistEntered,
    )  # fmt: skip
    order = [kind for kind, _ in told]
    assert order == [
        WhitelistEntered, BlacklistPublished, InstitutionBlacklisted, WhitelistLeft, BlacklistRemoved,
        InstitutionCleared, WhitelistEntered,
    ]  # fmt: skip
    positions = [position for _, position in told]
    assert positions[1:4] == list(range(positions[1], positions[1] + 3))
    assert positions[4:] == list(range(positions[4], positions[4] + 3))
    assert (await world.public.get("/blacklist", as_of=f"@{published}"))["items"] == []
    kept = await officer.get(listed.path)
    assert (kept["stage"], kept["cause"], kept["facts"]) == ("removed", "annulled", NEW["facts"])
    assert (await world.replayed()).differences == 0


async def test_an_annulled_decision_starts_a_clock_that_only_the_removal_stops(
    listed: Listed, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = listed.world
    await listed.go()
    officer, signing = listed.caller("case-officer"), listed.caller("approver")
    late = await listed.do(officer, "annulment", ANNULMENT | {"known_on": "2026-06-01"})
    assert problem(late) == (422, "annulment-dates-wrong", "known_on")
    assert (await listed.do(officer, "annulment", ANNULMENT)).status_code == 200
    file = await officer.get(listed.path)
    assert (file["annulled_on"], file["remove_by"], file["due_on"]) == ("2026-06-25", "2026-07-03", file["ends_on"])
    assert len((await officer.get("/blacklist"))["items"]) == 1, "a person removes it"
    applied = {"application_reference": "修1号", "received_on": "2026-06-30"}
    assert problem(await listed.do(officer, "repair-application", applied))[1] == "listing-ground-annulled"
    clocks = {one["rule"]: one for one in (await officer.get("/deadlines"))["items"]}
    assert (clocks["blacklist-removal"]["due_on"], clocks["blacklist-removal"]["working_days"]) == ("2026-07-03", 3)
    assert clocks["blacklist-removal-reminder"]["due_on"] == "2026-07-02"

    keeper = world.host.deadlines
    assert keeper is not None
    for day, done in (("2026-07-02", 0), ("2026-07-03", 1), ("2026-07-04", 1)):
        monkeypatch.setattr(world.host, "now", lambda day=day: datetime.fromisoformat(f"{day}T04:00:00+00:00"))
        assert (await keeper.step()).done == done, day
    assert (await keeper.step()).done == 0
    facts = await world.host.log.read(0, 1_000)
    assert [kind for kind, _ in kinds(facts, BlacklistRemovalReminded, BlacklistRemovalOverdue)] == [
        BlacklistRemovalReminded, BlacklistRemovalOverdue,
    ]  # fmt: skip
    monkeypatch.undo()
    signing.position = officer.position = str(await world.host.log.head())
    actions = {one["act"]: one for one in (await signing.get(f"{listed.path}/available-actions"))["actions"]}
    withdrawing = actions["withdraw-listing"]
    assert (withdrawing["available"], withdrawing["due_on"], withdrawing["is_overdue"]) == (True, "2026-07-03", False)
    assert (actions["publish-listing"]["due_on"], actions["publish-listing"]["is_overdue"]) == (None, False)
    assert (await officer.get(listed.path))["overdue_on"] == "2026-07-04"
    (overdue,) = (await officer.get("/deadlines", rule="blacklist-removal"))["items"]
    assert overdue["fired_on"] == "2026-07-04"

    assert (await listed.do(signing, "withdrawal", WITHDRAWAL)).status_code == 200
    officer.position = signing.position
    left = [one["rule"] for one in (await officer.get("/deadlines"))["items"]]
    assert [rule for rule in left if rule.startswith("blacklist")] == []
    (removed,) = [one.event for one in await world.host.log.read(0, 1_000) if isinstance(one.event, BlacklistRemoved)]
    assert removed.due_on == date(2026, 7, 3)
    assert (await world.replayed()).differences == 0


async def test_an_annulment_is_retracted_by_another_than_who_recorded_it(listed: Listed) -> None:
    await listed.go()
    signing, other = listed.caller("approver"), listed.world.caller("approver", subject="another")
    assert (await listed.do(signing, "annulment", ANNULMENT)).status_code == 200
    retraction = {"reference": "更正1号", "reason": "误登"}
    assert problem(await listed.do(signing, "annulment-retraction", retraction))[1] == "other-person-must"
    assert (await listed.do(other, "annulment-retraction", retraction)).status_code == 200
    file = await other.get(listed.path)
    assert (file["remove_by"], file["due_on"]) == (None, file["ends_on"]), "the clock that ran before runs on"
    assert file["due_on"] is not None
    rules = [one["rule"] for one in (await other.get("/deadlines"))["items"]]
    assert "blacklist-removal" not in rules


async def test_what_the_institution_refuses_is_not_published_either(listed: Listed, world: World) -> None:
    """A refusal of the one takes down the other: here both commands are sent with a version that is gone."""
    await listed.go(*STEPS[:-1])
    officer = listed.caller("case-officer")
    officer.headers["If-Match"] = '"1"'
    before = await world.host.log.head()
    refused = await listed.do(officer, "publication", BODIES["publication"], DAYS["publication"])
    assert refused.status_code == 412
    assert await world.host.log.head() == before


async def test_the_same_publication_sent_twice_is_one(listed: Listed, world: World) -> None:
    await listed.go(*STEPS[:-1])
    officer, key = listed.caller("case-officer"), new_id()
    first = await officer.post(f"{listed.path}/publication", BODIES["publication"], key=key)
    again = await officer.post(f"{listed.path}/publication", BODIES["publication"], key=key)
    assert (first.status_code, again.status_code, again.json()["repeated"]) == (200, 200, True)
    facts = await world.host.log.read(0, 1_000)
    assert len(kinds(facts, BlacklistPublished, InstitutionBlacklisted)) == 2


async def test_proposing_reviewing_deciding_and_consenting_are_four_peoples_work(listed: Listed) -> None:
    world = listed.world
    same = world.caller("legal-reviewer", subject="case-officer-330106")
    refused = await listed.do(same, "legal-review", BODIES["legal-review"])
    assert (refused.status_code, problem(refused)[1]) == (403, "other-person-must")
    await listed.go("legal-review", "notice")
    reviewer = world.caller("approver", subject="legal-reviewer-330106")
    refused = await listed.do(reviewer, "decision", BODIES["decision"], DAYS["decision"])
    assert problem(refused)[1] == "other-person-must"
    await listed.go("decision")
    county = listed.caller("approver")
    assert (await listed.do(county, "consent", BODIES["consent"])).status_code == 403
    city = world.caller("approver", region="3301", subject="approver-330106")
    assert problem(await listed.do(city, "consent", BODIES["consent"]))[1] == "other-person-must"
    clerk = world.caller("licensing-officer")
    assert (await listed.do(clerk, "publication", BODIES["publication"])).status_code == 403


async def test_actions_say_what_each_may_do_and_why_not(listed: Listed) -> None:
    await listed.go("legal-review", "notice", "decision")
    city, county = listed.caller("approver", "3301"), listed.caller("approver")

    async def available(caller: Caller) -> set[str]:
        caller.position = str(await listed.world.host.log.head())
        found = (await caller.get(f"{listed.path}/available-actions"))["actions"]
        return {action["act"] for action in found if action["available"]}

    assert await available(city) == {"consent-to-listing", "record-annulment", "withdraw-listing"}
    assert await available(county) == {"record-annulment", "withdraw-listing"}
    early = await listed.do(county, "publication", BODIES["publication"])
    assert problem(early)[1] == "listing-not-in-that-state"
    assert "听证" not in early.json()["detail"]
    elsewhere = listed.caller("approver", "330108")
    assert (await elsewhere.read(f"{listed.path}/available-actions")).status_code == 404
    assert (await elsewhere.get("/blacklist/files"))["items"] == []


async def test_a_person_without_an_entry_is_sealed_and_shown_masked(world: World) -> None:
    found = Listed(world)
    await found.propose(
        {"person": "张三丰", "id_number": "330106199001011234"}, facts="张三丰（13800001111）在家收费授课"
    )
    await found.go()
    officer = found.caller("case-officer")
    officer.position = str(await world.host.log.head())
    (row,) = (await world.public.get("/blacklist"))["items"] or (await officer.get("/blacklist"))["items"]
    assert (row["name"], row["party_kind"], row["institution_id"]) == ("张**", "person", None)
    everything = b"".join([fact.meta_bytes + repr(fact.event).encode() for fact in await world.host.log.read(0, 1_000)])
    assert "张三丰".encode() not in everything
    assert b"330106199001011234" not in everything
    assert b"13800001111" not in everything
    subject = "blacklisted-" + found.path.rpartition("/")[2]
    assert (await world.caller("auditor").get(f"/subjects/{subject}/record"))["looks"] == []


async def test_repair_by_another_person_and_expiry_by_itself(listed: Listed) -> None:
    world = listed.world
    minor = BODIES["decision"] | {"grade": "minor", "months": 1}
    await listed.go("legal-review", "notice")
    county = listed.caller("approver")
    early = await listed.do(county, "decision", minor, "2026-06-15")
    assert problem(early)[1] == "window-still-open"
    assert (await listed.do(county, "decision", minor, DAYS["decision"])).status_code == 200
    await listed.go("consent", "publication")
    officer = listed.caller("case-officer")
    application = {"application_reference": "修1号", "received_on": "2026-06-29"}
    proofs = {"correction_reference": "改1", "duties_reference": "缴1", "commitment_reference": "诺1"}
    for step, body in (("repair-application", application), ("repair-acceptance", proofs)):
        assert (await listed.do(officer, step, body)).status_code == 200
    file = await officer.get(listed.path)
    assert (file["stage"], file["due_on"]) == ("repair-accepted", "2026-07-15")
    clocks = {one["rule"]: one["due_on"] for one in (await officer.get("/deadlines"))["items"]}
    assert (clocks["blacklist-repair"], clocks["blacklist-term"]) == ("2026-07-15", "2026-07-16")
    same = world.caller("approver", subject="case-officer-330106")
    assert problem(await listed.do(same, "repair", {"reason": "已纠正"}))[1] == "other-person-must"
    refusal = await listed.do(county, "repair-refusal", {"reason": "未履行完毕"})
    assert refusal.status_code == 200
    ended = await officer.post("/blacklist/expiry")
    assert ended.json()["listings"] == []


async def test_a_term_that_is_over_ends_the_listing_and_shows_nothing_even_before(listed: Listed) -> None:
    world = listed.world
    notice = BODIES["notice"] | {"served_on": "2026-05-11"}
    minor = BODIES["decision"] | {"grade": "minor", "months": 1}
    county, city, officer = listed.caller("approver"), listed.caller("approver", "3301"), listed.caller("case-officer")
    steps = (
        (listed.caller("legal-reviewer"), "legal-review", BODIES["legal-review"], "2026-05-11"),
        (officer, "notice", notice, "2026-05-11"),
        (county, "decision", minor, "2026-05-20"),
        (city, "consent", BODIES["consent"], "2026-05-20"),
        (officer, "publication", BODIES["publication"], "2026-05-21"),
    )
    for caller, step, body, day in steps:
        answer = await listed.do(caller, step, body, day)
        assert answer.status_code == 200, answer.text
    officer.position = str(await world.host.log.head())
    assert (await officer.get("/blacklist"))["items"] == []
    assert (await officer.get("/whitelist"))["items"] == []
    keeper = world.host.deadlines
    assert keeper is not None
    assert (await keeper.step()).done == 1
    assert (await keeper.step()).done == 0
    officer.position = str(await world.host.log.head())
    assert len((await officer.get("/whitelist"))["items"]) == 1
    facts = await world.host.log.read(0, 1_000)
    ((_, removed), (_, cleared)) = kinds(facts, BlacklistRemoved, InstitutionCleared)
    assert cleared == removed + 1
    assert (await officer.post("/blacklist/expiry")).json()["listings"] == []
    assert (await officer.get(listed.path))["cause"] == "expired"
    assert (await world.replayed()).differences == 0
