"""``mingjing inspection``: what anybody can check of inspections, with no system at hand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from mingjing.cli.screen import EXIT_CODES, Exit, results
from mingjing_inspection.draw import is_drawn, verify

FILE_BYTES_MAX = 256 * 1024**2
"""Of a notice: a population of a million takes a quarter of it."""
inspection = typer.Typer(
    help="检查：核验双随机抽查。What anybody can check of inspections.", no_args_is_help=True, epilog=EXIT_CODES
)
draw = typer.Typer(help="双随机抽查 double-random draws", no_args_is_help=True, epilog=EXIT_CODES)
inspection.add_typer(draw, name="draw", short_help="双随机抽查 double-random draws")


@draw.callback()
def _group() -> None:
    """双随机抽查 double-random draws."""


@draw.command("verify", epilog=EXIT_CODES, short_help="核验抽查公告 draw again from a public notice")
def verify_notice(
    notice: Annotated[Path, typer.Argument(help="抽查公告 the public notice", exists=True, dir_okay=False)],
    earlier: Annotated[
        Path | None,
        typer.Option(
            "--earlier", help="承诺时的公告 the notice saved when it was committed to", exists=True, dir_okay=False
        ),
    ] = None,
) -> None:
    """只凭公告重新抽取一遍，逐项核对名单、权重、种子、公开值、结果与名称；不访问系统。

    Draws again from the notice alone and compares everything: population, weights, seed, public value, result, names.
    The same check is one Python file that needs nothing else: mingjing_inspection/draw.py.
    """
    read = _read(notice)
    wrong = verify(read, _read(earlier) if earlier else None)
    for one in wrong:
        results.print(f"✗ {one}", markup=False, style="red", highlight=False)
    if wrong:
        raise typer.Exit(Exit.FOUND)
    results.print("✓ 公告全部相符 everything in the notice matches", markup=False)
    if not is_drawn(read):
        results.print("尚未抽取，只核对了名单 not drawn yet: only the population was checked", markup=False)
    elif earlier is None:
        results.print(
            "未与承诺时的公告比对，请用 --earlier FILE  not compared with the notice of the commitment: --earlier FILE",
            markup=False,
        )


def _read(path: Path) -> Any:
    """A notice; ``None`` where the file holds none, which is then said."""
    if path.stat().st_size > FILE_BYTES_MAX:
        raise typer.BadParameter(f"{path}: 文件过大 larger than {FILE_BYTES_MAX} bytes")
    try:
        return json.loads(path.read_bytes())
    except ValueError as malformed:
        raise typer.BadParameter(f"{path}: 不是 JSON not JSON: {malformed}") from malformed
