"""The program's own log: one JSON object a line on standard error, for machines to collect.

The one rule: nothing sealed gets in. Values of a sealed or masked type, and values under a name that promises a secret
or a person's data, are replaced before anything is written; tracebacks come without local variables.
"""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any, Final

import structlog
from pydantic import SecretBytes, SecretStr
from structlog.tracebacks import ExceptionDictTransformer

from mingjing_kernel.sealed import Masked, Sealed
from mingjing_kernel.sealed.redact import redacted

HIDDEN: Final = "[sealed]"
DEPTH_MAX = 6
_ADDRESS = re.compile(r"(://)[^/\s@\"']*:[^/\s@\"']*@")
"""The part of ``postgresql://user:password@host`` that is nobody's business."""
_TOKEN = re.compile(r"eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*")
_JSON = structlog.processors.JSONRenderer(ensure_ascii=False, default=str)
_HIDDEN_TYPES = (Sealed, Masked, SecretStr, SecretBytes)
_HIDDEN_NAMES = frozenset(
    {
        "authorization",
        "password",
        "token",
        "secret",
        "api_key",
        "private_key",
        "id_number",
        "phone",
        "guardian_phone",
        "complainant",
        "guardian",
        "words",
    }
)


_PROCESSORS: Final[list[Any]] = []
"""One list for good: loggers keep it, so a second call must change it, not leave them with the first."""


def configure_logging(service: str, level: str = "info") -> None:
    """Send our log and the libraries' to standard error as JSON. Call once, at the start of a process."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        hide_sealed,
        structlog.processors.ExceptionRenderer(ExceptionDictTransformer(show_locals=False)),
        mask_numbers,
    ]
    _PROCESSORS[:] = [
        structlog.stdlib.filter_by_level,
        *shared,
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ]
    structlog.configure(
        processors=_PROCESSORS,
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.EventRenamer("message"),
                _rendered,
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for noisy in ("httpx", "httpcore", "sqlalchemy.engine"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    # A pool that cannot refill says so with a traceback each time; the log's listener says it in one line.
    logging.getLogger("asyncpg.pool").setLevel(logging.ERROR)
    structlog.contextvars.bind_contextvars(service=service)


def _rendered(logger: Any, name: str, entry: MutableMapping[str, Any]) -> str:
    """The line as it is written, without passwords of addresses and without tokens, whoever quoted them in whatever
    text: a library's message, an exception's words.
    """
    line = str(_JSON(logger, name, entry))
    if "://" in line:
        line = _ADDRESS.sub(rf"\1{HIDDEN}@", line)
    return _TOKEN.sub(HIDDEN, line) if "eyJ" in line else line


def hide_sealed(_: Any, __: str, entry: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """The structlog processor that keeps sealed values out of every entry, however deep they lie."""
    for name in entry:
        entry[name] = _hidden(name, entry[name], DEPTH_MAX)
    return entry


def mask_numbers(_: Any, __: str, entry: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """The processor that masks numbers of persons in a traceback: a database quotes the row that it refused."""
    if "exception" in entry:
        entry["exception"] = _masked(entry["exception"], DEPTH_MAX)
    return entry


def _masked(value: Any, depth: int) -> Any:
    if isinstance(value, str):
        return redacted(value)
    if depth == 0:
        return HIDDEN
    if isinstance(value, dict):
        return {key: _masked(part, depth - 1) for key, part in value.items()}
    return [_masked(part, depth - 1) for part in value] if isinstance(value, list | tuple) else value


def _hidden(name: str, value: Any, depth: int) -> Any:
    if isinstance(value, _HIDDEN_TYPES) or name.lower() in _HIDDEN_NAMES or depth == 0:
        return HIDDEN
    if isinstance(value, dict):
        return {key: _hidden(str(key), part, depth - 1) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_hidden("", part, depth - 1) for part in value]
    if hasattr(value, "__dataclass_fields__") and not isinstance(value, type):
        return {key: _hidden(key, getattr(value, key), depth - 1) for key in value.__dataclass_fields__}
    return value
