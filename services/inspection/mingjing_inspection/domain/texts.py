"""The tables that complaints and visits cite by version, as text: what goes into a case file beside the facts."""

from __future__ import annotations

from collections.abc import Mapping

from mingjing_inspection.domain.checklist import CHECKLISTS
from mingjing_inspection.domain.urgency import URGENCY_V1


def rule_texts() -> Mapping[str, str]:
    """Every released version with its text."""
    urgency = (
        f"紧急词 words: {'、'.join(URGENCY_V1.words)}\n"
        f"否定词 denials: {'、'.join(URGENCY_V1.denials)}\n"
        f"无害句式 harmless: {'  '.join(URGENCY_V1.harmless)}\n"
    )
    checklists = {
        version: "".join(
            f"{item.code} {item.title_zh} {item.title_en}\n  {item.severity} · {item.legal_basis}\n"
            for item in checklist.items
        )
        for version, checklist in CHECKLISTS.items()
    }
    return {URGENCY_V1.version: urgency, **checklists}
