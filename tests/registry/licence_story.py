"""From application to licence over HTTP, as several tests need it."""

from __future__ import annotations

from typing import Any

from registry.conftest import Caller, World

ADDRESS = "西湖区留下街道文三路1号"
CONTENT: dict[str, Any] = {
    "profile": {
        "modes": ["offline"],
        "stages": ["primary"],
        "organizer": "新芽文化有限公司",
        "contract_version": "2021版",
        "prices": [{"item": "编程", "total_fen": 300_000, "lessons": 20, "minutes_per_lesson": 90}],
        "prices_published_at": "门厅公示栏",
        "class_size_max": 20,
        "timetable": [{"item": "编程", "weekday": 6, "begins_minute": 540, "ends_minute": 630}],
    },
    "premises": [{"address": ADDRESS, "area_m2": 90, "students_max": 20}],
    "staff": {"total": 6, "teaching": 4, "full_time_teachers": 2},
    "materials": {"filed": 3},
    "capital": {"is_listed": False, "is_capitalized": False, "is_foreign_controlled": False},
    "custody_agreement": "托管协议1号",
}
SITE_CHECK = {"reference": "K1", "address": ADDRESS, "checked_on": "2026-07-01", "passed": True, "area_m2": 86}
TERMS = {"number": "330106202600000001", "valid_from": "2026-07-01", "expires_on": "2029-06-30"}


async def licensed(world: World, clerk: Caller, path: str) -> None:
    """The clerk takes the application to the first signature; another officer grants it."""
    steps = (("application", CONTENT), ("acceptance", None), ("site-checks", SITE_CHECK), ("signature", TERMS))
    for step, body in steps:
        answer = await clerk.post(f"{path}/licence/{step}", body)
        assert answer.status_code == 200, (step, answer.text)
    chief = world.caller("licensing-officer", own="science", subject="chief")
    granted = await chief.post(f"{path}/licence/approval")
    assert granted.status_code == 200, granted.text
    clerk.position = chief.position
