"""Grounds of an act: why, and by which law.

One rule: what the body says is what stands beside the fact in the log; the headers count where the body is silent.
"""

from __future__ import annotations

from msgspec.structs import replace

from mingjing_kernel.log import Envelope


def grounded(written: Envelope, reason: str) -> Envelope:
    """The envelope with the reason that the body gives; the legal basis stays the header's."""
    return replace(written, reason=reason or written.reason)
