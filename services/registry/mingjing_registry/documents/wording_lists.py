"""Fact -> document, of a blacklisting (B1): prior notice, decisions, credit repair, removal.

One rule: a document of a file says the law of its proposal, and of a natural person no more than the mask: who needs
the name on paper opens it under the rules of sealed data and writes it in.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from mingjing_kernel.documents.document import Document, Line, Title, in_words
from mingjing_registry.documents.document import REMEDIES, Party, decided
from mingjing_registry.documents.words import GRADE
from mingjing_registry.domain import blacklist_facts as f

SEALED: Final = "当事人（姓名已封存）"
"""How a person is addressed whose key is gone."""
_REMOVALS: Mapping[str, Title] = MappingProxyType(
    {
        "expired": ("移出黑名单通知书", "Notice of removal: the term is over"),
        "annulled": ("撤销列入黑名单决定书", "Decision to withdraw the listing: its penalty was annulled"),
        "corrected": ("更正列入黑名单决定书", "Decision to withdraw the listing: it was an error"),
    }
)
"""A repaired listing has its decision already: the one on the repair."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """The file as its documents need it: the party, the proposal's ground, and the decision once there is one."""

    party: Party
    legal_basis: str
    decision: f.BlacklistListed | None = None


def title_of(fact: object) -> Title | None:
    """Chinese and English title; ``None`` where the fact gives no document."""
    if isinstance(fact, f.BlacklistRemoved):
        return _REMOVALS.get(fact.cause)
    return _TITLES.get(type(fact))


def document_of(fact: object, case: Case) -> Document | None:
    """The document that a fact of a file gives."""
    title = title_of(fact)
    return None if title is None else _MADE[type(fact)](title, fact, case)


def _noticed(title: Title, fact: f.BlacklistNoticeServed, case: Case) -> Document:
    return decided(
        title,
        fact,
        case.party,
        f"经查，你（单位）存在下列情形：{fact.reasons}",
        f"根据{case.legal_basis}，本机关拟将你（单位）列入校外培训黑名单。作出决定前，依法告知你（单位）享有的权利："
        f"{fact.rights}",
        f"请于{in_words(fact.respond_by)}前向本机关提出。逾期未提出的，视为放弃陈述、申辩和要求听证的权利。",
        lines=_lines(
            ("告知书文号", fact.notice_reference),
            ("送达日期", in_words(fact.served_on)),
            ("陈述申辩期限", in_words(fact.respond_by)),
        ),
    )


def _listed(title: Title, fact: f.BlacklistListed, case: Case) -> Document:
    heard = f"对你（单位）的陈述、申辩，本机关认为：{fact.answer}" if fact.answer else "你（单位）未提出陈述、申辩。"
    consent = "本决定经上级机关同意后公布。" if fact.needs_consent else ""
    return decided(
        title,
        fact,
        case.party,
        f"根据{case.legal_basis}，本机关决定将你（单位）列入校外培训黑名单，失信等级为{GRADE[fact.grade.value]}。"
        f"理由：{fact.reason}",
        heard,
        f"公示期至{in_words(fact.ends_on)}止，最短公示期至{in_words(fact.minimum_until)}。最短公示期届满且已经改正、"
        f"履行全部义务并公开作出信用承诺的，可以申请信用修复。{consent}",
        lines=_lines(
            ("决定书文号", fact.document_number),
            ("失信等级", GRADE[fact.grade.value]),
            ("公示期满", in_words(fact.ends_on)),
        ),
        rights=REMEDIES,
    )


def _rejected(title: Title, fact: f.BlacklistRejected, case: Case) -> Document:
    by = f"经报上级机关（{fact.reference}），" if fact.by_superior else "经审查，"
    return decided(title, fact, case.party, f"{by}本机关决定不将你（单位）列入校外培训黑名单。理由：{fact.reason}")


def _repair_accepted(title: Title, fact: f.BlacklistRepairAccepted, case: Case) -> Document:
    return decided(
        title,
        fact,
        case.party,
        f"你（单位）提交的信用修复申请材料齐全，本机关于{in_words(fact.on)}予以受理，将于{in_words(fact.decide_by)}前"
        "作出是否准予修复的决定。",
        lines=_lines(
            ("列入决定书", _number(case)),
            ("改正证明", fact.correction_reference),
            ("义务履行证明", fact.duties_reference),
            ("信用承诺书", fact.commitment_reference),
        ),
    )


def _repaired(title: Title, fact: f.BlacklistRepaired, case: Case) -> Document:
    return decided(
        title,
        fact,
        case.party,
        f"你（单位）的信用修复申请符合《信用修复管理办法》规定的条件。本机关决定准予修复，自{in_words(fact.on)}起将你（单位）"
        f"移出校外培训黑名单，停止公示、共享和使用相关失信信息，解除相应措施。理由：{fact.reason}",
        lines=_lines(("列入决定书", _number(case))),
    )


def _repair_refused(title: Title, fact: f.BlacklistRepairRefused, case: Case) -> Document:
    return decided(
        title,
        fact,
        case.party,
        f"你（单位）的信用修复申请不符合《信用修复管理办法》规定的条件，本机关决定不予修复。理由：{fact.reason}",
        "本次不予修复不影响条件具备后再次申请。",
        lines=_lines(("列入决定书", _number(case))),
        rights=REMEDIES,
    )


def _removed(title: Title, fact: f.BlacklistRemoved, case: Case) -> Document:
    ground = {
        "expired": "公示期限届满",
        "annulled": f"列入所依据的处罚决定已被撤销（{fact.reference}）",
        "corrected": f"经查列入有误（{fact.reference}）",
    }[fact.cause]
    reason = f"理由：{fact.reason}" if fact.reason else ""
    return decided(
        title,
        fact,
        case.party,
        f"因{ground}，本机关自{in_words(fact.on)}起将你（单位）移出校外培训黑名单，停止公示、共享和使用相关失信信息，"
        f"解除相应措施。{reason}",
        lines=_lines(("列入决定书", _number(case)), ("移出日期", in_words(fact.on))),
    )


def _number(case: Case) -> str:
    return case.decision.document_number if case.decision else "——"


def _lines(*lines: tuple[str, str]) -> tuple[Line, ...]:
    return tuple(Line(label=label, text=text or "——") for label, text in lines)


_TITLES: Mapping[type[Any], Title] = MappingProxyType(
    {
        f.BlacklistNoticeServed: ("拟列入黑名单事先告知书", "Prior notice of a listing"),
        f.BlacklistListed: ("列入黑名单决定书", "Decision to list"),
        f.BlacklistRejected: ("不予列入黑名单决定书", "Decision not to list"),
        f.BlacklistRepairAccepted: ("信用修复申请受理通知书", "Notice that the repair is taken in"),
        f.BlacklistRepaired: ("准予信用修复决定书", "Decision to grant the repair"),
        f.BlacklistRepairRefused: ("不予信用修复决定书", "Decision to refuse the repair"),
    }
)
_MADE: Mapping[type[Any], Callable[[Title, Any, Case], Document]] = MappingProxyType(
    {
        f.BlacklistNoticeServed: _noticed,
        f.BlacklistListed: _listed,
        f.BlacklistRejected: _rejected,
        f.BlacklistRepairAccepted: _repair_accepted,
        f.BlacklistRepaired: _repaired,
        f.BlacklistRepairRefused: _repair_refused,
        f.BlacklistRemoved: _removed,
    }
)
