"""Fact -> document: what each licensing decision says in official Chinese, and on which article it stands.

One rule: a fact that gives no document gives ``None``, and the list of documents leaves it out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from mingjing_kernel.documents.document import Document, Line, Title, in_words
from mingjing_registry.documents import wording_supervision as supervision
from mingjing_registry.documents.document import REMEDIES, Party, announced, decided
from mingjing_registry.domain import change, licence, rectification

_Make = Callable[[Any, Party], Document]


def document_of(fact: object, party: Party) -> Document | None:
    """The document that a fact of the institution's stream gives."""
    make = _MADE.get(type(fact))
    return None if make is None or title_of(fact) is None else make(fact, party)


def title_of(fact: object) -> Title | None:
    """Chinese and English title, without making the document; ``None`` where the fact gives none."""
    return _TITLES.get(type(fact)) or supervision.title_of(fact)


def _made(fact: Any, party: Party, *paragraphs: str, lines: tuple[Line, ...] = (), rights: str = "") -> Document:
    return decided(_TITLES[type(fact)], fact, party, *paragraphs, lines=lines, rights=rights)


def _accepted(fact: licence.LicenceAccepted, party: Party) -> Document:
    return _made(
        fact,
        party,
        "你单位提交的举办校外培训机构的申请材料齐全、符合法定形式。根据《中华人民共和国行政许可法》第三十二条，"
        f"本机关于{in_words(fact.on)}予以受理。",
        f"根据《中华人民共和国民办教育促进法》第十七条，本机关将于{in_words(fact.decide_by)}前作出是否批准的书面决定。",
    )


def _returned(fact: licence.LicenceReturned, party: Party) -> Document:
    return _made(
        fact,
        party,
        "你单位提交的举办校外培训机构的申请材料需要补正。根据《中华人民共和国行政许可法》第三十二条，现一次告知如下：",
        fact.reason,
        "请补正后重新提交。",
    )


def _refused(fact: licence.LicenceRefused, party: Party) -> Document:
    return _made(
        fact,
        party,
        "你单位提出的举办校外培训机构的申请，经审查，不符合法定条件。根据《中华人民共和国行政许可法》第三十八条，"
        "本机关决定不予行政许可。理由如下：",
        fact.reason,
        rights=REMEDIES,
    )


def _approved(fact: licence.LicenceApproved, party: Party) -> Document:
    terms = fact.terms
    return _made(
        fact,
        party,
        "你单位提出的举办校外培训机构的申请，经审查，符合法定条件。根据《中华人民共和国行政许可法》第三十八条和"
        "《中华人民共和国民办教育促进法》第十二条，本机关决定准予行政许可。",
        lines=(
            Line(label="办学许可证号", text=terms.number or "——"),
            Line(
                label="有效期",
                text=f"{in_words(terms.valid_from or terms.issued_on or fact.on)}至{in_words(terms.expires_on)}",
            ),
            Line(label="现场核查", text=fact.site_check_reference),
        ),
    )


def _renewed(fact: licence.LicenceRenewed, party: Party) -> Document:
    return _made(
        fact,
        party,
        "你单位提出的延续办学许可的申请，经审查，符合法定条件。根据《中华人民共和国行政许可法》第五十条，"
        f"本机关决定准予延续，有效期至{in_words(fact.expires_on)}。",
        lines=(Line(label="办学许可证号", text=party.licence_number or "——"),),
    )


def _suspended(fact: licence.LicenceSuspended, party: Party) -> Document:
    return _made(
        fact,
        party,
        f"依据{fact.legal_basis}和已于{in_words(fact.served_on)}送达的行政处罚决定（{fact.decision_reference}），"
        f"本机关自{in_words(fact.on)}起暂扣你单位办学许可证。事由：{fact.reason}",
        "暂扣期间不得招收新学员、不得收取费用；学员申请退费的，应当依法办理。",
        rights=REMEDIES,
    )


def _reinstated(fact: licence.LicenceReinstated, party: Party) -> Document:
    return _made(
        fact,
        party,
        f"根据{fact.decision_reference}，本机关自{in_words(fact.on)}起解除对你单位办学许可证的暂扣。事由：{fact.reason}",
    )


def _revoked(fact: licence.LicenceRevoked, party: Party) -> Document:
    return _made(
        fact,
        party,
        f"依据{fact.legal_basis}和已于{in_words(fact.served_on)}送达的行政处罚决定（{fact.decision_reference}），"
        f"本机关自{in_words(fact.on)}起吊销你单位办学许可证。事由：{fact.reason}",
        f"作出决定前已告知听证权利（{fact.hearing_notice_reference}）。你单位应当立即停止招生和收费，依法清退学员费用。",
        lines=(Line(label="办学许可证号", text=party.licence_number or "——"),),
        rights=REMEDIES,
    )


