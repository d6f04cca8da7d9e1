"""Why the development issuer does not start, or gives no token."""

from __future__ import annotations

from typing import ClassVar

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
    error: ClassVar[str] = "invalid_client"


class TokenRequestInvalid(Invalid):
    """The token request lacks something or asks too much."""

    sentence = "The token request cannot be used: {reason}."
    remedy = "Send grant_type=client_credentials and client_id=<name of a demo person>, as a form or as JSON."
    error: ClassVar[str] = "invalid_request"


class ClientNotProven(Refusal):
    """A program did not prove that it is the client that it says it is."""

    status = 401
    sentence = "The client could not be recognised: {reason}."
    remedy = "Sign a new assertion with the client's own key, made out to this issuer, for each request."
    rule = "RFC 7523 3"
    error: ClassVar[str] = "invalid_client"


class GrantInvalid(Refusal):
    """A code or a refresh token is not good, or not any more."""

    status = 400
    sentence = "This cannot be exchanged for a token: {reason}."
    remedy = "Send the person to sign in again."
    rule = "RFC 6749 5.2"
    error: ClassVar[str] = "invalid_grant"


class SignInRequestInvalid(Refusal):
    """A client sent a person here with a request that cannot be answered to anybody."""

    status = 400
    sentence = "The request to sign in cannot be used: {reason}."
    remedy = "Go back to the page that sent you here and begin again; tell the administrator if it goes on."
    rule = "RFC 6749 4.1.2.1"


class ForeignForm(Refusal):
    """A page of another site sent the form."""

    status = 403
    sentence = "The form was sent by another site."
    remedy = "Go back to the page that sent you here and begin again; tell the administrator if it goes on."


class IssuerKeyUnreadable(Refusal):
    """The issuer's own signing key is there but cannot be used."""

    status = 500
    sentence = "The development issuer's key {path} cannot be used: {reason}."
    remedy = "Delete the file: a new key is made at the next start, and everybody signs in again."
