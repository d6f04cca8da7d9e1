"""Every sentence that a person may meet has its Chinese."""

from __future__ import annotations

import re

import pytest

from architecture.source import PACKAGES
from mingjing_kernel.text import catalogue, untranslated

PLACEHOLDER = re.compile(r"\{(\w+)[^}]*\}")
HAN = re.compile(r"[\u4e00-\u9fff]")


@pytest.mark.parametrize("package", PACKAGES)
def test_every_refusal_is_translated(package: str) -> None:
    assert untranslated(package) == []


@pytest.mark.parametrize("package", PACKAGES)
def test_a_translation_is_chinese_and_fills_the_same_values(package: str) -> None:
    for sentence, translated in catalogue(package).items():
        if sentence:
            is_frame = not re.search(r"[A-Za-z]", PLACEHOLDER.sub("", sentence))
            assert is_frame or HAN.search(translated), sentence
            assert set(PLACEHOLDER.findall(translated)) <= set(PLACEHOLDER.findall(sentence)), sentence
