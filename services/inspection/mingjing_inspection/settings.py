"""Settings of the inspection service; every one can be set in the environment as ``MINGJING_INSPECTION_…``."""

from __future__ import annotations

