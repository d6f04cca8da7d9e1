"""The questions of imported checklists (导入清单的问题文本) for case files, with the entries that decided and the file.

One rule: only what was approved can have been answered; what was taken back is no rule of anybody.
"""

from __future__ import annotations

from collections.abc import Mapping

from mingjing_inspection.codec import CHECKLIST_VERSIONS, CHECKLISTS_ID
from mingjing_inspection.codec_checklist_file import CHECKLIST_FILES
from mingjing_inspection.domain.checklist import CHECKLISTS
from mingjing_inspection.domain.checklist_file import ChecklistFileKept
from mingjing_inspection.domain.checklist_versions import VERSIONS
from mingjing_inspection.domain.texts import checklist_text
from mingjing_kernel.audit.kept_rules import KeptRule
from mingjing_kernel.identifiers import derived_id
from mingjing_kernel.log import Log


async def kept_checklists(log: Log) -> Mapping[str, KeptRule]:
    """Every imported version that can be answered."""
    facts = await log.history(CHECKLIST_VERSIONS, CHECKLISTS_ID)
    versions = VERSIONS.fold(fact.event for fact in facts)
    found = {}
    for checklist in versions.every():
        if checklist.version in CHECKLISTS:
            continue
        source = versions.proposed[checklist.version].source
        origin = f"来源文件 file: {source.name}  SHA-256 {source.sha256}\n" if source.sha256 else ""
        file: ChecklistFileKept | None = (
            (await log.state(CHECKLIST_FILES, derived_id("checklist-file", source.sha256)))[0]
            if source.sha256
            else None
        )
        positions = tuple(fact.position for fact in facts if fact.event.version == checklist.version)
        found[checklist.version] = KeptRule(
            text=f"{origin}{checklist_text(checklist)}",
            positions=positions,
            files={file.sha256: file.content} if file else {},
        )
    return found
