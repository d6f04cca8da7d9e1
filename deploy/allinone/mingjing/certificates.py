"""A certificate authority for development and for tests: TLS on every link without an authority of one's own.

The one rule: what is there is never replaced. An authority for real work belongs to the operator; this one's key lies
beside what it signed.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from mingjing_kernel.clock import system_clock

AUTHORITY = "ca"
MEMBERS = ("registry", "inspection", "funds", "console", "postgres", "nats")
VALID = timedelta(days=397)
"""As long as browsers take certificates for."""
EARLIER = timedelta(minutes=5)
"""Clocks differ."""
_USAGES = (ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH)


def make_certificates(directory: Path, hosts: Sequence[str] = (), members: Sequence[str] = MEMBERS) -> list[str]:
    """An authority in ``directory`` (``ca.pem``, ``ca.key``) and what it signs: ``<member>.pem``, ``<member>.key``.

    Each certificate serves and calls, and names the member, this machine, and ``hosts`` (names or addresses). Returns
    the names of the files that were made; those that are there stay.
    """
    now = system_clock()
    made: list[str] = []
    if not (directory / f"{AUTHORITY}.pem").exists():
        made += _write(directory, AUTHORITY, *_authority(now))
    certificate = x509.load_pem_x509_certificate((directory / f"{AUTHORITY}.pem").read_bytes())
    key = load_pem_private_key((directory / f"{AUTHORITY}.key").read_bytes(), password=None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    for member in members:
        if not (directory / f"{member}.pem").exists():
            made += _write(directory, member, *_signed(member, hosts, certificate, key, now))
    return made


def _authority(now: datetime) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = _name("Mingjing development authority")
    usage = x509.KeyUsage(
        digital_signature=False, content_commitment=False, key_encipherment=False, data_encipherment=False,
        key_agreement=False, key_cert_sign=True, crl_sign=True, encipher_only=False, decipher_only=False,
    )  # fmt: skip
    builder = (
        _builder(name, name, key, now)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
    )
    return builder.sign(key, hashes.SHA256()), key


def _signed(
    member: str, hosts: Sequence[str], authority: x509.Certificate, signer: ec.EllipticCurvePrivateKey, now: datetime
) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    key = ec.generate_private_key(ec.SECP256R1())
    names = dict.fromkeys((member, "localhost", "127.0.0.1", "::1", *hosts))
    identifier = x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key())
    builder = (
        _builder(_name(member), authority.subject, key, now)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage(_USAGES), critical=False)
        .add_extension(x509.SubjectAlternativeName([_general(name) for name in names]), critical=False)
        .add_extension(identifier, critical=False)
    )
    return builder.sign(signer, hashes.SHA256()), key


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, now: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - EARLIER)
        .not_valid_after(now + VALID)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _general(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _write(directory: Path, name: str, certificate: x509.Certificate, key: ec.EllipticCurvePrivateKey) -> list[str]:
    """The key first, and never readable by anybody else."""
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    handle = os.open(directory / f"{name}.key", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as opened:
        opened.write(pem)
    (directory / f"{name}.pem").write_bytes(certificate.public_bytes(Encoding.PEM))
    return [f"{name}.key", f"{name}.pem"]
