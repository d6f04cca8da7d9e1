"""Settings of the funds service: what every service has, and nothing of its own yet."""

from __future__ import annotations

from mingjing_kernel.settings import ServiceSettings


class FundsSettings(ServiceSettings):
    """See ``ServiceSettings``; in the environment as ``MINGJING_…``."""
