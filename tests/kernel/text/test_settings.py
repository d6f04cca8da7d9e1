"""Settings come from the environment, and a wrong one is named with what to write."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import Field

from mingjing_kernel.settings import ServiceSettings, SettingsInvalid, load_settings


def test_the_environment_is_read_and_the_command_line_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MINGJING_POSTGRES_URL", "postgresql://u:secret@db/m")
    monkeypatch.setenv("MINGJING_HTTP_PORT", "8101")
    monkeypatch.setenv("MINGJING_HASH_ALGORITHM", "")
    monkeypatch.setenv("MINGJING_TRUSTED_PROXIES", "10.0.0.1, 10.0.0.2")
    monkeypatch.setenv("MINGJING_SEALING_KEY_FILES_OLD", "/keys/2025.key")
    settings = load_settings(ServiceSettings, http_port=0)
    assert settings.postgres_url == "postgresql://u:secret@db/m"
    assert settings.http_port == 0
    assert settings.hash_algorithm == "sha256"
    assert settings.trusted_proxies == ("10.0.0.1", "10.0.0.2")
    assert settings.sealing_key_files_old == (Path("/keys/2025.key"),)
    assert "secret" not in repr(settings)


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("HTTP_PORT", "70000"),
        ("HTTP_PORT", "http"),
        ("HASH_ALGORITHM", "md5"),
        ("SEALING_ALGORITHM", "rot13"),
        ("POSTGRES_URL", "mysql://u:secret@db/m"),
        ("ISSUER_URL", "issuer.example"),
    ],
)
def test_a_wrong_setting_is_named_without_its_value(monkeypatch: pytest.MonkeyPatch, variable: str, value: str) -> None:
    monkeypatch.setenv(f"MINGJING_{variable}", value)
    with pytest.raises(SettingsInvalid) as refused:
        load_settings(ServiceSettings)
    assert refused.value.values["variable"] == f"MINGJING_{variable}"
    assert "secret" not in str(refused.value)


def test_settings_cannot_be_changed_after_the_start() -> None:
    settings = load_settings(ServiceSettings)
    with pytest.raises(ValueError, match="frozen"):
        settings.http_port = 1  # type: ignore[misc]


def test_a_key_lies_where_the_setting_says_or_in_the_data_directory(tmp_path: Path) -> None:
    settings = load_settings(ServiceSettings, data_dir=tmp_path)
    assert settings.key_file("sealing", tmp_path / "other.key") == tmp_path / "other.key"
    assert settings.key_file("sealing").name == "sealing.key"


class Own(ServiceSettings):
    """A service with a secret of its own."""

    vendor_token: str = Field(default="", repr=False)


def secret_file(path: Path, text: str, mode: int = 0o600) -> Path:
    path.write_text(text, encoding="utf-8")
    path.chmod(mode)
    return path


@pytest.mark.parametrize("name", ["postgres_url", "postgres_admin_url", "nats_url", "client_secret", "vendor_token"])
def test_every_secret_may_stand_in_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str) -> None:
    value = "postgresql://u:secret@db/m"
    monkeypatch.setenv(f"MINGJING_{name.upper()}_FILE", str(secret_file(tmp_path / "s", value + "\n")))
    settings = load_settings(Own)
    assert getattr(settings, name) == value
    assert "secret@" not in repr(settings)


@pytest.mark.parametrize(
    ("text", "mode", "said"),
    [
        ("secret", 0o640, "mode 0640"),
        ("secret", 0o604, "chmod 600"),
        ("", 0o600, "is empty"),
        ("x" * 70_000, 0o600, "more than a secret"),
        (None, 0, "no such file"),
    ],
)
def test_a_secret_file_that_cannot_be_trusted_is_refused(monkeypatch, tmp_path, text, mode, said) -> None:
    path = tmp_path / "s" if text is None else secret_file(tmp_path / "s", text, mode)
    monkeypatch.setenv("MINGJING_CLIENT_SECRET_FILE", str(path))
    with pytest.raises(SettingsInvalid) as refused:
        load_settings(ServiceSettings)
    assert refused.value.values["variable"] == "MINGJING_CLIENT_SECRET_FILE"
    assert said in str(refused.value)


def test_a_secret_that_is_given_twice_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("MINGJING_CLIENT_SECRET", "one")
    monkeypatch.setenv("MINGJING_CLIENT_SECRET_FILE", str(secret_file(tmp_path / "s", "other")))
    with pytest.raises(SettingsInvalid, match="MINGJING_CLIENT_SECRET is set too"):
        load_settings(ServiceSettings)


def test_what_is_no_secret_is_not_read_from_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("MINGJING_AUDIENCE_FILE", str(secret_file(tmp_path / "s", "other")))
    assert load_settings(ServiceSettings).audience == "mingjing"


def test_keys_of_certificates_are_their_owners_alone_and_go_with_them(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    certificate = secret_file(tmp_path / "c.pem", "-", 0o644)
    monkeypatch.setenv("MINGJING_HTTP_CERT_FILE", str(certificate))
    with pytest.raises(SettingsInvalid, match="MINGJING_HTTP_KEY_FILE together"):
        load_settings(ServiceSettings)
    monkeypatch.setenv("MINGJING_HTTP_KEY_FILE", str(secret_file(tmp_path / "k.pem", "-", 0o644)))
    with pytest.raises(SettingsInvalid, match="mode 0644"):
        load_settings(ServiceSettings)
    monkeypatch.delenv("MINGJING_HTTP_CERT_FILE")
    monkeypatch.delenv("MINGJING_HTTP_KEY_FILE")
    monkeypatch.setenv("MINGJING_HTTP_CLIENT_CA_FILE", str(certificate))
    with pytest.raises(SettingsInvalid, match="needs MINGJING_HTTP_CERT_FILE"):
        load_settings(ServiceSettings)
