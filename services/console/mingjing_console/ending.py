"""Ended sign-ins meet the log: what ends here is told to every service, and what the log says has ended, ends here.

One rule: a session that its person or an administrator ended is refused everywhere from the next request on, whatever
the provider says of its tokens.
"""

from __future__ import annotations

import structlog

from mingjing_console.codec import PEOPLE
from mingjing_console.domain.person_commands import RevokeAccess
from mingjing_console.provider import Tokens
from mingjing_kernel.access.noted import person_id
from mingjing_kernel.access.refusals import AccessNotRead
from mingjing_kernel.http import Kit
from mingjing_kernel.identifiers import new_id
from mingjing_kernel.identity.scope import Session as SignIn
from mingjing_kernel.log import Envelope

SIGNED_OUT = "signed out 本人退出"
_log = structlog.get_logger("mingjing.sessions")


async def tell_the_log(kit: Kit, tokens: Tokens) -> None:
    """The sign-in has ended, for every service. A provider that names no sign-ins (``sid``) leaves nothing to name."""
    if not tokens.provider_session:
        _log.info("session.not_told", subject=tokens.subject, because="the provider names no sign-in (sid)")
        return
    command_id = new_id()
    command = RevokeAccess(
        person=tokens.subject,
        revocation_id=command_id,
        what="session",
        value=tokens.provider_session,
        revoked_by=tokens.subject,
        reason=SIGNED_OUT,
        at=kit.now(),
    )
    envelope = Envelope(command_id=command_id, actor=tokens.subject, reason=SIGNED_OUT)
    await kit.log.handle(PEOPLE, person_id(tokens.subject), command, envelope)


async def has_ended(kit: Kit, tokens: Tokens, sign_in: SignIn) -> bool:
    """Whether the log says that this sign-in was ended, or that nobody is let in under its name."""
    try:
        standing = await kit.directory.current()
    except AccessNotRead:
        return False  # the services do not let anybody in either until they have read it
    ended = standing.revocation(tokens.subject, sign_in)
    return ended is not None or standing.lock(tokens.subject, kit.now()) is not None
