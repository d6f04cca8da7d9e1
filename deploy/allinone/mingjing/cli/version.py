"""``mingjing version``: what exactly this is, for a report of a fault."""

from __future__ import annotations

import json
import platform
from importlib.metadata import version as version_of

from mingjing.cli.screen import AsJson, results
from mingjing.servers.engines import nats_version, postgres_engines


def version(as_json: AsJson = False) -> None:
    """版本号，含数据库与消息服务器。Versions of Mingjing, its servers and Python."""
    versions = {
        "mingjing": version_of("mingjing"),
        "postgresql": postgres_engines()[0].version,
        "nats": nats_version(),
        "python": platform.python_version(),
        "platform": platform.platform(),
    }
    if as_json:
        results.print(json.dumps(versions))
        return
    for name, value in versions.items():
        results.print(f"{name:<12}{value}")
