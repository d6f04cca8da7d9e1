"""Settings come from the environment, and a wrong one is named with what to write."""

from __future__ import annotations

from pathlib import Path

import pytest

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
