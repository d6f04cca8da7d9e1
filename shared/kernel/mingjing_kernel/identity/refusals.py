"""Why a caller is not let in, or not let do this: one name a reason, so that a client can tell them apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mingjing_kernel.identity.grant import Dimensions, Undivided
from mingjing_kernel.refusal import Refusal
from mingjing_kernel.term import Term

if TYPE_CHECKING:
    from mingjing_kernel.identity.act import Act
    from mingjing_kernel.identity.role import Role

_ANY = Term("不限", "any")
_ONLY_ALL = Term("“*”（全部）", "'*' (all)")


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


class GrantMissing(OutsideScope):
    """The same problem, said exactly: which roles would do, and what their grant must cover.

    Only for a thing that the caller may see anyway or that the request itself describes: it tells where a thing is.
    """

    sentence = (
        "Your grants do not cover this: to {act} takes a grant as {roles} "
        "for department {department}, region {region}, category {category}."
    )
    remedy = "Ask a colleague who has such a grant, or ask the administrator for it."

    def __init__(self, *, act: Act, dimensions: Dimensions) -> None:
        self.act = act
        self.dimensions = dimensions
        # The thing's values stand as they are; what the row leaves open, only a grant for all reaches.
        shown = {name: _shown(value) for name, value in dimensions._asdict().items()}
        super().__init__(act=act, roles=_roles(act.roles), **shown)

    def __reduce__(self) -> tuple[object, ...]:
        """Made again from what it is about."""
        return _grant_missing, (self.act, self.dimensions)

    @classmethod
    def code(cls) -> str:
        """A program needs not tell the two apart."""
        return OutsideScope.code()


class RolesConflict(OutsideScope):
    """The caller holds two roles that one person must not hold over the same things (status 403).

    A backstop: whoever gives grants must not let it come to this. Until one of them is taken back, neither is good for
    any act.
    """

    sentence = "You hold the roles {first} and {second} over the same things, which one person must not."
    remedy = "Ask the administrator to take one of the two grants back."
    rule = "separation of duties"


class OtherPersonMust(Refusal):
    """The caller did something to this thing after which another person must do this act (status 403)."""

    status = 403
    sentence = "To {act} takes another person: you had a hand in this yourself ({done})."
    remedy = "Ask a colleague who had no part in it."
    rule = "separation of duties"


def _grant_missing(act: Act, dimensions: Dimensions) -> GrantMissing:
    return GrantMissing(act=act, dimensions=dimensions)


def _roles(wanted: frozenset[Role]) -> Term:
    inside = sorted(wanted, key=list(type(next(iter(wanted)))).index) if wanted else []
    return Term("或".join(role.zh for role in inside), " or ".join(role.en for role in inside))


def _shown(value: object) -> object:
    if isinstance(value, Undivided):
        return _ANY
    return value or _ONLY_ALL
