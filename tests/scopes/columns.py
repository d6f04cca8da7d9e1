"""What stands in those columns of which an address does not show everything, beside the defaults of a question."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from mingjing_funds.domain.account import Direction
from mingjing_inspection.domain.complaint_refusals import TracksMissing
from mingjing_inspection.sources.post_file import NobodyNamed
from scopes.grid_questions import TENURE
from scopes.question import Row

Columns = Mapping[str, Any]


def empty(*names: str) -> dict[str, Any]:
    """Lists without anything in them."""
    return {name: [] for name in names}


def _numbered(direction: str, row: Row) -> str:
    return f"{direction}-text-{row.number}"


EVERYWHERE: Mapping[str, Columns] = {
    "reads": {"place": lambda row: row.number, **empty("ids", "fields")},
    "subjects": {"subject": lambda row: str(row.id)},
    "unsealings": {"outcome": "opened", **empty("fields")},
}
OF: Mapping[str, Mapping[str, Columns]] = {
    "registry": {
        "deadlines": {"rule": "licence-expiry"},
        "imports": empty("kept_aside", "remarks"),
        "institutions": {
            "was_licensed": True,
            "code_state": "stands",
            **empty("former_codes", "former_names", "other_names", "categories", "items", "ended_numbers", "notices"),
        },
        "kept_aside": {"state": "waiting", **empty("problems")},
        "unlicensed_leads": {"withdrawn_on": None, **empty("photos")},
        "ledger": {"is_there": True, "ended_on": None, "kind": "subject", **empty("periods")},
        "sites": {"state": "approved"},
        "blacklist": empty("evidence", "statements"),
        "dishonesty_list": {"is_live": True},
        "dossiers": empty("modes", "stages"),
        "import_mappings": empty("labels", "fields"),
        "likenesses": {"state": "open", **empty("grounds", "lines")},
        "list_consumers": {"is_active": True, "lists": ["black"]},
        "list_movements": {"list": "black", "movement": "left", "position": 9},
        "providers": empty("services", "agreements", "deductions", "evaluations", "schools_told"),
        "roster": {"is_stated": True, "licence_number": "another", **empty("noted_differences")},
        "school_surveys": empty("answers"),
        "search_terms": {"pairs": ["te", "ex", "xt"], **empty("names", "numbers")},
        "staff": {"is_employed": True, **empty("cleared_schools", "unlike_bars")},
        "staff_blacklist": {"is_live": True},
        "whitelist": {"is_listed": True, **empty("movements")},
    },
    "inspection": {
        "calls": {"medium": "VOICE"},
        "visits": {
            "outcome": "NO_ISSUE",
            **empty("answers", "failed", "vetoes", "failings", "doubts", "photos", "recordings", "signatures"),
            **empty("companions"),
        },
        "visit_parts": {"kind": "REPORT", "stage": "HELD"},
        "complaints": {"matched_by": "USCC", **empty("tracks", "urgent_words")},
        "complaint_voices": {"identity": "NAMED", **empty("said")},
        "complaint_words": {"pairs": ["te", "ex", "xt"]},
        "tasks": {"kind": "ROUTINE", "escalation": "", **empty("colleagues", "declined_by")},
        "campaigns": {"kind": "CENSUS", **empty("departments")},
        "coverage": {"site_region": lambda row: row.region, "closed_at": None},
        "supervision": {"level": "OTHER", **empty("listings", "watches")},
        "interests": {"kind": "KIN"},
        "deadlines": {"rule": "task-visit"},
        "kept_aside": {"rule": TracksMissing.code()},
        "findings": {
            "origin": "BY_HAND",
            "matter": "FEES",
            "step": "VERIFY",
            "handler_department": lambda row: row.department,
            **empty("photos"),
        },
        "complaint_groups": empty("members", "left", "representatives"),
        "complaint_tracks": {
            "track": "DISPUTE",
            "stage": "RECEIVED",
            "handler_department": lambda row: row.department,
            "escalated_to": lambda row: row.department,
            "matter": "FEES",
            "merged_into": None,
            "clocks": {},
            **empty("links"),
        },
        "finding_rounds": {"handler_department": lambda row: row.department},
        "rectifications": empty("requirements", "photos"),
        "hotspot_visits": empty("places"),
        "leads": {"institution_id": None, **empty("photos", "times", "prices", "others")},
        "reactions": {"is_due": False, **empty("did")},
        "overdue_notices": {
            "kind": "finding",
            "level": "REMINDED",
            "addressee": "INSTITUTION",
            **empty("people", "read_by", "waits_for"),
            "institution_id": lambda row: row.id,
        },
        "grid_posts": TENURE,
        "post_rows": {"rule": NobodyNamed.code()},
        "operations": {"stage": "PLANNED", **empty("members")},
        "operation_members": {"answer": "YES"},
        "pooled_evidence": empty("referred"),
    },
    "funds": {
        "breaks": empty("lines"),
        "accounts": {"bank": "icbc"},
        "custodians": {"bank": "icbc", "step": "sole"},
        "deposits": {"bank": "icbc"},
        "deposit_movements": {"purpose": "draw"},
        "entries": {"bank": "icbc"},
        "kept_aside": {"state": "waiting"},
        "deadlines": {"rule": "refund-review"},
    },
    "console": {"grants": {"manner": "given"}},
}
SEVERAL: Mapping[str, Sequence[Columns]] = {
    "expectations": [
        {"direction": direction.value, "number": partial(_numbered, direction.value)} for direction in Direction
    ],
}
"""Written once for each: a payment, a release and a refund of every account."""


def columns_of(service: str, name: str) -> Sequence[Columns]:
    """Of one list of a service."""
    return SEVERAL.get(name) or [OF[service].get(name) or EVERYWHERE.get(name, {})]
