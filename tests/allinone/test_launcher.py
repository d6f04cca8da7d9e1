"""The launcher's only own code: how uv is fetched where there is nothing but Python."""

from __future__ import annotations

import functools
import hashlib
import io
import runpy
import subprocess
import threading
import zipfile
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

CLONE = Path(__file__).parents[2]
FETCH: dict[str, Any] = runpy.run_path(str(CLONE / "deploy/allinone/tools/fetch_uv.py"))
FILE = "uv-1-py3-none-any.whl"


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        return


@pytest.fixture
def index(tmp_path: Path) -> Iterator[str]:
    """A mirror with one wheel, as HTML."""
    project = tmp_path / "uv"
    project.mkdir()
    (project / FILE).write_bytes(wheel())
    (project / "index.html").write_text(f'<a href="{FILE}#sha256=0">{FILE}</a>')
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(tmp_path)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


def wheel() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(zipfile.ZipInfo("uv-1.data/scripts/uv"), "#!/bin/sh\necho uv 1\n")
    return file.getvalue()


def test_a_wheel_from_a_mirror_is_checked_and_unpacked(index: str, tmp_path: Path) -> None:
    content = FETCH["download"](index, FILE, hashlib.sha256(wheel()).hexdigest())
    FETCH["unpack"](content, tmp_path / "tools")
    program = tmp_path / "tools" / "uv"
    assert subprocess.run([program], capture_output=True, text=True, check=True).stdout == "uv 1\n"


def test_another_file_under_the_same_name_is_refused(index: str) -> None:
    with pytest.raises(FETCH["NoUv"], match="SHA-256"):
        FETCH["download"](index, FILE, "0" * 64)


def test_links_are_found_in_both_kinds_of_index() -> None:
    page = "https://mirror.example/simple/uv/"
    html = f'<a href="../../files/{FILE}#sha256=1">x</a>'
    json = '{"files": [{"url": "https://cdn.example/' + FILE + '"}]}'
    assert FETCH["link_to"](FILE, page, html) == f"https://mirror.example/files/{FILE}"
    assert FETCH["link_to"](FILE, page, json) == f"https://cdn.example/{FILE}"
    with pytest.raises(FETCH["NoUv"]):
        FETCH["link_to"]("uv-2.whl", page, html)


def test_the_settings_of_uv_and_pip_name_the_index(tmp_path: Path) -> None:
    settings = tmp_path / "pip.conf"
    settings.write_text("[global]\nindex-url = https://conf.example/simple\nextra-index-url = https://more.example/s\n")
    environment = {"PIP_INDEX_URL": "https://env.example/simple", "PIP_CONFIG_FILE": str(settings)}
    found = list(FETCH["indexes"](environment))
    assert found == ["https://env.example/simple", "https://conf.example/simple", "https://more.example/s"]


def test_a_password_in_an_address_is_not_shown() -> None:
    assert FETCH["_without_password"]("https://me:secret@mirror.example/simple") == "https://mirror.example/simple"


def test_every_known_machine_has_a_wheel_of_the_same_version() -> None:
    assert all(len(digest) == 64 for _, digest in FETCH["WHEELS"].values())
    assert FETCH["wheel_name"]()[0].startswith(f"uv-{FETCH['VERSION']}-")
