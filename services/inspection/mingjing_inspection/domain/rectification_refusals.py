"""Why a step of a rectification is refused."""

from __future__ import annotations

from mingjing_kernel.refusal import Invalid, NotFound, Refusal


class RectificationUnknown(NotFound):
    """There is no such rectification."""

    sentence = "No rectification was proposed or ordered under this id."
    remedy = "Open the ledger of rectifications and choose one."
    field = "rectification_id"


class RectificationOrderedBefore(Refusal):
    """It was ordered."""

    sentence = "This rectification was ordered already."
    remedy = "Go on with it as it stands."
    field = "rectification_id"


class RectificationOver(Refusal):
    """It is over."""

    sentence = "This rectification is over: passed, failed or not ordered."
    remedy = "Order a new one if something is still to be put right."
    field = "rectification_id"


class NotOrdered(Refusal):
    """Only proposed."""

    sentence = "This rectification is proposed and not ordered."
    remedy = "An official orders it first, or declines it."
    field = "rectification_id"


class NoticeServedBefore(Refusal):
    """Served."""

    sentence = "The notice was served already."
    remedy = "Go on with it as it stands."
    field = "rectification_id"


class NoticeNotServed(Refusal):
    """Nobody can put right what nobody told him."""

    sentence = "The notice has not been served yet."
    remedy = "Serve it first and say how."
    field = "rectification_id"


class NoticeServedOutOfTime(Invalid):
    """Before the order, in the future, or when its time was over."""

    sentence = "The notice is served after the order, before the deadline, and not in the future."
    remedy = "Check the day; take back an order that was not served in time, and order anew."
    field = "served_on"


class RectificationOfAnother(Refusal):
    """The id is another institution's."""

    sentence = "This rectification is of another institution."
    remedy = "Order the new one under an id of its own."
    field = "rectification_id"


class NothingToRecheck(Refusal):
    """Too early."""

    sentence = "The institution has not reported, and its time is not over."
    remedy = "Wait for its report or for the deadline."
    field = "rectification_id"


class PauseNotProposed(Refusal):
    """Nothing to decide."""

    sentence = "No pause of recruiting waits for a decision here."
    remedy = "Look at the rectification again."
    field = "rectification_id"


class RectificationDeadlinePassed(Invalid):
    """The deadline is not ahead."""

    sentence = "The deadline of a rectification lies ahead."
    remedy = "Name a later day, or leave it out for the usual time."
    field = "deadline"


class OrderUnexplained(Invalid):
    """Nobody could obey it."""

    sentence = "An order says what is to be put right, and on which legal basis."
    remedy = "Name each thing that is to be put right, and the law."
    field = "requirements"


class RectificationWordsMissing(Invalid):
    """A step that must be explained was not."""

    sentence = "This step of a rectification needs an explanation."
    remedy = "Say in a sentence what was done, found or decided."
    field = "reason"


class SelfReportWithoutPhotos(Invalid):
    """A word is no evidence."""

    sentence = "A report that something is put right shows it: one to {maximum} photos, by their SHA-256."
    remedy = "Send 64 lower-case hexadecimal digits of each original file."
    field = "photos"
