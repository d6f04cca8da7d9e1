"""The one MetaData of this service's read models."""

from __future__ import annotations

from sqlalchemy import MetaData

METADATA = MetaData()
