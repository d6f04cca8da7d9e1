"""The stream of the official calendar, who may import a notice, and the calendar as it is known now."""

from __future__ import annotations

from uuid import UUID

from mingjing_kernel.calendar.notices import CalendarNoticeImported, ImportNotice, decide, evolve
from mingjing_kernel.codec import Codec
from mingjing_kernel.decider import Decider
from mingjing_kernel.identifiers import derived_id
from mingjing_kernel.identity.act import Act, roles
from mingjing_kernel.identity.role import Role
from mingjing_kernel.log import Aggregate, Log
from mingjing_kernel.working_days import RELEASED, WorkingDays

IMPORT_NOTICE = Act(
    name="import-calendar-notice",
    zh="导入放假调休通知",
    en="import a calendar notice",
    roles=roles(Role.APPROVER, Role.ADMINISTRATOR),
    asks=ImportNotice,
)
CALENDAR_CODEC: Codec[CalendarNoticeImported] = Codec({"kernel.calendar-notice-imported.v1": CalendarNoticeImported})
CALENDAR = Aggregate("calendar", Decider(RELEASED, decide, evolve), CALENDAR_CODEC, (IMPORT_NOTICE,))
CALENDAR_ID: UUID = derived_id("calendar")


async def calendar_known(log: Log) -> WorkingDays:
    """The official calendar with every notice that was imported."""
    calendar: WorkingDays = (await log.state(CALENDAR, CALENDAR_ID))[0]
    return calendar
