"""Auditing the evidence of an installation: every stored byte against the log.

The one rule: as every audit, it needs the database and the store, and none of the services.
"""

from __future__ import annotations

from collections.abc import Callable

from mingjing.auditing import reading, service_of
from mingjing.installation import Installation
from mingjing_kernel.evidence.checking import EvidenceChecked, check_evidence
from mingjing_kernel.evidence.desk import open_blobs
from mingjing_kernel.settings import load_settings

Progress = Callable[[str, int, int], None]
"""Name of the log, files done, files in all."""


def keeps_evidence(name: str) -> bool:
    """Whether a service has evidence at all."""
    return service_of(name).evidence is not None


async def evidence_one(url: str, name: str, installation: Installation, progress: Progress) -> EvidenceChecked:
    """The evidence of one service; where it is kept stands in the environment, as for the service itself."""
    service = service_of(name)
    settings = load_settings(service.settings, postgres_url=url, data_dir=installation.data)
    async with reading(url, service) as log:
        return await check_evidence(log, open_blobs(settings, name), lambda done, total: progress(name, done, total))
