"""The composition of an all-in-one: which servers and services it has, and what each is told.

The one rule: services learn everything from their environment, so that the same code runs here and on many machines.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from typing import Any

from mingjing.installation import PORTS, Installation
from mingjing.outside import OutsideNats, OutsidePostgres
from mingjing.servers import Nats, Postgres, process
from mingjing.service_process import ServiceProcess
from mingjing.supervisor import Announcement, Supervisor

_STATE = "state.json"


class AllInOne:
    """Everything on one machine, below one data directory. Hold the installation's lock while it runs."""

    def __init__(self, installation: Installation, announce: Callable[[Announcement], None]) -> None:
        """``announce`` hears of every restart."""
        self.installation = installation
        postgres_url, nats_url = (os.environ.get(one.variable) for one in (OutsidePostgres, OutsideNats))
        self.postgres = OutsidePostgres(postgres_url) if postgres_url else Postgres(installation.postgres)
        self.nats = OutsideNats(nats_url) if nats_url else Nats(installation.nats)
        self.urls = {name: f"http://127.0.0.1:{installation.port(name)}" for name in PORTS}
        """Where each service answers, by its name."""
        self._supervisor = Supervisor(
            [("postgresql", self.postgres), ("nats", self.nats)],
            [self._service(name) for name in PORTS],
            announce,
        )

    def start(self, report: Callable[[str], None]) -> None:
        """Bring everything up and look after it until ``stop``; ``report`` gets the name of each ready member."""
        self._supervisor.start(report)
        self._supervisor.watch()
        process.write_identity(self.installation.run / "identity", os.getpid())
        state = json.dumps({"urls": self.urls, "postgres": self.postgres.pid, "nats": self.nats.pid})
        (self.installation.run / _STATE).write_text(state, encoding="utf-8")

    def stop(self, report: Callable[[str], None]) -> None:
        """End everything in order; ``report`` gets the name of each ended member."""
        self._supervisor.stop(report)
        (self.installation.run / "identity").unlink(missing_ok=True)

    def environment_of(self, service: str) -> dict[str, str]:
        """What a service is told; the same names as on any other machine."""
        host, port = self.urls[service].removeprefix("http://").split(":")
        peers = {f"MINGJING_{name.upper()}_URL": url for name, url in self.urls.items()}
        return {
            **peers,
            "MINGJING_POSTGRES_URL": self.postgres.url,
            "MINGJING_NATS_URL": self.nats.url,
            "MINGJING_HTTP_HOST": host,
            "MINGJING_HTTP_PORT": port,
            "MINGJING_DATA_DIR": str(self.installation.data),
            "MINGJING_MIGRATE_AT_START": "true",
        }

    def _service(self, name: str) -> ServiceProcess:
        return ServiceProcess(
            name,
            command=[sys.executable, "-m", f"mingjing_{name}", "serve"],
            url=self.urls[name],
            environment=lambda: self.environment_of(name),
            run=self.installation.run,
            log=self.installation.log,
        )


def running(installation: Installation) -> dict[str, Any] | None:
    """What an ``up`` in another terminal wrote about itself; None when none runs."""
    if process.read_identity(installation.run / "identity") is None:
        return None
    state: dict[str, Any] = json.loads((installation.run / _STATE).read_text(encoding="utf-8"))
    return state
