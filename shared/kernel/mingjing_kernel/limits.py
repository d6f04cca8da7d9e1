"""How large what somebody sends may be, where nothing of the matter itself says so.

The one rule: a thousand of the largest still fit the lists; what is longer is a mistake of whoever sends it.
"""

from __future__ import annotations

from typing import Final

FEN_MAX: Final = 10**12
"""Ten billion yuan, in one amount."""
COUNT_MAX: Final = 10**6
"""Lessons, people, things."""
NUMBER_CHARACTERS_MAX: Final = 80
"""Of a number by which senders call something: a contract, a lesson, a payment."""
NAME_CHARACTERS_MAX: Final = 200
WORDS_CHARACTERS_MAX: Final = 1_000
