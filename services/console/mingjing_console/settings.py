"""Settings of the console, from the environment (``MINGJING_…``)."""

from __future__ import annotations

from typing import Annotated

from pydantic import field_validator
from pydantic_settings import NoDecode

from mingjing_kernel.settings import ServiceSettings


class ConsoleSettings(ServiceSettings):
    """What the console needs to know beside what every service does."""

    first_administrators: Annotated[tuple[str, ...], NoDecode] = ()
    """Subjects (``sub`` of their tokens), divided by commas, who may give grants while nobody is an administrator."""

    @field_validator("first_administrators", mode="before")
    @classmethod
    def _split_subjects(cls, text: object) -> object:
        return [part.strip() for part in text.split(",") if part.strip()] if isinstance(text, str) else text
