"""Wrong usage in both languages: what was typed, what is wrong with it, and where the help is.

The one rule: the library's English sentence stays whole; the Chinese one says the same of the same word.
"""

from __future__ import annotations

from typing import Any

import typer

from mingjing.cli.screen import Exit, notes

UsageError: Any = typer.BadParameter.__bases__[0]
"""The library's own class for every wrong usage; it has no public name that all its versions share."""

_SENTENCES = {
    "NoSuchOption": "没有选项 {what}。",
    "MissingParameter": "缺少 {what}。",
    "BadOptionUsage": "选项 {what} 用法不对。",
    "BadArgumentUsage": "参数个数不对。",
    "BadParameter": "{what} 的值不对。",
}


def show_usage(wrong: Any) -> Exit:
    """Say what was wrong with the command line, to standard error."""
    if type(wrong).__name__ == "NoArgsIsHelpError":  # the help was shown on the way here
        if wrong.message:
            notes.print(wrong.message, markup=False)
        return Exit.USAGE
    chinese = _SENTENCES.get(type(wrong).__name__, "没有这个命令或参数。").format(what=_what(wrong))
    notes.print(f"用法错误：{chinese}", style="red", markup=False)
    notes.print(f"Wrong usage: {wrong.format_message()}", style="dim", markup=False)
    if wrong.ctx is not None:
        notes.print(f"{wrong.ctx.get_usage()}\n说明 help: {wrong.ctx.command_path} --help", markup=False)
    return Exit.USAGE


def _what(wrong: Any) -> str:
    if name := getattr(wrong, "option_name", ""):
        return str(name)
    if hint := getattr(wrong, "param_hint", None):
        return str(hint)
    param = getattr(wrong, "param", None)
    if param is None:
        return "参数"
    options = [name for name in param.opts if name.startswith("-")]
    return " / ".join(options) or str(param.metavar or param.name)
