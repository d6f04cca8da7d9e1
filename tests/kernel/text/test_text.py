"""Sentences in two languages, from the catalogue as it is written."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from mingjing_kernel.http.validation import MESSAGES
from mingjing_kernel.identity import Role
from mingjing_kernel.refusal import Refusal
from mingjing_kernel.text import catalogue, package_of, render, translation, untranslated


@pytest.mark.parametrize("package", ["mingjing_kernel"])
def test_every_refusal_has_a_chinese_sentence(package: str) -> None:
    assert untranslated(package) == []


def test_every_validation_message_has_a_chinese_sentence() -> None:
    assert sorted(message for message in MESSAGES if not translation(message)) == []


def test_both_languages_use_the_same_values() -> None:
    def names(sentence: str) -> set[str]:
        return {part.partition("}")[0] for part in sentence.split("{")[1:]}

    different = [
        message for message, chinese in catalogue("mingjing_kernel").items() if names(message) != names(chinese)
    ]
    assert different == []


def test_a_sentence_is_filled_in_both_languages() -> None:
    both = render("The token expired at {expired}.", {"expired": datetime(2026, 3, 1, 8, 0, tzinfo=UTC)})
    assert both.zh == "令牌已于 2026-03-01 16:00 过期。"
    assert both.en == "The token expired at 2026-03-01 16:00."


def test_values_that_are_sentences_or_terms_are_translated_too() -> None:
    both = render(
        "The header {header} cannot be read: {reason}.", {"header": "X", "reason": "the time zone is missing"}
    )
    assert both.zh == "无法识别请求头 X：缺少时区。"
    term = render("{count} field(s) are not valid.", {"count": Role.AUDITOR})
    assert (term.zh, term.en) == ("有 审计员 个字段不合法。", "auditor field(s) are not valid.")


def test_an_empty_value_stays_empty_though_the_catalogue_begins_with_a_header() -> None:
    assert translation("") is None
    both = render("The header {header} cannot be read: {reason}.", {"header": "", "reason": ""})
    assert (both.zh, both.en) == ("无法识别请求头 ：。", "The header  cannot be read: .")


def test_an_unknown_sentence_is_shown_in_english_and_a_missing_value_stays_visible() -> None:
    both = render("The {thing} is gone.", {})
    assert both.zh == both.en == "The {thing} is gone."


def test_a_package_without_a_catalogue_has_the_kernels() -> None:
    assert translation("You are not signed in.", "json") == "您尚未登录。"
    assert catalogue("json") == {}


def test_braces_in_values_do_no_harm() -> None:
    assert render("The header {header} cannot be read: {reason}.", {"header": "{reason}", "reason": "{0}"}).en == (
        "The header {reason} cannot be read: {0}."
    )


def test_a_refusal_that_nobody_translated_is_found() -> None:
    class Untold(Refusal):
        sentence = "Nobody has translated this."

    Untold.__module__ = "mingjing_kernel.invented"
    try:
        found = untranslated("mingjing_kernel")
        assert [line for line in found if ".invented." in line] == [
            "mingjing_kernel.invented.test_a_refusal_that_nobody_translated_is_found.<locals>.Untold: "
            "Nobody has translated this."
        ]
        assert package_of(Untold) == "mingjing_kernel"
    finally:
        Untold.__module__ = __name__
