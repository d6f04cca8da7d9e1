"""What registry and inspection tell is read by the rules within one look; who has no account is watched too."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from funds.test_alert_duty import TODAY, alerts
from funds.test_api import ACCOUNT, INSTITUTION, REGISTERED, opened
from mingjing_contracts.inspection import (
    ComplainantCount,
    ComplainantsCountedV1,
    ComplaintAttributedV1,
    ComplaintGroupFormedV1,
    ComplaintReceivedV2,
    VisitCorrectedV1,
    VisitReportedV1,
)
from mingjing_contracts.registry import (
    AnnualCheckRecordedV1,
    BlacklistPublishedV1,
    LicenceApprovedV1,
    LicenceExpiredV1,
    LicenceRenewedV1,
    NoticeFiledV1,
    OperationStateChangedV1,
    SiteApprovedV1,
    StaffEnrolledV1,
    StaffLeftV1,
)
from mingjing_funds.codec import ACCOUNTS, DEPOSITS
from mingjing_funds.domain import deposit
from mingjing_funds.intake.alert_duty import NAME
from mingjing_funds.intake.memory import Memory, without_account
from mingjing_kernel.identifiers import derived_id
from mingjing_kernel.log import Envelope

OTHER = UUID(int=0x77)
MORNING = datetime(2026, 6, 30, 2, tzinfo=UTC)
COMPLAINT = ComplaintReceivedV2(
    complaint_id=UUID(int=1),
    number="T1",
    channel="12345",
    institution_id=INSTITUTION,
    tracks=("DISPUTE",),
    within_remit=True,
    is_urgent=False,
    urgent_words=(),
    says=("private-payment",),
    region="330106",
    received_at=MORNING,
)


def visit(number: int, outcome: Any, *failed: str) -> VisitReportedV1:
    return VisitReportedV1(
        visit_id=UUID(int=100 + number),
        institution_id=INSTITUTION,
        site_id=UUID(int=5),
        task_id=None,
        outcome=outcome,
        failed=failed,
        vetoes=(),
        region="330106",
        visited_at=MORNING + timedelta(minutes=number),
    )


async def seen(world: Any, account: UUID = ACCOUNT) -> Any:
    """What the rules see of an account today."""
    memory: Memory = world.host.duties[NAME].memory
    await memory.catch_up(world.host.log)
    found = memory.seen(account, TODAY, memory.free())
    return found.features if found else None


async def watched(world: Any) -> Any:
    """A regulator who looks at one account of a registered institution."""
    regulator = world.caller("fund-regulator")
    await world.tell(REGISTERED)
    await opened(regulator, opening_fen=3_000_000_00)
    return regulator


async def test_complaints_are_counted_follow_whom_they_are_about_and_carry_their_words(world: Any) -> None:
    regulator = await watched(world)
    assert (await seen(world)).complainants_week is None, "nobody tells of complaints here"
    for number in (1, 2):
        await world.tell(COMPLAINT.model_copy(update={"complaint_id": UUID(int=number)}))
    question = {"complaint_id": UUID(int=3), "tracks": ("WORK_ORDER",)}
    await world.tell(COMPLAINT.model_copy(update=question))
    await world.tell(COMPLAINT.model_copy(update={"complaint_id": UUID(int=4), "institution_id": None}))
    told = await seen(world)
    assert (told.complainants_week, told.saying_private_60, told.people_told_apart) == (2, 2, False)
    await world.host.duties[NAME].look()
    found = (await alerts(world, regulator))["F34"]
    assert found["severity"] == "YELLOW"
    assert "2件投诉（是否同一人不可知）" in found["explanation_zh"]
    for complaint, institution, before in ((1, OTHER, INSTITUTION), (4, INSTITUTION, None), (3, INSTITUTION, None)):
        await world.tell(
            ComplaintAttributedV1(
                complaint_id=UUID(int=complaint),
                institution_id=institution,
                before=before,
                is_urgent=False,
                received_at=MORNING,
            )
        )
    assert (await seen(world)).complainants_week == 2, "one went, one came, and a question is no complaint"


async def test_nine_letters_of_one_person_are_one_and_the_number_of_people_makes_it_red(world: Any) -> None:
    regulator = await watched(world)
    for number in range(1, 10):
        changed = {"complaint_id": UUID(int=number), "says": ("gone",)}
        await world.tell(COMPLAINT.model_copy(update=changed))

    def told_of(people: int) -> ComplainantsCountedV1:
        counts = [ComplainantCount(word="", days=days, people=people, unnamed=0) for days in (7, 30, 60)]
        counts.append(ComplainantCount(word="gone", days=30, people=people, unnamed=0))
        return ComplainantsCountedV1(institution_id=INSTITUTION, counts=tuple(counts), counted_on=TODAY)

    await world.tell(told_of(1))
    await world.host.duties[NAME].look()
    assert "F25" not in await alerts(world, regulator)
    group = ComplaintGroupFormedV1(
        group_id=UUID(int=50),
        institution_id=INSTITUTION,
        people=3,
        disputes=4,
        region="330106",
        department="culture-tourism-sport",
        formed_at=MORNING,
    )
    await world.tell(group)
    await world.host.duties[NAME].look()
    found = (await alerts(world, regulator))["F25"]
    assert (found["severity"], found["rule_version"]) == ("YELLOW", "F25/2")
    assert "3人已并为群体件" in found["explanation_zh"]
    await world.tell(told_of(3))
    await world.host.duties[NAME].look()
    assert (await alerts(world, regulator))["F25"]["severity"] == "RED"
    assert (await seen(world)).people_told_apart


async def test_patrols_are_read_and_what_was_put_right_stands(world: Any) -> None:
    regulator = await watched(world)
    for number in (1, 2):
        await world.tell(visit(number, "DOOR_CLOSED"))
    await world.host.duties[NAME].look()
    assert (await alerts(world, regulator))["F30"]["severity"] == "RED"
    corrected = VisitCorrectedV1(
        visit_id=UUID(int=102),
        institution_id=INSTITUTION,
        site_id=UUID(int=5),
        corrects_version=1,
        outcome="ISSUES",
        failed=("C06", "C15"),
        vetoes=(),
        visited_at=MORNING + timedelta(minutes=2),
    )
    await world.tell(corrected)
    told = await seen(world)
    assert (told.closed_doors, told.visit_findings) == (0, ("C06", "C15"))
    await world.host.duties[NAME].look()
    found = await alerts(world, regulator)
    assert (found["F26"]["severity"], found["F34"]["severity"]) == ("YELLOW", "YELLOW")


async def test_staff_licence_lists_and_stops_are_read(world: Any) -> None:
    regulator = await watched(world)
    members = [UUID(int=200 + number) for number in range(5)]
    for member in members:
        on = date(2026, 5, 1)
        await world.tell(StaffEnrolledV1(member_id=member, institution_id=INSTITUTION, is_teacher=True, on=on))
    for member in members[:3]:
        await world.tell(StaffLeftV1(member_id=member, left_on=date(2026, 6, 28), on=date(2026, 6, 29)))
    for contract in (
        LicenceApprovedV1(
            institution_id=INSTITUTION, number="1", issued_on=date(2020, 1, 1), expires_on=date(2025, 1, 1), on=TODAY
        ),
        LicenceRenewedV1(institution_id=INSTITUTION, expires_on=date(2026, 6, 1), on=TODAY),
        LicenceExpiredV1(institution_id=INSTITUTION, expired_on=date(2026, 6, 1), on=TODAY),
        AnnualCheckRecordedV1(institution_id=INSTITUTION, year=2025, result="fail", on=TODAY),
        OperationStateChangedV1(
            institution_id=INSTITUTION, before="operating", state="stopped-abnormal", reason="", on=TODAY
        ),
        NoticeFiledV1(
            institution_id=INSTITUTION,
            matter="暑期停课公告",
            begins_on=TODAY,
            ends_on=None,
            content="",
            published=True,
            filed_on=TODAY,
        ),
        BlacklistPublishedV1(
            listing_id=UUID(int=9),
            institution_id=INSTITUTION,
            name="",
            code="",
            grade="serious",
            document_number="1号",
            ends_on=date(2029, 1, 1),
            on=TODAY,
        ),
        *(
            SiteApprovedV1(
                site_id=UUID(int=300 + number),
                institution_id=INSTITUTION,
                address="",
                town_code="",
                grid_code="",
                area_m2=None,
                approved_on=day,
            )
            for number, day in enumerate((date(2026, 1, 1), TODAY))
        ),
    ):
        await world.tell(contract)
    told = await seen(world)
    assert (told.staff, told.staff_before) == (2, 5)
    assert (told.licence_granted_on, told.licence_ends_on) == (date(2020, 1, 1), date(2026, 6, 1))
    assert (told.annual_check, told.stopped_on, told.pause_until) == ("fail", TODAY, TODAY)
    assert (told.unapproved_changes, told.new_sites) == (("blacklisted",), 1)
    await world.host.duties[NAME].look()
    found = await alerts(world, regulator)
    assert {rule: found[rule]["severity"] for rule in ("F27", "F28", "F29")} == {
        "F27": "YELLOW",
        "F28": "YELLOW",
        "F29": "NOTICE",
    }
    other, memory = Memory(), world.host.duties[NAME].memory
    for one in (other, memory):
        await one.catch_up(world.host.log)
    assert other.seen(ACCOUNT, TODAY, other.free()) == memory.seen(ACCOUNT, TODAY, memory.free())


async def test_who_is_licensed_and_has_no_account_is_watched_where_others_have_one(world: Any) -> None:
    regulator, duty = world.caller("fund-regulator"), world.host.duties[NAME]
    without = REGISTERED.model_copy(update={"institution_id": OTHER, "name": "云栖轩", "former_names": (), "uscc": ""})
    await world.tell(without)
    issued = {"number": "2", "issued_on": date(2026, 1, 1), "expires_on": date(2029, 1, 1), "on": TODAY}
    await world.tell(LicenceApprovedV1(institution_id=OTHER, **issued))
    assert await seen(world, without_account(OTHER)) is None, "nobody has an account here yet"
    await world.tell(REGISTERED)
    await opened(regulator)
    await duty.do(TODAY)
    found = (await alerts(world, regulator))["F13"]
    assert (found["severity"], found["institution_name"]) == ("YELLOW", "云栖轩")
    assert found["institution_id"] == str(OTHER)
    holder = {"account_id": str(UUID(int=0x78)), "institution_id": str(OTHER), "institution_name": "云栖轩"}
    bank = {"bank": "湖畔商业银行", "account_name": "专户", "department": "education", "region": "330106"}
    signed = {"agreement_no": "A2", "minimum_fen": 0, "signed_on": "2026-06-01"}
    opening = {
        "number": "6299000000008888888",
        "opened_on": "2026-06-02",
        "opening_fen": 900_000_00,
        "opening_on": "2026-06-02",
    }
    for path, body in (
        ("", holder | bank),
        (f"/{UUID(int=0x78)}/agreement", signed),
        (f"/{UUID(int=0x78)}/activation", opening),
    ):
        assert (await regulator.send("POST", f"/accounts{path}", json=body)).is_success
        await regulator.get("/accounts")
    for days in (1, 5):
        await duty.do(TODAY + timedelta(days=days))
    assert (await alerts(world, regulator))["F13"]["state"] == "cleared", "it has an account now"


async def test_a_deposit_below_what_was_assessed_is_told(world: Any) -> None:
    regulator = await watched(world)
    place = {"department": "education", "region": "330106", "category": "art"}
    account = (await world.host.log.state(ACCOUNTS, ACCOUNT))[0]
    id, on = derived_id("deposit", INSTITUTION), TODAY
    for number, command in enumerate(
        (
            deposit.FileDeposit(
                holder=replace(account.holder, institution_id=INSTITUTION, **place),
                number="BZJ1",
                agreement_no="1",
                filed_on=on,
            ),
            deposit.MoveDeposit(flow="1", amount_fen=90_00, purpose=deposit.Purpose.TOP_UP, reason="", moved_on=on),
            deposit.AssessDeposit(
                floor_fen=100_00,
                period_fees_fen=0,
                ratio_permille=200,
                unconsumed_fen=0,
                policy_version="1",
                assessed_on=on,
            ),
        )
    ):
        envelope = Envelope(command_id=derived_id("deposit-test", number), actor="song")
        await world.host.log.handle(DEPOSITS, id, command, envelope)
    await world.host.duties[NAME].look()
    assert (await alerts(world, regulator))["F14"]["severity"] == "RED"
