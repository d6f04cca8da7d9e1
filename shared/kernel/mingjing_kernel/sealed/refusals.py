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
    remedy = "Check the subject; a complainant's is complainant-<complaint id>."


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
