"""Complaints being handled, over HTTP on a real database: disputes, reports and work orders from receipt to closing."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from inspection.conftest import Caller, World
from inspection.samples import MUDUO, SITE
from inspection.test_api import known
from inspection.test_available_actions import actions, why_not
from mingjing_inspection.intake.group_duty import NAME as GROUPS
from mingjing_inspection.intake.reaction_duty import NAME as REACTIONS
from mingjing_inspection.intake.track_duty import NAME

OWN, MARKET = "culture-tourism-sport", "market-regulation"
CONTRACT = UUID(int=70)
PERSON = {"name": "王小明", "phone": "19900001111"}
SAID = {"text": "报名后不上课，拖着不退钱，联系电话19900001111。"}


def body(number: int = 1, **changed: Any) -> dict[str, Any]:
    return {
        "number": f"3301260701{number:05d}",
        "channel": "SUPERVISION_PHONE",
        "received_at": "2026-07-01T01:00:00+00:00",
        "declared": "投诉",
        "title": "木铎轩不退费",
        "respondent": "木铎轩",
        "institution_id": str(MUDUO),
        "tracks": ["DISPUTE"],
        "complainant": PERSON,
        **SAID,
    } | changed


class Office:
    """The people who take the steps."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.operator = world.caller("hotline-operator", "operator")
        self.router = world.caller("case-officer", "router", department=OWN)
        self.mediator = world.caller("mediator", "mediator", department=MARKET)
        self.handler = world.caller("inspector", "handler", department=MARKET)
        self.caller_back = world.caller("hotline-operator", "caller-back")
        self.superior = world.caller("approver", "superior")
        self.elsewhere = world.caller("case-officer", "elsewhere", department="science")

    async def take(self, number: int = 1, **changed: Any) -> dict[str, dict[str, Any]]:
        """The tracks of a new complaint, by kind."""
        await known(self.world)
        sent = await self.operator.send("POST", "/complaints", json=body(number, **changed))
        assert sent.status_code == 201, sent.text
        id = sent.json()["complaint_id"]
        self.operator.position = str(await self.world.host.log.head())
        items = (await self.operator.get("/complaint-tracks", complaint_id=id))["items"]
        return {item["track"]: item for item in items}


async def step(caller: Caller, track: dict[str, Any], name: str, **body: Any) -> None:
    answer = await caller.send("POST", f"/complaint-tracks/{track['track_id']}/{name}", json=body)
    assert answer.status_code == 200, (name, answer.text)


async def refused(caller: Caller, track: dict[str, Any], name: str, **body: Any) -> tuple[int, str]:
    answer = await caller.send("POST", f"/complaint-tracks/{track['track_id']}/{name}", json=body)
    return answer.status_code, answer.json()["type"].rsplit(":", 1)[-1]


