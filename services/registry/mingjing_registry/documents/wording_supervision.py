"""Fact -> document, of what follows on a licence: the annual check's result, pauses, and the closing.

One rule: what families must know before they pay or come (a pause, a closing) is an announcement and has no addressee.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

from mingjing_kernel.documents.document import Document, Line, Title, in_words
from mingjing_registry.documents.document import REMEDIES, Party, announced, decided
from mingjing_registry.documents.words import CHECK_RESULT, CLOSING_STEP
from mingjing_registry.domain.annual_check import AnnualCheckRecorded
from mingjing_registry.domain.dismissal import DismissalDemanded
from mingjing_registry.domain.operation import ClosingBegan, OperationState, OperationStateChanged, PauseDeclared

_CHECKED: Final = ("年度检查结论通知书", "Notice of the annual check's result")
_CHECKED_AGAIN: Final = ("年度检查复检结论通知书", "Notice of the re-check's result")
_PAUSES: Mapping[str, Title] = MappingProxyType(
    {
        "closure": ("停业公告", "Announcement of a closure"),
        "relocation": ("搬迁停课公告", "Announcement of a relocation"),
        "pause": ("临时停课公告", "Announcement of a pause"),
    }
)
_DISMISSAL: Final = ("责令解聘通知书", "Demand to dismiss somebody")
_CLOSING: Final = ("停办公告", "Announcement that it gives up")
_CLOSED: Final = ("终止办学公告", "Announcement that it has closed")


def title_of(fact: object) -> Title | None:
    """``None`` for a result that a register states and nobody here decided, and for a state that is no closing."""
    match fact:
        case AnnualCheckRecorded(year=int(), again=again):
            return _CHECKED_AGAIN if again else _CHECKED
        case PauseDeclared(pause=pause):
            return _PAUSES[pause.purpose]
        case DismissalDemanded():
            return _DISMISSAL
        case ClosingBegan():
            return _CLOSING
        case OperationStateChanged(state=OperationState.CLOSED):
            return _CLOSED
        case _:
            return None


def _titled(fact: object) -> Title:
    title = title_of(fact)
    assert title is not None, "asked before"
    return title


def _checked(fact: AnnualCheckRecorded, party: Party) -> Document:
    result, kind = CHECK_RESULT[fact.result], "复检" if fact.again else "年度检查"
    consequence = (
        f"自即日起限制招收新学员，责令于{in_words(fact.rectify_until)}前改正并申请复检。"
        "整改期间学员申请退费的，应当依法办理。"
        if fact.result == "fail"
        else "请继续依法办学，并将本通知书在办学场所公示。"
    )
    return decided(
        _titled(fact),
        fact,
        party,
        f"根据《国务院办公厅关于规范校外培训机构发展的意见》（国办发〔2018〕80号），本机关对你单位进行了{fact.year}年度"
        f"{kind}，结论为{result}。理由：{fact.reason}",
        consequence,
        lines=(
            Line(label="检查年度", text=f"{fact.year}年"),
            Line(label="结论", text=result),
            Line(label="办学许可证号", text=party.licence_number or "——"),
            *((Line(label="整改期限", text=in_words(fact.rectify_until)),) if fact.rectify_until else ()),
        ),
        rights=REMEDIES if fact.result == "fail" else "",
    )


def _paused(fact: PauseDeclared, party: Party) -> Document:
    pause = fact.pause
    until = f"至{in_words(pause.ends_on)}" if pause.ends_on else "，恢复日期另行公告"
    purpose = {"closure": "停业", "relocation": "因搬迁停课", "pause": "临时停课"}[pause.purpose]
    return announced(
        _titled(fact),
        fact,
        party,
        f"{party.name}报备，自{in_words(pause.begins_on)}起{purpose}{until}。",
        "学员可以要求退还未消课时的费用，也可以与机构协商顺延。退费不因停课而停止。",
        lines=_of(party, ("公告编号", pause.notice_reference), ("公告日期", in_words(pause.noticed_on))),
    )


def _closing(fact: ClosingBegan, party: Party) -> Document:
    order = "、".join(CLOSING_STEP[step.value] for step in fact.order)
    return announced(
        _titled(fact),
        fact,
        party,
        f"{party.name}决定终止办学，拟于{in_words(fact.ends_on)}停办，现已进入清算。自本公告之日起不得招收新学员、"
        "不得收取费用。",
        f"请学员及其家长、职工和其他债权人向清算组（{fact.liquidator}）申报。根据《中华人民共和国民办教育促进法》"
        f"第五十九条，财产按下列顺序清偿：{order}。学员费用首先退还，停办不影响退费。",
        lines=_of(
            party,
            ("公告编号", fact.notice_reference),
            ("公告日期", in_words(fact.noticed_on)),
            ("停办日期", in_words(fact.ends_on)),
            ("清算组", fact.liquidator),
        ),
    )


def _closed(fact: OperationStateChanged, party: Party) -> Document:
    return announced(
        _titled(fact),
        fact,
        party,
        f"{party.name}财务清算已经完成，学员费用、职工工资和社会保险费用、其他债务均已结清，自{in_words(fact.on)}起终止办学。"
        f"事由：{fact.reason}",
        lines=_of(party),
    )


def _dismissal(fact: DismissalDemanded, party: Party) -> Document:
    return decided(
        _titled(fact),
        fact,
        party,
        f"经核查，你单位从业人员（登记编号见下）已列入校外培训从业人员黑名单（{fact.decision_reference}）。根据《校外培训机构从业"
        "人员管理办法（试行）》（教监管厅函〔2021〕9号），责令你单位立即停止其工作并予以解聘。",
        "请书面报告处理结果；本机关将到场核查。",
        lines=(
            Line(label="人员登记编号", text=str(fact.member_id)),
            Line(label="名单决定", text=fact.decision_reference or "——"),
        ),
    )


def _of(party: Party, *more: tuple[str, str]) -> tuple[Line, ...]:
    first = (("机构名称", party.name), ("办学许可证号", party.licence_number or "——"))
    return tuple(Line(label=label, text=text or "——") for label, text in (*first, *more))


MADE: Mapping[type[Any], Callable[[Any, Party], Document]] = MappingProxyType(
    {
        AnnualCheckRecorded: _checked,
        PauseDeclared: _paused,
        ClosingBegan: _closing,
        OperationStateChanged: _closed,
        DismissalDemanded: _dismissal,
    }
)
