"""What is remembered of an account, as bytes in a row and back (``domain/alerting/state.py``).

The one rule: what comes back is what went in. A shape that this release does not know is not read but folded anew from
the log, which is what a read model is for.
"""

from __future__ import annotations

from typing import Any, get_origin

import msgspec

from mingjing_funds.domain.alerting.state import State
from mingjing_funds.domain.persistent_map import PersistentMap


def packed(state: State) -> bytes:
    """The state as JSON."""
    return _ENCODER.encode(state)


def unpacked(data: bytes) -> State:
    """The state again; raises ``msgspec.ValidationError`` where the shape is another one."""
    return _DECODER.decode(data)


def _written(value: Any) -> Any:
    if isinstance(value, PersistentMap):
        return dict(value)
    raise NotImplementedError(type(value))


def _read(kind: Any, value: Any) -> Any:
    if get_origin(kind) is not PersistentMap:
        raise NotImplementedError(kind)
    found: PersistentMap[Any] = PersistentMap()
    (inner,) = kind.__args__
    for key, one in value.items():
        found = found.set(key, msgspec.convert(one, inner))
    return found


_ENCODER = msgspec.json.Encoder(enc_hook=_written, order="sorted")
_DECODER = msgspec.json.Decoder(State, dec_hook=_read)
