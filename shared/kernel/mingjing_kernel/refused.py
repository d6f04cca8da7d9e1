"""How a process says that it will not start, so that whoever started it can repeat it to a person.

The one rule: four lines on standard error (sentence and remedy, each in Chinese and in English) and ``EXIT_REFUSED``.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass

from mingjing_kernel.refusal import Refusal
from mingjing_kernel.text import package_of, render

EXIT_REFUSED = 2
_LINES = 4


class Said(str):
    """English text that knows its Chinese: a value of another refusal's sentence."""

    zh: str

    def __new__(cls, zh: str, en: str) -> Said:
        """Both languages."""
        said = super().__new__(cls, en)
        said.zh = zh
        return said


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a process did not start, and what to do about it."""

    sentence: Said
    remedy: Said


def say_refused(refusal: Refusal) -> None:
    """To standard error, last of all."""
    package = package_of(type(refusal))
    for text in (refusal.sentence, refusal.remedy):
        both = render(text, refusal.values, package)
        sys.stderr.write(f"{_one_line(both.zh)}\n{_one_line(both.en)}\n")


def read_refused(lines: Sequence[str]) -> Refused | None:
    """What ``say_refused`` wrote at the end of these lines; ``None`` when they are too few."""
    if len(lines) < _LINES:
        return None
    sentence_zh, sentence_en, remedy_zh, remedy_en = (line.strip() for line in lines[-_LINES:])
    return Refused(Said(sentence_zh, sentence_en), Said(remedy_zh, remedy_en))


def _one_line(text: str) -> str:
    return " ".join(text.split())