async def shown(caller: Caller, track: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = await caller.get(f"/complaint-tracks/{track['track_id']}")
    return found


async def mediated(office: Office, track: dict[str, Any]) -> None:
    """Routed, accepted, both sides heard."""
    await step(office.router, track, "routing", matter="FEES")
    await step(office.mediator, track, "acceptance", told="短信告知", asks_refund=True, contract_id=str(CONTRACT))
    await step(office.mediator, track, "mediation")
    await step(office.mediator, track, "statements", side="COMPLAINANT", text="要求退费，电话19900001111")
    await step(office.mediator, track, "statements", side="RESPONDENT", text="同意退一半")


async def test_a_dispute_goes_from_receipt_to_the_agreement_and_somebody_else_closes_it(world: World) -> None:
    office = Office(world)
    track = (await office.take())["DISPUTE"]
    assert (track["stage"], track["due_clock"], track["law"]) == ("SPLIT", "ROUTE", "SAMR-121")
    assert track["clocks"]["ACCEPT"][:10] == "2026-07-10"
    office.mediator.position = office.operator.position
    assert (await office.mediator.get("/complaint-tracks"))["items"] == [], "nobody has given it to them"
    suggestion = await office.router.get(f"/complaint-tracks/{track['track_id']}/suggestion", matter="FEES")
    assert (suggestion["department"], suggestion["ground"]) == (MARKET, "OWNER")
    await mediated(office, track)
    assert (await refused(office.mediator, track, "closure", conclusion="结"))[1] == "outside-scope"
    await step(office.mediator, track, "agreement", terms=["退还一半学费"], refund_fen=50_000, pay_by="2026-07-20")
    texts = (await office.mediator.get(f"/complaint-tracks/{track['track_id']}/reply-texts"))["items"]
    assert [(one["step"], "木铎轩" in one["text"]) for one in texts] == [("notify-complainant", True)]
    await step(office.mediator, track, "notification", text="双方已达成一致，7月20日前退款500元。")
    other_self = world.caller("mediator", "mediator")
    assert await refused(other_self, track, "call-back", satisfaction="SATISFIED") == (403, "other-person-must")
    await step(office.caller_back, track, "call-back", satisfaction="SATISFIED")
    await step(office.caller_back, track, "closure", conclusion="已退款")
    closed = await shown(office.caller_back, track)
    assert (closed["stage"], closed["outcome"], closed["clocks"], closed["refund_fen"]) == (
        "CLOSED", "AGREED", {}, 50_000,
    )  # fmt: skip
    timeline = await office.caller_back.get(f"/complaint-tracks/{track['track_id']}/timeline")
    assert [one["fact"].split(".")[1] for one in timeline["items"]][:3] == [
        "track-opened", "track-split", "track-routed",
    ]  # fmt: skip
    assert "19900001111" not in str(timeline)
    headers = office.caller_back.headers | {"Mingjing-Position": office.caller_back.position}
    path = f"/inspection/v1/complaint-tracks/{track['track_id']}/agreement"
    printed = await world.client.get(path, headers=headers)
    assert (printed.status_code, printed.content[:5]) == (200, b"%PDF-")
    assert (await world.replayed()).differences == 0


async def test_one_message_is_a_dispute_and_a_report_and_the_report_outlives_the_dispute(world: World) -> None:
    office = Office(world)
    tracks = await office.take(tracks=["DISPUTE", "REPORT"])
    dispute, report = tracks["DISPUTE"], tracks["REPORT"]
    await step(office.router, dispute, "routing", matter="FEES")
    await step(office.operator, dispute, "withdrawal", reason="已自行和解")
    assert (await shown(office.operator, dispute))["outcome"] == "WITHDRAWN"
    office.router.position = office.operator.position
    assert (await shown(office.router, report))["stage"] == "RECEIVED"
    await step(office.router, report, "triage", matter="ADVERTISING", note="涉嫌虚假宣传")
    await step(office.router, report, "routing")
    await step(office.handler, report, "verification")
    await step(office.handler, report, "on-site-check", reason="核对广告牌")
    office.superior.position = office.handler.position
    (task,) = (await office.superior.get("/tasks"))["items"]
    assert (task["kind"], task["site_id"], task["rule"]) == ("SPECIAL", str(SITE), "complaint-check")
    await step(office.handler, report, "filing-proposal", note="现场核实属实")
    await world.caught_up()
    await world.host.duties[REACTIONS].look()
    office.superior.position = str(await world.host.log.head())
    (lead,) = (await office.superior.get("/leads"))["items"]
    assert (lead["stage"], lead["origin"], lead["reaction"]) == ("CASE_PROPOSED", "REPORT_VERIFIED", "X7")
    assert await refused(office.operator, report, "closure", conclusion="结") == (409, "inform-first")
    await step(office.handler, report, "informing", text="您反映的情况属实，已建议立案。")
    await step(office.operator, report, "closure", conclusion="已建议立案")
    assert (await world.replayed()).differences == 0


async def test_a_work_order_is_sent_back_once_answered_and_done_once_more(world: World) -> None:
    office = Office(world)
    track = (await office.take(tracks=["WORK_ORDER"]))["WORK_ORDER"]
    await step(office.operator, track, "classification", order_kind="HELP", matter="FEES")
    await step(office.operator, track, "routing")
    dispatched = await shown(office.operator, track)
    assert (dispatched["stage"], dispatched["handler_department"], set(dispatched["clocks"])) == (
        "DISPATCHED", MARKET, {"SIGN", "HANDLE"},
    )  # fmt: skip
    await step(office.handler, track, "return", reason="属教育部门", suggested_department="education")
    await step(office.operator, track, "routing", reason="经核实仍属价格问题")
    assert await refused(office.handler, track, "return", reason="不收", suggested_department="education") == (
        409, "returned-before",
    )  # fmt: skip
    await step(office.handler, track, "signing")
    await step(office.handler, track, "handling")
    await step(office.router, track, "extension", reason="需调取合同", told="电话告知")
    await step(office.handler, track, "reply", text="机构已承诺退费。", is_substantiated=True)
    await step(office.caller_back, track, "call-back", satisfaction="DISSATISFIED", note="仍未退")
    again = await shown(office.caller_back, track)
    assert (again["stage"], again["is_reworked"], set(again["clocks"])) == ("REWORK", True, {"HANDLE"})
    await step(office.handler, track, "reply", text="已于今日退还。", is_substantiated=True)
    await step(office.caller_back, track, "call-back", satisfaction="SATISFIED")
    await step(office.caller_back, track, "closure", conclusion="已退款")
    await step(office.router, track, "reopening", reason="又发生")
    assert (await world.replayed()).differences == 0


async def test_what_nobody_has_is_reminded_and_escalates_and_days_follow_the_calendar(world: World) -> None:
    office = Office(world)
    track = (await office.take(title="木铎轩跑路", text="机构跑路失联"))["DISPUTE"]
    assert (track["is_urgent"], set(track["clocks"])) == (True, {"ROUTE", "ACCEPT", "RESPOND"})
    await step(office.operator, track, "first-response", note="已致电安抚")
    world.later(hours=7)
    office = Office(world)
    await world.host.duties[NAME].look()
    office.operator.position = str(await world.host.log.head())
    late = await shown(office.operator, track)
    assert (late["supervised"], late["escalated_to"], late["proposes_listing"]) == (1, "town", False)
    assert (await office.operator.get("/complaint-tracks", is_unowned=True, is_overdue=True))["items"] == [late]
    town = world.caller("case-officer", "town-head", region="330106109", department="town")
    town.position = office.operator.position
    assert (await shown(town, track))["track_id"] == track["track_id"]
    head = await world.host.log.head()
    await world.host.duties[NAME].look()
    assert await world.host.log.head() == head
    assert "nothing to do" in world.host.duties[NAME].readiness()["looked"]
    world.later(days=10)
    keeper = world.host.deadlines
    assert keeper is not None
    await world.caught_up()
    await keeper.step()
    office = Office(world)
    office.operator.position = str(await world.host.log.head())
    twice = await shown(office.operator, track)
    assert (twice["supervised"], twice["proposes_listing"]) == (2, True)
    office.superior.position = office.operator.position
    await step(office.superior, track, "listing", reason="多次超期")
    assert (await world.replayed()).differences == 0


async def test_available_actions_say_what_is_due_and_a_stranger_sees_nothing(world: World) -> None:
    office = Office(world)
    track = (await office.take())["DISPUTE"]
    path = f"/complaint-tracks/{track['track_id']}"
    office.router.position = office.operator.position
    mine = await actions(office.router, path)
    assert mine["route-track"]["available"]
    assert mine["route-track"]["due_on"] == "2026-07-01"
    assert why_not(mine["triage-report"]) == "not-of-this-kind"
    assert why_not(mine["accept-dispute"]) == "step-not-in-order"
    assert mine["accept-dispute"]["why_not"]["detail"] == "当前环节为 已分流，不能进行该步骤。"
    office.elsewhere.position = office.operator.position
    assert (await office.elsewhere.get(path))["status"] == 404
    assert (await refused(office.elsewhere, track, "routing", matter="FEES"))[0] == 404


async def test_merged_is_handled_with_the_other_and_parted_goes_on_by_itself(world: World) -> None:
    office = Office(world)
    first, second = (await office.take(1))["DISPUTE"], (await office.take(2, title="又一起"))["DISPUTE"]
    link = {"other": first["track_id"], "likeness": "SAME_MATTER", "reason": "同一机构同一事"}
    await step(office.operator, second, "links", **link)
    await step(office.operator, second, "merging", into=first["track_id"], reason="同一事项")
    assert (await shown(office.operator, second))["clocks"] == {}
    assert await refused(office.operator, second, "routing", matter="FEES") == (409, "track-is-merged")
    await step(office.operator, second, "unmerging", reason="合同不同")
    parted = await shown(office.operator, second)
    assert (parted["clocks"], parted["merged_into"]) == (second["clocks"], None)
    other = (await office.take(3, tracks=["WORK_ORDER"]))["WORK_ORDER"]
    assert await refused(office.operator, second, "merging", into=other["track_id"], reason="误") == (
        422, "merged-into-itself",
    )  # fmt: skip
    assert (await world.replayed()).differences == 0


async def test_it_is_split_by_hand_and_follows_whom_the_complaint_is_about(world: World) -> None:
    office = Office(world)
    track = (await office.take(institution_id=None, respondent="某机构", title="不退费"))["DISPUTE"]
    assert track["institution_id"] is None
    put = f"/complaints/{track['complaint_id']}/tracks/REPORT"
    split = await office.operator.send("PUT", put, json={"reason": "还反映无证办学"})
    assert split.status_code == 201, split.text
    attribution = {"institution_id": str(MUDUO), "reason": "投诉人补充"}
    await office.operator.send("POST", f"/complaints/{track['complaint_id']}/attribution", json=attribution)
    await world.caught_up()
    await world.host.duties[NAME].look()
    office.operator.position = str(await world.host.log.head())
    found = (await office.operator.get("/complaint-tracks", complaint_id=track["complaint_id"]))["items"]
    assert {one["track"]: one["institution_id"] for one in found} == {"DISPUTE": str(MUDUO), "REPORT": str(MUDUO)}
    assert found[0]["department"] == OWN
    assert (await world.replayed()).differences == 0


async def test_the_times_that_count_are_those_of_the_day_of_receipt(world: World) -> None:
    office = Office(world)
    old = (await office.take(received_at="2026-04-14T01:00:00+00:00"))["DISPUTE"]
    assert (old["law"], old["clocks"]["ACCEPT"][:10]) == ("SAMR-20", "2026-04-23")
    await step(office.router, old, "routing", matter="FEES")
    ground = {"ground": "IDENTITY_REFUSED", "note": "不配合", "told": "电话"}
    assert await refused(office.mediator, old, "refusal", **ground) == (422, "ground-not-of-law")
    await step(office.mediator, old, "refusal", ground="TOO_OLD", note="已超三年", told="短信")
    await step(office.caller_back, old, "closure", conclusion="不予受理")
    assert (await world.replayed()).differences == 0


async def test_three_people_against_one_institution_are_a_group_and_three_calls_of_one_are_not(world: World) -> None:
    office = Office(world)
    for number in (1, 2, 3):
        await office.take(number)
    await world.caught_up()
    await world.host.duties[GROUPS].look()
    assert "no institution" in world.host.duties[GROUPS].readiness()["looked"]
    alone = [
        (await office.take(number, complainant={"name": f"李{number}号", "phone": f"1990000222{number}"}))["DISPUTE"]
        for number in (4, 5)
    ]
    await world.caught_up()
    await world.host.duties[GROUPS].look()
    await world.caught_up()
    await world.host.duties[GROUPS].look()
    office.router.position = str(await world.host.log.head())
    (group,) = (await office.router.get("/complaint-groups"))["items"]
    assert (group["people"], group["disputes"], group["reaction"]) == (3, 5, "X8")
    path = f"/complaint-groups/{group['group_id']}"
    one, two = [id for id in group["members"] if id not in {track["track_id"] for track in alone}][:2]
    leaving = {"track_id": one, "reason": "另有仲裁"}
    assert (await office.router.send("POST", f"{path}/members/leaving", json=leaving)).status_code == 200
    office.router.position = str(await world.host.log.head())
    stays = await office.router.get(path)
    assert (stays["people"], stays["disputes"]) == (3, 4), "who has two more complaints in it is still there"
    speak = {"representatives": [one], "reason": "推选"}
    wrong = await office.router.send("POST", f"{path}/representatives", json=speak)
    assert wrong.json()["type"].endswith("not-in-group")
    speak = {"representatives": [two], "reason": "推选"}
    assert (await office.router.send("POST", f"{path}/representatives", json=speak)).status_code == 200
    appoint = {"mediator": "mediator", "reason": "一人调解"}
    assert (await office.router.send("POST", f"{path}/mediator", json=appoint)).status_code == 200
    await world.host.duties[GROUPS].look()
    after = await office.router.get(path)
    assert (after["disputes"], after["representatives"], after["mediator"]) == (4, [two], "mediator")
    leaving = {"track_id": alone[0]["track_id"], "reason": "另有仲裁"}
    assert (await office.router.send("POST", f"{path}/members/leaving", json=leaving)).status_code == 200
    office.router.position = str(await world.host.log.head())
    assert (await office.router.get(path))["people"] == 2, "her only one went, and she with it"
    assert (await office.elsewhere.get(path))["status"] == 404
    assert (await world.replayed()).differences == 0


async def test_figures_count_what_is_late_and_still_open(world: World) -> None:
    office = Office(world)
    first, second = (await office.take(1))["DISPUTE"], (await office.take(2))["DISPUTE"]
    await mediated(office, first)
    await step(office.mediator, first, "termination", ground="NO_AGREEMENT", note="分歧大")
    world.later(days=20)
    office = Office(world)
    office.superior.position = str(await world.host.log.head())
    period = {"since": "2026-06-01T00:00:00+08:00", "until": "2026-09-01T00:00:00+08:00"}
    (all_,) = (await office.superior.get("/complaint-figures", **period))["items"]
    counted = {name: all_[name] for name in ("received", "open", "terminated", "kept", "missed", "overdue_open")}
    # kept: routed, accepted and mediated in time; late and open: telling the first, routing and accepting the second
    assert counted == {"received": 2, "open": 2, "terminated": 1, "kept": 3, "missed": 0, "overdue_open": 3}
    assert (all_["on_time_basis_points"], all_["agreed_basis_points"], all_["satisfied_basis_points"]) == (
        5_000, 0, None,
    )  # fmt: skip
    by = (await office.superior.get("/complaint-figures", **period, by="department"))["items"]
    assert {row["key"]: row["received"] for row in by} == {MARKET: 1, OWN: 1}
    assert second["stage"] == "SPLIT"
    assert (await office.superior.get("/complaint-figures", **period, by="school"))["items"] == []
    await office.take(3, channel="SCHOOL", origin={"place": "学军小学"})
    await office.take(4, channel="SCHOOL")
    office.superior.position = str(await world.host.log.head())
    schools = (await office.superior.get("/complaint-figures", **period, by="school"))["items"]
    assert {row["key"]: (row["received"], row["pupils"]) for row in schools} == {"学军小学": (1, 0), "": (1, 0)}


async def test_calls_of_a_telephone_system_are_counted_day_by_day_and_nobody_is_in_them(world: World) -> None:
    operator = world.caller("hotline-operator", "operator")
    offered = "2026-07-01T01:00:00+00:00"
    calls = [
        {"reference": "1", "queue": "12345", "offered_at": offered, "answered_at": "2026-07-01T01:00:10+00:00"},
        {"reference": "2", "queue": "12345", "offered_at": offered, "answered_at": "2026-07-01T01:00:40+00:00"},
        {"reference": "3", "queue": "12345", "offered_at": offered, "abandoned_at": "2026-07-01T01:00:50+00:00"},
        {"reference": "4", "queue": "12345", "offered_at": offered, "answered_at": "2026-06-30T01:00:50+00:00"},
    ]
    sent = await operator.send("POST", "/calls", json={"system": "pbx", "department": "education", "calls": calls})
    assert sent.status_code == 201, sent.text
    told = sent.json()
    assert (told["taken"], told["known"], [one["reason"] for one in told["refused"]]) == (3, 0, ["call-times-wrong"])
    again = await operator.send("POST", "/calls", json={"system": "pbx", "department": "education", "calls": calls[:2]})
    assert (again.json()["taken"], again.json()["known"]) == (0, 2)
    period = {"since": "2026-06-01T00:00:00+08:00", "until": "2026-08-01T00:00:00+08:00"}
    levels = await operator.get("/service-levels", **period)
    assert (levels["offered"], levels["answered"], levels["answered_in_time"], levels["abandoned"]) == (3, 2, 1, 1)
    assert (levels["connected_basis_points"], levels["days_below"], levels["worst_day"]) == (6_666, 1, "2026-07-01")
    assert (levels["worst_24_hours_from"], levels["worst_24_hours_basis_points"]) == (
        "2026-06-30T10:00:00+08:00", 6_666,
    )  # fmt: skip
    written = {"reference": "5", "queue": "sms", "medium": "TEXT", "offered_at": offered}
    texts = [written | {"answered_at": "2026-07-01T01:02:50+00:00"}, written | {"reference": "6"}]
    await operator.send("POST", "/calls", json={"system": "sms", "department": "education", "calls": texts})
    levels = await operator.get("/service-levels", **period)
    assert (levels["texts"], levels["texts_answered_in_time"], levels["texts_in_time_basis_points"]) == (2, 1, 5_000)
    assert (levels["offered"], levels["text_answer_seconds"]) == (3, 180), "a message is no call"
    named = calls[0] | {"reference": "9", "caller": "19900001111"}
    refusal = await operator.send("POST", "/calls", json={"system": "p", "department": "e", "calls": [named]})
    assert refusal.status_code == 422
    assert (await world.replayed()).differences == 0


async def test_words_find_a_complaint_by_what_is_shown_of_it_and_by_nothing_that_is_masked(world: World) -> None:
    office = Office(world)
    await office.take(1, title="木铎轩搬去了龙井路", text="老师说搬家，联系电话19900001111，课时不退")
    await office.take(2, title="收费太高", text="一次收了五千元", respondent="")
    for search, count in (
        ("龙井路", 1), ("井路", 1), ("五千", 1), ("木铎", 1), ("不退", 1), ("收", 1), ("退款", 0), ("路井", 0),
        ("19900001111", 0), ("%", 0), ("老师说搬家，联系电话", 1),
    ):  # fmt: skip
        answer = await office.operator.get("/complaint-tracks", search=search)
        assert "items" in answer, (search, answer)
        found = answer["items"]
        assert len(found) == count, search
        assert len((await office.operator.get("/complaints", search=search))["items"]) == count, search
    office.elsewhere.position = office.operator.position
    assert (await office.elsewhere.get("/complaint-tracks", search="龙井路"))["items"] == []
    assert (await world.replayed()).differences == 0
