"""Heads counted at a visit: a number beside the report, told to funds without who counted."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from inspection.samples import MUDUO, SITE, approved, registered, visit_body
from inspection.sending import VISIT
from mingjing_contracts.inspection import VisitHeadsCountedV1
from mingjing_inspection.domain.head_count import HeadsCounted
from mingjing_inspection.messaging.outbound import OUTBOUND

AT = f"/visits/{VISIT}/heads"


async def test_a_count_stands_beside_the_report_and_is_put_right_by_the_next(world: Any) -> None:
    await world.tell(registered())
    await world.tell(approved())
    officer, elsewhere = world.caller("grid-officer"), world.caller("grid-officer", "zhang", region="330108")
    count = {"pupils": 31, "classes": 3}
    assert (await officer.send("PUT", AT, json=count)).status_code == 404
    assert (await officer.send("PUT", f"/visits/{VISIT}", json=visit_body())).is_success
    assert (await officer.send("PUT", AT, json=count)).is_success
    assert (await officer.send("PUT", AT, json=count)).is_success
    assert (await officer.send("PUT", AT, json={"pupils": 12, "classes": 0})).status_code == 422
    assert (await officer.send("PUT", AT, json={"pupils": -1, "classes": 1})).status_code == 422
    assert (await elsewhere.send("PUT", AT, json=count)).status_code in (403, 404)
    assert (await officer.send("PUT", AT, json={"pupils": 28, "classes": 3})).is_success
    counted = [fact for fact in await world.host.log.read(0, 1_000) if isinstance(fact.event, HeadsCounted)]
    assert [fact.event.pupils for fact in counted] == [31, 28]
    told = OUTBOUND[HeadsCounted](counted[-1])
    assert isinstance(told, VisitHeadsCountedV1)
    assert (told.visit_id, told.institution_id, told.site_id) == (UUID(str(VISIT)), MUDUO, SITE)
    assert "grid-officer" not in told.to_bytes().decode()
