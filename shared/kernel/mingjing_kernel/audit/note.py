"""Signed notes and checkpoints, byte for byte as C2SP writes them (signed-note, tlog-checkpoint, tlog-cosignature).

The one rule: a signature of a key that nobody gave us says nothing and is passed over; one of a key that we know and
that does not fit condemns the whole note.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

ED25519: Literal[1] = 0x01
COSIGNATURE: Literal[4] = 0x04
Kind: TypeAlias = Literal[1, 4]
NOTE_BYTES_MAX = 64 * 1024
SIGNATURES_MAX = 100
SIZE_MAX = 2**63 - 1
KEY_ID_BYTES = 4
_DASH = "— "


class NoteMalformed(ValueError):
    """The text is no signed note, or its body is no checkpoint; the message says where."""


class SignatureWrong(ValueError):
    """A known key's signature does not fit the text, or no known key signed it."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A tree head: whose log (``origin``), how many entries, and the root over them."""

    origin: str
    size: int
    root: bytes

    def body(self) -> str:
        """The text that is signed; it ends with a newline."""
        return f"{self.origin}\n{self.size}\n{_base64(self.root)}\n"


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature line: the key's name, the id of its exact form, and what it wrote."""

    name: str
    key_id: bytes
    value: bytes

    def line(self) -> str:
        """As it stands in the note."""
        return f"{_DASH}{self.name} {_base64(self.key_id + self.value)}\n"


@dataclass(frozen=True, slots=True)
class Note:
    """A text and who signed it."""

    text: str
    signatures: tuple[Signature, ...]

    def render(self) -> str:
        """The way back from ``parse_note``."""
        return f"{self.text}\n{''.join(signature.line() for signature in self.signatures)}"

    def checkpoint(self) -> Checkpoint:
        """The tree head in the text. Raises ``NoteMalformed``."""
        return parse_checkpoint(self.text)

    def with_signatures(self, more: Iterable[Signature]) -> Note:
        """The same text with more signatures; a key's later one takes the place of its earlier one."""
        lines = {(signature.name, signature.key_id): signature for signature in (*self.signatures, *more)}
        return Note(self.text, tuple(lines.values()))


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A public key as others are told it (*vkey*): ``name+keyid+base64(kind || key)``."""

    name: str
    kind: Kind
    public: bytes

    @property
    def key_id(self) -> bytes:
        """Four bytes that name the key in a signature line."""
        return hashlib.sha256(self.name.encode() + b"\n" + bytes([self.kind]) + self.public).digest()[:KEY_ID_BYTES]

    def encode(self) -> str:
        """The text form."""
        return f"{self.name}+{self.key_id.hex()}+{_base64(bytes([self.kind]) + self.public)}"

    def wrote(self, signature: Signature) -> bool:
        """Whether the line says that it is this key's."""
        return signature.name == self.name and signature.key_id == self.key_id

    def fits(self, text: str, signature: Signature) -> bool:
        """Whether the signature over the text is right."""
        value, message = signature.value, text.encode()
        if self.kind == COSIGNATURE:
            if len(value) != 8 + 64:
                return False
            message, value = _cosigned(text, int.from_bytes(value[:8], "big")), value[8:]
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(value, message)
        except (InvalidSignature, ValueError):
            return False
        return True


class Signer:
    """A log's private key. The same key cosigns others' checkpoints: the two kinds of message cannot be confused."""

    def __init__(self, name: str, key: Ed25519PrivateKey) -> None:
        check_name(name)
        self.name = name
        self._key = key
        public = key.public_key().public_bytes_raw()
        self.vkey = VerifierKey(name, ED25519, public)
        self.cosigner_vkey = VerifierKey(name, COSIGNATURE, public)

    def sign(self, checkpoint: Checkpoint) -> Note:
        """The log says: this is my tree."""
        text = checkpoint.body()
        return Note(text, (self.sign_text(text),))

    def sign_text(self, text: str) -> Signature:
        """For a note that is no checkpoint: its first line must say what it is, and be no log's name."""
        return Signature(self.name, self.vkey.key_id, self._key.sign(text.encode()))

    def cosign(self, note: Note, at: datetime) -> Signature:
        """A witness says: of all I saw of this log, this is the largest, and nothing before it was changed."""
        seconds = int(at.timestamp())
        value = seconds.to_bytes(8, "big") + self._key.sign(_cosigned(note.text, seconds))
        return Signature(self.name, self.cosigner_vkey.key_id, value)


