"""What the registry tells, and what inspection does about it: a barred person on the staff is looked after (X14)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest

from mingjing_contracts.registry import DismissalDemandedV1
from mingjing_inspection.codec import PREMISES_KNOWN
from mingjing_inspection.domain.premises import Names, Premises, Site
from mingjing_inspection.domain.task import TASK
from mingjing_inspection.domain.task_facts import TaskKind, TaskPlanned, TaskPlannedWithoutSite
from mingjing_inspection.messaging.inbound import INBOUND
from mingjing_inspection.messaging.urgent_inspection import NO_APPROVED_SITE
from mingjing_kernel.broker.message import Message

AT = datetime(2026, 7, 10, 1, tzinfo=UTC)
INSTITUTION, MEMBER = UUID(int=1), UUID(int=2)
SITE = Site(site_id=UUID(int=3), address="莲花街", division="330106109", grid="330106109001001")
TOLD = DismissalDemandedV1(
    institution_id=INSTITUTION, member_id=MEMBER, decision_reference="黑2号", on=date(2026, 7, 10)
)


def services(*sites: Site) -> Any:
    known = Premises(names=Names(full_name="木铎"), region="330106", department="文旅局", category="art", sites=sites)

    async def state(aggregate: Any, _: UUID) -> tuple[Any, int]:
        return (known if aggregate is PREMISES_KNOWN else aggregate.decider.initial), 1

    settings = SimpleNamespace(county_code="330106", lead_department="education")
    return SimpleNamespace(log=SimpleNamespace(state=state), settings=settings)


async def heard(*sites: Site, position: int = 7) -> list[Any]:
    message = Message(TOLD, "registry", position, TOLD.subject, AT)
    return list(await INBOUND[DismissalDemandedV1](message, services(*sites)))  # type: ignore[misc]


async def test_somebody_looks_within_a_week_whether_the_barred_person_works_there_still() -> None:
    (work,) = await heard(SITE)
    (planned,) = TASK.decide(work.command, TASK.initial)
    assert isinstance(planned, TaskPlanned)
    assert (planned.kind, planned.site_id, planned.region) == (TaskKind.SPECIAL, SITE.site_id, SITE.grid)
    assert planned.due_at == AT + timedelta(days=7)
    assert "黑2号" in planned.cause.reason
    assert str(MEMBER) not in planned.cause.reason
    (again,) = await heard(SITE, position=8)
    assert again.id == work.id, "told twice, planned once"


@pytest.mark.parametrize("sites", [()])
async def test_without_a_site_the_department_finds_out_where(sites: tuple[Site, ...]) -> None:
    (work,) = await heard(*sites)
    (planned,) = TASK.decide(work.command, TASK.initial)
    assert isinstance(planned, TaskPlannedWithoutSite)
    assert (planned.why_no_site, planned.department) == (NO_APPROVED_SITE, "文旅局")
