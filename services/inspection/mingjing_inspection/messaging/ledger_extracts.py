"""Reaction X21: funds has answered what stands in the ledger of an order; the complaint's track says it.

One rule: it stands on the track as it was said, beside who asked and for what. Nobody is named in it.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from mingjing_contracts.funds import LedgerExtractStatedV1
from mingjing_inspection.codec_tracks import TRACKS
from mingjing_inspection.domain.track_handling_commands import NoteExtract
from mingjing_inspection.domain.track_handling_facts import LedgerExtractReceived, LedgerLine
from mingjing_kernel.broker.message import Message, Reaction
from mingjing_kernel.log import Work

ANSWERED = "ledger-extract-stated"
"""Why; a code, put into words where somebody reads it."""
BASIS: Final = "消费者权益保护法第三十二条"


def extract_stated(message: Message[LedgerExtractStatedV1], _host: Any) -> list[Work]:
    """Onto the track whose handler has asked."""
    told = message.contract
    said = told.model_dump(exclude={"track_id", "lines"})
    lines = tuple(LedgerLine(**line.model_dump()) for line in told.lines)
    received = LedgerExtractReceived(text=in_words(told), lines=lines, at=message.occurred_at, **said)
    envelope = message.envelope("inspection-note-extract", reason=ANSWERED, legal_basis=BASIS)
    return [Work(TRACKS, told.track_id, NoteExtract(received=received), envelope)]


def in_words(told: LedgerExtractStatedV1) -> str:
    """One line for people."""
    if not told.is_known:
        return "资金监管系统没有这份合同。"
    if not told.paid_fen:
        return f"合同{told.contract_no}：{told.lessons}课时，合同金额{_yuan(told.price_fen)}元，未登记缴费。"
    parts = (
        f"合同{told.contract_no}：{told.lessons}课时，已消{told.used}课时",
        f"已缴{_yuan(told.paid_fen)}元，已消{_yuan(told.earned_fen)}元，已拨付{_yuan(told.released_fen)}元",
        f"已退{_yuan(told.refunded_fen)}元，已转出{_yuan(told.transferred_fen)}元",
        f"剩余{_yuan(told.remaining_fen)}元，其中已同意未退{_yuan(told.promised_fen)}元",
    )
    return "；".join(parts) + ("；该合同拨付因争议中止。" if told.is_disputed else "。")


def _yuan(fen: int) -> str:
    return f"{fen // 100}.{fen % 100:02d}"


EXTRACTS_INBOUND: Mapping[type[Any], Reaction] = MappingProxyType({LedgerExtractStatedV1: extract_stated})
