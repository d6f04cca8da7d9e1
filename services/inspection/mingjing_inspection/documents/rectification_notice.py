"""责令限期整改通知书: the order of a rectification, in the words of a notice.

One rule: its number follows from the place of the order in the log, so that no two notices share one and none is lost.
"""

from __future__ import annotations

from typing import Final

from mingjing_inspection.domain.rectification_facts import RectificationOrdered
from mingjing_kernel.clock import shanghai_date
from mingjing_kernel.documents.authority import authority
from mingjing_kernel.documents.document import Document, Line, in_words
from mingjing_kernel.log import Recorded

TITLE: Final = ("责令限期整改通知书", "Order to put right within a time")
RIGHTS: Final = (
    "如对本通知有异议，可以在收到之日起向本机关陈述、申辩，也可以依法申请行政复议或者提起行政诉讼。"
    "逾期未整改或者整改不到位的，将依法移送核查处理。"
)


def notice_of(fact: Recorded[RectificationOrdered], county: str) -> Document:
    """What the competent department tells the institution."""
    order = fact.event
    numbered = tuple(Line(label=f"第{number}项", text=text) for number, text in enumerate(order.requirements, start=1))
    return Document(
        title=TITLE[0],
        title_en=TITLE[1],
        addressee=order.grounds.name,
        paragraphs=(
            f"经检查，你单位存在以下问题：{order.grounds.summary.rstrip('。')}。",
            f"依据{order.legal_basis}，责令你单位于{in_words(order.deadline)}前完成下列整改，并书面报告整改结果、附相关证据。",
        ),
        lines=(*numbered, Line(label="整改期限", text=in_words(order.deadline))),
        rights=RIGHTS,
        authority=authority(county, order.grounds.department),
        issued_on=in_words(order.on),
    )


def number_of(fact: Recorded[RectificationOrdered]) -> str:
    """整改〔2026〕第1234号: the year in China and the position in the log of inspection."""
    return f"整改〔{shanghai_date(fact.recorded_at).year}〕第{fact.position}号"
