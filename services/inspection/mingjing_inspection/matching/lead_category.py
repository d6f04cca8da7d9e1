"""Category of a lead (线索类别): what a place without a licence seems to teach, by the words of its report.

One rule, ``lead-category/1``: a word of a curriculum subject makes it a subject lead, for that is what the law is
strictest about; else the one trade that the words name; where they name none or several, the category is not known, and
only grants for every category see the lead. A price says nothing of what is taught.
"""

from __future__ import annotations

from typing import Final

from mingjing_inspection.matching.trades import trades_said

RULE: Final = "lead-category/1"
SUBJECT: Final = "subject"
UNKNOWN: Final = ""


def category_of(description: str) -> str:
    """The category by the register's names; empty where the words do not say."""
    said = trades_said(description)
    if SUBJECT in said:
        return SUBJECT
    return next(iter(said)) if len(said) == 1 else UNKNOWN
