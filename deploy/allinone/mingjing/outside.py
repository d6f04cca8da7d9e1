"""Servers that exist already: ``MINGJING_POSTGRES_URL`` and ``MINGJING_NATS_URL`` instead of the embedded ones.

The one rule: they are looked at before anything starts, so that a wrong address is one sentence and not a service's
log.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from importlib import import_module
from urllib.parse import urlsplit

import psycopg

from mingjing.servers.faults import ServerUnreachable
from mingjing.servers.postgres import check_locale

_CONNECT_SECONDS_MAX = 10
_NATS_PORT = 4222


def given(variable: str) -> str:
    """What the environment says, itself or by ``…_FILE``; empty where it says nothing. Raises ``SettingsInvalid``."""
    if value := os.environ.get(variable):
        return value
    if not os.environ.get(f"{variable}_FILE"):
        return ""
    # Settings cost half a second, and only this case needs them.
    settings = import_module("mingjing_kernel.settings")
    found: str = getattr(settings.load_settings(settings.ServiceSettings), variable.removeprefix("MINGJING_").lower())
    return found


class OutsidePostgres:
    """A PostgreSQL that somebody else runs; started and stopped by them."""

    variable = "MINGJING_POSTGRES_URL"

    recovers_from_full_disk = True
    ended = ""

    def __init__(self, url: str, owner_url: str = "") -> None:
        """``owner_url``: who may make schemas and read every log, where ``url`` may not."""
        self._service_url = url
        self.url = owner_url or url
        self.pid = os.getpid()  # Never missing: its absence is for its own keepers to see.

    @classmethod
    def from_environment(cls) -> OutsidePostgres | None:
        """The one that the environment names; ``None`` where it names none."""
        url = given(cls.variable)
        return cls(url, given("MINGJING_POSTGRES_ADMIN_URL")) if url else None

    def service_url(self, service: str) -> str:
        """One URL for all: whoever runs it says which users there are. Services step down to theirs after login."""
        return self._service_url

    def start(self, report: Callable[[str], None] = lambda _: None) -> None:
        """See that it answers and can classify Chinese text."""
        try:
            check_locale(self.url)
        except psycopg.OperationalError as error:
            reason = str(error).strip().splitlines()[0]
            raise ServerUnreachable(engine="PostgreSQL", variable=self.variable, reason=reason) from None

    def responds(self) -> bool:
        """For its own keepers to see."""
        return True

    def stop(self) -> None:
        """It is not ours to stop."""


class OutsideNats:
    """A NATS that somebody else runs."""

    variable = "MINGJING_NATS_URL"

    recovers_from_full_disk = True
    ended = ""

    def __init__(self, url: str, operator_url: str = "") -> None:
        """``operator_url``: who may make streams, where ``url`` may not."""
        self._service_url = url
        self.url = operator_url or url
        self.pid = os.getpid()

    @classmethod
    def from_environment(cls) -> OutsideNats | None:
        """The one that the environment names; ``None`` where it names none."""
        url = given(cls.variable)
        return cls(url, given("MINGJING_NATS_ADMIN_URL")) if url else None

    def service_url(self, service: str) -> str:
        """One URL for all: whoever runs it says which users there are."""
        return self._service_url

    def start(self, report: Callable[[str], None] = lambda _: None) -> None:
        """See that something speaks NATS there; the first of several addresses is asked."""
        place = urlsplit(self.url.split(",", maxsplit=1)[0])
        address = (place.hostname or "127.0.0.1", place.port or _NATS_PORT)
        try:
            with socket.create_connection(address, timeout=_CONNECT_SECONDS_MAX) as connection:
                greeting = connection.recv(4)
        except OSError as error:
            raise ServerUnreachable(engine="NATS", variable=self.variable, reason=error.strerror or error) from None
        if greeting != b"INFO":
            raise ServerUnreachable(engine="NATS", variable=self.variable, reason="something else listens there")

    def responds(self) -> bool:
        """For its own keepers to see."""
        return True

    def stop(self) -> None:
        """It is not ours to stop."""
