"""Acting on an institution over HTTP: one act, one command, one answer.

One rule: permission is asked for the declared act before the command is handed in.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from fastapi import Response

from mingjing_kernel.http import Accepted, Kit, accepted
from mingjing_kernel.identity import Act, Scope
from mingjing_kernel.log import Envelope
from mingjing_registry.api.permission import acted_on
from mingjing_registry.codec import INSTITUTIONS


async def act_on(
    kit: Kit,
    who: tuple[Scope, Act],
    institution_id: UUID,
    command: Any,
    written: Envelope,
    response: Response,
) -> Accepted:
    """Carry out a command on an institution, if the caller may do this act to it."""
    scope, act = who
    await acted_on(kit, scope, act, institution_id)
    return accepted(response, await kit.log.handle(INSTITUTIONS, institution_id, command, written))
