"""Secrets in files: what must not stand in an environment that every child process inherits.

The one rule: a secret file is its owner's alone. One that others may read is refused, not used and warned about.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Any

from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource

BYTES_MAX = 64 * 1024


class SecretUnreadable(Exception):
    """A secret file cannot be used; the settings say so with the variable that names it."""

    def __init__(self, variable: str, reason: str) -> None:
        super().__init__(f"{variable}: {reason}")
        self.variable, self.reason = variable, reason


class SecretFiles(PydanticBaseSettingsSource):
    """A source of settings: for each field that ``repr`` hides, the file that ``<PREFIX><FIELD>_FILE`` names."""

    def __init__(self, settings_cls: type[BaseSettings], prefix: str) -> None:
        super().__init__(settings_cls)
        self._prefix = prefix

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        """The secret of one field, ``None`` where no file is named. Raises ``SecretUnreadable``."""
        variable = f"{self._prefix}{field_name.upper()}"
        path = os.environ.get(f"{variable}_FILE")
        if field.repr or not path:
            return None, field_name, False
        if os.environ.get(variable):
            raise SecretUnreadable(f"{variable}_FILE", f"{variable} is set too, and one of them must win; unset one")
        return _read(Path(path), f"{variable}_FILE"), field_name, False

    def __call__(self) -> dict[str, Any]:
        """Every secret that a file gives."""
        found = {name: self.get_field_value(field, name)[0] for name, field in self.settings_cls.model_fields.items()}
        return {name: value for name, value in found.items() if value is not None}


def too_open(path: Path) -> str:
    """Why a file with a secret cannot be used, as the end of a sentence; empty when it can."""
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
    except OSError as failure:
        return f"cannot be read ({(failure.strerror or type(failure).__name__).lower()})"
    return f"may be read by others (mode {mode:04o}); run: chmod 600 {path}" if mode & 0o077 else ""


def _read(path: Path, variable: str) -> str:
    if reason := too_open(path):
        raise SecretUnreadable(variable, f"The file {path} {reason}.")
    try:
        with path.open("rb") as opened:
            content = opened.read(BYTES_MAX + 1)
        text = content.decode("utf-8").rstrip("\r\n")
    except (OSError, UnicodeDecodeError):
        raise SecretUnreadable(variable, f"The file {path} cannot be read as UTF-8 text.") from None
    if not text or len(content) > BYTES_MAX:
        raise SecretUnreadable(variable, f"The file {path} is empty or holds more than a secret.")
    return text
