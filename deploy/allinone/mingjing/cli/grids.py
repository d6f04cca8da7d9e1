"""``mingjing grids``: plausible grids of a county, for trying out what surveyed ones will do.

The one rule: it says that they are drawn and not surveyed, wherever it prints them.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from mingjing.cli.screen import EXIT_CODES, Exit, say

SEED_MAX = 2**31 - 1
TIMES_MAX = 20

grids = typer.Typer(help="网格：绘制示例网格。Grids: draw plausible ones.", no_args_is_help=True, epilog=EXIT_CODES)


@grids.callback()
def _group() -> None:
    pass


@grids.command(epilog=EXIT_CODES, short_help="绘制示例网格 draw plausible grids")
def draw(
    county: Annotated[
        str, typer.Option("--county", metavar="CODE", help="六位县区代码。 The county's six digits.")
    ] = "330106",
    seed: Annotated[int, typer.Option(min=0, max=SEED_MAX, metavar="N", help="另一个数，另一张图。 Another map.")] = 1,
    times: Annotated[int, typer.Option(min=1, max=TIMES_MAX, metavar="N", help="网格数的倍数。 Times as many.")] = 1,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="FILE", help="写入文件。 Into a file.", dir_okay=False)
    ] = None,
) -> None:
    """在县区边界内划分社区和网格，输出可导入的 GeoJSON（WGS-84）。仅县界与镇街代码为真，其余为示例。

    Divides a county's outline into communities and grids, as GeoJSON that can be imported. Only the outline and the
    codes of the towns are real; the rest is drawn, not surveyed.
    """
    from mingjing.county.grids import as_geojson, draw_grids  # noqa: PLC0415  (shapely, which no other command needs)

    try:
        drawn = draw_grids(county, seed, times)
    except (FileNotFoundError, ValueError) as missing:
        say(f"没有县区 {county} 的边界或镇街表。", f"There is no outline or table of towns of {county}: {missing}")
        raise typer.Exit(Exit.UNAVAILABLE) from missing
    text = json.dumps(as_geojson(drawn), ensure_ascii=False)
    if output is None:
        typer.echo(text)
    else:
        output.write_text(text + "\n", encoding="utf-8")
    say(f"绘制 {len(drawn)} 个图形，非勘界成果。", f"Drawn {len(drawn)} features; not surveyed.")
