"""The official calendar (工作日历): released notices, and later ones by event."""

from mingjing_kernel.calendar.notices import CalendarNoticeImported, ImportNotice
from mingjing_kernel.calendar.streams import CALENDAR, CALENDAR_ID, calendar_known

__all__ = ["CALENDAR", "CALENDAR_ID", "CalendarNoticeImported", "ImportNotice", "calendar_known"]
