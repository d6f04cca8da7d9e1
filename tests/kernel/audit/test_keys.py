"""The signing key is made once and found ever after; whatever is wrong with its file is said in words."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from mingjing_kernel.audit.keys import (
    SigningKeyExists,
    SigningKeyUnreadable,
    load_or_make_signer,
    load_signer,
    make_signing_key,
)
from mingjing_kernel.http.problem import problem_of


def test_the_first_start_makes_the_key_and_the_second_finds_it(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "toy.key"
    first = load_or_make_signer(path, "mingjing.test/toy")
    assert load_or_make_signer(path, "mingjing.test/toy").vkey == first.vkey
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert path.read_bytes().startswith(b"-----BEGIN PRIVATE KEY-----")
    assert list(path.parent.iterdir()) == [path]
    with pytest.raises(SigningKeyExists):
        make_signing_key(path)
    assert load_signer(path, "mingjing.test/toy").vkey == first.vkey


def test_an_unusable_key_file_is_refused_with_its_reason_and_never_replaced(tmp_path: Path) -> None:
    elliptic = generate_private_key(SECP256R1()).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    for content, mode, reason in (
        (b"rubbish", 0o600, "it is not an unencrypted PEM private key"),
        (b"", 0o600, "it is not an unencrypted PEM private key"),
        (elliptic, 0o600, "it is not an Ed25519 key"),
        (b"x", 0o644, "others may read it (mode 0644)"),
    ):
        path = tmp_path / "toy.key"
        path.write_bytes(content)
        path.chmod(mode)
        with pytest.raises(SigningKeyUnreadable) as refused:
            load_or_make_signer(path, "toy")
        assert refused.value.values["reason"] == reason
        assert path.read_bytes() == content
    with pytest.raises(SigningKeyUnreadable):
        load_signer(tmp_path / "nowhere.key", "toy")


def test_the_refusal_speaks_both_languages(tmp_path: Path) -> None:
    with pytest.raises(SigningKeyUnreadable) as refused:
        load_signer(tmp_path / "nowhere.key", "toy")
    assert "签名密钥文件" in str(problem_of(refused.value))
