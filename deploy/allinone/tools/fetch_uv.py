"""Fetch uv from a Python package index with nothing but the standard library.

    python3 fetch_uv.py DIRECTORY        leaves DIRECTORY/uv, ready to run

The one rule: what is unpacked has the SHA-256 written below. That is what makes it safe to go on where the
machine has no certificates (a bare Debian has none) or the index is a mirror. Runs on Python 3.8 and newer; needs
neither pip nor ensurepip. A new uv: change ``VERSION`` and the hashes, which the index states.
"""

from __future__ import annotations

import base64
import configparser
import hashlib
import html.parser
import io
import json
import os
import platform
import ssl
import sys
import urllib.error
import urllib.parse
import urllib.request
import zipfile
from collections.abc import Iterator
from pathlib import Path

VERSION = "0.13.9"
PYPI = "https://pypi.org/simple"
WHEELS = {
    ("Linux", "x86_64", "glibc"): (
        "manylinux_2_17_x86_64.manylinux2014_x86_64",
        "d7f459fe4fd247d830351c75686d3996ace3c6f3f728eb0e85a30b7ada0cef19",
    ),
    ("Linux", "x86_64", "musl"): (
        "musllinux_1_1_x86_64",
        "2c45530751517d6c3bbc69a19473f6effe47cce047bede01ffd8af7ea7b36b25",
    ),
    ("Linux", "aarch64", "glibc"): (
        "manylinux_2_28_aarch64",
        "ecb6028d79dc96fbeafffe5c8af62a7099487ebc05a701e76714eebcffd06375",
    ),
    ("Linux", "aarch64", "musl"): (
        "manylinux_2_17_aarch64.manylinux2014_aarch64.musllinux_1_1_aarch64",
        "5435c5ce14a56431208ca0996416d310f1598e8c2c8ba707688985a16bb82dbe",
    ),
    ("Darwin", "x86_64", ""): (
        "macosx_10_12_x86_64",
        "c16ed11e013557536b3e60065f1b912f6407bd6518e041b961e23ef9e6b4fbf5",
    ),
    ("Darwin", "arm64", ""): (
        "macosx_11_0_arm64",
        "66c512266d633bef48384a1f53003f41f2a8e7b36fe6e7fbfd3e0fd52d96fa63",
    ),
}
_SECONDS_MAX = 180
_BYTES_MAX = 100_000_000
_JSON = "application/vnd.pypi.simple.v1+json"


class NoUv(Exception):
    """uv could not be had; the text says why."""


def main(directory: Path) -> None:
    """Try every index that this machine is set up for, then PyPI."""
    filename, digest = wheel_name()
    problems = []
    for index in dict.fromkeys([*indexes(dict(os.environ)), PYPI]):
        try:
            unpack(download(index, filename, digest), directory)
            return
        except (OSError, NoUv, ValueError) as problem:
            problems.append(f"  {_without_password(index)}: {problem}")
    raise NoUv("\n".join(problems))


def wheel_name() -> tuple[str, str]:
    """File name and SHA-256 of the wheel for this machine."""
    system, machine = platform.system(), platform.machine()
    library = ("glibc" if platform.libc_ver()[0] == "glibc" else "musl") if system == "Linux" else ""
    if (system, machine, library) not in WHEELS:
        raise NoUv(f"  no wheel of uv is known for {system} {machine} {library}")
    tag, digest = WHEELS[system, machine, library]
    return f"uv-{VERSION}-py3-none-{tag}.whl", digest


def indexes(environment: dict[str, str]) -> Iterator[str]:
    """The indexes that uv's and pip's settings name, in the order in which those tools ask them."""
    names = ("UV_DEFAULT_INDEX", "UV_INDEX_URL", "PIP_INDEX_URL", "UV_EXTRA_INDEX_URL", "PIP_EXTRA_INDEX_URL")
    for name in names:
        yield from environment.get(name, "").split()
    home = Path(environment.get("HOME", "/nonexistent"))
    chosen = environment.get("PIP_CONFIG_FILE")
    usual = [home / ".config/pip/pip.conf", home / ".pip/pip.conf", Path("/etc/pip.conf")]
    places = [Path(chosen)] if chosen else usual
    for place in places:
        settings = configparser.ConfigParser(interpolation=None)
        try:
            settings.read(place)
        except configparser.Error:
            continue
        for name in ("index-url", "extra-index-url"):
            yield from settings.get("global", name, fallback="").split()


