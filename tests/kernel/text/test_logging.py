"""The program's log is JSON and has nothing sealed in it."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass

from pydantic import SecretStr

from mingjing_kernel.logging import HIDDEN, hide_sealed, mask_numbers
from mingjing_kernel.sealed import Masked, Sealed

SEALED = Sealed[str](subject="person-1", algorithm="aes-256-gcm", key_id="k", box="AAAA")


@dataclass(frozen=True)
class Command:
    reporter: Sealed[str]
    phone: str
    site: str


def hidden(**entry: object) -> dict:
    return dict(hide_sealed(None, "info", entry))


def test_sealed_and_marked_values_are_hidden_however_deep() -> None:
    assert hidden(event="x", reporter=SEALED, shown=Masked("张**"), url=SecretStr("s")) == {
        "event": "x",
        "reporter": HIDDEN,
        "shown": HIDDEN,
        "url": HIDDEN,
    }
    assert hidden(headers={"Authorization": "Bearer x", "Accept": "*/*"}) == {
        "headers": {"Authorization": HIDDEN, "Accept": "*/*"}
    }
    command = Command(reporter=SEALED, phone="19900001234", site="s-1")
    assert hidden(command=command, many=[command]) == {
        "command": {"reporter": HIDDEN, "phone": HIDDEN, "site": "s-1"},
        "many": [{"reporter": HIDDEN, "phone": HIDDEN, "site": "s-1"}],
    }


def test_every_line_is_json_and_a_traceback_has_no_local_variables() -> None:
    program = """
import logging, structlog
from mingjing_kernel.logging import configure_logging
configure_logging("registry")
def fail():
    guardian = "19900001234"
    raise ValueError("broken")
structlog.get_logger("a").info("机构已登记", phone="19900001234", count=3)
logging.getLogger("library").warning("from %s", "elsewhere")
structlog.get_logger("a").debug("not shown")
try:
    fail()
except ValueError:
    structlog.get_logger("a").exception("request failed")
"""
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True)
    entries = [json.loads(line) for line in ended.stderr.splitlines()]
    assert [entry["message"] for entry in entries] == ["机构已登记", "from elsewhere", "request failed"]
    assert all(entry["service"] == "registry" and entry["timestamp"] and entry["level"] for entry in entries)
    assert entries[0]["phone"] == HIDDEN
    assert "broken" in json.dumps(entries[2])
    assert "19900001234" not in ended.stderr


def test_passwords_of_addresses_and_tokens_are_in_no_line_whoever_quotes_them() -> None:
    program = """
import logging, structlog
from mingjing_kernel.logging import configure_logging
configure_logging("registry")
token = ".".join(["eyJhbGciOiJFUzI1NiJ9", "eyJzdWIiOiJwLTEifQ", "c2lnbmF0dXJl"])
logging.getLogger("library").warning("no answer from postgresql://mingjing:hunter2@db:5432/m and nats://u:hunter2@n")
structlog.get_logger("a").info("refused", why={"deep": ["nats://u:hunter2@n:4222"]}, header=f"Bearer {token}")
try:
    raise ValueError(f"postgresql://u:hunter2@db/m {token}")
except ValueError:
    structlog.get_logger("a").exception("failed")
"""
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True)
    assert len([json.loads(line) for line in ended.stderr.splitlines()]) == 3
    assert "hunter2" not in ended.stderr
    assert "eyJ" not in ended.stderr
    assert f"postgresql://{HIDDEN}@db:5432/m" in ended.stderr


def test_a_traceback_quotes_no_number_of_a_person() -> None:
    said = "DETAIL: Failing row contains (19912341234, 11010519491231002X)"
    entry = {"exception": [{"exc_value": said, "frames": [{"lineno": 7}]}]}
    shown = str(mask_numbers(None, "error", entry))
    assert "19912341234" not in shown
    assert "11010519491231002X" not in shown
    assert "'lineno': 7" in shown
