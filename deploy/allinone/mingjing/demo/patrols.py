"""Patrols of the sample county: which grid officer sees what, derived from the week and the site, never from chance.

The county's files have no visits. Officers go round so that every site is seen about once in six weeks; a sixth of the
visits finds something, one in forty a closed door.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from mingjing_inspection.domain.checklist import PATROL_V1
from mingjing_kernel.clock import SHANGHAI
from mingjing_kernel.identifiers import derived_id

EVERY_WEEKS = 6
_CENTRE_E7 = (302_590_000, 1_201_300_000)
"""Somewhere in the district, WGS 84 in 1e-7 degrees; sites lie around it."""


def visits_of_week(
    sites: Sequence[dict[str, Any]], number: int, first_day: date
) -> Iterator[tuple[UUID, dict[str, Any]]]:
    """The visit reports of week ``number`` (from 0), each with the id that the officer's device chose."""
    for index, site in enumerate(sites):
        if index % EVERY_WEEKS != number % EVERY_WEEKS:
            continue
        draw = _draw(site["site_id"], number)
        at = datetime.combine(first_day + timedelta(days=draw % 5), time(15, draw % 60), SHANGHAI)
        visit_id = derived_id("demo-visit", site["site_id"], number)
        yield (
            visit_id,
            {
                "institution_id": site["institution_id"],
                "site_id": site["site_id"],
                "observation": _observation(site, draw, at),
                "device_sent_at": (at + timedelta(minutes=4)).isoformat(),
            },
        )


def _observation(site: dict[str, Any], draw: int, at: datetime) -> dict[str, Any]:
    outcome = "DOOR_CLOSED" if draw % 40 == 0 else "ISSUES" if draw % 6 == 0 else "NO_ISSUE"
    photo = hashlib.sha256(f"{site['site_id']} {at}".encode()).hexdigest()
    latitude, longitude = (
        centre + (draw >> shift) % 600_000 - 300_000 for centre, shift in zip(_CENTRE_E7, (8, 32), strict=True)
    )
    return {
        "outcome": outcome,
        "checklist": PATROL_V1.version,
        "answers": [] if outcome == "DOOR_CLOSED" else _answers(draw, outcome == "ISSUES", photo),
        "photos": [photo],
        "position": {"latitude_e7": latitude, "longitude_e7": longitude, "accuracy_metres": 5 + draw % 20},
        "visited_at": at.isoformat(),
        "note": "",
    }


def _answers(draw: int, found: bool, photo: str) -> list[dict[str, Any]]:
    wrong = ("C03", "C05", "C07", "C08")[draw % 4] if found else ""
    return [
        {
            "item": item.code,
            "finding": "FAIL" if item.code == wrong else "PASS",
            "remark": "现场责令改正" if item.code == wrong else "",
            "photos": [photo] if item.photo_required else [],
        }
        for item in PATROL_V1.items
    ]


def _draw(site_id: str, number: int) -> int:
    return int.from_bytes(hashlib.sha256(f"{site_id}/{number}".encode()).digest()[:8])
