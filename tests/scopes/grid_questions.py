"""The questions about grids: their versions, who holds which post, and where sites stand."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import MetaData

from mingjing_inspection.projections.grid_posts import GRID_POSTS_READ, grid_posts_in
from mingjing_inspection.projections.grid_versions import GRID_VERSIONS_READ, grid_versions_in
from mingjing_inspection.projections.post_files import POST_FILES_READ, POST_ROWS_READ, post_files_in, post_rows_in
from mingjing_inspection.projections.schema import METADATA
from mingjing_inspection.projections.site_places import SITE_PLACES_READ, site_places_in
from mingjing_kernel.identity import OFFICIALS
from scopes.question import NOW, Question, whole

OF_A_PLACE = ("region",)
"""Grids have neither a department nor a category."""
TENURE: Mapping[str, Any] = {
    "post": "OFFICER",
    "from_on": lambda row: NOW.date() + timedelta(days=row.number),
}
"""Each begins on a day of its own, so that several rows of one grid are several tenures."""
_FOLDER = "mingjing_inspection/projections"
GRID_QUESTIONS: dict[str, tuple[MetaData, tuple[Question, ...]]] = {
    f"{_FOLDER}/grid_versions.py:grid_versions_in": (METADATA, (
        whole(lambda scope, at: grid_versions_in(scope, at=at), "version_id", of=(GRID_VERSIONS_READ,),
              roles=OFFICIALS, dimensions=OF_A_PLACE),
    )),
    f"{_FOLDER}/grid_posts.py:grid_posts_in": (METADATA, (
        whole(lambda scope, at: grid_posts_in(scope, at=at), "person", of=(GRID_POSTS_READ,), roles=OFFICIALS,
              dimensions=OF_A_PLACE, values={**TENURE, "person": lambda row: str(row.id)}),
    )),
    f"{_FOLDER}/post_files.py:post_files_in": (METADATA, (
        whole(post_files_in, "file_id", of=(POST_FILES_READ,), roles=OFFICIALS, dimensions=OF_A_PLACE),
    )),
    f"{_FOLDER}/post_files.py:post_rows_in": (METADATA, (
        whole(post_rows_in, "file_id", of=(POST_ROWS_READ,), roles=OFFICIALS, dimensions=OF_A_PLACE),
    )),
    f"{_FOLDER}/site_places.py:site_places_in": (METADATA, (
        whole(lambda scope, at: site_places_in(scope, at=at), "site_id", of=(SITE_PLACES_READ,), roles=OFFICIALS,
              dimensions=OF_A_PLACE),
    )),
}  # fmt: skip
