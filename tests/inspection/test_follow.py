"""A citizen complains without signing in, follows it with number and secret, adds, answers, re-opens, withdraws."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import quote
from uuid import UUID

import httpx
import pytest

from inspection.conftest import World
from inspection.samples import MUDUO, keep_for, registered
from kernel.evidence.samples import picture
from mingjing_inspection.codec import COMPLAINTS
from mingjing_inspection.codec_public import VOICES
from mingjing_inspection.domain.complainant import subject_of
from mingjing_inspection.domain.complaint import Channel, Handling, HandlingNoted, Track
from mingjing_inspection.domain.track_terms import Stage as TrackStage
from mingjing_inspection.intake.track_duty import NAME as TRACK_DUTY
from mingjing_inspection.intake.voice_steps import tracks_of
from mingjing_inspection.intake.voices import followed
from mingjing_inspection.sources.complaint_row import complaint_id
from mingjing_kernel.identifiers import new_id
from mingjing_kernel.log import Aggregate, Envelope
from mingjing_kernel.sealed.keys import Keys

SECRET = "23456789ABCDEFGH"
PHONE = "19900001111"
FORM = UUID(int=81)
BODY = {
    "form_id": str(FORM),
    "secret": SECRET,
    "institution_id": str(MUDUO),
    "respondent": "木铎轩",
    "text": f"木铎轩书画不退费，我是王小明，电话{PHONE}",
    "request": "退还剩余课时费",
    "claimed_fen": 520_000,
    "tracks": ["DISPUTE", "REPORT"],
    "identity": "CONFIDENTIAL",
    "name": "王小明",
    "phone": PHONE,
    "relation": "母子",
    "represented": "王小小",
}
AGENT = {"User-Agent": "Firefox on a phone"}


async def complain(world: World, key: UUID = FORM, **changed: Any) -> httpx.Response:
    headers = {"Idempotency-Key": str(key), **AGENT}
    return await world.client.post("/inspection/v1/public/complaints", json=BODY | changed, headers=headers)


async def say(world: World, path: str, number: str, secret: str = SECRET, **body: Any) -> httpx.Response:
    headers = {"Idempotency-Key": str(new_id()), **AGENT}
    sent = {"number": number, "secret": secret, **body}
    return await world.client.post(f"/inspection/v1/public/complaints/{path}", json=sent, headers=headers)


class Counting:
    """What is passed on, with how often the states of several streams were asked for."""

    def __init__(self, passed_on: Any, log: Any = None) -> None:
        self._passed_on = passed_on
        self._log = log
        self.asked = 0

    def __getattr__(self, name: str) -> Any:
        return self._log if name == "log" and self._log else getattr(self._passed_on, name)

    async def states(self, *wanted: Any) -> Any:
        self.asked += 1
        return await self._passed_on.states(*wanted)


async def test_the_tracks_of_whoever_follows_are_read_once(world: World) -> None:
    number = (await complain(world)).json()["number"]
    await world.caught_up()
    log = Counting(world.host.log)
    kit: Any = Counting(world.host, log)
    found = await followed(kit, Keys(world.host), number, SECRET)
    assert found.tracks == (Track.DISPUTE, Track.REPORT)
    assert log.asked == 1


_TOLD = Aggregate("complaint", replace(COMPLAINTS.decider, decide=lambda fact, _: [fact]), COMPLAINTS.codec)
"""The same kind of stream, in which everything that is said is so."""


async def close(world: World, number: str, status: str = "已办结") -> None:
    """As the channel says it."""
    noted = HandlingNoted(institution_id=MUDUO, handling=Handling(status=status), noted_at=world.time.now)
    envelope = Envelope(command_id=new_id(), actor="test")
    await world.host.log.handle(_TOLD, complaint_id(Channel.WEB, number), noted, envelope)


@pytest.fixture
async def number(world: World) -> str:
    await world.tell(registered())
    answer = await complain(world)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["number"])


async def test_a_second_click_and_a_lost_answer_make_one_complaint_with_one_secret(world: World) -> None:
    await world.tell(registered())
    first, second = await complain(world), await complain(world)
    assert first.status_code == second.status_code == 201
    assert first.json()["secret"] == second.json()["secret"] == "2345-6789-ABCD-EFGH"
    assert second.json()["repeated"] is True
    assert (first.json()["number"], first.json()["receipt"]) == (second.json()["number"], second.json()["receipt"])
    third = await complain(world, key=UUID(int=5))  # another key, the same form: nothing new
    assert third.status_code == 201, third.text
    operator = world.caller("hotline-operator")
    await world.caught_up()
    assert len((await operator.get("/complaints"))["items"]) == 1
    assert (await complain(world, key=UUID(int=6), text="别的事")).status_code == 409


async def test_it_stands_as_what_it_is_and_nothing_of_her_is_in_the_clear(world: World, number: str) -> None:
    await world.caught_up()
    operator = world.caller("hotline-operator")
    (one,) = (await operator.get("/complaints"))["items"]
    assert one["institution_id"] == str(MUDUO)
    assert (one["channel"], one["tracks"], one["claimed_fen"]) == ("WEB", ["DISPUTE", "REPORT"], 520_000)
    assert PHONE not in one["text"]
    assert "王小明" not in one["text"]
    assert "诉求：退还剩余课时费" in one["text"]
    voice = await operator.get(f"/complaints/{one['complaint_id']}/voice")
    assert (voice["identity"], voice["relation"]) == ("CONFIDENTIAL", "母子")
    async with world.host.connection() as connection:
        schema = world.host.log.schema
        rows = (await connection.exec_driver_sql(f'SELECT * FROM "{schema}".events')).all()
        kept = (await connection.exec_driver_sql(f'SELECT * FROM "{schema}".commands')).all()
    stored = repr(rows) + repr(kept)
    for hidden in (SECRET, "2345-6789", PHONE, "王小明", "王小小", "Firefox on a phone"):
        assert hidden not in stored
    assert repr("王小明".encode()) not in stored


async def test_a_wrong_number_and_a_wrong_secret_are_told_the_same(world: World, number: str) -> None:
    right = await say(world, "follow", number.lower(), "2345-6789-abcd-efgh")
    assert right.status_code == 200, right.text
    assert (right.json()["stage"], right.json()["next_on"]) == ("RECEIVED", "2026-07-10")
    wrong = [await say(world, "follow", number, "HGFEDCBA98765432"), await say(world, "follow", "W2222", SECRET)]
    told = [{k: v for k, v in one.json().items() if k not in ("instance", "trace")} for one in wrong]
    assert wrong[0].status_code == wrong[1].status_code == 404
    assert told[0] == told[1]
    for _ in range(20):
        last = await say(world, "follow", number, "HGFEDCBA98765432")
    assert last.status_code == 429


async def test_she_adds_and_what_she_adds_is_masked_and_read_on_record(world: World, number: str) -> None:
    addition = {"addition_id": str(UUID(int=3)), "text": f"另有证人，电话{PHONE}"}
    for _ in range(2):
        answer = await say(world, "additions", number, **addition)
        assert answer.status_code == 201, answer.text
    await world.caught_up()
    operator = world.caller("hotline-operator")
    (item,) = (await operator.get("/complaint-voices"))["items"]
    assert [one["what"] for one in item["said"]] == ["added"]
    assert PHONE not in str(item)
    assert "secret_digest" not in item
    other = world.caller("hotline-operator", "elsewhere", region="330108")
    assert (await other.get("/complaint-voices"))["items"] == []
    assert (await say(world, "additions", number, "HGFEDCBA98765432", **addition)).status_code == 404


async def test_a_photo_is_evidence_of_the_complaint_and_the_same_one_is_kept_once(world: World, number: str) -> None:
    content = picture(size=(300, 200))
    fields = {"number": number, "secret": SECRET}
    address = "/inspection/v1/public/complaints/photos"
    for _ in range(2):
        headers = {"Idempotency-Key": str(new_id())}
        answer = await world.client.post(address, data=fields, files={"photo": ("a.jpg", content)}, headers=headers)
        assert answer.status_code == 201, answer.text
    headers = {"Idempotency-Key": str(new_id())}
    for wrong, status in ((b"not a photo", 422), (content[: len(content) // 2], 422)):
        files = {"photo": ("a.jpg", wrong)}
        refused = await world.client.post(address, data=fields, files=files, headers=headers)
        assert refused.status_code in (409, status), refused.text
    stolen = {**fields, "secret": "HGFEDCBA98765432"}
    files = {"photo": ("a.jpg", content)}
    assert (await world.client.post(address, data=stolen, files=files, headers=headers)).status_code == 404
    assert (await say(world, "follow", number)).json()["photos"] == 1
    await world.caught_up()
    operator = world.caller("hotline-operator")
    (item,) = (await operator.get("/complaint-voices"))["items"]
    (said,) = item["said"]
    assert said["what"] == "photo"
    kept = await operator.get(f"/evidence/{said['text']}")
    assert kept["media_type"] == "image/jpeg"


async def test_call_back_and_reopening_follow_the_closing_and_end_with_the_window(world: World, number: str) -> None:
    assert (await say(world, "call-back", number, is_satisfied=True, rating=5)).status_code == 409
    await close(world, number)
    world.later(days=1)
    stands = (await say(world, "follow", number)).json()
    assert (stands["stage"], stands["may_answer"], stands["may_reopen"]) == ("CLOSED", True, True)
    assert stands["reopen_until"] == "2026-07-16"
    assert (await say(world, "call-back", number, is_satisfied=False, rating=1)).status_code == 201
    assert (await say(world, "call-back", number, is_satisfied=True, rating=5)).status_code == 409
    assert (await say(world, "reopening", number, reason="没有退费")).status_code == 201
    stands = (await say(world, "follow", number)).json()
    assert (stands["may_answer"], stands["may_reopen"], stands["reopening_asked"]) == (False, False, True)
    await world.caught_up()
    asked = await world.caller("hotline-operator").get("/complaint-voices", asks_reopening=True)
    assert [one["rating"] for one in asked["items"]] == [1]


async def test_after_the_window_it_is_not_taken_up_again(world: World, number: str) -> None:
    await close(world, number)
    world.later(days=16)
    assert (await say(world, "follow", number)).json()["may_reopen"] is False
    assert (await say(world, "reopening", number, reason="没有退费")).status_code == 409


async def test_withdrawing_ends_the_dispute_alone(world: World, number: str) -> None:
    assert (await say(world, "withdrawal", number)).status_code == 201
    assert (await say(world, "withdrawal", number)).status_code == 409
    facts = await world.host.log.history(VOICES, complaint_id(Channel.WEB, number))
    assert facts[-1].event.report_goes_on is True


async def test_what_she_says_is_carried_into_the_handling(world: World, number: str) -> None:
    id = complaint_id(Channel.WEB, number)
    await world.host.duties[TRACK_DUTY].look()
    assert {one.kind for one in (await tracks_of(world.host.log, id)).values()} == {Track.DISPUTE, Track.REPORT}
    assert (await say(world, "follow", number)).json()["stage"] == "RECEIVED"
    assert (await say(world, "withdrawal", number)).status_code == 201
    stages = {one.kind: one.stage for one in (await tracks_of(world.host.log, id)).values()}
    assert stages[Track.DISPUTE] is TrackStage.CLOSED
    assert stages[Track.REPORT] is not TrackStage.CLOSED, "the tip-off goes on"
    assert (await say(world, "follow", number)).json()["closed_at"] is None
    assert (await say(world, "reopening", number, reason="再看看")).status_code == 409, "it is not closed"


async def test_a_withdrawn_dispute_that_is_taken_up_again_can_be_withdrawn_again(world: World) -> None:
    await world.tell(registered())
    number = str((await complain(world, tracks=["DISPUTE"], text="木铎轩书画不退费")).json()["number"])
    id = complaint_id(Channel.WEB, number)
    await world.host.duties[TRACK_DUTY].look()
    operator = world.caller("hotline-operator")
    for is_withdrawn, said in ((True, "withdrawal"), (False, "reopening"), (True, "withdrawal")):
        assert (await say(world, said, number, reason="再想想")).status_code == 201
        stands = (await say(world, "follow", number)).json()
        assert (stands["is_withdrawn"], stands["may_withdraw"]) == (is_withdrawn, not is_withdrawn)
        await world.caught_up()
        voice = await operator.get(f"/complaints/{id}/voice")
        assert (voice["withdrawn_at"] is not None) is is_withdrawn
        (track,) = (await tracks_of(world.host.log, id)).values()
        assert (track.stage is TrackStage.CLOSED) is is_withdrawn
    assert (await world.replayed()).differences == 0


async def test_what_her_message_became_later_is_shown_to_her_and_goes_on_when_she_withdraws(world: World) -> None:
    await world.tell(registered())
    number = str((await complain(world, tracks=["DISPUTE"], text="木铎轩书画不退费")).json()["number"])
    id = complaint_id(Channel.WEB, number)
    await world.host.duties[TRACK_DUTY].look()
    assert (await say(world, "follow", number)).json()["tracks"] == ["DISPUTE"]
    operator = world.caller("hotline-operator")
    split = await operator.send("PUT", f"/complaints/{id}/tracks/REPORT", json={"reason": "信中还举报超范围"})
    assert split.status_code == 201, split.text
    assert (await say(world, "follow", number)).json()["tracks"] == ["DISPUTE", "REPORT"]
    assert (await say(world, "withdrawal", number)).status_code == 201
    assert (await world.host.log.history(VOICES, id))[-1].event.report_goes_on is True


async def test_an_anonymous_citizen_leaves_no_name_and_no_dispute(world: World) -> None:
    await world.tell(registered())
    hidden = {"identity": "ANONYMOUS", "relation": "", "represented": ""}
    assert (await complain(world, **hidden)).status_code == 422
    told = await complain(world, **hidden, tracks=["REPORT"], text="木铎轩没有办学许可证")
    assert told.status_code == 201, told.text
    taken = (await world.host.log.state(COMPLAINTS, complaint_id(Channel.WEB, told.json()["number"])))[0]
    assert (taken.complainant, taken.intake.is_anonymous) == (None, True)
    assert (await complain(world, key=UUID(int=9), phone="", form_id=str(UUID(int=9)))).status_code == 422


async def test_who_was_erased_can_follow_and_nothing_of_her_is_sealed_again(world: World, number: str) -> None:
    await world.caught_up()
    subject = subject_of(complaint_id(Channel.WEB, number))
    await keep_for(world, months=0)
    why = {"Mingjing-Reason": quote("本人请求"), "Mingjing-Legal-Basis": quote("个人信息保护法第四十七条")}
    administrator = world.caller("administrator")
    erased = await administrator.send("POST", f"/subjects/{subject}/erasure", headers=why)
    assert erased.status_code == 201, erased.text
    addition = {"addition_id": str(UUID(int=3)), "text": f"电话{PHONE}"}
    assert (await say(world, "additions", number, **addition)).status_code == 201
    fact = (await world.host.log.history(VOICES, complaint_id(Channel.WEB, number)))[-1].event
    assert fact.sealed is None


async def test_an_operator_gets_a_secret_to_read_out_and_writes_down_where_it_came_from(world: World) -> None:
    await world.tell(registered())
    filed = {
        "number": "SUP-2026-0007",
        "channel": "SUPERIOR",
        "received_at": "2026-07-01T01:00:00+00:00",
        "declared": "举报",
        "text": "木铎轩书画没有许可证",
        "origin": {"place": "省教育厅", "reference": "浙教监〔2026〕7号", "due_on": "2026-07-09"},
    }
    operator = world.caller("hotline-operator")
    taken = await operator.send("POST", "/complaints", UUID(int=3), json=filed)
    assert taken.status_code == 201, taken.text
    secret = taken.json()["secret"]
    assert (await say(world, "follow", filed["number"], secret)).status_code == 200
    again = await operator.send("POST", "/complaints", UUID(int=3), json=filed)
    assert again.json()["secret"] == ""
    await world.caught_up()
    (item,) = (await operator.get("/complaint-voices"))["items"]
    assert (item["origin_place"], item["origin_due_on"]) == ("省教育厅", "2026-07-09")


async def test_the_lists_come_out_the_same_when_folded_anew(world: World, number: str) -> None:
    await say(world, "additions", number, addition_id=str(UUID(int=3)), text="补充")
    assert (await world.replayed()).differences == 0
