"""Every fact of the registry in words, by topic; with why, on what basis and by which version of the rules.

One rule: what the fact itself says comes first; what the officer wrote beside it (the envelope) comes after.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from mingjing_kernel.codec import Codec
from mingjing_kernel.log import Meta
from mingjing_registry.chronicle import (
    exchange_sentences,
    institution_sentences,
    licence_sentences,
    list_sentences,
    people_sentences,
)
from mingjing_registry.chronicle.sentence import Sentence, Sentences, Told, tell

TOPICS: Mapping[str, Sentences] = MappingProxyType(
    {
        "record": institution_sentences.RECORD,
        "application": licence_sentences.APPLICATION,
        "licence": licence_sentences.LICENCE,
        "change": licence_sentences.CHANGES,
        "site": institution_sentences.SITES,
        "funds": institution_sentences.FUNDS,
        "operation": institution_sentences.OPERATION,
        "annual-check": institution_sentences.CHECKS,
        "list": list_sentences.STANDING,
        "blacklist": list_sentences.BLACKLIST,
        "mirrored": list_sentences.MIRRORED,
        "consumer": list_sentences.CONSUMERS,
        "likeness": list_sentences.LIKENESSES,
        "staff": {**people_sentences.STAFF, **institution_sentences.EMPLOYING},
        "school": people_sentences.SCHOOLS,
        "filing": people_sentences.FILINGS,
        "breach": people_sentences.BREACHES,
        "provider": people_sentences.PROVIDERS,
        "import": exchange_sentences.IMPORTS,
        "roster": exchange_sentences.ROSTER,
        "export": exchange_sentences.EXPORTS,
        "prepaid": exchange_sentences.PREPAID,
        "inspection": exchange_sentences.INSPECTION,
    }
)
SENTENCES: Mapping[type, Sentence] = MappingProxyType(
    {fact: sentence for topic in TOPICS.values() for fact, sentence in topic.items()}
)
_TOPIC_OF: Mapping[type, str] = {fact: topic for topic, sentences in TOPICS.items() for fact in sentences}
_POLICY: Final = ("policy_version", "rule_version", "rule", "resemblance.rule_version")
_BASIS: Final = ("legal_basis", "legal_basis_reference", "waiver.legal_basis")
_REASON: Final = ("waiver.reason", "deduction.reason", "matter", "opinion", "findings", "check.findings")


def told(fact: object) -> Told:
    """The sentence; a fact of a later release is told by its name."""
    sentence = SENTENCES.get(type(fact))
    return tell(fact, sentence) if sentence else Told(type(fact).__name__, type(fact).__name__)


def topic_of(fact: object) -> str:
    """What the fact is about."""
    return _TOPIC_OF.get(type(fact), "")


def types_of(topic: str, codecs: tuple[Codec[Any], ...]) -> list[str]:
    """The stored names of a topic's facts, the retired ones too."""
    wanted = TOPICS[topic]
    found = {name for codec in codecs for name, kind in codec.types.items() if kind in wanted}
    found |= {name for codec in codecs for name, step in codec.retired.items() if step.into in found}
    return sorted(found)


def reason_of(fact: object, meta: Meta) -> str:
    """Why, as the fact and the officer say it."""
    stated = getattr(fact, "reason", "")
    own = stated if type(stated) is str else ""  # of a whitelist's entry the reason is a code and in the sentence
    return _joined(own or _first(fact, _REASON), meta.reason)


def basis_of(fact: object, meta: Meta) -> str:
    """On what legal basis: the one that was cited, else the article that such a fact stands on."""
    cited = _joined(_first(fact, _BASIS), meta.legal_basis)
    sentence = SENTENCES.get(type(fact))
    return cited or (sentence.basis if sentence else "")


def policy_of(fact: object) -> str:
    """Which version of a policy it was decided by; empty where no number was used."""
    return _first(fact, _POLICY)


def _joined(*texts: str) -> str:
    return " · ".join(dict.fromkeys(text.strip() for text in texts if text.strip()))


def _first(fact: object, paths: tuple[str, ...]) -> str:
    for path in paths:
        found: Any = fact
        for name in path.split("."):
            found = getattr(found, name, None)
        if isinstance(found, str) and found:
            return found
    return ""
