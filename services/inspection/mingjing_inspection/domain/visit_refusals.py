"""Why a visit report is refused. One rule: each refusal says what the officer can do on the spot."""

from __future__ import annotations

from mingjing_kernel.refusal import Invalid, NotFound, Refusal


class VisitAlreadyReported(Refusal):
    """Another report stands under this id."""

    sentence = "A different report was filed under this id."
    remedy = "Send a correction that names the version, or file the new visit under an id of its own."
    rule = "same id, same bytes"
    field = "visit_id"


class VisitNotReported(NotFound):
    """There is no report to correct."""

    sentence = "No visit was reported under this id."
    remedy = "File the report first."
    field = "visit_id"


class CorrectsAnotherVersion(Refusal):
    """The officer corrected a version that is no longer the last one."""

    sentence = "The correction names version {named}, but the report stands at version {current}."
    remedy = "Read the report again and repeat the correction on what it says now."
    rule = "a correction names the version it changes"
    field = "corrects_version"


class ReasonMissing(Invalid):
    """A correction without a reason."""

    sentence = "A correction needs a reason."
    remedy = "Say in a sentence why the first report was wrong."
    field = "reason"


class NoteTooLong(Invalid):
    """The note is longer than a note."""

    sentence = "The note is longer than {maximum} characters."
    remedy = "Shorten it, or add the rest as a photo of the page."
    field = "observation.note"


class PositionImpossible(Invalid):
    """No such place on earth, or a negative accuracy."""

    sentence = "The position is not a place on earth."
    remedy = "Send latitude and longitude in 1e-7 degrees, and the accuracy in metres."
    rule = "a report carries a position"
    field = "observation.position"


class PhotoMissing(Invalid):
    """A report, or a failed item that asks for one, has no photo of its own in the list."""

    sentence = "A photo is missing."
    remedy = "Every visit needs a photo, a shut door too; a failed item marked so needs its own, listed in the report."
    rule = "photo required"
    field = "observation.photos"


class PhotosTooMany(Invalid):
    """More photos than one report may carry."""

    sentence = "A report carries at most {maximum} photos and {recordings_max} recordings."
    remedy = "Leave out the repeated ones."
    field = "observation.photos"


class PhotoNotHashed(Invalid):
    """Not a SHA-256."""

    sentence = "{value} is not the SHA-256 of a photo."
    remedy = "Send 64 lower-case hexadecimal digits, computed over the original file."
    field = "observation.photos"


class EvidenceNotInReport(Invalid):
    """Evidence that has the bytes of no photo in the list."""

    sentence = "The evidence {evidence_id} is none of the photos of this report."
    remedy = "List the SHA-256 of its original file among the photos, or leave it out."
    field = "evidence"


class DuplicatePhoto(Invalid):
    """The same photo twice."""

    sentence = "The same photo is listed twice."
    remedy = "List every photo once."
    field = "observation.photos"


class UnknownChecklist(Invalid):
    """No such checklist version."""

    sentence = "There is no checklist {version}."
    remedy = "Load the list of checklists and answer a version that stands in it."
    field = "observation.checklist"


class UnknownItem(Invalid):
    """The checklist does not ask this."""

    sentence = "Checklist {version} has no item {item}."
    remedy = "Answer the items of the version that the report names."
    field = "observation.answers"


class ItemOfAnotherDepartment(Invalid):
    """In a joint inspection each department answers by its own powers."""

    sentence = "In this joint inspection item {item} is within the powers of another department."
    remedy = "Leave it to that department: answer NOT_CHECKED or nothing; what you saw goes into the shared evidence."
    field = "observation.answers"


class DuplicateAnswer(Invalid):
    """Two answers to one question."""

    sentence = "Item {item} is answered twice."
    remedy = "Answer every item once."
    field = "observation.answers"


class OutcomeContradictsAnswers(Invalid):
    """Issues without a failed item, or a failed item without issues."""

    sentence = "The outcome {outcome} contradicts the answers."
    remedy = "ISSUES needs at least one failed item, and every other outcome none."
    field = "observation.outcome"


class UnansweredItems(Invalid):
    """No issue was claimed, but not everything was looked at."""

    sentence = "No issue is reported, but these items have no answer: {items}."
    remedy = "Answer them; NOT_CHECKED is an answer."
    field = "observation.answers"


class CompanionsMistaken(Invalid):
    """The officer is named as his own companion, or somebody twice."""

    sentence = "Whoever else was there is named once, and the officer who reports is not among them."
    remedy = "Name each other officer once, by the account that he signs in with."
    field = "observation.companions"


class OfficersTooFew(Invalid):
    """This kind of visit takes more officers."""

    sentence = (
        "This visit takes at least {minimum} officers, and {found} who may look at these premises are named. "
        "A companion without a grant there is not counted."
    )
    remedy = (
        "Name who was with you, by the account that she signs in with. "
        "If nobody was, a supervisor decides whether the report is taken all the same."
    )
    rule = "officers present"
    field = "observation.companions"


class SignatureMissing(Invalid):
    """The policy in force asks for signatures."""

    sentence = "The report needs the signatures of the officer and of the institution."
    remedy = "Have both signed; where the institution does not sign, write down what it said to that."
    rule = "signatures"
    field = "observation.signatures"


class SignaturesMistaken(Invalid):
    """A signature without a picture, somebody's twice, or an officer who refuses to sign."""

    sentence = "A signature is a picture, given once by each side; only the institution may refuse, and why is written."
    remedy = "Send the SHA-256 of each signature's picture; a refusal is a sentence of at most 400 characters."
    field = "observation.signatures"
