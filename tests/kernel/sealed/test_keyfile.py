"""Key files: made once, readable by their owner alone, and a clear sentence when they cannot be used."""

from __future__ import annotations

import base64
import stat
from pathlib import Path

import pytest

from mingjing_kernel.sealed.keyfile import key_id, make_key_file, read_key
from mingjing_kernel.sealed.refusals import KeyFileExists, KeyFileUnreadable
from mingjing_kernel.text import render


def test_a_key_that_was_made_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "sealing.key"
    key = make_key_file(path)
    assert read_key(path) == key
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert key_id(key) == key_id(read_key(path))
    assert base64.b64encode(key).decode() not in key_id(key)


def test_a_key_is_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "sealing.key"
    key = make_key_file(path)
    with pytest.raises(KeyFileExists):
        make_key_file(path)
    assert read_key(path) == key


@pytest.mark.parametrize(
    ("content", "mode", "reason"),
    [
        (b"not base64!", 0o600, "it is not base64"),
        (base64.b64encode(b"short"), 0o600, "it holds 5 bytes, not 32"),
        (b"", 0o600, "it holds 0 bytes, not 32"),
        (base64.b64encode(b"k" * 32), 0o640, "others may read it (mode 0640)"),
    ],
)
def test_a_key_file_that_cannot_be_used_says_why_and_what_to_do(
    tmp_path: Path, content: bytes, mode: int, reason: str
) -> None:
    path = tmp_path / "sealing.key"
    path.write_bytes(content)
    path.chmod(mode)
    with pytest.raises(KeyFileUnreadable) as refused:
        read_key(path)
    sentence = render(refused.value.sentence, refused.value.values)
    assert reason in sentence.en
    assert str(path) in sentence.zh
    assert "备份" in render(refused.value.remedy).zh


def test_a_missing_key_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(KeyFileUnreadable) as refused:
        read_key(tmp_path / "absent.key")
    assert "no such file" in str(refused.value)
    assert "文件不存在" in render(refused.value.sentence, refused.value.values).zh
