"""Grounds of an act: why, and by which law.

One rule: what the body says is what stands beside the fact in the log; the headers count where the body is silent,
and the law that governs the act where neither says anything.
"""

from __future__ import annotations

from typing import Final

from msgspec.structs import replace

from mingjing_kernel.log import Envelope

ACCEPTANCE: Final = "行政许可法第三十二条"
"""Accept an application, or send it back for completion."""
DECISION: Final = "民办教育促进法第十七条；行政许可法第三十八条"
"""Grant or refuse, within three months."""
RENEWAL: Final = "行政许可法第五十条"
"""Extend the validity on application."""
GIVING_UP: Final = "民办教育促进法第五十九条；行政许可法第七十条"
"""Cancel voluntarily, once no family is owed anything."""
SUSPENDING: Final = "行政处罚法第九条"
"""Withholding a licence is a penalty; so is its end."""
CHECKING: Final = "国办发〔2018〕80号"
"""The annual check, and the whitelist that follows from it."""
RECTIFYING: Final = "行政处罚法第二十八条"
"""Have it put right within a time."""
CHANGING: Final = "民办教育促进法第五十三条至第五十五条"
"""Changes of organizer, name, category; merger and split."""
CODING: Final = "国发〔2015〕33号"
"""One unified social credit code a legal person, from its registration on."""
OPERATING: Final = "民办教育促进法第五十六条至第五十九条"
"""Beginning, pausing and ending; who is paid first."""
RECORDING: Final = "国办发〔2018〕80号"
"""What is recorded of an institution and kept up to date."""
PREMISES: Final = "教监管厅函〔2022〕9号"
"""Area and fire safety of teaching sites."""
EMPLOYING: Final = "教监管厅函〔2021〕9号"
"""Who may work at an institution, and how many of whom (L18)."""
AFTER_SCHOOL_SERVICE: Final = "中办发〔2021〕40号"
"""The county selects outside providers for schools, and takes them off its list."""


def grounded(written: Envelope, reason: str = "", legal_basis: str = "", *, governed_by: str = "") -> Envelope:
    """The envelope with the grounds of the act."""
    return replace(
        written,
        reason=reason or written.reason,
        legal_basis=legal_basis or written.legal_basis or governed_by,
    )
