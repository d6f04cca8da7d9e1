"""Whether a process may be forked is asked when nothing of it runs beside it any more."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

ASKED = """
import threading, time
from mingjing_kernel.service import folding
folding.THREADS_END_SECONDS_MAX = {patience}
threading.Thread(target=time.sleep, args=(1,), daemon=True).start()
print(folding.can_fold_apart())
"""


@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="this system tells nobody that a child has ended")
@pytest.mark.parametrize(("patience", "answer"), [(30.0, "True"), (0.0, "False")])
def test_a_thread_that_is_about_to_end_is_waited_for(patience: float, answer: str) -> None:
    said = subprocess.run(
        [sys.executable, "-c", ASKED.format(patience=patience)], capture_output=True, text=True, check=True
    )
    assert said.stdout.split() == [answer]
