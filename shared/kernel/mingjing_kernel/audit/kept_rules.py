"""Rules that a log itself keeps (日志内的规则文本): what people imported and decided on, in words.

The one rule: a text that was decided in the log goes into a case file together with the entries that decided it, so
that it is proved like the rest; a text of the code is only sealed.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from mingjing_kernel.log import Log


@dataclass(frozen=True, slots=True)
class KeptRule:
    """A version in words, and the positions of the entries that proposed and approved it.

    ``files`` are what it came in, by SHA-256; the entries name the digests.
    """

    text: str
    positions: tuple[int, ...]
    files: Mapping[str, bytes] = field(default_factory=dict)


KeptRules: TypeAlias = Callable[[Log], Awaitable[Mapping[str, KeptRule]]]
"""Every version that entries of this log may cite, by the name that they cite."""


async def none_kept(_log: Log) -> Mapping[str, KeptRule]:
    """Of a service whose rules all stand in its code."""
    return {}
