"""From an institution's facts to a document's bytes: who is addressed, under which number, with which proof.

One rule: the number follows from the place of the fact in the log, so that no two documents share one and none is lost.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

from mingjing_kernel.clock import shanghai_date
from mingjing_kernel.documents.authority import authority
from mingjing_kernel.documents.document import Document, Line, in_words
from mingjing_kernel.log import Recorded
from mingjing_registry.documents import wording_lists
from mingjing_registry.documents.document import Party
from mingjing_registry.documents.wording import document_of
from mingjing_registry.documents.words import CATEGORY
from mingjing_registry.domain.blacklist_facts import BlacklistListed, BlacklistProposed
from mingjing_registry.domain.institution import Known
from mingjing_registry.domain.licence import Licensed
from mingjing_registry.domain.licensing import terms_of

_Fact = TypeVar("_Fact")
CERTIFICATE = ("办学许可登记信息", "Licence as registered")


def party_of(known: Known, division: str) -> Party:
    """How documents name an institution as it stood."""
    particulars = known.particulars
    department = particulars.departments[0] if particulars.departments else known.listing.register
    return Party(
        name=particulars.name,
        uscc=particulars.uscc,
        licence_number=terms_of(known.licence).number,
        department=authority(division, department),
    )


def number_of(fact: Recorded[Any]) -> str:
    """登记〔2026〕第1234号: the year in China and the position in the registry's log."""
    return f"登记〔{shanghai_date(fact.recorded_at).year}〕第{fact.position}号"


def decision(fact: Recorded[Any], known: Known, division: str) -> Document | None:
    """The document of one fact, for the institution as it stood right after it."""
    return document_of(fact.event, party_of(known, division))


def listing_decision(facts: Sequence[Recorded[Any]], name: str, division: str) -> Document | None:
    """The document of the last of a blacklisting's facts. ``name``: the mask of a natural person."""
    proposed = _latest(facts, BlacklistProposed)
    assert proposed is not None, "a file begins with its proposal"
    party = Party(
        name=proposed.party.name or name or wording_lists.SEALED,
        uscc=proposed.party.code,
        licence_number="",
        department=authority(division, proposed.within.department),
    )
    case = wording_lists.Case(
        party=party, legal_basis=proposed.legal_basis_reference, decision=_latest(facts, BlacklistListed)
    )
    return wording_lists.document_of(facts[-1].event, case)


def certificate(known: Known, sites: Sequence[str], division: str) -> Document:
    """What the register says of a licence in force; the paper licence is the department's."""
    assert isinstance(known.licence, Licensed), "asked before"
    particulars, terms, party = known.particulars, known.licence.terms, party_of(known, division)
    categories = "、".join(CATEGORY.get(category, category) for category in particulars.categories)
    lines = (
        ("机构名称", particulars.name),
        ("统一社会信用代码", particulars.uscc or "——"),
        ("办学许可证号", terms.number or "——"),
        ("负责人", particulars.legal_representative or "——"),
        ("办学类别", " ".join(filter(None, (categories, "、".join(particulars.items)))) or "——"),
        ("教学点", "；".join(sites) or "——"),
        ("有效期至", in_words(terms.expires_on)),
        ("托管银行", known.custody.bank if known.custody.is_active else "未启用"),
    )
    return Document(
        title=CERTIFICATE[0],
        title_en=CERTIFICATE[1],
        addressee=particulars.name,
        paragraphs=("本页由登记系统依据日志生成，以实时公示为准。扫描二维码查看当前状态。",),
        lines=tuple(Line(label=label, text=text) for label, text in lines),
        authority=party.department,
        issued_on=in_words(terms.issued_on or terms.valid_from),
    )


def poster(name: str, address: str, approved: str, hotline: str) -> Document:
    """What hangs at the door of a site."""
    return Document(
        title="校外培训机构教学点",
        title_en="Approved teaching site",
        addressee=name,
        paragraphs=(
            "只向托管专户交费，不要转给个人。",
            f"无证办学、私下收款、停课失联，请拨 {hotline}。",
        ),
        lines=(Line(label="批准地址", text=address), Line(label="批准日期", text=approved)),
    )


def _latest(facts: Sequence[Recorded[Any]], kind: type[_Fact]) -> _Fact | None:
    return next((fact.event for fact in reversed(facts) if isinstance(fact.event, kind)), None)