def download(index: str, filename: str, digest: str) -> bytes:
    """The wheel's bytes from ``index``, checked."""
    page = index.rstrip("/") + "/uv/"
    url = link_to(filename, page, _fetch(page).decode("utf-8"))
    sys.stderr.write(f"正在下载 uv {VERSION} … Fetching {_without_password(url)}\n")
    wheel = _fetch(url)
    if hashlib.sha256(wheel).hexdigest() != digest:
        raise NoUv(f"the file {filename} is not the one expected: its SHA-256 differs")
    return wheel


def link_to(filename: str, page: str, text: str) -> str:
    """Where the index page says that the file is; pages come as JSON (PEP 691) or HTML (PEP 503)."""
    if text.lstrip().startswith("{"):
        links: list[str] = [file["url"] for file in json.loads(text)["files"]]
    else:
        collector = _Links()
        collector.feed(text)
        links = collector.links
    for link in links:
        url = urllib.parse.urljoin(page, link.split("#")[0])
        if urllib.parse.unquote(url.rsplit("/", 1)[-1]) == filename:
            return url
    raise NoUv(f"the index has no {filename}")


class _Links(html.parser.HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.links += [value for name, value in attrs if tag == "a" and name == "href" and value]


def _fetch(url: str) -> bytes:
    """Read ``url``; where certificates cannot be checked the SHA-256 must do, but no password goes out that way."""
    try:
        return _read(url, _trust())
    except urllib.error.URLError as problem:
        unverified = isinstance(problem.reason, ssl.SSLCertVerificationError)
        if not unverified or "@" in urllib.parse.urlsplit(url).netloc:
            raise
        anyone = ssl.create_default_context()
        anyone.check_hostname = False
        anyone.verify_mode = ssl.CERT_NONE
        return _read(url, anyone)


def _trust() -> ssl.SSLContext:
    named = [os.environ.get(name) for name in ("SSL_CERT_FILE", "PIP_CERT", "REQUESTS_CA_BUNDLE")]
    bundle = next((name for name in named if name and Path(name).is_file()), None)
    return ssl.create_default_context(cafile=bundle)


def _read(url: str, trust: ssl.SSLContext) -> bytes:
    parts = urllib.parse.urlsplit(url)
    request = urllib.request.Request(url, headers={"Accept": _JSON + ", text/html;q=0.5, */*;q=0.1"})
    if "@" in parts.netloc:
        request = urllib.request.Request(parts._replace(netloc=parts.netloc.rsplit("@")[-1]).geturl())
        request.add_header("Authorization", "Basic " + _basic(parts))
    openers = urllib.request.build_opener(urllib.request.HTTPSHandler(context=trust))
    with openers.open(request, timeout=_SECONDS_MAX) as answer:
        body: bytes = answer.read(_BYTES_MAX)
    return body


def _basic(parts: urllib.parse.SplitResult) -> str:
    user, password = (urllib.parse.unquote(text or "") for text in (parts.username, parts.password))
    return base64.b64encode(f"{user}:{password}".encode()).decode("ascii")


def _without_password(url: str) -> str:
    parts = urllib.parse.urlsplit(url)
    return parts._replace(netloc=parts.netloc.rsplit("@")[-1]).geturl()


def unpack(wheel: bytes, directory: Path) -> None:
    """Put the program into ``directory``, whole or not at all."""
    with zipfile.ZipFile(io.BytesIO(wheel)) as archive:
        name = next(name for name in archive.namelist() if name.endswith("/scripts/uv"))
        program = archive.read(name)
    directory.mkdir(parents=True, exist_ok=True)
    unfinished = directory / f"uv.{os.getpid()}"
    unfinished.write_bytes(program)
    unfinished.chmod(0o755)
    unfinished.replace(directory / "uv")


if __name__ == "__main__":
    try:
        main(Path(sys.argv[1]))
    except NoUv as problem:
        sys.exit(str(problem))
