"""The tables that complaints and visits cite by version, as text: what goes into a case file beside the facts."""

from __future__ import annotations

from collections.abc import Mapping

from mingjing_inspection.domain.checklist import CHECKLISTS, Checklist
from mingjing_inspection.domain.urgency import URGENCY_V1


def rule_texts() -> Mapping[str, str]:
    """Every released version with its text."""
    urgency = (
        f"紧急词 words: {'、'.join(URGENCY_V1.words)}\n"
        f"否定词 denials: {'、'.join(URGENCY_V1.denials)}\n"
        f"无害句式 harmless: {'  '.join(URGENCY_V1.harmless)}\n"
    )
    checklists = {version: checklist_text(checklist) for version, checklist in CHECKLISTS.items()}
    return {URGENCY_V1.version: urgency, **checklists}


def checklist_text(checklist: Checklist) -> str:
    """The questions with their gravity, their legal basis and what a failure asks for, in the order of asking."""
    said = [f"自 {checklist.effective_from.isoformat()} 起施行 in force from that day\n"]
    for item in checklist.items:
        duties = ("一票否决 veto", item.immediate_veto), ("不合格须拍照 photo of a failure", item.photo_required)
        words = (item.severity.value, item.legal_basis, *(word for word, holds in duties if holds))
        said.append(f"{item.code} {item.title_zh} {item.title_en}\n  {' · '.join(words)}\n")
    return "".join(said)
