"""Edition 版次: what names the state of everything that is published of institutions, sites and the whitelist.

One rule: as long as the edition is the same, so is every public answer; whoever keeps one asks for the edition first.
"""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from sqlalchemy import Index

from mingjing_registry.projections.institutions import INSTITUTIONS_READ
from mingjing_registry.projections.sites import SITES_READ
from mingjing_registry.projections.whitelist import WHITELIST_READ

PUBLIC = (INSTITUTIONS_READ, SITES_READ, WHITELIST_READ)
"""What public answers are made of. Their rows change and are never removed."""
for _model in PUBLIC:
    Index(f"{_model.name}_changed", _model.table.c.from_position)

_LATEST = ", ".join(f"(SELECT max(from_position) FROM {model.name})" for model in PUBLIC)


async def edition_now(pool: Any, *settings: str) -> str:
    """Of the position of the last fact that changed one of them, the release that folded it, and what else is shown.

    ``pool`` is asyncpg's: this is asked hundreds of times a second, and is one round trip there.
    """
    row = await pool.fetchrow(f"SELECT greatest({_LATEST}) AS position, fingerprint FROM projection")
    return sha256("\0".join((str(row["position"]), row["fingerprint"], *settings)).encode()).hexdigest()[:32]