def parse_note(raw: str | bytes) -> Note:
    """Text and signature lines. Raises ``NoteMalformed``."""
    if len(raw) > NOTE_BYTES_MAX:
        raise NoteMalformed(f"longer than {NOTE_BYTES_MAX} bytes")
    try:
        whole = raw if isinstance(raw, str) else raw.decode()
    except UnicodeDecodeError as malformed:
        raise NoteMalformed("not UTF-8") from malformed
    if any(ord(character) < 32 and character != "\n" for character in whole):
        raise NoteMalformed("control characters")
    body, blank, tail = whole.rpartition("\n\n")
    if not blank or not tail.endswith("\n"):
        raise NoteMalformed("text, an empty line, and signature lines are expected")
    lines = tail[:-1].split("\n")
    if len(lines) > SIGNATURES_MAX:
        raise NoteMalformed(f"more than {SIGNATURES_MAX} signatures")
    return Note(body + "\n", tuple(map(_parse_signature, lines)))


def parse_checkpoint(text: str) -> Checkpoint:
    """The tree head in a note's text; extension lines are allowed and ignored. Raises ``NoteMalformed``."""
    lines = text.removesuffix("\n").split("\n")
    if len(lines) < 3 or not all(lines):
        raise NoteMalformed("origin, size and root are expected, one a line")
    origin, size, root = lines[:3]
    if not (size.isascii() and size.isdigit()) or (size[0] == "0" and size != "0") or int(size[:20]) > SIZE_MAX:
        raise NoteMalformed(f"the size {size[:40]!r} is no decimal number")
    hashed = _unbase64(root, "root")
    if len(hashed) != 32:
        raise NoteMalformed(f"the root has {len(hashed)} bytes, not 32")
    return Checkpoint(origin, int(size), hashed)


def parse_vkey(text: str) -> VerifierKey:
    """The key behind its text form. Raises ``NoteMalformed``."""
    parts = text.strip().split("+", 2)
    if len(parts) != 3:
        raise NoteMalformed("name+id+key is expected")
    name, key_id, encoded = parts
    check_name(name)
    raw = _unbase64(encoded, "key")
    if len(raw) != 33 or raw[0] not in (ED25519, COSIGNATURE):
        raise NoteMalformed("an Ed25519 key of kind 1 (log) or 4 (witness) is expected")
    key = VerifierKey(name, COSIGNATURE if raw[0] == COSIGNATURE else ED25519, raw[1:])
    if key.key_id.hex() != key_id.lower():
        raise NoteMalformed(f"the key's id is {key.key_id.hex()}, not {key_id}")
    return key


def signed_by(note: Note, keys: Iterable[VerifierKey]) -> list[VerifierKey]:
    """Which of these keys signed the note. Raises ``SignatureWrong`` when one's signature does not fit."""
    found = []
    for key in keys:
        for signature in note.signatures:
            if key.wrote(signature):
                if not key.fits(note.text, signature):
                    raise SignatureWrong(f"the signature of {key.name} ({key.key_id.hex()}) does not fit")
                found.append(key)
                break
    return found


def open_checkpoint(raw: str | bytes, keys: Iterable[VerifierKey]) -> tuple[Note, Checkpoint]:
    """A checkpoint that its own log signed: the key's name is its origin.

    Raises ``NoteMalformed``, ``SignatureWrong``.
    """
    note = parse_note(raw)
    checkpoint = note.checkpoint()
    own = [key for key in keys if key.kind == ED25519 and key.name == checkpoint.origin]
    if not signed_by(note, own):
        raise SignatureWrong(f"no known key of {checkpoint.origin} signed it")
    return note, checkpoint


def check_name(name: str) -> None:
    """Raise ``NoteMalformed`` for a name that would make a signature line ambiguous."""
    if not name or "+" in name or any(character.isspace() or ord(character) < 32 for character in name):
        raise NoteMalformed(f"key name {name!r}: no spaces, no plus sign")
    if name == "cosignature/v1":
        raise NoteMalformed("this name begins what witnesses sign")


def _cosigned(text: str, seconds: int) -> bytes:
    return f"cosignature/v1\ntime {seconds}\n{text}".encode()


def _parse_signature(line: str) -> Signature:
    name, space, encoded = line.removeprefix(_DASH).partition(" ")
    if not line.startswith(_DASH) or not space:
        raise NoteMalformed("a signature line is: dash, name, signature")
    check_name(name)
    raw = _unbase64(encoded, "signature")
    if len(raw) <= KEY_ID_BYTES:
        raise NoteMalformed("a signature is too short")
    return Signature(name, raw[:KEY_ID_BYTES], raw[KEY_ID_BYTES:])


def _base64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def _unbase64(text: str, what: str) -> bytes:
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as malformed:
        raise NoteMalformed(f"the {what} is not base64") from malformed
    if _base64(raw) != text:
        raise NoteMalformed(f"the {what} is not canonical base64")
    return raw
