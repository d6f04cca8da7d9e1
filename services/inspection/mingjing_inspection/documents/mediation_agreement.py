"""消费争议调解书: what both sides agreed, in the words of a document.

One rule: who complained is not printed: the complaint's number stands for the person, who signs by hand.
"""

from __future__ import annotations

from typing import Final

from mingjing_inspection.domain.complaint_track import Known
from mingjing_inspection.domain.track_handling_facts import AgreementReached
from mingjing_kernel.clock import shanghai_date
from mingjing_kernel.documents.authority import authority
from mingjing_kernel.documents.document import Document, Line, in_words
from mingjing_kernel.log import Recorded

TITLE: Final = ("消费争议调解书", "Agreement reached in mediation")
RIGHTS: Final = (
    "本调解书由双方签字或者盖章后生效，双方应当自觉履行。经调解达成协议后，一方不履行的，另一方可以依法申请仲裁或者提起诉讼；"
    "双方可以自协议生效之日起三十日内共同向人民法院申请司法确认。"
)
FEN_OF_YUAN: Final = 100


def agreement_of(fact: Recorded[AgreementReached], known: Known, *, complaint: str, name: str, county: str) -> Document:
    """What the mediating department writes down for both."""
    agreed = fact.event
    numbered = tuple(Line(label=f"第{number}项", text=term) for number, term in enumerate(agreed.terms, start=1))
    money: tuple[Line, ...] = ()
    if agreed.refund_fen:
        yuan, fen = divmod(agreed.refund_fen, FEN_OF_YUAN)
        money = (
            Line(label="退还金额", text=f"人民币{yuan}.{fen:02}元"),
            Line(label="支付期限", text=in_words(agreed.pay_by)),
        )
    return Document(
        title=TITLE[0],
        title_en=TITLE[1],
        addressee="",
        paragraphs=(
            f"编号{complaint}的投诉人与被投诉人{name or '（机构待确认）'}因校外培训服务发生争议。"
            "经本机关组织调解，双方自愿达成如下协议：",
        ),
        lines=(
            *numbered,
            *money,
            Line(label="投诉人（签字）", text="　"),
            Line(label="被投诉人（盖章）", text="　"),
            Line(label="调解员（签字）", text="　"),
        ),
        rights=RIGHTS,
        authority=authority(county, known.handler or known.department),
        issued_on=in_words(shanghai_date(agreed.at)),
    )


def number_of(fact: Recorded[AgreementReached]) -> str:
    """调解〔2026〕第1234号: the year in China and the position in the log of inspection."""
    return f"调解〔{shanghai_date(fact.recorded_at).year}〕第{fact.position}号"
