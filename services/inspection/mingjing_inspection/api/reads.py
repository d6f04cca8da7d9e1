"""Which reads of this service are on record: whatever a complainant said; and why the others are not."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from mingjing_kernel.reads import Open, Reading, Restricted

READS: Mapping[str, Reading] = MappingProxyType(
    {
        "/checklists": Open("the questions, which are published"),
        "/visits": Open("what officials saw of premises; no citizen is in it"),
        "/visits/{visit_id}": Open("what officials saw of premises; no citizen is in it"),
        "/complaints": Restricted("complaint", ("text",)),
        "/complaints/{complaint_id}": Restricted("complaint", ("text",)),
        "/complaint-files": Open("which files were sent; no rows of them"),
        "/kept-aside": Restricted("kept-aside", ("cells",)),
        "/tasks": Open("who is to look where"),
        "/tasks/{task_id}": Open("who is to look where"),
        "/institutions/{institution_id}/timeline": Restricted("timeline", ("complaints",)),
        "/grid-versions": Open("which grids were drawn when, and by whom"),
        "/grid-versions/{version_id}": Open("the same of one"),
        "/grid-versions/{version_id}/available-actions": Open("what the caller may do; it shows nothing of the thing"),
        "/grid-versions/{version_id}/features": Open("how the grids of a draft lie and what is wrong with them"),
        "/grids": Open("where the grids lie, which is no secret"),
        "/grids/at": Open("the same of one point"),
        "/grid-posts": Open("which official holds which post"),
        "/site-places": Open("where approved sites stand; no citizen is in it"),
        "/totals": Open("sums, and nothing of any one of them"),
        "/complaints/{complaint_id}/available-actions": Open("what the caller may do; it shows nothing of the thing"),
        "/tasks/{task_id}/available-actions": Open("what the caller may do; it shows nothing of the thing"),
        "/visits/{visit_id}/available-actions": Open("what the caller may do; it shows nothing of the thing"),
    }
)
