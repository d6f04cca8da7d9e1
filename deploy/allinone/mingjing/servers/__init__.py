"""The embedded engines of the all-in-one: the real PostgreSQL and the real NATS, started from wheels."""

from mingjing.servers.nats import Nats
from mingjing.servers.postgres import Postgres

__all__ = ["Nats", "Postgres"]
