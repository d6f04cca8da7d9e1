"""Stored names of the files that checklists came in (清单原件); ``codec`` takes the aggregate into its list."""

from __future__ import annotations

from mingjing_inspection.domain.checklist_file import CHECKLIST_FILE, ChecklistFileKept
from mingjing_kernel.codec import Codec
from mingjing_kernel.log import Aggregate

CHECKLIST_FILE_CODEC: Codec[ChecklistFileKept] = Codec({"inspection.checklist-file-kept.v1": ChecklistFileKept})
CHECKLIST_FILES = Aggregate("checklist-file", CHECKLIST_FILE, CHECKLIST_FILE_CODEC)
"""By the SHA-256 of the bytes."""
