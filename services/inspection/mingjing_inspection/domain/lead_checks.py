"""What a report of a lead has to say before it is taken."""

from __future__ import annotations

import re
from typing import Final

from mingjing_inspection.domain.lead_refusals import (
    LeadDescriptionMissing,
    LeadPhotoUnreadable,
    LeadPlaceMissing,
    LeadTimesWrong,
)
from mingjing_inspection.domain.lead_terms import DAY_MINUTES, PHOTOS_MAX, TaughtAt
from mingjing_inspection.domain.lead_told import Told

_SHA256: Final = re.compile(r"[0-9a-f]{64}")
_WEEK: Final = range(1, 8)


def check(told: Told) -> None:
    """A place, what was seen, and readable times and photos."""
    if not told.address.strip() and told.position is None:
        raise LeadPlaceMissing
    if not told.description.strip():
        raise LeadDescriptionMissing
    check_times(told.times)
    check_photos(told.photos)


def check_times(times: tuple[TaughtAt, ...]) -> None:
    """Raises ``LeadTimesWrong``."""
    for one in times:
        if one.weekday not in _WEEK or not 0 <= one.begins < one.ends <= DAY_MINUTES:
            raise LeadTimesWrong


def check_photos(photos: tuple[str, ...]) -> None:
    """Raises ``LeadPhotoUnreadable``."""
    if len(photos) > PHOTOS_MAX or not all(_SHA256.fullmatch(one) for one in photos):
        raise LeadPhotoUnreadable(maximum=PHOTOS_MAX)
