"""X21: what funds answers about the ledger of an order stands on the complaint's track, for whoever may see it."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from inspection.conftest import World
from inspection.test_complaint_tracks import CONTRACT, Office, mediated, refused, step
from mingjing_contracts.funds import LedgerExtractStatedV1, LedgerLineV1
from mingjing_inspection.messaging.ledger_extracts import in_words

LINE = LedgerLineV1(kind="payment", reference="JF1", amount_fen=299_900, standing="paid", on=date(2026, 7, 1))
STATED = LedgerExtractStatedV1(
    request_id=UUID(int=0x71), track_id=UUID(int=0x72), contract_id=CONTRACT, is_known=True, contract_no="HT-1",
    stage="in-delivery", lessons=24, used=2, price_fen=299_900, paid_fen=299_900, earned_fen=24_991,
    released_fen=12_495, refunded_fen=0, transferred_fen=0, remaining_fen=274_909, promised_fen=0, is_disputed=True,
    lines=(LINE,), stated_on=date(2026, 7, 1),
)  # fmt: skip


def test_it_says_in_words_where_the_money_is() -> None:
    assert in_words(STATED) == (
        "合同HT-1：24课时，已消2课时；已缴2999.00元，已消249.91元，已拨付124.95元；已退0.00元，已转出0.00元；"
        "剩余2749.09元，其中已同意未退0.00元；该合同拨付因争议中止。"
    )
    assert in_words(STATED.model_copy(update={"is_known": False})) == "资金监管系统没有这份合同。"
    assert "未登记缴费" in in_words(STATED.model_copy(update={"paid_fen": 0}))


async def test_the_answer_stands_on_the_track_and_outsiders_do_not_see_it(world: World) -> None:
    office = Office(world)
    track = (await office.take())["DISPUTE"]
    await mediated(office, track)
    await step(office.mediator, track, "ledger-extract", contract_id=str(CONTRACT), purpose="核对退费金额")
    await world.tell(STATED.model_copy(update={"track_id": UUID(track["track_id"])}))
    path = f"/complaint-tracks/{track['track_id']}"
    office.mediator.position = str(await world.host.log.head())
    (item,) = (await office.mediator.get(f"{path}/ledger-extracts"))["items"]
    assert (item["remaining_fen"], item["lines"][0]["reference"], item["is_known"]) == (274_909, "JF1", True)
    timeline = (await office.mediator.get(f"{path}/timeline"))["items"]
    last = timeline[-1]
    assert (last["fact"], "2749.09" in last["said"]["text"]) == ("inspection.ledger-extract-received.v1", True)
    assert (await refused(office.elsewhere, track, "ledger-extract", contract_id=str(CONTRACT), purpose="x"))[0] == 404
    headers = office.elsewhere.headers | {"Mingjing-Position": office.mediator.position}
    answer = await world.client.get(f"/inspection/v1{path}/ledger-extracts", headers=headers)
    assert answer.status_code == 404
    assert (await world.replayed()).differences == 0
