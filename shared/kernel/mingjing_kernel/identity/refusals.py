"""Why a caller is not let in, or not let do this: one name a reason, so that a client can tell them apart."""

from __future__ import annotations

from mingjing_kernel.refusal import Refusal


class NotSignedIn(Refusal):
    """The request needs a signed-in caller and has no bearer token (status 401)."""

    status = 401
    sentence = "You are not signed in."
    remedy = "Sign in and send the token as 'Authorization: Bearer …'."
    field = "Authorization"
    rule = "RFC 6750"


class TokenRefused(NotSignedIn):
    """The token cannot be believed; subclasses say why."""

    sentence = "The token was not accepted."
    remedy = "Sign in again to get a new token."


class TokenMalformed(TokenRefused):
    """Not a signed JWT at all, too long, or a claim has the wrong form."""

    sentence = "The token cannot be read: {reason}."


class TokenAlgorithmNotAllowed(TokenRefused):
    """Signed with an algorithm that is not accepted here; ``none`` is one."""

    sentence = "The token is signed with {algorithm}; accepted are {accepted}."
    remedy = "Ask the administrator of the identity provider to sign with one of the accepted algorithms."
    rule = "RFC 8725 3.1"


class TokenKeyUnknown(TokenRefused):
    """The issuer does not publish the key that signed it."""

    sentence = "The token is signed with a key that its issuer does not publish."
    rule = "RFC 7517 4.5"


class TokenSignatureWrong(TokenRefused):
    """The signature does not fit: changed on the way, or forged."""

    sentence = "The token's signature is wrong."
    rule = "RFC 7515 5.2"


class TokenExpired(TokenRefused):
    """Its time is over, the allowed clock difference included."""

    sentence = "The token expired at {expired}."
    rule = "RFC 7519 4.1.4"


class TokenNotYetValid(TokenRefused):
    """Its time has not begun."""

    sentence = "The token is valid only from {begins}."
    remedy = "Wait, or check that the clocks of both computers agree."
    rule = "RFC 7519 4.1.5"


class TokenIssuerWrong(TokenRefused):
    """Issued by somebody else."""

    sentence = "The token was issued by {issuer}, which this system does not trust."
    remedy = "Sign in with the identity provider of this system: {trusted}."
    rule = "RFC 7519 4.1.1"


class TokenAudienceWrong(TokenRefused):
    """Issued for another system."""

    sentence = "The token was issued for another system."
    remedy = "Ask for a token with the audience {audience}."
    rule = "RFC 7519 4.1.3"


class TokenLivesTooLong(TokenRefused):
    """Made to live longer than this system lets a token live: a stolen one would be good for as long."""

    sentence = "The token is made for {hours} hours; accepted are at most {hours_max}."
    remedy = "Ask the administrator of the identity provider for shorter tokens."
    rule = "RFC 8725 3.10"


class TokenOfAnotherKind(TokenRefused):
    """Signed by the same provider, but no access token: an ID token, a logout token, a client's assertion."""

    sentence = "This is not an access token, but {kind}."
    remedy = "Send the access token that the identity provider gave you."
    rule = "RFC 8725 3.11"


class TokenBoundElsewhere(TokenRefused):
    """Bound to a client certificate that this caller did not show."""

    sentence = "The token belongs to another client certificate."
    remedy = "Connect with the certificate with which the token was fetched."
    rule = "RFC 8705 3"


class LockedOut(Refusal):
    """Too many failed attempts from there (status 429); time, a good token or an administrator unlocks it."""

    status = 429
    sentence = "Too many failed attempts to sign in; this address is locked until {until}."
    remedy = "Wait {retry_after_seconds} seconds, or ask the administrator to unlock it."
    rule = "GB/T 22239 8.1.4.1"


class ClientKeyUnreadable(Refusal):
    """The private key with which this service signs its requests for tokens is not to be had."""

    status = 500
    sentence = "The client key {path} cannot be used: {reason}."
    remedy = "Put the file back with mode 0600, or make a new one and tell the identity provider its public half."


class GrantsMalformed(TokenRefused):
    """The ``grants`` claim does not say what it grants; nothing is then granted."""

    sentence = "The grants in the token cannot be understood: {reason}."
    remedy = "Ask the administrator of the identity provider to correct your grants."
    field = "grants"


class IssuerUnreachable(Refusal):
    """The identity provider's keys cannot be fetched, and none are remembered (status 503)."""

    status = 503
    sentence = "The identity provider cannot be reached, so nobody can be let in: {reason}."
    remedy = "Try again in a minute; tell the administrator if it goes on."


class OutsideScope(Refusal):
    """The caller has no grant for this act on this thing (status 403)."""

    status = 403
    sentence = "Your grants do not cover this."
    remedy = "Ask a colleague whose department and region it belongs to, or ask the administrator for the grant."
