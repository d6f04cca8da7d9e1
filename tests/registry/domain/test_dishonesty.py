"""What the dishonesty list says in licensing: never "not listed" where nothing was looked at."""

from __future__ import annotations

from datetime import date

import pytest

from mingjing_registry.api.admission_texts import told
from mingjing_registry.api.dishonesty_texts import DISHONESTY_FINDINGS
from mingjing_registry.domain.check import Outcome
from mingjing_registry.domain.dishonesty import Dishonesty, dishonesty

CODE = "91330106MA2CFQXX3U"
ENTRY = Dishonesty(source="市场监管", authority="", document_number="", listed_on=date(2026, 1, 1))


@pytest.mark.parametrize(
    ("code", "entry", "is_mirrored", "outcome"),
    [
        (CODE, ENTRY, True, Outcome.FAIL),
        (CODE, None, True, Outcome.PASS),
        (CODE, None, False, Outcome.UNKNOWN),
        ("", None, True, Outcome.UNKNOWN),
    ],
)
def test_who_is_on_the_list_is_told_and_who_was_not_looked_for_is_unknown(
    code: str, entry: Dishonesty | None, is_mirrored: bool, outcome: Outcome
) -> None:
    check = dishonesty(code, entry, is_mirrored=is_mirrored)
    assert check.outcome is outcome
    said = told(check, None)
    assert "告知承诺" in said.needed_zh
    assert not said.may_be_waived


def test_the_line_says_by_whom_and_since_when() -> None:
    said = told(dishonesty(CODE, ENTRY, is_mirrored=True), None)
    assert said.seen_zh == "2026-01-01 被市场监管列入严重违法失信名单（—）"
    assert all(text.zh and text.en for text in DISHONESTY_FINDINGS.values())
