"""What a worker is made to do. In a module of its own: a worker imports it by its name."""

from __future__ import annotations

import os
import signal
import time

from mingjing_kernel.evidence.refusals import EvidenceUnreadable
from mingjing_kernel.evidence.workshop import MEMORY_BYTES_MAX


def answer(number: int) -> int:
    return number + 1


def refuse() -> None:
    raise EvidenceUnreadable(claimed="image/png", reason="it is damaged or cut off")


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def sleep_for_ever() -> None:
    time.sleep(3_600)


def eat() -> int:
    return len(bytearray(MEMORY_BYTES_MAX))
