"""Whose certificate it was is believed of our own proxy and of nobody else."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from starlette.requests import Request

from mingjing.certificates import make_certificates
from mingjing_kernel.http.client_certificate import certificate_thumbprint

PROXY = "10.0.0.1"


@pytest.fixture(scope="module")
def pem(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    directory: Path = tmp_path_factory.mktemp("certificates")
    make_certificates(directory, members=("funds",))
    return (directory / "funds.pem").read_bytes()


def der_of(pem: bytes) -> bytes:
    return x509.load_pem_x509_certificate(pem).public_bytes(Encoding.DER)


def request(header: bytes = b"", client: str = PROXY, **more: object) -> Request:
    return Request({"type": "http", "headers": [(b"client-cert", header)], "client": (client, 1), **more})


def test_the_proxys_word_gives_the_thumbprint_of_rfc_8705(pem: bytes) -> None:
    der = der_of(pem)
    header = b":" + base64.b64encode(der) + b":"
    expected = base64.urlsafe_b64encode(hashlib.sha256(der).digest()).rstrip(b"=").decode()
    assert certificate_thumbprint(request(header), (PROXY,)) == expected
    extension = {"tls": {"client_cert_chain": [pem.decode()]}}
    assert certificate_thumbprint(request(extensions=extension)) == expected


def test_nobody_else_is_believed(pem: bytes) -> None:
    header = b":" + base64.b64encode(der_of(pem)) + b":"
    assert certificate_thumbprint(request(header, client="10.0.0.9"), (PROXY,)) is None
    assert certificate_thumbprint(request(header)) is None


@pytest.mark.parametrize("header", [b"", b"::", b":AAAA:", b"AAAA", b":%%%:", b":" + b"A" * 100_000 + b":"])
def test_what_is_no_certificate_is_nobodys(header: bytes) -> None:
    assert certificate_thumbprint(request(header), (PROXY,)) is None
