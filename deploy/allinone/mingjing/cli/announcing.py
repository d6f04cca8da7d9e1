"""What the supervisor announces, in words, with the time of day: somebody reads it the next morning.

The one rule: a member is named in both languages, and so is the reason.
"""

from __future__ import annotations

from typing import assert_never

from mingjing.announcements import (
    AddressChanged,
    Announcement,
    Restarted,
    Restarting,
    RoomBack,
    RoomShort,
    Silent,
)
from mingjing.cli.screen import say, show
from mingjing_kernel.clock import SHANGHAI, system_clock

NAMES = {
    "postgresql": "数据库 PostgreSQL",
    "nats": "消息 NATS",
    "console": "控制台 console",
    "registry": "机构登记 registry",
    "inspection": "检查 inspection",
    "funds": "资金 funds",
    "issuer": "演示登录 issuer",
}


def announce(announcement: Announcement) -> None:
    """To standard error, one line an announcement; a fault follows with its remedy."""
    zh, en = _words(announcement)
    now = system_clock().astimezone(SHANGHAI)
    say(f"{now:%m-%d %H:%M:%S} {zh}", en)
    fault = announcement.fault if isinstance(announcement, Restarting | RoomShort) else None
    if fault is not None:
        show(fault)


def _words(said: Announcement) -> tuple[str, str]:
    match said:
        case Restarting():
            return _restarting(said)
        case Restarted(name, seconds):
            return f"{NAMES[name]} 已恢复，用时 {seconds:.1f} 秒。", f"{_en(name)} is back after {seconds:.1f} s."
        case Silent(name, seconds):
            return (
                f"{NAMES[name]} 仍在运行但 {seconds:g} 秒没有应答，正在强制重新启动。",
                f"{_en(name)} runs but has not answered for {seconds:g} s; it is ended and started again.",
            )
        case AddressChanged(name):
            return (
                f"{NAMES[name]} 的端口已变更，其他服务随之重新启动。",
                f"{_en(name)} came back on another port; the services start again to learn it.",
            )
        case RoomShort():
            return "磁盘即将写满。", "The disk is nearly full."
        case RoomBack(restarted):
            names = "、".join(NAMES[name] for name in restarted)
            return (
                f"磁盘已有空间；重新启动 {names}。" if restarted else "磁盘已有空间。",
                f"There is room again; {', '.join(map(_en, restarted)) or 'nothing'} starts again.",
            )
        case _:
            assert_never(said)


def _restarting(said: Restarting) -> tuple[str, str]:
    zh, en = (f"（{said.ended}）", f" ({said.ended})") if said.ended else ("", "")
    delay = f"{said.delay_seconds:g}"
    if said.fault is not None:
        return (
            f"{NAMES[said.name]} 未能启动，{delay} 秒后再试（第 {said.attempt} 次）。",
            f"{_en(said.name)} did not start; trying again in {delay} s (attempt {said.attempt}).",
        )
    return (
        f"{NAMES[said.name]} 意外停止{zh}，{delay} 秒后重新启动（第 {said.attempt} 次）。",
        f"{_en(said.name)} stopped by itself{en}; starting again in {delay} s (attempt {said.attempt}).",
    )


def _en(name: str) -> str:
    return NAMES[name].rpartition(" ")[2]
