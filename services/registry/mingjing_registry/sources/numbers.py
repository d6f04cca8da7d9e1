"""Numbers: the unified social credit code (GB 32100) and the licence number 办学许可证编号.

One rule: a code that fails its check digit keeps the row aside, because it is the key; a licence number only warns.
"""

from __future__ import annotations

import re
from operator import mul

from mingjing_registry.domain.kept_aside import Cell, Problem
from mingjing_registry.domain.licence_number import is_licence_number
from mingjing_registry.sources.cells import Report, plain, tight

_LENGTH = 18
_MISREAD = str.maketrans({"O": "0", "I": "1"})
"""GB 32100 uses neither letter, so a clerk who wrote one meant the digit."""
_CHARACTERS = re.compile(r"[0-9A-HJ-NP-RTUWXY]+")

_VALUES = {character: value for value, character in enumerate("0123456789ABCDEFGHJKLMNPQRTUWXY")}
_WEIGHTS: tuple[int, ...] = tuple(3**place % 31 for place in range(_LENGTH - 1))
"""Of the first 17 characters."""

_ISSUER = re.compile(r"^[\u4e00-\u9fff]{3,}(?=\d{18}$)")
"""浙文广许330106202300000137: some clerks put the document series in front of the number, most do not."""
_WITHOUT_PREFIX = re.compile(r"1\d{14}")
_SCIENTIFIC = re.compile(r"\d(\.\d+)?E\+?\d+", re.IGNORECASE)


def read_uscc(held: Cell, report: Report) -> str:
    """The code in its one spelling, or empty (reported) when it is not one."""
    code = tight(held.text).upper()
    if not code:
        report(Problem(code="uscc-missing", field="uscc"))
        return ""
    if len(code) != _LENGTH:
        suggestion = _one_zero_more(code)
        report(Problem(code="uscc-length", field="uscc", written=held.text, suggestion=suggestion))
        return ""
    meant = code.translate(_MISREAD)
    if not _CHARACTERS.fullmatch(meant):
        report(Problem(code="uscc-characters", field="uscc", written=held.text))
        return ""
    if not is_uscc(meant):
        report(Problem(code="uscc-check-digit", field="uscc", written=held.text))
        return ""
    if meant != code:
        report(Problem(code="uscc-letters", field="uscc", written=held.text, suggestion=meant))
    elif code != held.text:
        report(Problem(code="uscc-tidied", field="uscc", written=held.text, suggestion=code))
    return meant


def is_uscc(code: str) -> bool:
    """Whether 18 characters are a code with a division and a right check digit (GB 32100-2015, 5.3: modulo 31)."""
    if len(code) != _LENGTH or not (_CHARACTERS.fullmatch(code) and code[:8].isdecimal()):
        return False
    total: int = sum(map(mul, map(_VALUES.__getitem__, code), _WEIGHTS))
    return (total + _VALUES[code[-1]]) % 31 == 0


def read_licence_number(held: Cell, report: Report) -> str:
    """The number as far as it is known; empty when the spreadsheet lost digits."""
    text = _ISSUER.sub("", tight(held.text))
    if not text:
        report(Problem(code="licence-missing", field="licence_number"))
        return ""
    if _SCIENTIFIC.fullmatch(text):
        report(Problem(code="licence-digits-lost", field="licence_number", written=plain(held.text)))
        return ""
    if _WITHOUT_PREFIX.fullmatch(text):
        restored = f"教民{text}"
        problem = Problem(
            code="licence-prefix-restored", field="licence_number", written=held.text, suggestion=restored
        )
        report(problem)
        return restored
    if not is_licence_number(text):
        report(Problem(code="licence-form", field="licence_number", written=held.text))
    return text


def _one_zero_more(code: str) -> str:
    """A 17-character code usually lost one of its zeros: the only completion with a right check digit, if any."""
    if len(code) != _LENGTH - 1:
        return ""
    longer = {code[:at] + "0" + code[at:] for at in range(len(code) + 1)}
    right = [candidate for candidate in longer if is_uscc(candidate)]
    return right[0] if len(right) == 1 else ""
