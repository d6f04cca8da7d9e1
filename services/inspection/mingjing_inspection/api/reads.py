"""Which reads of this service are on record: whatever a complainant said; and why the others are not."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from mingjing_kernel.reads import Open, Reading, Restricted

READS: Mapping[str, Reading] = MappingProxyType(
    {
        "/checklists": Open("the questions, which are published"),
        "/checklist-proposals": Open("questions, and who proposed them"),
        "/checklist-proposals/{version}/available-actions": Open(
            "what the caller may do; it shows nothing of the thing"
        ),
        "/round": Open("the caller's own tasks, and where they lead"),
        "/bundles/{bundle_id}": Open("what became of what the caller sent"),
        "/visit-parts": Open("which parts wait or lie aside; no citizen is in it"),
        "/visit-parts/{part_id}/{sha256}": Open("what officials saw of premises; no citizen is in it"),
        "/visits": Open("what officials saw of premises; no citizen is in it"),
        "/visits/{visit_id}": Open("what officials saw of premises; no citizen is in it"),
        "/complaints": Restricted("complaint", ("text",)),
        "/complaints/{complaint_id}": Restricted("complaint", ("text",)),
        "/complaint-tracks": Restricted("complaint-track", ("said",)),
        "/complaint-tracks/{track_id}": Restricted("complaint-track", ("said",)),
        "/complaint-tracks/{track_id}/timeline": Restricted("complaint-track", ("said",)),
        "/complaint-tracks/{track_id}/agreement": Restricted("complaint-track", ("terms",)),
        "/complaint-tracks/{track_id}/suggestion": Open("whose matter it is by a published table"),
        "/complaint-tracks/{track_id}/available-actions": Open("what the caller may do; it shows nothing of the thing"),
        "/complaint-figures": Open("sums, and nothing of any one of them"),
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
        "/round/way": Open("the caller's own tasks in the order of the way"),
        "/campaigns": Open("what was ordered; it names no citizen"),
        "/coverage": Open("when officials were at which premises"),
        "/coverage/totals": Open("sums, and nothing of any one of them"),
        "/supervision": Open("how closely institutions are looked at, for officials; no citizen is in it"),
        "/reactions": Open("what the service did by itself, or why nothing"),
        "/interests": Restricted("interest", ("officer", "kind")),
        "/draws": Open("which draws there are; they name nobody"),
        "/draws/{draw_id}/notice": Open("what is published of a draw, or will be"),
        "/draws/{draw_id}/population": Open("institutions and officials; no citizen is in it"),
        "/draws/{draw_id}/available-actions": Open("what the caller may do; it shows nothing of the thing"),
        "/public/draws": Open("published by law; codes in place of names"),
        "/public/draws/{draw_id}/notice": Open("published by law; codes in place of names"),
        "/public/draw.py": Open("the algorithm, which is published"),
        "/findings": Open("what officials found at premises; no citizen is in it"),
        "/findings/{finding_id}": Open("what officials found at premises; no citizen is in it"),
        "/findings/{finding_id}/suggestion": Open("whose matter it is by a published table"),
        "/findings/{finding_id}/available-actions": Open("what the caller may do; it shows nothing of the thing"),
        "/finding-figures": Open("sums, and nothing of any one of them"),
        "/finding-samples/{sample_id}": Open("ids, a seed and a hash"),
        "/rectifications": Open("what institutions have to put right; no citizen is in it"),
        "/rectifications/{rectification_id}": Open("what an institution has to put right; no citizen is in it"),
        "/rectifications/{rectification_id}/available-actions": Open("what the caller may do; it shows nothing of it"),
        "/rectifications/{rectification_id}/notice": Open("the notice that the institution was served"),
        "/rectification-ledger": Open("sums, and nothing of any one of them"),
        "/leads": Open("signals about premises; no citizen is in it"),
        "/leads/{lead_id}": Open("a signal about premises; no citizen is in it"),
        "/leads/{lead_id}/available-actions": Open("what the caller may do; it shows nothing of the thing"),
    }
)
