"""The inspection service in a process of its own, to be killed: ``python served.py PORT``."""

from __future__ import annotations

import json
import os
import sys
from datetime import UTC, datetime

from granian.constants import Interfaces
from granian.server.embed import Server
from joserfc.jwk import ECKey, KeySet

from mingjing_inspection.service import SERVICE
from mingjing_inspection.settings import InspectionSettings
from mingjing_kernel import loop
from mingjing_kernel.identity import StaticKeys
from mingjing_kernel.service import Host

NOW = datetime(2026, 7, 1, 2, 0, tzinfo=UTC)


async def serve(port: int) -> None:
    """Until somebody ends it."""
    keys = StaticKeys(KeySet([ECKey.import_key(json.loads(os.environ["TEST_KEY"]))]))
    parts = {"http", "projections", "evidence"}
    host = Host(SERVICE, InspectionSettings(), parts=parts, now=lambda: NOW, keys=keys)
    await Server(host.app(), address="127.0.0.1", port=port, interface=Interfaces.ASGI, log_enabled=False).serve()


if __name__ == "__main__":
    loop.run(serve(int(sys.argv[1])))
