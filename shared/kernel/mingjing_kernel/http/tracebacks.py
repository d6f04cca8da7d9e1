"""A traceback for our own log (追溯信息), without what it quotes of a request.

The one rule: where it happened is told in full, what somebody sent is not: pydantic and FastAPI repeat the value that
did not fit, and any message may hold a number of a person.
"""

from __future__ import annotations

import traceback
from collections.abc import Iterator

from fastapi.exceptions import ValidationException
from pydantic import ValidationError

from mingjing_kernel.sealed.redact import redacted

FRAMES_MAX = 30
CHAIN_MAX = 10


def traceback_of(failure: BaseException) -> list[str]:
    """The lines of the innermost ``FRAMES_MAX`` frames, numbers of persons masked."""
    text = "".join(traceback.format_exception(failure, limit=-FRAMES_MAX))
    for error in _chain(failure):
        if isinstance(error, ValidationError | ValidationException):
            text = text.replace(str(error), _without_values(error))
    return redacted(text).splitlines(keepends=True)


def _without_values(error: ValidationError | ValidationException) -> str:
    if isinstance(error, ValidationError):
        found = error.errors(include_input=False, include_context=False, include_url=False)
        return "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['type']}" for one in found)
    return "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['type']}" for one in error.errors())


def _chain(failure: BaseException) -> Iterator[BaseException]:
    """The failure, and what it came from."""
    error: BaseException | None = failure
    for _ in range(CHAIN_MAX):
        if error is None:
            return
        yield error
        error = error.__cause__ or error.__context__
