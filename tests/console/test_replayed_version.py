"""An alert replayed says whether the same comes out, and of another version of the rule that it cannot be said."""

from __future__ import annotations

import htpy
import pytest

from mingjing_console.gateway import Answer
from mingjing_console.pages import replays

SAID = {
    **dict.fromkeys(("because_zh", "because_en", "note_zh", "note_en", "rule_zh", "rule_en"), ""),
    **{name: [] for name in ("measures", "others", "facts")},
    **{"institution_name": "木铎轩书画", "day": "2026-06-30", "position": 9, "features": {}, "is_in_fen": True},
    **{"rule": "F02", "rule_version": "F02/3", "thresholds_version": "1", "outcome": "fired", "severity": "RED"},
    "threshold": 0,
    "stored": [
        {"day": "2026-06-30", "severity": "RED", "rule_version": "F02/2", "because_zh": "", "position": 10},
    ],
}


@pytest.mark.parametrize(
    ("agrees", "words"),
    [(True, "重演结果与存档一致"), (False, "重演结果与存档不一致"), (None, "存档为其他规则版本，不作比对")],
)
def test_the_page_says_what_can_be_said(agrees: bool | None, words: str) -> None:
    answer = Answer(200, SAID | {"agrees": agrees})
    page = str(htpy.div[replays.one({"alert_id": "1"}, {"rule": "", "day": ""}, answer)])
    assert words in page
