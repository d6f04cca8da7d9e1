"""``mingjing bench NAME``: one figure beside its raw limit, measured in the same run."""

from __future__ import annotations

from typing import Annotated

import typer

from mingjing import bench as benches
from mingjing.cli.screen import AsJson, notes, results, table


def bench(
    name: Annotated[
        str | None, typer.Argument(help="名称，不写则列出全部。Which one; without it all are listed.", metavar="NAME")
    ] = None,
    as_json: AsJson = False,
    seconds: Annotated[float | None, typer.Option(help="测量时长（秒）。How long to measure.")] = None,
    callers: Annotated[int | None, typer.Option(help="并发调用者。Concurrent callers.")] = None,
    events: Annotated[int | None, typer.Option(help="事件数。How many events, where a number is measured.")] = None,
    preload: Annotated[int | None, typer.Option(help="先写入这么多事件。Events written first.")] = None,
    fsync_delay_ms: Annotated[float | None, typer.Option(help="每次落盘加延迟（毫秒）。Delay every flush.")] = None,
) -> None:
    """性能测试：一个数字，与同一次运行中测得的极限并列。One figure beside its raw limit of the same run.

    服务器为本次运行专设，落盘设置与正式运行相同（fsync、synchronous_commit 均开启）。

    The servers are made for this run with the product's durable settings (fsync and synchronous_commit on). A figure
    without --json is one line for a person, with it one JSON object: name, value, unit, raw, ratio, details. Examples:
    mingjing bench append-concurrent --seconds 60, mingjing bench append-concurrent --fsync-delay-ms 2. An option that
    the benchmark does not use is refused.
    """
    if name is None:
        listed = table("名称 Name")
        for known in benches.names():
            listed.add_row(known)
        results.print(listed)
        return
    options = {"seconds": seconds, "callers": callers, "events": events, "preload": preload}
    with notes.status(f"正在测量 Measuring {name} …") as status:

        def progress(done: int, total: int) -> None:
            status.update(f"正在测量 Measuring {name} {done:,} / {total:,}")

        figure = benches.run(name, progress, **options, fsync_delay_ms=fsync_delay_ms)
    results.print(figure.json() if as_json else figure.line(), markup=False)
