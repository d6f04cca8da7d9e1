"""Every fact has its sentence, in both languages, and no sentence tells of a person."""

from __future__ import annotations

import re
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from contracts.sample import sample
from mingjing_kernel.log import Meta
from mingjing_kernel.sealed import Sealed
from mingjing_registry.chronicle.telling import SENTENCES, TOPICS, basis_of, reason_of, told, topic_of, types_of
from mingjing_registry.codec import INSTITUTION_CODEC
from mingjing_registry.domain import licence, mirror, whitelist
from mingjing_registry.domain.blacklist import SealedPerson
from mingjing_registry.service import SERVICE

OWN = {
    name: kind
    for aggregate in SERVICE.aggregates
    for name, kind in aggregate.codec.types.items()
    if name.startswith("registry.") and kind.__module__.startswith("mingjing_registry.")
}
META = Meta(actor="jia", command_id=UUID(int=1), reason="材料齐全", legal_basis="教育法第1条")
CHINESE = re.compile(r"[\u4e00-\u9fff]")


@pytest.mark.parametrize("name", sorted(OWN))
def test_every_fact_has_a_sentence_in_both_languages(name: str) -> None:
    kind: Any = OWN[name]
    assert kind in SENTENCES, f"{name} has no sentence: add one in mingjing_registry/chronicle"
    assert topic_of(sample(kind))
    for least in (False, True):
        words = told(sample(kind, least=least))
        assert CHINESE.search(words.zh)
        assert words.zh.endswith("。")
        assert words.en.endswith(".")
        assert "{" not in words.zh + words.en
    sentence = SENTENCES[kind]
    assert sorted(fields(sentence.zh)) == sorted(fields(sentence.en)), "the two languages tell the same"


def fields(template: str) -> set[str]:
    return set(re.findall(r"{([^}:]+)", template))


def test_no_fact_is_told_under_two_topics() -> None:
    facts = [fact for sentences in TOPICS.values() for fact in sentences]
    assert len(facts) == len(set(facts))


def test_a_sealed_name_stays_sealed() -> None:
    person = SealedPerson(name=Sealed(subject="barred-1", algorithm="AES-256-GCM", key_id="1", box="AAAA"))
    entry = mirror.BarredPerson(
        source="国家平台",
        source_id="7",
        person=person,
        identity_digest="d",
        reason="",
        decision_reference="决定7号",
        barred_on=date(2026, 1, 1),
        until=None,
    )
    words = told(mirror.StaffBarred(entry=entry, stated_on=date(2026, 1, 1), on=date(2026, 1, 1)))
    assert "（已封存）" in words.zh
    assert "(sealed)" in words.en


def test_why_is_what_the_decision_says_and_then_what_the_officer_wrote() -> None:
    fact = licence.LicenceSuspended(
        decision_reference="罚1号",
        served_on=date(2026, 6, 1),
        reason="超范围培训",
        legal_basis="民促法第62条",
        on=date(2026, 6, 2),
    )
    assert reason_of(fact, META) == "超范围培训 · 材料齐全"
    assert basis_of(fact, META) == "民促法第62条 · 教育法第1条"
    assert told(fact).zh == "暂扣办学许可证，决定书 罚1号，2026-06-01 送达。"


def test_the_reason_of_an_exit_from_the_whitelist_is_in_the_sentence() -> None:
    left = whitelist.WhitelistLeft(reason=whitelist.Standing.CUSTODY_INACTIVE, on=date(2026, 6, 2))
    assert told(left) == ("移出白名单：托管专户未启用。", "Off the whitelist: its custody account is not active.")
    assert reason_of(left, META) == "材料齐全"
    assert basis_of(left, Meta(actor="registry", command_id=UUID(int=1))) == "国办发〔2018〕80号"


def test_a_topic_names_its_stored_facts() -> None:
    assert types_of("list", (INSTITUTION_CODEC,)) == [
        "registry.institution-blacklisted.v1",
        "registry.institution-cleared.v1",
        "registry.whitelist-entered.v1",
        "registry.whitelist-left.v1",
    ]
