"""Why something sealed stays closed, or a key cannot be used; the command line shows these sentences too."""

from __future__ import annotations

from mingjing_kernel.refusal import NotFound, Refusal


class KeyFileUnreadable(Refusal):
    """A key file is missing, not ours to read, too open, or does not hold a key."""

    status = 500
    sentence = "The key file {path} cannot be used: {reason}."
    remedy = (
        "Put the file back from its backup with mode 0600 and the owner that runs the service. "
        "Do not make a new one: what the old key sealed would stay closed for ever."
    )


class KeyFileExists(Refusal):
    """A new key would overwrite one; whatever that one sealed would be lost."""

    status = 500
    sentence = "There is a key file at {path} already."
    remedy = "Keep it. To change the key, name the new file in the settings and the old one among the old keys."


class KeyEncryptionKeyMissing(Refusal):
    """A data key is wrapped with a key-encryption key that the settings do not name."""

    status = 500
    sentence = "A data key is wrapped with the key-encryption key {kek_id}, which is not at hand."
    remedy = "Add the file of that key to MINGJING_SEALING_KEY_FILES_OLD."


class SealedValueErased(NotFound):
    """The subject's key was shredded: nobody can read this again, we included."""

    status = 410
    sentence = "This personal information has been erased."
    remedy = "It cannot be recovered; the record itself remains."


class SubjectUnknown(NotFound):
    """There is no data key of this subject: it was erased before, or nothing of it was ever sealed."""

    sentence = "Nothing of the subject {subject} is sealed here, or it was erased before."
    remedy = "Check the subject, or search for it by the person's telephone, identity number or name."


class SealBroken(Refusal):
    """The ciphertext does not belong to this subject, stream and field, or was changed."""

    status = 500
    sentence = "The sealed field {what} does not open: it was changed, or moved from another place."
    remedy = "Verify the log (mingjing audit verify) and tell the administrator."


class PurposeMissing(Refusal):
    """Personal information is opened for a stated purpose only (个人信息保护法 PIPL art. 6)."""

    status = 422
    sentence = "Say for which purpose you open this personal information."
    remedy = "Give the purpose, for example the number of the case and what you need the information for."
    rule = "PIPL art. 6"
    field = "purpose"


class BulkUnsealing(Refusal):
    """More openings than one person needs: refused, and an alarm for the auditor."""

    status = 429
    sentence = "You have opened {allowed} sealed records in this {window}; more are refused, and the auditor is told."
    remedy = "Open only what the case in hand needs. If more is needed, ask for another limit to be approved."
    rule = "unsealing policy"
    field = "purpose"


class OpenedLongAgo(Refusal):
    """The same request again, long after its answer: it would show the fields with nothing new on record."""

    sentence = "This request was answered at {at} already; to look once more is another opening."
    remedy = "Ask anew with a new Idempotency-Key: that is counted and put on record."
    rule = "Idempotency-Key"
    field = "Idempotency-Key"


class UnsealingUnknown(NotFound):
    """Nobody asked to open anything under this id on that day."""

    sentence = "There is no such opening."
    remedy = "Look at the list of openings."
    field = "unsealing_id"


class UnsealingReviewedAlready(Refusal):
    """One review is enough, and it stands."""

    sentence = "This opening was reviewed already ({conclusion})."
    remedy = "Nothing needs to be done."


class LegalHoldApplies(Refusal):
    """A case still needs the data: it is kept until the hold is lifted."""

    sentence = "The data of {subject} cannot be erased: a legal hold of the case {case} applies."
    remedy = "Wait until the hold is lifted, or ask the department that placed it."
    rule = "legal hold (PIPL art. 47)"


class RetentionDutyApplies(Refusal):
    """A law says how long the record is kept: until then it is stored and nothing else is done with it."""

    sentence = "The data of {subject} cannot be erased before {until}: the retention rule “{retention}” applies."
    remedy = "Tell the person until when it is kept; it is erased by itself after that day."
    rule = "retention policy (PIPL art. 47)"


class HoldUnknown(NotFound):
    """No such hold was placed on this subject."""

    sentence = "There is no such legal hold, or it was lifted before."
    remedy = "Look at the record of the subject."
    field = "hold_id"


class HoldUnexplained(Refusal):
    """A hold keeps a person's data beyond its time: it names its case and its reason."""

    status = 422
    sentence = "A legal hold needs its case and its reason, when it is placed and when it is lifted."
    remedy = "Write the number of the case and why the data is still needed, or no longer."
    field = "reason"


class RequestUnknown(NotFound):
    """The subject made no such request."""

    sentence = "There is no such request, or it was answered before."
    remedy = "Look at the list of requests."
    field = "request_id"


class AnswerUnexplained(Refusal):
    """A person who is refused must be told why (PIPL art. 50)."""

    status = 422
    sentence = "An answer to a request needs its reason, a refusal the rule that it follows."
    remedy = "Say what was done, or which rule forbids it."
    rule = "PIPL art. 50"
    field = "reason"
