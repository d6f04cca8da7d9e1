"""One service in a process of its own, started and ended the way the embedded servers are.

The one rule: it counts as started when it answers that it is ready, not when its process exists.
"""

from __future__ import annotations

import json
import signal
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from http.client import HTTPException
from pathlib import Path
from typing import Any

from mingjing.servers import process
from mingjing.servers.faults import ServerFault, ServiceRefused, ServiceSilent, ServiceStopped
from mingjing_kernel.refused import EXIT_REFUSED, read_refused

SILENCE_SECONDS_MAX = 60
"""Without a word in its log, not ready. A rebuild of large read models takes longer, and says how far it is."""
_STOP_SECONDS_MAX = 15
_LOG_BYTES_MAX = 20_000_000
_WORDS_BYTES_MAX = 4_096
_SHOWN_CHARACTERS = 300
_POLL_SECONDS = 0.05
_ANSWER_SECONDS_MAX = 5


class ServiceProcess:
    """``python -m mingjing_funds serve`` with its settings in the environment, its words in a log file."""

    recovers_from_full_disk = True
    """It keeps nothing on disk but its log file."""

    def __init__(
        self,
        name: str,
        *,
        command: Sequence[str],
        url: str,
        ready_path: str,
        environment: Callable[[], Mapping[str, str]],
        run: Path,
        log: Path,
        launch: Callable[..., process.Child] = process.launch_known,
    ) -> None:
        """``ready_path`` answers 200 when it can work; ``environment`` is asked for at each start; ``launch`` is how
        its process comes into being.
        """
        self.name = name
        self._command = command
        self.url = url
        self.ready_url = url + ready_path
        self._environment = environment
        self._launch = launch
        self.identity = run / f"{name}.identity"
        """Where the number of its process stands."""
        self.log = log / f"{name}.log"
        self._log_start = 0
        self._child: process.Child | None = None

    @property
    def pid(self) -> int | None:
        """The running process; None when it does not run."""
        return self._child.pid if self._child is not None and self._child.poll() is None else None

    @property
    def ended(self) -> str:
        """How the last process ended by itself, with its last words when it had a say; empty when it did not end."""
        ended = process.how_it_ended(self._child)
        said = [line for line in self._words() if line.strip()] if ended.startswith("exit") else []
        return f"{ended}: {said[-1].strip()[:_SHOWN_CHARACTERS]}" if said else ended

    def responds(self) -> bool:
        """Whether it says anything, be it that it cannot work."""
        return answers(self.ready_url, any_status=True)

    def start(self, report: Callable[[str], None] = lambda _: None) -> None:
        """Start and return when the service is ready. Raises a ``ServerFault`` with its remedy."""
        self.launch()
        self.await_ready()
        report(self.name)

    def launch(self) -> None:
        """Only begin: several services can come up side by side."""
        self.stop()
        process.end_orphans([self.identity])
        if self.log.exists() and self.log.stat().st_size > _LOG_BYTES_MAX:
            self.log.replace(self.log.with_suffix(".log.1"))
        with self.log.open("ab") as output:
            self._log_start = output.tell()
            self._child = self._launch(
                self._command,
                on_owner_death=signal.SIGTERM,
                output=output,
                environment={**process.inherited(), **self._environment()},
                identity=self.identity,
            )

    def await_ready(self) -> None:
        """Return when the service says that it is ready; raise when it ended or stays silent."""
        heard, said = time.monotonic(), 0
        while time.monotonic() - heard < SILENCE_SECONDS_MAX:
            if self._child is None or self._child.poll() is not None:
                raise self._why_it_ended()
            if self.is_ready():
                return
            if (size := self.log.stat().st_size) != said:
                heard, said = time.monotonic(), size
            time.sleep(_POLL_SECONDS)
        raise ServiceSilent(service=self.name, seconds=SILENCE_SECONDS_MAX, log=self.log)

    def check(self) -> None:
        """Raise when it has ended meanwhile: then somebody else answers at its address."""
        if self.pid is None:
            raise self._why_it_ended()

    def is_ready(self) -> bool:
        """Whether it answers now that it can work."""
        return answers(self.ready_url)

    def stop(self) -> None:
        """Let it finish what it has in hand, then end it."""
        if self._child is not None:
            process.end_child(self._child, (signal.SIGTERM, signal.SIGKILL), _STOP_SECONDS_MAX)
            self._child = None

    def _why_it_ended(self) -> ServerFault:
        """Its own refusal, or the last line of its log, which for a Python program is the error itself."""
        ended, self._child = self._child, None
        lines = self._words()
        refused = read_refused(lines) if ended is not None and ended.returncode == EXIT_REFUSED else None
        if refused is not None:
            return ServiceRefused(service=self.name, reason=refused.sentence, remedy=refused.remedy)
        said = [line for line in lines if line.strip()]
        return ServiceStopped(service=self.name, reason=said[-1].strip() if said else "no message", log=self.log)

    def _words(self) -> list[str]:
        """The end of what it wrote since this start."""
        with self.log.open("rb") as log:
            log.seek(max(self._log_start, self.log.stat().st_size - _WORDS_BYTES_MAX))
            return log.read().decode(errors="replace").splitlines()


def health(url: str) -> dict[str, Any]:
    """What a service says about itself, ready or not; empty when it says nothing."""
    try:
        with urllib.request.urlopen(url, timeout=_ANSWER_SECONDS_MAX) as answer:
            said = json.load(answer)
    except urllib.error.HTTPError as unwell:
        said = _document(unwell.read())
    except (OSError, HTTPException, ValueError):
        return {}
    return said if isinstance(said, dict) else {}


def _document(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return {}


def answers(url: str, *, any_status: bool = False) -> bool:
    """Whether a GET of ``url`` succeeds now; with ``any_status``: whether anything at all is answered."""
    try:
        with urllib.request.urlopen(url, timeout=_ANSWER_SECONDS_MAX) as answer:
            return any_status or bool(answer.status == 200)
    except urllib.error.HTTPError:
        return any_status
    except (OSError, HTTPException):
        return False
