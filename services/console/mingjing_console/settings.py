"""Settings of the console, from the environment (``MINGJING_…``)."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import Field, field_validator
from pydantic_settings import NoDecode

from mingjing_kernel.settings import ServiceSettings


class ConsoleSettings(ServiceSettings):
    """What the console needs to know beside what every service does."""

    public_url: str = ""
    """Where people open the console, as it is registered at the identity provider (``https://…``); by default
    ``MINGJING_CONSOLE_URL``. The provider sends them back to ``/sign-in/callback`` there."""
    sign_in_client_id: str = ""
    """The client as which the console sends people to the identity provider; empty: nobody can sign in here."""
    sign_in_client_secret: str = Field(default="", repr=False)
    """Its secret, where the provider wants one."""
    sign_in_key_file: Path | None = None
    """Its private key (JWK) instead of a secret (``private_key_jwt``)."""
    sign_in_scopes: str = "openid"
    """What is asked for, divided by spaces; some providers give refresh tokens for ``offline_access`` only."""
    session_idle_seconds: int = Field(default=1_800, ge=60, le=86_400)
    """Without a look at any page for so long, a person has to sign in again."""
    session_seconds: int = Field(default=43_200, ge=300, le=604_800)
    """After so long in any case."""
    sessions_max: int = Field(default=10, ge=1, le=1_000)
    """Of one person at once; the one that was idle longest ends when one more begins."""

    @field_validator("public_url")
    @classmethod
    def _is_an_origin(cls, url: str) -> str:
        if url and not url.startswith(("https://", "http://")):
            raise ValueError("An address that begins with https:// is expected.")
        return url.rstrip("/")

    @property
    def origin(self) -> str:
        """Where people open the console."""
        return self.public_url or self.console_url.rstrip("/")

    @property
    def is_secure(self) -> bool:
        """Whether browsers reach the console by TLS, so that cookies may say so."""
        return self.origin.startswith("https://")

    first_administrators: Annotated[tuple[str, ...], NoDecode] = ()
    """Subjects (``sub`` of their tokens), divided by commas, who may give grants while nobody is an administrator."""

    @field_validator("first_administrators", mode="before")
    @classmethod
    def _split_subjects(cls, text: object) -> object:
        return [part.strip() for part in text.split(",") if part.strip()] if isinstance(text, str) else text
