"""A visit's photos as they are shown: their hashes stand in the report, their bytes come as evidence, before or after.

The one rule: a report is never lost because a photo is late; it shows the photo as missing until it comes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field

from mingjing_kernel.evidence.state import Stage

MISSING = "missing"
"""Nothing was declared for this photo yet, or what came was refused or did not come in time."""


class PhotoEvidence(BaseModel):
    """What became of one photo of a report."""

    sha256: str
    evidence_id: UUID | None
    stage: str = Field(description="missing 未到, on-its-way 上传中, received 已到, destroyed 已按期限销毁")


def photo_evidence(photos: Sequence[str], known: Mapping[str, Mapping[str, Any]]) -> list[PhotoEvidence]:
    """Each photo with the evidence that has its bytes; ``known`` as the row of a visit has it."""
    return [_of_photo(photo, known) for photo in photos]


def _of_photo(photo: str, known: Mapping[str, Mapping[str, Any]]) -> PhotoEvidence:
    stages = {one["stage"]: UUID(id) for id, one in known.items() if one["sha256"] == photo}
    for stage in (Stage.RECEIVED, Stage.ON_ITS_WAY, Stage.DESTROYED):
        if stage.value in stages:
            return PhotoEvidence(sha256=photo, evidence_id=stages[stage.value], stage=stage.value)
    return PhotoEvidence(sha256=photo, evidence_id=None, stage=MISSING)
