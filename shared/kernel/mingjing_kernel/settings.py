"""Settings of a service: from the environment (``MINGJING_…``), checked once at the start, never changed after.

The one rule: a setting that is wrong stops the start with a sentence that names the variable and what to write there.
A secret (what ``repr`` does not show) may stand in a file instead, which ``MINGJING_…_FILE`` names.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Any, Literal, Self, TypeVar

from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, PydanticBaseSettingsSource, SettingsConfigDict
from pydantic_settings.exceptions import SettingsError

from mingjing_kernel.refusal import Refusal
from mingjing_kernel.secret_files import SecretFiles, SecretUnreadable, too_open

ENV_PREFIX = "MINGJING_"
_RATE = re.compile(r"[1-9][0-9]{0,8}/([1-9][0-9]{0,4} )?(second|minute|hour|day)")
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
    """``postgresql://user:password@host:port/database``: the service's own role. Over a network add
    ``?sslmode=verify-full&sslrootcert=/path/ca.pem``."""
    postgres_admin_url: str = Field(default="", repr=False)
    """The role that owns the schemas, for ``migrate`` and ``rebuild`` alone; by default ``postgres_url``, which then
    has to own them."""
    nats_url: str = Field(default="nats://127.0.0.1:4222", repr=False)
    """``nats://user:password@host:port``, several divided by commas; ``tls://`` for TLS."""
    nats_admin_url: str = Field(default="", repr=False)
    """The user that makes streams and consumers, for ``migrate`` and for a relay that finds its stream gone; by default
    the service's own has to."""
    http_host: str = "127.0.0.1"
    http_port: int = Field(default=8000, ge=0, le=65_535)
    """0 takes any free port."""
    http_cert_file: Path | None = None
    """Certificate with its chain (PEM): HTTPS instead of HTTP. Needs ``http_key_file``."""
    http_key_file: Path | None = None
    """Private key of ``http_cert_file`` (PEM), mode 0600."""
    http_client_ca_file: Path | None = None
    """Every caller must show a certificate that one of these authorities signed (PEM). Not on a service that the public
    reaches."""
    ca_file: Path | None = None
    """Authorities (PEM) that calls to other services, the issuer and NATS trust; by default the system's."""
    client_cert_file: Path | None = None
    """The certificate that this service shows to the others and to NATS (PEM). Needs ``client_key_file``."""
    client_key_file: Path | None = None
    """Private key of ``client_cert_file`` (PEM), mode 0600."""
    issuer_url: str = "http://127.0.0.1:8000/issuer"
    """The OIDC issuer, exactly as it stands in the ``iss`` claim of its tokens."""
    audience: str = Field(default="mingjing", min_length=1)
    clock_skew_seconds: int = Field(default=60, ge=0, le=600)
    token_lifetime_seconds_max: int = Field(default=86_400, ge=60, le=604_800)
    """Tokens that were made to live longer are refused."""
    authorized_parties: Annotated[tuple[str, ...], NoDecode] = ()
    """Clients, divided by commas, whose tokens are taken (``azp``, ``client_id``); empty: any client of the issuer."""
    client_certificate_header: str = Field(default="", pattern=r"^[A-Za-z0-9-]{0,64}$")
    """Header in which a trusted proxy hands over the caller's certificate (``Client-Cert``, RFC 9440); empty: none."""
    rate_caller: str = "10000/10 second"
    """How often one signed-in caller may ask this process: so many at once, as many again in as much time; ``off``."""
    rate_address: str = "20000/10 second"
    """The same for one network address, whoever asks from there."""
    rate_port_caller: str = "100000/10 second"
    """How often one signed-in caller (a bank's, a vendor's system) may send to the bulk port of this process."""
    rate_port_system: str = "200000/10 second"
    """The same for one user of NATS, whoever calls through it."""
    lockout_failures_max: int = Field(default=100, ge=3, le=1_000_000)
    """So many wrong tokens from one address, or through one user of NATS, within ten minutes lock it, first for 30
    seconds, at last for an hour."""
    trusted_proxies: Annotated[tuple[str, ...], NoDecode] = ()
    """Addresses, divided by commas, whose ``X-Forwarded-For`` is believed."""
    county_code: str = Field(default="330106", pattern=r"^[0-9]{6}$")
    """6-digit division (GB/T 2260) that this installation serves; whoever administers it needs a grant over it."""
    token_grants: Literal["all", "services", "none"] = "services"
    """Whose tokens may carry grants. By default those of services only: what a person may do is said by events in the
    log alone, whatever the identity provider thinks."""
    fold_apart: bool = False
    """``serve`` folds the lists in a process of its own beside it: worth it where one service has more to do than one
    core can. Linux only; with ``--without projections`` another machine folds them."""
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
    client_jwk_file: Path | None = None
    """Private key (JWK) with which it does so instead of a secret (``private_key_jwt``, RFC 7523)."""
    checkpoint_seconds: float = Field(default=60.0, ge=1.0, le=3600.0)
    """How often the log signs what it holds, and looks at the others."""
    checkpoint_drop: str = Field(default="", repr=False)
    """A folder, or an ``https://`` address, of a second agency that keeps this log's checkpoints; empty: none."""
    self_verify_first_seconds: float = Field(default=300.0, ge=0.0, le=86_400.0)
    """How long after a start the log first verifies itself, if it has not within a day; then once a day."""
    self_verify_memory_mib: int = Field(default=2_048, ge=256, le=1_048_576)
    """What the process that verifies may use, in MiB; beyond it the run ends, and says so."""
    receipt_seconds_max: int = Field(default=3_600, ge=60, le=604_800)
    """Within which time after a filing the log promises to show it under a checkpoint."""
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

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """What the caller gives, the environment, the files that the environment names."""
        return init_settings, env_settings, SecretFiles(settings_cls, ENV_PREFIX)

    @property
    def owner_url(self) -> str:
        """With which the database is migrated and read models are made."""
        return self.postgres_admin_url or self.postgres_url

    def peer_url(self, service: str) -> str:
        """Where another service answers."""
        return str(getattr(self, f"{service}_url"))

    @field_validator("trusted_proxies", "sealing_key_files_old", "authorized_parties", mode="before")
    @classmethod
    def _split(cls, text: object) -> object:
        return [part.strip() for part in text.split(",") if part.strip()] if isinstance(text, str) else text

    @field_validator("http_key_file", "client_key_file")
    @classmethod
    def _is_ours_alone(cls, path: Path | None) -> Path | None:
        if path is not None and (reason := too_open(path)):
            raise ValueError(f"The file {path} {reason}.")
        return path

    @model_validator(mode="after")
    def _keys_go_with_certificates(self) -> Self:
        for one, other in (("http_cert_file", "http_key_file"), ("client_cert_file", "client_key_file")):
            if (getattr(self, one) is None) != (getattr(self, other) is None):
                raise ValueError(f"Set {ENV_PREFIX}{one.upper()} and {ENV_PREFIX}{other.upper()} together.")
        if self.http_client_ca_file and not self.http_cert_file:
            raise ValueError(
                f"{ENV_PREFIX}HTTP_CLIENT_CA_FILE needs {ENV_PREFIX}HTTP_CERT_FILE: certificates need TLS."
            )
        return self

    @field_validator("rate_caller", "rate_address", "rate_port_caller", "rate_port_system")
    @classmethod
    def _is_rate(cls, text: str) -> str:
        if text != "off" and not _RATE.fullmatch(text):
            raise ValueError("A rate such as 600/minute or 10000/10 second is expected, or off.")
        return text

    @field_validator("postgres_url", "postgres_admin_url")
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
        variable = ENV_PREFIX + (str(first["loc"][0]).upper() if first["loc"] else "…")
        reason = first["msg"].removeprefix("Value error, ")  # pydantic's words before ours
        raise SettingsInvalid(variable=variable, reason=reason) from None  # the cause repeats the value
    except SecretUnreadable as unreadable:
        raise SettingsInvalid(variable=unreadable.variable, reason=unreadable.reason) from None
    except SettingsError as unreadable:
        raise SettingsInvalid(variable=ENV_PREFIX + "…", reason=str(unreadable)) from unreadable
