"""``mingjing test``: every test of the clone, on real servers."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

import typer

from mingjing.cli.screen import Exit, say

CLONE = Path(__file__).parents[4]
"""Where tests lie beside the packages; they are not part of any wheel."""
PROCESSES_MAX = 4
"""Each has a PostgreSQL and a NATS of its own."""


def test(context: typer.Context) -> None:
    """运行全部测试；-- 之后的参数交给 pytest。Run every test; what stands after -- goes to pytest.

    测试自带 PostgreSQL 与 NATS，无需准备。例：mingjing test -- tests/funds -k refund

    Tests bring their own PostgreSQL and NATS; nothing has to be set up. Example: mingjing test -- tests/funds -k
    refund. Servers come from MINGJING_POSTGRES_URL and MINGJING_NATS_URL if set, from a Docker engine if one answers,
    else from the wheels. The whole suite is shared out among the processor's cores, a choice of tests runs in one
    process. Ends with pytest's own exit code.
    """
    if not (CLONE / "tests").is_dir():
        say("此处没有测试：请在源码目录中运行 ./mingjing test。", "No tests here: run ./mingjing test in a clone.")
        raise typer.Exit(Exit.UNAVAILABLE)
    os.chdir(CLONE)
    os.execv(sys.executable, [sys.executable, "-m", "pytest", *_shared_out(context.args), *context.args])


def _shared_out(arguments: Sequence[str]) -> list[str]:
    """How the whole suite is divided (tests/conftest.py says into what); nothing for a choice of files."""
    if any(not word.startswith("-") and Path(word.partition("::")[0]).exists() for word in arguments):
        return []
    processes = min(os.cpu_count() or 1, PROCESSES_MAX)
    return ["--numprocesses", str(processes), "--dist", "loadscope", "--no-loadscope-reorder"]
