"""Purposes (查看目的) for which sealed personal information may be opened: a closed list.

The one rule: whoever opens picks one and says in words which case it is for; "other" is no purpose
(个人信息保护法 PIPL art. 6, 34: a statutory duty, and no wider than it needs).
"""

from __future__ import annotations

from enum import StrEnum


class Purpose(StrEnum):
    """Why somebody must know who it is. Released values are for ever."""

    CALL_BACK = "call-back"
    """Tell her what became of it, or ask what is unclear."""
    MEDIATE = "mediate"
    """Bring the parties of a dispute together."""
    INVESTIGATE = "investigate"
    """Take her statement in a filed case."""
    REFUND = "refund"
    """Pay a family its money back."""
    TRANSFER = "transfer"
    """Hand a case over to another authority, which needs the person."""
    RIGHTS = "rights"
    """Answer the person herself, who asks what is held about her."""

    @property
    def zh(self) -> str:
        """For the screen."""
        return _CHINESE[self]


_CHINESE = {
    Purpose.CALL_BACK: "回访告知",
    Purpose.MEDIATE: "组织调解",
    Purpose.INVESTIGATE: "调查取证",
    Purpose.REFUND: "办理退费",
    Purpose.TRANSFER: "移送案件",
    Purpose.RIGHTS: "答复本人权利请求",
}
