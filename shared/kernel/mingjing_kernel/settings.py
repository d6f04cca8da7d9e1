"""Settings of a service: from the environment (``MINGJING_…``), checked once at the start, never changed after.

The one rule: a setting that is wrong stops the start with a sentence that names the variable and what to write there.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict
from pydantic_settings.exceptions import SettingsError

from mingjing_kernel.refusal import Refusal

ENV_PREFIX = "MINGJING_"
_POSTGRES = ("postgresql://", "postgres://", "postgresql+asyncpg://", "postgresql+psycopg://")


class SettingsInvalid(Refusal):
    """The environment does not describe a service that could run."""

    status = 500
    sentence = "The setting {variable} is wrong: {reason}"
    remedy = "Correct the environment variable {variable} and start again."


class ServiceSettings(BaseSettings):
    """What every service needs to know. A service subclasses it for its own, with the same prefix."""

    model_config = SettingsConfigDict(env_prefix=ENV_PREFIX, frozen=True, extra="ignore", env_ignore_empty=True)

    postgres_url: str = Field(default="", repr=False)
    """``postgresql://user:password@host:port/database``."""
    nats_url: str = Field(default="nats://127.0.0.1:4222", repr=False)
    http_host: str = "127.0.0.1"
    http_port: int = Field(default=8000, ge=0, le=65_535)
    """0 takes any free port."""
    issuer_url: str = "http://127.0.0.1:8000/issuer"
    """The OIDC issuer, exactly as it stands in the ``iss`` claim of its tokens."""
    audience: str = Field(default="mingjing", min_length=1)
    clock_skew_seconds: int = Field(default=60, ge=0, le=600)
    trusted_proxies: Annotated[tuple[str, ...], NoDecode] = ()
    """Addresses, divided by commas, whose ``X-Forwarded-For`` is believed."""
    county_code: str = Field(default="330106", pattern=r"^[0-9]{6}$")
    """6-digit division (GB/T 2260) that this installation serves; whoever administers it needs a grant over it."""
    hash_algorithm: Literal["sha256", "sm3"] = "sha256"
    """Of a new log; an existing log keeps the one it began with."""
    sealing_algorithm: Literal["aes-256-gcm", "sm4-gcm"] = "aes-256-gcm"
    """For what is sealed from now on; older values say themselves what they were sealed with."""
    data_dir: Path = Path(".mingjing")
    signing_key_file: Path | None = None
    """Ed25519 key of the log's checkpoints; by default ``<data_dir>/keys/<service>-signing.key``."""
    sealing_key_file: Path | None = None
    """Key-encryption key for the subjects' data keys; by default ``<data_dir>/keys/sealing.key``."""
    sealing_key_files_old: Annotated[tuple[Path, ...], NoDecode] = ()
    """Key-encryption keys, divided by commas, that some data keys may still be wrapped with, until ``rewrap``."""
    index_key_file: Path | None = None
    """Key of the blind indexes; by default ``<data_dir>/keys/index.key``. Changing it means rebuilding them."""
    registry_url: str = "http://127.0.0.1:8101"
    inspection_url: str = "http://127.0.0.1:8102"
    funds_url: str = "http://127.0.0.1:8103"
    console_url: str = "http://127.0.0.1:8100"
    """Where the services answer: for closing gaps, fetching proofs, and links."""
    client_id: str = "service"
    client_secret: str = Field(default="", repr=False)
    """With which this service asks the issuer for its own tokens."""
    checkpoint_seconds: float = Field(default=60.0, ge=1.0, le=3600.0)
    """How often the log signs what it holds, and looks at the others."""
    evidence_url: str = Field(default="", pattern=r"^($|file:///|s3://|memory://)")
    """Where evidence is kept: ``s3://bucket/prefix``, ``file:///folder``; by default ``<data_dir>/evidence``."""
    evidence_bytes_max: int = Field(default=0, ge=0)
    """Of all evidence of a service together; 0: as much as there is room for."""
    evidence_scan: Literal["off", "wanted", "required"] = "off"
    """Malware scan: noted as not done; done when the scanner answers; or nothing is shown before it was done."""
    evidence_scanner: str = Field(default="", pattern=r"^($|unix:///|tcp://)")
    """ClamAV's daemon: ``unix:///run/clamav/clamd.ctl`` or ``tcp://host:3310``."""
    evidence_font_file: Path | None = None
    """Font with Chinese characters for watermarks; by default what fontconfig finds."""
    migrate_at_start: bool = False
    """One box: ``serve`` brings the database up to date first. On a cluster that is a step of its own."""
    log_level: Literal["debug", "info", "warning", "error"] = "info"

    def peer_url(self, service: str) -> str:
        """Where another service answers."""
        return str(getattr(self, f"{service}_url"))

    @field_validator("trusted_proxies", "sealing_key_files_old", mode="before")
    @classmethod
    def _split(cls, text: object) -> object:
        return [part.strip() for part in text.split(",") if part.strip()] if isinstance(text, str) else text

    @field_validator("postgres_url")
    @classmethod
    def _is_postgres(cls, url: str) -> str:
        if url and not url.startswith(_POSTGRES):
            raise ValueError("An address such as postgresql://user@host:5432/mingjing is expected.")
        return url

    @field_validator("issuer_url")
    @classmethod
    def _is_http(cls, url: str) -> str:
        if not url.startswith(("https://", "http://")):
            raise ValueError("An address that begins with https:// is expected.")
        return url.rstrip("/")

    def key_file(self, name: str, chosen: Path | None = None) -> Path:
        """Where a key lies: where the setting says, or under the data directory."""
        return chosen or self.data_dir / "keys" / f"{name}.key"


Settings = TypeVar("Settings", bound=ServiceSettings)


def load_settings(kind: type[Settings], **given: Any) -> Settings:
    """The settings; ``given`` (from the command line) comes before the environment. Raises ``SettingsInvalid``."""
    try:
        return kind(**given)
    except ValidationError as wrong:
        first = wrong.errors(include_input=False, include_url=False)[0]
        variable = ENV_PREFIX + str(first["loc"][0]).upper()
        reason = first["msg"].removeprefix("Value error, ")  # pydantic's words before ours
        raise SettingsInvalid(variable=variable, reason=reason) from None  # the cause repeats the value
    except SettingsError as unreadable:
        raise SettingsInvalid(variable=ENV_PREFIX + "…", reason=str(unreadable)) from unreadable
