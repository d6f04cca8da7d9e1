"""The number of a complaint that came over the web, and the secret (查询码) with which its citizen follows it.

One rule: both are read aloud and typed by hand, so neither has a character that looks like another one; the number
tells nobody anything, and eighty bits of secret cannot be tried out.
"""

from __future__ import annotations

from typing import Final

from mingjing_inspection.domain.complaint_voice_refusals import SecretWeak
from mingjing_kernel.readable import READABLE, as_typed

SECRET_CHARACTERS: Final = 16
NUMBER_CHARACTERS: Final = 12
KINDS_MIN: Final = 6
"""Different characters of a secret that somebody else made: AAAA… is none. A fair draw has fewer once in 10^8."""


def checked(secret: str) -> str:
    """The secret, as it is digested. Raises ``SecretWeak``."""
    plain = as_typed(secret)
    if len(plain) != SECRET_CHARACTERS or not set(plain) <= set(READABLE) or len(set(plain)) < KINDS_MIN:
        raise SecretWeak(characters=SECRET_CHARACTERS, alphabet=READABLE)
    return plain


def web_number(digest: bytes) -> str:
    """``W`` and twelve characters: the same for the same form, so that a second click makes no second complaint.

    ``digest`` is a keyed one of the form's own id: from a number nobody finds that.
    """
    value = int.from_bytes(digest[:8], "big")
    characters = (READABLE[(value >> (5 * place)) & 31] for place in range(NUMBER_CHARACTERS))
    return "W" + "".join(characters)
