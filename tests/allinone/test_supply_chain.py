"""What we ship of others': listed with digests, free to use, and never called clean when nobody could look."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from architecture.source import CLONE


def tool() -> ModuleType:
    path = CLONE / "deploy/allinone/tools/supply_chain.py"
    spec = importlib.util.spec_from_file_location("supply_chain", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


supply_chain = tool()
AWAY = "error: Failed to query OSV\n  cause: error sending request for url (https://api.osv.dev/v1/querybatch)\n"


def test_a_database_that_is_away_is_said_loudly_and_stops_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert supply_chain.judged(2, "", AWAY) == 0
    said = capsys.readouterr()
    assert "WERE NOT AUDITED" in said.err
    assert "未经审计" in said.err
    assert "no known advisory" not in said.out


@pytest.mark.parametrize("name", ["GHSA-abcd-efgh-ijkl", "CVE-2026-1234", "PYSEC-2026-1"])
def test_a_known_advisory_stops_the_build_with_its_name(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    report = {"packages": [{"name": "starlette", "version": "1.0", "vulnerabilities": [{"id": name}]}]}
    for code in (0, 1):
        assert supply_chain.judged(code, json.dumps(report), "") == 1
        assert f"starlette 1.0: {name}" in capsys.readouterr().err


def test_a_clean_answer_is_called_clean_and_nothing_else_is(capsys: pytest.CaptureFixture[str]) -> None:
    assert supply_chain.judged(0, '{"packages": []}', "") == 0
    assert "no known advisory" in capsys.readouterr().out
    assert supply_chain.judged(2, "", "error: the lock file is damaged") == 2
    assert supply_chain.judged(3, "{}", "something new") == 3
    assert "no known advisory" not in capsys.readouterr().out


def test_the_list_is_valid_and_has_every_locked_package_with_its_digest(tmp_path: Path) -> None:
    assert supply_chain.main(["sbom", str(tmp_path)]) == 0
    document: dict[str, Any] = json.loads((tmp_path / supply_chain.SBOM).read_text("utf-8"))
    assert {"cryptography", "granian", "mingjing-kernel"} <= {one["name"] for one in document["components"]}
    assert "pytest" not in {one["name"] for one in document["components"]}


def test_the_list_has_what_lies_inside_a_wheel(tmp_path: Path) -> None:
    supply_chain.main(["sbom", str(tmp_path)])
    document = json.loads((tmp_path / supply_chain.SBOM).read_text("utf-8"))
    inside = {
        one["name"]: [part["name"].partition("-")[0].partition(".")[0] for part in one.get("components", [])]
        for one in document["components"]
    }
    assert {"libheif", "libde265"} <= set(inside["pi-heif"])
    assert "libpdfium" in inside["pypdfium2"]
    assert "openssl" in inside["cryptography"]


def test_a_list_with_something_missing_or_malformed_is_refused(tmp_path: Path) -> None:
    supply_chain.main(["sbom", str(tmp_path)])
    document = json.loads((tmp_path / supply_chain.SBOM).read_text("utf-8"))
    fewer = {**document, "components": [one for one in document["components"] if one["name"] != "cryptography"]}
    assert any("cryptography" in fault for fault in supply_chain.list_faults(fewer))
    for one in document["components"]:
        one.pop("externalReferences", None)
    assert any("has no digest" in fault for fault in supply_chain.list_faults(document))
    assert supply_chain.schema_faults({**document, "bomFormat": "other"})


@pytest.mark.parametrize(
    ("licence", "binds"),
    [
        ("MIT", False), ("LGPL-2.1-or-later", False), ("GPL-3.0-or-later", True), ("AGPL-3.0", True),
        ("GNU General Public License v3 (GPLv3)", True), ("GNU Lesser General Public License v2 (LGPLv2)", False),
        ("MIT OR GPL-2.0-only", False), ("", False),
    ],
)  # fmt: skip
def test_licences_that_bind_our_users_are_known(licence: str, binds: bool) -> None:
    assert supply_chain.binds(licence) is binds


def test_nothing_that_users_get_binds_them() -> None:
    assert supply_chain.main(["licences"]) == 0
