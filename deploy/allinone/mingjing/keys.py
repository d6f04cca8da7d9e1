"""The keys of an all-in-one: made together with its database, found ever after.

The one rule: a key is never made beside data that was written with another. Whoever lost one puts the backup back.
"""

from __future__ import annotations

from importlib import import_module

from mingjing.installation import Installation
from mingjing_kernel.refusal import Refusal

LOGS = ("registry", "inspection", "funds")
SEALING = ("sealing", "index")


class KeysMissing(Refusal):
    """The data directory has data, but a key that belongs to it is gone."""

    sentence = "The key files {names} are missing from {directory}, but the data that needs them is there."
    remedy = (
        "Put the files back from your backup. Without them sealed names stay closed and checkpoints cannot be signed."
    )
    status = 503


def ensure_keys(installation: Installation) -> None:
    """Make all keys at the first start. Raises ``KeysMissing`` when one is gone later."""
    directory = installation.keys
    missing = [name for name in _names() if not (directory / f"{name}.key").exists()]
    if not missing:
        return
    if (installation.postgres / "data" / "PG_VERSION").exists():
        raise KeysMissing(names=", ".join(f"{name}.key" for name in missing), directory=directory)
    # Cryptography and the kernel's service part cost a second, and only the first start needs them.
    import_module("mingjing.key_making").make_keys(directory, missing)


def _names() -> list[str]:
    return [*SEALING, *(f"{log}-signing" for log in LOGS)]
