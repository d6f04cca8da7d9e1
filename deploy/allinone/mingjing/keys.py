"""The keys of an all-in-one: made together with its database, found ever after.

The one rule: a key is never made beside data that was written with another. Whoever lost one puts the backup back.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from mingjing.installation import Installation
from mingjing.outside import OutsidePostgres
from mingjing_kernel.refusal import Refusal
from mingjing_kernel.sealed.keyfile import read_key

LOGS = ("registry", "inspection", "funds", "console")
LATER = "console"
"""The log that earlier releases did not sign: its key may be made beside data, as long as it never was."""
SEALING = ("sealing", "index")
CLIENTS = "clients"
"""The folder with the keys of the programs that the development issuer knows; it makes them at its first start."""
CONSOLE = "console"
"""The client as which the console sends people to sign in."""


class KeysMissing(Refusal):
    """There is data, but a key that belongs to it is gone."""

    sentence = "The key files {names} are missing from {directory}, but the data that needs them is there."
    remedy = (
        "Put the files back from your backup. Without them sealed names stay closed and checkpoints cannot be signed."
    )
    status = 503


def ensure_keys(installation: Installation) -> None:
    """Make all keys at the first start. Raises ``KeysMissing`` when one is gone later, ``KeyFileUnreadable`` when one
    is damaged: services would find that out at the first sealed name, perhaps days later.
    """
    complete(installation.keys, has_data=(installation.postgres / "data" / "PG_VERSION").exists())
    for name in SEALING:
        read_key(installation.keys / f"{name}.key")


def complete(directory: Path, *, has_data: bool = False) -> list[str]:
    """Make the keys that are missing and the public halves (``.vkey``) that are; the names of the made files.

    Raises ``KeysMissing`` when ``has_data``, or when the database that the environment names was written with keys.
    """
    missing = missing_keys(directory)
    public = missing_public(directory)
    if not missing and not public:
        return []
    lost = [name for name in missing if not _was_never_made(name, directory)]
    if lost and (has_data or _outside_has_data()):
        raise KeysMissing(names=", ".join(lost), directory=directory)
    # Cryptography and the kernel's service part cost a second, and only the first start needs them.
    making = import_module("mingjing.key_making")
    making.make_keys(directory, missing)
    making.make_public(directory, public)
    return [*missing, *public]


def missing_keys(directory: Path) -> list[str]:
    """The private keys that are not there."""
    keys = [f"{name}.key" for name in (*SEALING, *(f"{log}-signing" for log in LOGS))]
    return [name for name in keys if not (directory / name).exists()]


def _was_never_made(name: str, directory: Path) -> bool:
    """Whether a missing key belongs to the log that is signed only since this release: its public half, made together
    with it, is not there either."""
    return name == f"{LATER}-signing.key" and not (directory / f"{LATER}.vkey").exists()


def missing_public(directory: Path) -> list[str]:
    """The public halves that are not there; without them signatures cannot be checked."""
    return [f"{log}.vkey" for log in LOGS if not (directory / f"{log}.vkey").exists()]


def client_key_file(directory: Path, client: str) -> Path:
    """Where the private key of a client of the development issuer lies."""
    return directory / CLIENTS / f"{client}.jwk"


def _outside_has_data() -> bool:
    """Whether a database of somebody else's holds what only the lost keys can open or sign."""
    outside = OutsidePostgres.from_environment()
    if outside is None:
        return False
    outside.start()  # says in a sentence what is wrong with the address
    return bool(import_module("mingjing.key_making").was_written(outside.url))