def _cancelled(fact: licence.LicenceCancelled, party: Party) -> Document:
    return announced(
        _TITLES[licence.LicenceCancelled],
        fact,
        party,
        f"{party.name}申请终止办学（{fact.application_reference}），财务清算已经完成，学员预收费已经结清，并已公告"
        f"（{fact.public_notice_reference}）。根据《中华人民共和国行政许可法》第七十条，本机关自{in_words(fact.on)}起"
        "注销其办学许可。",
        "自注销之日起，该机构不得以原办学许可证从事校外培训。",
        lines=(
            Line(label="机构名称", text=party.name),
            Line(label="统一社会信用代码", text=party.uscc or "——"),
            Line(label="办学许可证号", text=party.licence_number or "——"),
        ),
    )


def _rectify(fact: rectification.RectificationOrdered, party: Party) -> Document:
    return _made(
        fact,
        party,
        f"经查，你单位存在下列问题：{fact.matter}",
        f"根据{fact.legal_basis}，责令你单位于{in_words(fact.deadline)}前改正，并书面报告整改情况。逾期不改正的，依法处理。",
        lines=(Line(label="通知书文号", text=fact.reference), Line(label="送达日期", text=in_words(fact.served_on))),
    )


def _rectified(fact: rectification.RectificationEnded, party: Party) -> Document:
    outcome = "整改合格，予以销号" if fact.passed else "整改不合格"
    return _made(fact, party, f"经复查，你单位{outcome}（{fact.reference}）。{fact.reason}")


def _changed(fact: change.ChangeApproved, party: Party) -> Document:
    return _made(
        fact,
        party,
        "你单位提出的变更申请，经审查，符合法定条件。根据《中华人民共和国民办教育促进法》第五十四条、第五十五条，"
        "本机关决定准予变更，登记事项以本机关公示为准。",
    )


def _change_refused(fact: change.ChangeRefused, party: Party) -> Document:
    return _made(
        fact,
        party,
        f"你单位提出的变更申请（{fact.number}），经审查，不符合法定条件。根据《中华人民共和国行政许可法》第三十八条、"
        "第四十九条，本机关决定不予变更。理由如下：",
        fact.reason,
        rights=REMEDIES,
    )


_TITLES: Mapping[type[Any], Title] = MappingProxyType(
    {
        licence.LicenceAccepted: ("行政许可申请受理通知书", "Notice of acceptance"),
        licence.LicenceReturned: ("行政许可申请补正通知书", "Notice to complete the application"),
        licence.LicenceRefused: ("不予行政许可决定书", "Decision to refuse a licence"),
        licence.LicenceApproved: ("准予行政许可决定书", "Decision to grant a licence"),
        licence.LicenceRenewed: ("准予延续行政许可决定书", "Decision to renew a licence"),
        licence.LicenceSuspended: ("暂扣办学许可证通知书", "Notice of suspension"),
        licence.LicenceReinstated: ("解除暂扣办学许可证通知书", "Notice that the suspension ended"),
        licence.LicenceRevoked: ("吊销办学许可证公告", "Notice of revocation"),
        licence.LicenceCancelled: ("注销办学许可公告", "Notice of cancellation"),
        rectification.RectificationOrdered: ("责令限期整改通知书", "Rectification notice"),
        rectification.RectificationEnded: ("整改复查意见书", "Opinion on rectification"),
        change.ChangeApproved: ("准予变更行政许可决定书", "Decision to allow a change"),
        change.ChangeRefused: ("不予变更行政许可决定书", "Decision to refuse a change"),
    }
)
_MADE: Mapping[type[Any], _Make] = MappingProxyType(
    {
        licence.LicenceAccepted: _accepted,
        licence.LicenceReturned: _returned,
        licence.LicenceRefused: _refused,
        licence.LicenceApproved: _approved,
        licence.LicenceRenewed: _renewed,
        licence.LicenceSuspended: _suspended,
        licence.LicenceReinstated: _reinstated,
        licence.LicenceRevoked: _revoked,
        licence.LicenceCancelled: _cancelled,
        rectification.RectificationOrdered: _rectify,
        rectification.RectificationEnded: _rectified,
        change.ChangeApproved: _changed,
        change.ChangeRefused: _change_refused,
        **supervision.MADE,
    }
)
