"""The table of commands; a command is here when it works.

The one rule: one line a command; its words and options stand in its own file, which is loaded when it is asked for.
Loading all of them would cost every start a second and a half.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import Any

import typer

from mingjing.cli.screen import EXIT_CODES


@dataclass(frozen=True, slots=True)
class _Command:
    """A command or a group of commands."""

    summary: str
    passes_arguments: bool = False


COMMANDS = {
    "up": _Command("启动并保持运行 start everything, stay"),
    "demo": _Command("演示样例县半年 play the sample county"),
    "audit": _Command("审计 verify, replay, prove, check"),
    "alerts": _Command("预警推演 what the alert rules would have said"),
    "inspection": _Command("检查核验 check a published draw"),
    "grids": _Command("示例网格 plausible grids of a county"),
    "parked": _Command("搁置消息 messages that wait for a person"),
    "status": _Command("运行状况 what runs"),
    "keys": _Command("密钥 make the keys of a cluster"),
    "test": _Command("运行测试 run the tests", passes_arguments=True),
    "bench": _Command("性能测试 a figure beside its limit"),
    "version": _Command("版本 versions"),
}
"""In the order of ``--help``. The module and what it offers are called as the command is."""


def make_app(asked: str | None) -> typer.Typer:
    """The command line with the command ``asked`` for; of the others only names and summaries."""
    app = typer.Typer(
        name="mingjing",
        help="明镜：校外培训监管，事事留痕、可重演、可证明。\n\n"
        "Mingjing: regulating off-campus training institutions on one provable log.",
        epilog=EXIT_CODES,
        no_args_is_help=True,
        rich_markup_mode="markdown",
        add_completion=False,
        context_settings={"help_option_names": ["-h", "--help"]},
        pretty_exceptions_enable=False,
    )
    app.callback()(lambda: None)  # Keeps it a group, whatever is in it.
    for name, command in COMMANDS.items():
        offered = getattr(import_module(f"mingjing.cli.{name}"), name) if name == asked else _not_loaded
        if isinstance(offered, typer.Typer):
            app.add_typer(offered, name=name, short_help=command.summary)
        else:
            settings = {"allow_extra_args": True, "ignore_unknown_options": True} if command.passes_arguments else {}
            register: Any = app.command(name, epilog=EXIT_CODES, short_help=command.summary, context_settings=settings)
            register(offered)
    return app


def _not_loaded() -> None:
    raise AssertionError("a command that was not asked for cannot run")
