"""Why the development issuer does not start, or gives no token."""

from __future__ import annotations

from mingjing_kernel.refusal import Invalid, NotFound, Refusal


class NotOnLoopback(Refusal):
    """The development issuer gives anybody any name: only this machine may reach it."""

    status = 500
    sentence = "The development issuer runs on this machine only; {where} can be reached from elsewhere."
    remedy = "Use a loopback address such as 127.0.0.1, or set MINGJING_ISSUER_URL to a real identity provider."


class CallerNotLocal(Refusal):
    """A request came from another machine, or through a name that is not this machine's."""

    status = 403
    sentence = "The development issuer answers only this machine."
    remedy = "Open the address on the machine itself, or use a real identity provider."


class PersonUnknown(NotFound):
    """No demo person has this name."""

    sentence = "There is no demo person {person}."
    remedy = "Choose one of: {people}."
    field = "client_id"


class TokenRequestInvalid(Invalid):
    """The token request lacks something or asks too much."""

    sentence = "The token request cannot be used: {reason}."
    remedy = "Send grant_type=client_credentials and client_id=<name of a demo person>, as a form or as JSON."


class IssuerKeyUnreadable(Refusal):
    """The issuer's own signing key is there but cannot be used."""

    status = 500
    sentence = "The development issuer's key {path} cannot be used: {reason}."
    remedy = "Delete the file: a new key is made at the next start, and everybody signs in again."
