"""Signed notes as C2SP writes them: the reference vector, and every malformed thing refused."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from kernel.audit.burgled import COSIGNER, ORIGIN, SIGNER, STRANGER
from mingjing_kernel.audit.note import (
    Checkpoint,
    NoteMalformed,
    SignatureWrong,
    Signer,
    check_name,
    open_checkpoint,
    parse_checkpoint,
    parse_note,
    parse_vkey,
    signed_by,
)

NEUMANN = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
NEUMANN_SAYS = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
    "\n"
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
"""The example of golang.org/x/mod/sumdb/note, which C2SP signed-note describes."""
SOFA = (
    "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n"
    "— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+x"
    "eMcTOAYQ8=\n"
    "— witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+"
    "mbIUBkBIfZ+qnA==\n"
)
"""The example of C2SP tlog-cosignature."""
HEAD = Checkpoint(ORIGIN, 17, b"\x05" * 32)
AT = datetime(2026, 3, 1, 8, tzinfo=UTC)


def test_the_reference_vector_verifies_and_comes_back_byte_for_byte() -> None:
    key, note = parse_vkey(NEUMANN), parse_note(NEUMANN_SAYS)
    assert signed_by(note, [key]) == [key]
    assert (key.encode(), note.render()) == (NEUMANN, NEUMANN_SAYS)


def test_the_example_of_the_specification_is_read() -> None:
    note = parse_note(SOFA)
    checkpoint = note.checkpoint()
    assert (checkpoint.origin, checkpoint.size) == ("example.com/behind-the-sofa", 20_852_163)
    assert note.render() == SOFA
    assert [signature.name for signature in note.signatures] == [checkpoint.origin, "witness.example.com/w1"]
    assert int.from_bytes(note.signatures[1].value[:8], "big") == 1_679_315_147


@given(st.integers(0, 2**63 - 1), st.binary(min_size=32, max_size=32))
def test_what_is_signed_opens_again(size: int, root: bytes) -> None:
    checkpoint = Checkpoint(ORIGIN, size, root)
    note = SIGNER.sign(checkpoint)
    assert open_checkpoint(note.render(), [SIGNER.vkey]) == (note, checkpoint)
    assert open_checkpoint(note.render().encode(), [parse_vkey(SIGNER.vkey.encode()), STRANGER.vkey])[1] == checkpoint


def test_a_witness_signs_with_its_time() -> None:
    note = SIGNER.sign(HEAD)
    both = note.with_signatures([COSIGNER.cosign(note, AT)])
    assert signed_by(both, [SIGNER.vkey, COSIGNER.cosigner_vkey]) == [SIGNER.vkey, COSIGNER.cosigner_vkey]
    assert both.signatures[1].value[:8] == int(AT.timestamp()).to_bytes(8, "big")
    again = both.with_signatures([COSIGNER.cosign(note, AT.replace(hour=9))])
    assert len(again.signatures) == 2
    later = int(AT.timestamp() + 1).to_bytes(8, "big")
    forged = both.render().replace(
        both.signatures[1].line(),
        type(both.signatures[1])(
            COSIGNER.name, COSIGNER.cosigner_vkey.key_id, later + both.signatures[1].value[8:]
        ).line(),
    )
    with pytest.raises(SignatureWrong):
        signed_by(parse_note(forged), [COSIGNER.cosigner_vkey])


def test_unknown_signatures_are_passed_over_and_known_wrong_ones_condemn() -> None:
    note = SIGNER.sign(HEAD)
    stranger = STRANGER.sign(HEAD).signatures
    assert signed_by(note.with_signatures(stranger), [SIGNER.vkey]) == [SIGNER.vkey]
    with pytest.raises(SignatureWrong, match="no known key"):
        open_checkpoint(STRANGER.sign(HEAD).render(), [SIGNER.vkey])
    other = SIGNER.sign(Checkpoint(ORIGIN, 18, HEAD.root)).signatures
    with pytest.raises(SignatureWrong, match="does not fit"):
        open_checkpoint(note.with_signatures(other).render(), [SIGNER.vkey])


def test_a_log_signs_only_under_its_own_name() -> None:
    note = SIGNER.sign(Checkpoint("mingjing.test/other", 17, HEAD.root))
    with pytest.raises(SignatureWrong):
        open_checkpoint(note.render(), [SIGNER.vkey])
    with pytest.raises(SignatureWrong):
        open_checkpoint(SIGNER.sign(HEAD).render(), [SIGNER.cosigner_vkey])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no signature\n",
        "text\n\n— name\n",
        "text\n\n- name AAAAAAAA\n",
        "text\n\n— name not-base64!\n",
        "text\n\n— name AAAA\n",
        "text\n\n— na+me AAAAAAAA\n",
        "text\n\n— name AAAAAAAA",
        "te\txt\n\n— name AAAAAAAA\n",
        "text\n\n" + "— name AAAAAAAA\n" * 101,
        "x" * 70_000,
        b"\xff\xfe\n\n",
    ],
)
def test_what_is_no_note_is_refused(text: str | bytes) -> None:
    with pytest.raises(NoteMalformed):
        parse_note(text)


@pytest.mark.parametrize(
    "text",
    [
        "origin\n17\n",
        "\n17\nAAAA\n",
        "origin\n017\n" + "A" * 43 + "=\n",
        "origin\n-1\n" + "A" * 43 + "=\n",
        "origin\n١٧\n" + "A" * 43 + "=\n",
        f"origin\n{2**63}\n" + "A" * 43 + "=\n",
        "origin\n17\nAAAA\n",
        "origin\n17\n" + "A" * 42 + "B=\n",
        "origin\n" + "9" * 5_000 + "\n" + "A" * 43 + "=\n",
    ],
)
def test_what_is_no_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(NoteMalformed):
        parse_checkpoint(text)


def test_extension_lines_are_allowed() -> None:
    assert parse_checkpoint("origin\n0\n" + "A" * 43 + "=\nmore\n").size == 0


@pytest.mark.parametrize(
    "text",
    [
        "name",
        "name+00000000+AAAA",
        NEUMANN.replace("c74f20a3", "c74f20a4"),
        "na me+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "PeterNeumann+c74f20a3+BRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
    ],
)
def test_what_is_no_public_key_is_refused(text: str) -> None:
    with pytest.raises(NoteMalformed):
        parse_vkey(text)


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\nb", "cosignature/v1"])
def test_a_name_that_would_confuse_a_signature_line_is_refused(name: str) -> None:
    with pytest.raises(NoteMalformed):
        check_name(name)
    with pytest.raises(NoteMalformed):
        Signer(name, Ed25519PrivateKey.generate())
