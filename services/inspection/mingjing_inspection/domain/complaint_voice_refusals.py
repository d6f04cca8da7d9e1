"""Why the citizen's side of a complaint is refused something.

One rule: who names a wrong number and who names a wrong secret are told the same, in the same words.
"""

from __future__ import annotations

from mingjing_kernel.refusal import Invalid, NotFound, Refusal


class VoiceAbsent(NotFound):
    """No complaint has this number, or it has another secret: nobody is told which."""

    sentence = "There is no complaint with this number and secret."
    remedy = "Copy both from your receipt. A lost secret cannot be told again: call the number on the phone list."
    field = "secret"


class VoiceOpenedOtherwise(Refusal):
    """The complaint has its secret."""

    sentence = "This complaint has been taken already, with a secret of its own."
    remedy = "Use the secret on the first receipt; to say more, follow the complaint and add to it."
    rule = "one complaint, one secret, shown once"
    field = "secret"


class SecretWeak(Invalid):
    """Somebody chose a secret that can be guessed, or mistyped."""

    sentence = "The secret must have {characters} characters of {alphabet}."
    remedy = "Leave it out: a strong one is made for you."
    field = "secret"


class LetterNumberMissing(Invalid):
    """An order with a deadline and no number."""

    sentence = "An order with a deadline needs the number of the order."
    remedy = "Copy the number from the order or the letter."
    field = "origin.reference"


class WordsMissing(Invalid):
    """Nothing was said."""

    sentence = "There is nothing to add."
    remedy = "Write down what you want to add."
    field = "text"


class WordsTooLong(Invalid):
    """Longer than anybody reads."""

    sentence = "It is longer than {maximum} characters."
    remedy = "Shorten it, or add the rest in a second part."
    field = "text"


class TooManyAdditions(Refusal):
    """More than the policy allows."""

    sentence = "To one complaint {maximum} additions can be made, and they are made."
    remedy = "Call the number on the phone list; a new matter is a new complaint."
    rule = "additions to one complaint are limited (policy complaint-voice)"
    field = "text"


class RatingOutOfRange(Invalid):
    """No such number of stars."""

    sentence = "A rating is a number from {least} to {most}."
    remedy = "Choose one of them."
    field = "rating"


class NotClosedYet(Refusal):
    """It is still being dealt with."""

    sentence = "The complaint is still being dealt with."
    remedy = "Wait until it is closed; until then you can add to it."
    rule = "call-back and re-opening follow the closing"
    field = "number"


class CallBackAnsweredAlready(Refusal):
    """She has said so already."""

    sentence = "The call-back about this closing has been answered."
    remedy = "If you are not satisfied, ask that the complaint be taken up again."
    rule = "one closing, one answer"
    field = "is_satisfied"


class ReopeningReasonMissing(Invalid):
    """Taken up again, but why."""

    sentence = "Asking that it be taken up again needs a reason."
    remedy = "Say in a sentence what was not dealt with."
    field = "reason"


class ReopeningTooLate(Refusal):
    """The window is over."""

    sentence = "The complaint could be taken up again until {until}."
    remedy = "File a new complaint and name this number in it."
    rule = "re-opening window (policy complaint-voice)"
    field = "reason"


class ReopenedEnough(Refusal):
    """As often as the policy allows."""

    sentence = "A complaint is taken up again {maximum} times at most."
    remedy = "Ask the superior authority for a review, or file a new complaint."
    rule = "re-openings are limited (policy complaint-voice)"
    field = "reason"


class DisputeAbsent(Refusal):
    """There is no dispute to withdraw."""

    sentence = "This complaint holds no dispute that could be withdrawn."
    remedy = "A report of a breach is dealt with to its end, whoever made it."
    rule = "withdrawing ends the dispute alone (Order 20, art. 7)"
    field = "number"


class DisputeWithdrawnAlready(Refusal):
    """It is withdrawn."""

    sentence = "The dispute has been withdrawn."
    remedy = "If it is there again, file a new complaint."
    rule = "withdrawing ends the dispute alone (Order 20, art. 7)"
    field = "number"


class TooManyPhotos(Refusal):
    """More than the policy allows."""

    sentence = "To one complaint {maximum} photos can be added, and they are added."
    remedy = "Choose those that show it best; whoever deals with it will ask for more."
    rule = "photos of one complaint are limited (policy complaint-voice)"
    field = "photo"


class PhotoUnreadable(Invalid):
    """Not a photo, or too large a one."""

    sentence = "This is not a photo in JPEG, PNG or WebP of at most {megabytes} MB."
    remedy = "Take it with the telephone's camera, or send a screenshot."
    field = "photo"
