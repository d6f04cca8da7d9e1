"""Licence numbers 办学许可证编号: what one looks like.

One rule: what has no such form is kept as it was written and is nobody's own; lists say 办理中 or 无 of many at once.
"""

from __future__ import annotations

import re

_FORMS = (r"教民\d{15}", r"\d{13}", r"\d{18}")
"""Newer licences, the 2004 rule, approval numbers of the culture, sport and science departments."""
_NUMBER = re.compile("|".join(_FORMS))


def is_licence_number(text: str) -> bool:
    """Whether this can be the number of one licence."""
    return _NUMBER.fullmatch(text) is not None
