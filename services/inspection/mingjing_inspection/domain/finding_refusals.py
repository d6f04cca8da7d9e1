"""Why a step of a finding is refused: what its state, or the step itself, does not allow."""

from __future__ import annotations

from mingjing_kernel.refusal import Invalid, NotFound, Refusal


class FindingUnknown(NotFound):
    """There is no such file."""

    sentence = "No finding was reported under this id."
    remedy = "Open the list of findings and choose one of your grid or department."
    field = "finding_id"


class FindingReportedOtherwise(Refusal):
    """Another report stands under this id."""

    sentence = "A different finding was reported under this id."
    remedy = "Report the new finding under an id of its own."
    rule = "same id, same bytes"
    field = "finding_id"


class FindingWordsMissing(Invalid):
    """A step that must be explained was not."""

    sentence = "This step of a finding needs an explanation."
    remedy = "Say in a sentence what was found, done or decided, and why."
    field = "reason"


class FindingVerifiedBefore(Refusal):
    """It was verified or written off before."""

    sentence = "This finding has been verified or written off."
    remedy = "Look at the finding again; nothing is to be verified."
    field = "finding_id"


class FindingNotVerified(Refusal):
    """Nobody has said that it is so."""

    sentence = "This finding has not been verified yet."
    remedy = "Somebody other than the reporter verifies it first."
    rule = "collect, file, dispatch, handle, feed back, re-check, evaluate"
    field = "finding_id"


class FindingWithDepartment(Refusal):
    """A department has it."""

    sentence = "A department has this finding already."
    remedy = "Wait for its feedback, or let the department return it."
    field = "finding_id"


class FindingNotDispatched(Refusal):
    """No department has it."""

    sentence = "No department has this finding."
    remedy = "Dispatch it first."
    field = "finding_id"


class OwnerUnknown(Invalid):
    """The table has no owner, and nobody looked on the spot."""

    sentence = "Nobody knows whose this is, and nobody has verified it on site."
    remedy = "Let the grid verify it on site first, or name the department and say why."
    rule = "owner unknown: grid first, then the town"
    field = "department"


class DispatchUnexplained(Invalid):
    """Another department than the table says, without a word."""

    sentence = "The table says {suggested}; another department needs a reason."
    remedy = "Say why the other department should have it, or follow the table."
    field = "reason"


class DisputedTwice(Refusal):
    """It came back twice."""

    sentence = "This finding came back twice; now the task force says whose it is."
    remedy = "The task force decides, and nobody sends it back after that."
    rule = "returned twice, the task force decides"
    field = "finding_id"


class NotDisputedTwice(Refusal):
    """The task force is asked too early."""

    sentence = "The task force decides on a finding that came back twice."
    remedy = "Dispatch it by the table."
    field = "finding_id"


class AllottedForGood(Refusal):
    """The task force has decided."""

    sentence = "The task force gave this finding to the department; it is not sent back."
    remedy = "Handle it; tell the task force if it erred."
    field = "finding_id"


class ReturnToItself(Invalid):
    """The suggested owner is the one who sends it back."""

    sentence = "A return names another department as the owner."
    remedy = "Name the department that should have it."
    field = "suggested_department"


class HandlingBegun(Refusal):
    """Somebody is on it already."""

    sentence = "The department is handling this finding already."
    remedy = "Go on with it, or feed back what was done."
    field = "finding_id"


class HandlingNotBegun(Refusal):
    """Nobody is on it."""

    sentence = "Nobody of the department is handling this finding."
    remedy = "Take it on first; after a feedback wait for the re-check."
    field = "finding_id"


class ExtendedBefore(Refusal):
    """It got more time once."""

    sentence = "This finding was extended once; there is no second extension."
    remedy = "Handle it and feed back."
    rule = "extension once"
    field = "finding_id"


class ExtensionTooLate(Refusal):
    """The time is over."""

    sentence = "The time of this finding is over; it cannot be extended any more."
    remedy = "Handle it and feed back; an extension is asked for while there is time."
    field = "finding_id"


class NotFedBack(Refusal):
    """Nothing to look at yet."""

    sentence = "The department has not fed back yet."
    remedy = "Wait for its feedback."
    field = "finding_id"


class NotRechecked(Refusal):
    """Nobody looked whether it was put right."""

    sentence = "Nobody has checked that it was put right."
    remedy = "Somebody other than who handled it checks first."
    rule = "who fixes never closes"
    field = "finding_id"


class FindingOver(Refusal):
    """Closed or written off."""

    sentence = "This finding is closed or written off."
    remedy = "Reopen it, or report what was found anew."
    field = "finding_id"


class FindingStillOpen(Refusal):
    """Not closed yet."""

    sentence = "This finding is not closed."
    remedy = "Go on with it as it stands."
    field = "finding_id"


class FindingListedBefore(Refusal):
    """On the list already."""

    sentence = "This finding is on the list of the superior already."
    remedy = "Nothing is to be done."
    field = "finding_id"


class FindingPhotoNotHashed(Invalid):
    """Not a list of different SHA-256."""

    sentence = "{value} is not the SHA-256 of a photo, or stands there twice, or there are more than {maximum}."
    remedy = "Send 64 lower-case hexadecimal digits of each original file, each once."
    field = "photos"
