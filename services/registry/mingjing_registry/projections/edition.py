"""Edition 版次: what names the state of everything that is published of institutions, sites and the whitelist.

One rule: as long as the edition is the same, so is every public answer; whoever keeps one asks for the edition first.
"""

from __future__ import annotations

from hashlib import sha256

from sqlalchemy import Index, TextClause, text

from mingjing_registry.projections.institutions import INSTITUTIONS_READ
from mingjing_registry.projections.sites import SITES_READ
from mingjing_registry.projections.whitelist import WHITELIST_READ

PUBLIC = (INSTITUTIONS_READ, SITES_READ, WHITELIST_READ)
"""What public answers are made of. Their rows change and are never removed."""
for _model in PUBLIC:
    Index(f"{_model.name}_changed", _model.table.c.from_position)

_LATEST = ", ".join(f"(SELECT max(from_position) FROM {model.name})" for model in PUBLIC)


def latest() -> TextClause:
    """The position of the last fact that changed one of them, and the release that folded it."""
    return text(f"SELECT greatest({_LATEST}) AS position, fingerprint FROM projection")


def edition_of(position: int | None, fingerprint: str, *settings: str) -> str:
    """Short, and equal exactly when everything is."""
    return sha256("\0".join((str(position), fingerprint, *settings)).encode()).hexdigest()[:32]
