"""The composition of an all-in-one: which servers and services it has, and what each is told.

The one rule: services learn everything from their environment, so that the same code runs here and on many machines.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from hashlib import sha256
from importlib.util import find_spec
from typing import Any

from mingjing.announcements import Announcement
from mingjing.first_grants import INSTALLER, demo_subject, give_first_grants
from mingjing.installation import ISSUER, PORTS, Installation
from mingjing.keys import CONSOLE, client_key_file, ensure_keys
from mingjing.nursery import Nursery
from mingjing.outside import OutsideNats, OutsidePostgres
from mingjing.servers import Nats, Postgres, places, process
from mingjing.servers.faults import ServerFault
from mingjing.service_process import ServiceProcess
from mingjing.supervisor import Server, Supervisor

_PORT_TRIES_MAX = 3
_STATE = "state.json"
_RATE = "1000000/second"
_TOLD = ("POSTGRES_URL", "POSTGRES_ADMIN_URL", "NATS_URL", "NATS_ADMIN_URL")
_ISSUER_VARIABLE = "MINGJING_ISSUER_URL"
_APPS_VARIABLE = "MINGJING_OPEN311_KEYS"
DEMO_APP_KEY = "mingjing-demo"
DEMO_APP = f"demo-app:{sha256(DEMO_APP_KEY.encode()).hexdigest()}"
"""An app that may post by Open311 while the demo runs, so that a developer can try it."""
_FOLDED_APART = ("funds",)
"""Services that have more to do than one core can, when a county's files come in."""
_NURSERY_VARIABLE = "MINGJING_NURSERY"
"""Set to 0, services are started one by one instead of forked from a nursery (ADR 14)."""


