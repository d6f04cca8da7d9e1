"""Stored names of what complaints are counted by (投诉统计); ``codec`` takes the aggregates into its list.

One rule: as there: chosen by hand, append-only.
"""

from __future__ import annotations

from typing import Final

from mingjing_inspection.domain import complaint_bulletin, enrolment
from mingjing_kernel.codec import Codec
from mingjing_kernel.log import Aggregate

ENROLMENT_CODEC: Codec[enrolment.PupilsNoted] = Codec({"inspection.enrolled-pupils-noted.v1": enrolment.PupilsNoted})
ENROLMENTS: Final = Aggregate("enrolment", enrolment.ENROLMENT, ENROLMENT_CODEC)
"""By institution and month: a stream that grew for ever would be read for ever."""
COMPLAINT_BULLETIN_CODEC: Codec[complaint_bulletin.ComplaintBulletinIssued] = Codec(
    {"inspection.complaint-bulletin-issued.v1": complaint_bulletin.ComplaintBulletinIssued}
)
COMPLAINT_BULLETINS: Final = Aggregate(
    "complaint-bulletin", complaint_bulletin.COMPLAINT_BULLETIN, COMPLAINT_BULLETIN_CODEC
)
"""By the first day of the half of the month."""
FIGURES: Final = (ENROLMENTS, COMPLAINT_BULLETINS)
