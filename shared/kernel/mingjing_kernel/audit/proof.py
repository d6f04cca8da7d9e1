"""One record proved to an outsider, without showing the rest: the proof document and its check.

The one rule: the check is the standalone file that outsiders get (``check_proof.py``); there is no second one here.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from typing import Any

from mingjing_kernel.audit.check_proof import FORMAT, Checked, check
from mingjing_kernel.audit.checkpoints import Checkpointer, HistoryChanged, latest_checkpoint
from mingjing_kernel.audit.note import Note, NoteMalformed, parse_note
from mingjing_kernel.audit.tiles import BeyondTheLog, Tiles
from mingjing_kernel.log import Log
from mingjing_kernel.log.entry import micros, moment
from mingjing_kernel.log.merkle import digest_of

__all__ = ["Checked", "check", "prove", "prove_all"]


async def prove(log: Log, position: int, checkpointer: Checkpointer, witnessed: Sequence[str] = ()) -> dict[str, Any]:
    """The proof document of one entry. Raises ``BeyondTheLog``, and ``HistoryChanged`` if the log was tampered with.

    ``witnessed``: notes that others hold of this log; the checkpoint that most of them cosigned is taken. When none
    covers the position yet, a fresh one is written.
    """
    return (await prove_all(log, [position], checkpointer, witnessed))[0]


async def prove_all(
    log: Log, positions: Sequence[int], checkpointer: Checkpointer, witnessed: Sequence[str] = ()
) -> list[dict[str, Any]]:
    """The proof documents of some entries, in this order, all under one checkpoint. Raises like ``prove``."""
    rows = await _rows(log, positions)
    if not rows:
        return []
    note = await _note(log, max(positions), checkpointer, witnessed)
    size, name = note.checkpoint().size, await log.pool.fetchval(f'SELECT hash FROM "{log.schema}".head')
    tiles = Tiles(log.schema, digest_of(name))
    return [
        {
            "format": FORMAT,
            "hash": name,
            "entry": entry_document(row),
            "leaf": _text(row["leaf"]),
            "path": [_text(node) for node in await tiles.inclusion(log.pool, row["position"] - 1, size)],
            "checkpoint": note.render(),
            "keys": [
                {
                    "name": signature.name,
                    "id": signature.key_id.hex(),
                    "kind": "log" if signature.key_id == checkpointer.signer.vkey.key_id else "witness",
                }
                for signature in note.signatures
            ],
        }
        for row in rows
    ]


async def _rows(log: Log, positions: Sequence[int]) -> list[Any]:
    found = await log.pool.fetch(f'SELECT * FROM "{log.schema}".events WHERE position = ANY($1)', list(positions))
    rows = {row["position"]: row for row in found}
    for position in positions:
        if position not in rows:
            raise BeyondTheLog(size=await log.head(), asked=position)
    return [rows[position] for position in positions]


async def _note(log: Log, position: int, checkpointer: Checkpointer, witnessed: Sequence[str]) -> Note:
    """The checkpoint over this position that most witnesses cosigned; of these the newest."""
    rows = await log.pool.fetch(
        f'SELECT note FROM "{log.schema}".checkpoints WHERE size >= $1 AND size = ANY($2::bigint[])',
        position,
        [note.checkpoint().size for note in map(_parsed, witnessed) if note is not None],
    )
    own = {note.text: note for note in (parse_note(row["note"]) for row in rows)}
    for note in map(_parsed, witnessed):
        if note is not None and note.text in own:
            own[note.text] = own[note.text].with_signatures(note.signatures)
    if own:
        return max(own.values(), key=lambda note: (len(note.signatures), note.checkpoint().size))
    newest = await latest_checkpoint(log.pool, log.schema, position)
    if newest is None:
        await checkpointer.write()
        newest = await latest_checkpoint(log.pool, log.schema, position)
    if newest is None:
        raise HistoryChanged(f"no checkpoint could be written over position {position}")
    return parse_note(newest)


def _parsed(text: str) -> Note | None:
    try:
        note = parse_note(text)
        note.checkpoint()
    except NoteMalformed:
        return None
    return note


def entry_document(row: Any) -> dict[str, Any]:
    """One row of the log as it stands in a proof."""
    occurred, recorded = micros(row["occurred_at"]), micros(row["recorded_at"])
    return {
        "position": row["position"],
        "stream": row["stream"],
        "version": row["version"],
        "type": row["type"],
        "occurred_at": moment(occurred).isoformat(),
        "occurred_micros": occurred,
        "recorded_at": moment(recorded).isoformat(),
        "recorded_micros": recorded,
        "data": _content(row["data"]),
        "meta": _content(row["meta"]),
    }


def _content(raw: bytes) -> dict[str, str]:
    """As text where it is text, so that a person can read it."""
    try:
        return {"text": raw.decode()}
    except UnicodeDecodeError:
        return {"base64": _text(raw)}


def _text(raw: bytes) -> str:
    return b64encode(raw).decode()
