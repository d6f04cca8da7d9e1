"""Stored names of what is said of files: rosters of grid posts."""

from __future__ import annotations

from mingjing_inspection.domain import post_file
from mingjing_inspection.domain.post_file import POST_FILE
from mingjing_kernel.codec import Codec
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
FILES: tuple[Aggregate, ...] = (POST_FILES,)
