"""The table of commands; a command is here when it works.

The one rule: one line a command, its words and options stand in its own file.
"""

from __future__ import annotations

import typer

from mingjing.cli.audit import audit
from mingjing.cli.bench import bench
from mingjing.cli.demo import demo
from mingjing.cli.parked import parked
from mingjing.cli.screen import EXIT_CODES
from mingjing.cli.status import status
from mingjing.cli.test import test
from mingjing.cli.up import up
from mingjing.cli.version import version

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
_PASSES_ARGUMENTS = {"allow_extra_args": True, "ignore_unknown_options": True}

app.command(epilog=EXIT_CODES, short_help="启动并保持运行 start everything, stay")(up)
app.command(epilog=EXIT_CODES, short_help="演示样例县半年 play the sample county")(demo)
app.add_typer(audit, name="audit", short_help="审计 verify, replay, prove, check")
app.add_typer(parked, name="parked", short_help="搁置消息 messages that wait for a person")
app.command(epilog=EXIT_CODES, short_help="运行状况 what runs")(status)
app.command(epilog=EXIT_CODES, short_help="运行测试 run the tests", context_settings=_PASSES_ARGUMENTS)(test)
app.command(epilog=EXIT_CODES, short_help="性能测试 a figure beside its limit")(bench)
app.command(short_help="版本 versions")(version)
