"""Why nobody is signed in: each with a sentence for the person in front of the page."""

from __future__ import annotations

from mingjing_kernel.refusal import Refusal


class SignInNotSet(Refusal):
    """The console was not told as which client it sends people to the identity provider."""

    status = 503
    sentence = "Signing in is not set up here."
    remedy = "The administrator sets MINGJING_SIGN_IN_CLIENT_ID and registers the console at the identity provider."


class SignInFailed(Refusal):
    """The identity provider, or what came back from it, does not let the person in."""

    status = 403
    sentence = "You could not be signed in: {reason}."
    remedy = "Sign in again; tell the administrator if it goes on."


class SignInTooOld(Refusal):
    """The browser came back without the cookie of its attempt, or too late."""

    status = 403
    sentence = "This attempt to sign in is too old, or was begun in another browser."
    remedy = "Sign in again; tell the administrator if it goes on."


class FormTooLong(Refusal):
    """More than a form may hold; nothing of it was taken."""

    status = 413
    sentence = "The form is larger than {limit} KiB, so nothing of it was recorded."
    remedy = "Go back, shorten what is long or record it in parts."


class ForeignForm(Refusal):
    """A form that a page of another site sent."""

    status = 403
    sentence = "The form was sent by another site."
    remedy = "Open the console itself and try again."
