"""Stored names of rosters of grid posts, of periods that samples were drawn of, of headers that are remembered."""

from __future__ import annotations

from mingjing_inspection.acts import CHECKLIST_MAPPING_ACTS, REMEMBER_COLUMNS
from mingjing_inspection.domain import checklist_mapping, complaint_columns, post_file, sample_periods
from mingjing_inspection.domain.checklist_mapping import MAPPINGS
from mingjing_inspection.domain.complaint_columns import COLUMNS
from mingjing_inspection.domain.post_file import POST_FILE
from mingjing_inspection.domain.sample_periods import SAMPLE_PERIODS
from mingjing_kernel.codec import Codec
from mingjing_kernel.identifiers import derived_id
from mingjing_kernel.log import Aggregate

POST_FILE_CODEC: Codec[post_file.Event] = Codec(
    {
        "inspection.post-file-taken.v1": post_file.PostFileTaken,
        "inspection.post-row-kept-aside.v1": post_file.PostRowKeptAside,
        "inspection.post-row-mended.v1": post_file.PostRowMended,
    }
)
POST_FILES = Aggregate("post-file", POST_FILE, POST_FILE_CODEC)
"""By the digest of the file and the day from which it fills posts."""
SAMPLE_PERIODS_CODEC: Codec[sample_periods.PeriodClaimed] = Codec(
    {"inspection.sample-period-claimed.v1": sample_periods.PeriodClaimed}
)
PERIODS = Aggregate("sample-period", SAMPLE_PERIODS, SAMPLE_PERIODS_CODEC)
"""By the department."""
CHECKLIST_MAPPING_CODEC: Codec[checklist_mapping.Event] = Codec(
    {
        "inspection.checklist-mapping-confirmed.v1": checklist_mapping.ChecklistMappingConfirmed,
        "inspection.checklist-mapping-withdrawn.v1": checklist_mapping.ChecklistMappingWithdrawn,
    }
)
CHECKLIST_MAPPINGS = Aggregate("checklist-mapping", MAPPINGS, CHECKLIST_MAPPING_CODEC, CHECKLIST_MAPPING_ACTS)
CHECKLIST_MAPPINGS_ID = derived_id("checklist-mappings")
"""One stream: a county has a few senders."""
COMPLAINT_HEADER_CODEC: Codec[complaint_columns.Event] = Codec(
    {"inspection.complaint-columns-remembered.v1": complaint_columns.ComplaintColumnsRemembered}
)
COMPLAINT_HEADERS = Aggregate("complaint-header", COLUMNS, COMPLAINT_HEADER_CODEC, (REMEMBER_COLUMNS,))
"""One stream: a county has a few hotlines."""
FILES: tuple[Aggregate, ...] = (POST_FILES, PERIODS, CHECKLIST_MAPPINGS, COMPLAINT_HEADERS)