class AllInOne:
    """Everything on one machine, below one data directory. Hold the installation's lock while it runs."""

    def __init__(
        self, installation: Installation, announce: Callable[[Announcement], None], *, is_demo: bool = False
    ) -> None:
        """``announce`` hears of every restart. ``is_demo``: what is in it is invented, and a developer may try it."""
        self.installation = installation
        self._is_demo = is_demo
        self.postgres = OutsidePostgres.from_environment() or Postgres(installation.postgres)
        self.nats = OutsideNats.from_environment() or Nats(installation.nats)
        self._announce = announce
        self._nursery = Nursery(installation.log)
        self._has_nursery = os.environ.get(_NURSERY_VARIABLE) != "0"
        self._supervisor: Supervisor | None = None
        self.grants_given = 0
        """How many grants the demo people got at this start; none where somebody was an administrator before."""
        self.urls: dict[str, str] = {}
        """Where each service answers, by its name; known from the start on."""

    def _assemble(self) -> Supervisor:
        """Services on ports that are free now, and on last time's wherever that is possible."""
        run, members = self.installation.run, _members()
        # What an earlier run left behind sits on those ports, and would go on writing with its old code.
        process.end_orphans([run / f"{name}.identity" for name in members])
        self.urls = {name: f"http://127.0.0.1:{self.installation.port(name)}" for name in members}
        self._services = [self._issuer() if name == ISSUER else self._service(name) for name in self.urls]
        servers: list[tuple[str, Server]] = [("postgresql", self.postgres), ("nats", self.nats)]
        data = self.installation.data
        self._supervisor = Supervisor(servers, self._services, self._announce, lambda: places.room_fault(data))
        return self._supervisor

    def start(self, report: Callable[[str], None]) -> None:
        """Bring everything up and look after it until ``stop``; ``report`` gets the name of each ready member."""
        if self._has_nursery:
            self._nursery.start()
        try:
            self._bring_up(report)
        except BaseException:
            if self._supervisor is not None:
                self._supervisor.stop()
            self._nursery.stop()
            raise

    def _bring_up(self, report: Callable[[str], None]) -> None:
        ensure_keys(self.installation)
        for attempt in range(1, _PORT_TRIES_MAX + 1):
            supervisor = self._assemble()
            try:
                supervisor.start(report)
                break
            except ServerFault:
                if attempt == _PORT_TRIES_MAX or not self._lost_a_port():
                    raise
        supervisor.watch()
        if {ISSUER, CONSOLE} <= self.urls.keys():  # before anybody is told that it runs: nobody may do anything yet
            self.grants_given = give_first_grants(self.urls)
        state = {"urls": self.urls, "ready": {service.name: service.ready_url for service in self._services}}
        draft = self.installation.run / f"{_STATE}.draft"
        draft.write_text(json.dumps(state), encoding="utf-8")
        draft.replace(self.installation.run / _STATE)
        # Last: who finds it (another terminal) reads the rest.
        process.write_identity(self.installation.run / "identity", os.getpid())

    def _lost_a_port(self) -> bool:
        """Whether somebody took a port between our look at it and the service's start."""
        return not all(places.port_is_free(int(url.rpartition(":")[2])) for url in self.urls.values())

    def stop(self, report: Callable[[str], None]) -> None:
        """End everything in order; ``report`` gets the name of each ended member."""
        if self._supervisor is not None:
            self._supervisor.stop(report)
        self._nursery.stop()
        (self.installation.run / "identity").unlink(missing_ok=True)

    def environment_of(self, service: str) -> dict[str, str]:
        """What a service is told; the same names as on any other machine."""
        host, port = self.urls[service].removeprefix("http://").split(":")
        clients = {}
        if ISSUER in self.urls:  # at a real issuer the environment says who the services are
            clients = {
                "MINGJING_CLIENT_ID": f"service-{service}",
                "MINGJING_CLIENT_JWK_FILE": str(client_key_file(self.installation.keys, f"service-{service}")),
                "MINGJING_SIGN_IN_CLIENT_ID": CONSOLE,
                "MINGJING_SIGN_IN_KEY_FILE": str(client_key_file(self.installation.keys, CONSOLE)),
            }
        return {
            **clients,
            **{f"MINGJING_{name.upper()}_URL": url for name, url in self.urls.items()},  # the issuer's among them
            "MINGJING_POSTGRES_URL": self.postgres.service_url(service),
            "MINGJING_POSTGRES_ADMIN_URL": self.postgres.url,  # the service migrates itself; nothing else uses it
            "MINGJING_NATS_URL": self.nats.service_url(service),
            "MINGJING_NATS_ADMIN_URL": self.nats.url,  # for a stream that is gone; nothing else uses it
            # What we were told by a file is told by its value: once, not twice.
            **{f"MINGJING_{name}_FILE": "" for name in _TOLD},
            "MINGJING_HTTP_HOST": host,
            "MINGJING_HTTP_PORT": port,
            "MINGJING_DATA_DIR": str(self.installation.data),
            "MINGJING_MIGRATE_AT_START": "true",
            "MINGJING_FOLD_APART": str(service in _FOLDED_APART and _cores() > 1).lower(),
            # The demo and its programs are a few callers on one address, thousands of requests a second together.
            "MINGJING_RATE_CALLER": _RATE,
            "MINGJING_RATE_ADDRESS": _RATE,
            # The console asks for its visitors: what is limited is who asks it, not the console.
            "MINGJING_TRUSTED_PROXIES": "127.0.0.1",
            **self._access(),
        }

    def _access(self) -> dict[str, str]:
        """With our own issuer: what people may do is in the log alone, and who says it first. Else as the environment
        says: another issuer's subjects are its own."""
        if ISSUER not in self.urls:
            return {}
        access = {"MINGJING_TOKEN_GRANTS": "services", "MINGJING_FIRST_ADMINISTRATORS": demo_subject(INSTALLER)}
        # A key that everybody may read is for what is invented: elsewhere anybody could post in an app's name.
        takes_demo_app = self._is_demo and _APPS_VARIABLE not in os.environ
        return access | ({_APPS_VARIABLE: json.dumps([DEMO_APP])} if takes_demo_app else {})

    def _service(self, name: str) -> ServiceProcess:
        return ServiceProcess(
            name,
            command=[sys.executable, "-m", f"mingjing_{name}", "serve"],
            url=self.urls[name],
            ready_path=f"/{name}/v1/health",
            environment=lambda: self.environment_of(name),
            run=self.installation.run,
            log=self.installation.log,
            launch=self._nursery.launch if self._has_nursery else process.launch_known,
        )

    def _issuer(self) -> ServiceProcess:
        port = self.urls[ISSUER].rpartition(":")[2]
        where = ["--directory", str(self.installation.keys), "--port", port]
        where += ["--console", self.urls["console"]] if "console" in self.urls else []
        return ServiceProcess(
            ISSUER,
            command=[sys.executable, "-m", "mingjing.issuer", *where],
            url=self.urls[ISSUER],
            ready_path="/.well-known/openid-configuration",
            environment=dict,
            run=self.installation.run,
            log=self.installation.log,
            launch=self._nursery.launch if self._has_nursery else process.launch_known,
        )


def _cores() -> int:
    """What this process may use, which in a container is less than the machine has."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1


def _members() -> list[str]:
    """Every service that is installed here; no issuer of our own where the environment names a real one."""
    return [name for name in PORTS if (_ISSUER_VARIABLE not in os.environ if name == ISSUER else _is_installed(name))]


def _is_installed(service: str) -> bool:
    """Services install alone, so one may be missing; what runs is what ``up`` lists."""
    package = f"mingjing_{service}"
    return bool(find_spec(package) and find_spec(f"{package}.service"))


def running(installation: Installation) -> dict[str, Any] | None:
    """What an ``up`` in another terminal wrote about itself; None when none runs."""
    if process.read_identity(installation.run / "identity") is None:
        return None
    state: dict[str, Any] = json.loads((installation.run / _STATE).read_text(encoding="utf-8"))
    return state
