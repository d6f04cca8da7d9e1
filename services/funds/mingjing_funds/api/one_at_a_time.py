"""One question at a time: what reads the whole log has no queue in which the others of this process would wait.

The one rule: whoever comes while another is answered hears so at once, and when to ask again.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from mingjing_kernel.refusal import Refusal


class AnsweringAnother(Refusal):
    """Somebody else's question is being played from the log."""

    sentence = "Another question that reads the whole log is being answered; one is answered at a time."
    remedy = "Ask again in a few seconds."
    rule = "alert replay and what-if: one at a time"
    field = "rule"
    status = 503


class Turn:
    """Whose turn it is. It lives in one event loop, so that nothing comes between looking and taking."""

    def __init__(self) -> None:
        self._is_taken = False

    @contextmanager
    def taken(self) -> Iterator[None]:
        """While it lasts, nobody else's. Raises ``AnsweringAnother``."""
        if self._is_taken:
            raise AnsweringAnother
        self._is_taken = True
        try:
            yield
        finally:
            self._is_taken = False
