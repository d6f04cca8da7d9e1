"""``mingjing up``: everything runs until Ctrl-C."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic

from mingjing.allinone import AllInOne
from mingjing.cli.announcing import NAMES, announce
from mingjing.cli.screen import DATA, Data, notes, results, say, table
from mingjing.installation import Installation


def up(data: Data = DATA) -> None:
    """启动全部服务并保持运行，Ctrl-C 停止。Start everything and keep it running until Ctrl-C.

    首次启动会建立数据库。已有服务器时设 MINGJING_POSTGRES_URL、MINGJING_NATS_URL 即可改用。

    The first start makes the database. With MINGJING_POSTGRES_URL and MINGJING_NATS_URL the services use servers that
    exist already. Whatever ends by itself is started again, and you are told. Ctrl-C ends all in order; pressed twice,
    at once; either way nothing that was acknowledged is lost.
    """
    with running(data) as everything:
        show_addresses(everything)
        say("按 Ctrl-C 停止。", "Press Ctrl-C to stop.")
        wait_for_interrupt()


@contextmanager
def running(data: Path, *, is_demo: bool = False) -> Iterator[AllInOne]:
    """Everything up, for the length of a ``with``; shows progress, restarts and the orderly end."""
    installation = Installation(data)
    with installation.locked():
        everything = AllInOne(installation, announce, is_demo=is_demo)
        began = monotonic()
        with notes.status("正在启动 Starting …") as status:
            everything.start(lambda name: status.update(f"{NAMES[name]} ✓"))
        say(f"就绪，用时 {monotonic() - began:.1f} 秒。", f"Ready after {monotonic() - began:.1f} s.")
        if everything.grants_given:
            count = everything.grants_given
            say(f"演示人员已授权 {count} 项。", f"The demo people were given {count} grants.")
        try:
            yield everything
        finally:
            with notes.status("正在停止 Stopping …") as status:
                everything.stop(lambda name: status.update(f"{NAMES[name]} ✓"))
            say("已全部停止。", "All stopped.")


def show_addresses(everything: AllInOne) -> None:
    """Where people and programs find the services."""
    addresses = table("服务 Service", "网址 URL")
    for name, url in everything.urls.items():
        addresses.add_row(NAMES[name], url)
    addresses.add_row("数据 data", str(everything.installation.data))
    results.print(addresses)


def wait_for_interrupt() -> None:
    """Return at the first SIGINT, SIGTERM or SIGHUP; a second one ends the process at once."""
    interrupts().wait()


def interrupts() -> threading.Event:
    """Listen for them from now on: whoever is told to press Ctrl-C may do so before anybody waits for it."""
    asked = threading.Event()

    def ask(number: int, _: object) -> None:
        signal.signal(number, signal.SIG_DFL)
        asked.set()

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, ask)
    return asked
