"""Why somebody with a good token is not let in all the same, or not in another's place."""

from __future__ import annotations

from mingjing_kernel.identity.refusals import TokenRefused
from mingjing_kernel.refusal import Refusal


class AccessNotRead(Refusal):
    """The service does not know yet who may do what; it lets nobody do anything (status 503)."""

    status = 503
    sentence = "This service has not read yet who may do what: {reason}."
    remedy = "Send the same request again in a few seconds."


class TokenRevoked(TokenRefused):
    """The session, the token, or everything of the person or client was ended before its time."""

    sentence = "This sign-in was ended on {since}: {reason}."
    remedy = "Sign in again. If you did not end it yourself, ask the administrator why."


class PersonIsLocked(Refusal):
    """Nobody is let in under this subject (status 403)."""

    status = 403
    sentence = "This account is locked until {until}: {reason}."
    remedy = "Ask the administrator of your department to unlock it."


class NotTheirSubstitute(Refusal):
    """The request wants to act for somebody who has not named the caller as substitute for now (status 403)."""

    status = 403
    sentence = "You are not the substitute of this person at the moment."
    remedy = "Leave Mingjing-On-Behalf-Of out to act for yourself, or have the substitution recorded."
    field = "Mingjing-On-Behalf-Of"
