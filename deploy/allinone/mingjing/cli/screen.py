"""What the command line shows: sentences in both languages, refusals with their remedy, exit codes.

The one rule: results go to standard output, everything else to standard error; a person who pipes one loses nothing
of the other.
"""

from __future__ import annotations

import sys
from enum import IntEnum, StrEnum
from pathlib import Path
from typing import Annotated, TypeAlias

import typer
from rich.console import Console
from rich.table import Table

from mingjing.installation import default_data
from mingjing_kernel.refusal import Refusal
from mingjing_kernel.text import package_of, render


class Exit(IntEnum):
    """How a command ends; the numbers are BSD's sysexits where one fits."""

    OK = 0
    FOUND = 1
    """A check ran to its end and found something: a failed test, a difference, a broken proof."""
    USAGE = 2
    UNAVAILABLE = 69
    """A server, port, disk or directory is not to be had; the message says what to do."""
    FAULT = 70
    """A defect of ours; the message says where the details are."""
    INTERRUPTED = 130


class Log(StrEnum):
    """The services with a log, as one types them."""

    REGISTRY = "registry"
    INSPECTION = "inspection"
    FUNDS = "funds"
    CONSOLE = "console"


EXIT_CODES = (
    "退出码 Exit codes: 0 成功 done · 1 检查发现问题 a check found something · 2 用法错误 wrong usage · "
    "69 环境不具备（端口、磁盘、服务器）a server, port or disk is missing · 70 程序缺陷 a defect · "
    "130 被中断 interrupted"
)

DATA = default_data()
Data: TypeAlias = Annotated[
    Path,
    typer.Option(
        "--data",
        envvar="MINGJING_DATA",
        metavar="DIR",
        help="数据目录。 Where everything is kept.",
    ),
]
AsJson: TypeAlias = Annotated[bool, typer.Option("--json", help="末行输出 JSON。 JSON as the last line.")]

results = Console(highlight=False, soft_wrap=True)
notes = Console(stderr=True, highlight=False, soft_wrap=True)


def say(zh: str, en: str) -> None:
    """A sentence beside the work, to standard error."""
    notes.print(f"{zh}  [dim]{en}[/dim]")


def show(refusal: Refusal) -> None:
    """Why something was refused and what to do, in both languages."""
    package = package_of(type(refusal))
    sentence = render(refusal.sentence, refusal.values, package)
    remedy = render(refusal.remedy, refusal.values, package)
    notes.print(f"[red]{sentence.zh}[/red]\n  {remedy.zh}", markup=True)
    notes.print(f"[dim]{sentence.en}\n  {remedy.en}[/dim]")


def table(*columns: str) -> Table:
    """A plain table that stays readable in a log file."""
    made = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        made.add_column(column, overflow="fold")
    return made


def is_terminal() -> bool:
    """Whether a person is looking."""
    return sys.stderr.isatty()
