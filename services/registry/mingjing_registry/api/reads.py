"""Which reads of this service are on record, and why the others are not."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from mingjing_kernel.reads import Open, Reading, Restricted

READS: Mapping[str, Reading] = MappingProxyType(
    {
        "/imports": Open("which files were sent; no rows of them"),
        "/imports/{import_id}": Open("counts and remarks of one file"),
        "/imports/previews/{preview_id}": Open("counts of a waiting file, and how its own columns are read"),
        "/imports/previews/{preview_id}/rows": Restricted("import-preview", ("changes",)),
        "/roster": Open("which rosters came, and what the last comparison found; numbers only"),
        "/roster/differences": Open("organisations, of which most is published on both sides"),
        "/import-mappings": Open("headers of tables, no cell of them"),
        "/kept-aside": Restricted("kept-aside", ("cells",)),
        "/institutions": Open("organisations, of which most is published"),
        "/institutions/{institution_id}": Open("an organisation, of which most is published"),
        "/sites": Open("addresses of teaching sites, which are published"),
        "/whitelist": Open("published by law"),
        "/open-data": Open("what is published, and by whom"),
        "/open-data/whitelist.json": Open("published by law"),
        "/open-data/whitelist.csv": Open("published by law"),
        "/open-data/whitelist/schema.json": Open("what the columns mean"),
        "/public/institutions": Open("published by law"),
        "/public/institutions/{institution_id}": Open("published by law"),
        "/institutions/{institution_id}/available-actions": Open(
            "what the caller may do; it shows nothing of the thing"
        ),
        "/sites/{site_id}/available-actions": Open("what the caller may do, nothing of the thing"),
    }
)
