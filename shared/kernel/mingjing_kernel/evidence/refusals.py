"""Why evidence is not taken, not shown or not destroyed. One rule: whoever holds the file learns what to do with it."""

from __future__ import annotations

from mingjing_kernel.refusal import Invalid, NotFound, Refusal


class EvidenceUnknown(NotFound):
    """There is none under this id, or none that the caller may know of."""

    sentence = "There is no such evidence, or it is outside your scope."
    remedy = "Check the number; send the manifest first if you are about to upload it."
    field = "evidence_id"


class ThingUnknown(NotFound):
    """What the evidence is said to belong to."""

    sentence = "There is no such record to add evidence to, or it is outside your scope."
    remedy = "Check kind and number of the record."
    field = "thing"


class ThingKindUnknown(Invalid):
    """This service has no such records."""

    sentence = "Evidence cannot belong to a record of the kind {kind} here."
    remedy = "Send one of these kinds: {kinds}."
    field = "thing.kind"


class ManifestInvalid(Invalid):
    """A manifest that describes no file; subclasses say why."""

    sentence = "The manifest does not describe a file."
    remedy = "Send what the device knows of the file, computed over the original bytes."


class DigestMalformed(ManifestInvalid):
    """Not a SHA-256, not an SM3."""

    sentence = "{field} must be 64 lower-case hexadecimal digits."
    remedy = "Compute it over the original file."


class CapturedAfterSending(ManifestInvalid):
    """Both times are of the same clock."""

    sentence = "The file was captured after the moment at which the same device sent it."
    remedy = "Send both times by the device's own clock."
    field = "captured_at"


class PlaceImpossible(ManifestInvalid):
    """No such place on earth, or a negative accuracy."""

    sentence = "The position is not a place on earth."
    remedy = "Send latitude and longitude in 1e-6 degrees and the accuracy in metres, or leave the position out."
    field = "place"


class EvidenceTypeNotAllowed(Refusal):
    """Such files are not kept."""

    status = 415
    sentence = "Files of the type {media_type} are not kept as evidence."
    remedy = "Send one of these: {allowed}."
    field = "media_type"


class EvidenceTooLarge(Refusal):
    """Larger than this type may be, or empty."""

    status = 413
    sentence = "A file of the type {media_type} has 1 to {bytes_max} bytes; this one has {size_bytes}."
    remedy = "Send a shorter recording, or the file in several pieces of evidence."
    field = "size_bytes"


class EvidenceDeclaredOtherwise(Refusal):
    """Another manifest, or another person's, stands under this id."""

    sentence = "Another file was declared under this id."
    remedy = "Declare this file under an id of its own."
    rule = "same id, same file"
    field = "evidence_id"


class OpenUploadsTooMany(Refusal):
    """Too much of one person is on its way."""

    status = 429
    sentence = (
        "{count} files with {size_bytes} bytes of yours are on their way; the limits are {count_max}, {bytes_max}."
    )
    remedy = "Finish or give up some of them, then declare this one."


class EvidenceStoreFull(Refusal):
    """No room for more bytes. What was acknowledged is untouched."""

    status = 507
    sentence = "There is no room left for evidence; nothing of this request was kept."
    remedy = "Keep the original. Tell the administrator; send it again when there is room: it goes on where it stopped."


class EvidenceStoreAway(Refusal):
    """The place where evidence is kept does not answer."""

    status = 503
    sentence = "The place where evidence is kept cannot be reached at the moment."
    remedy = "Keep the original and send the same request again in a few seconds."


class UploadOffsetElsewhere(Refusal):
    """The part does not begin where the file ends, or somebody else just sent this part."""

    sentence = "The upload stands at byte {offset}, this part begins at {begins}."
    remedy = "Ask for the offset (HEAD) and go on from there; only one device may send one file at a time."
    rule = "tus 1.0 Upload-Offset"
    field = "Upload-Offset"


class PartDamaged(Refusal):
    """The part's own checksum does not fit: it was damaged on its way."""

    status = 460
    sentence = "The part was damaged on its way: its checksum does not fit. Nothing of it was kept."
    remedy = "Send the same part again."
    rule = "tus 1.0 checksum"
    field = "Upload-Checksum"


class PartMalformed(Invalid):
    """Without what a part must say of itself, or too small, or beyond the end of the file."""

    sentence = "The part cannot be taken: {reason}."
    remedy = "Send application/offset+octet-stream with Upload-Offset and 'Upload-Checksum: sha256 <base64>'."
    rule = "tus 1.0"


class UploadIncomplete(Refusal):
    """Bytes are missing."""

    sentence = "{received} of {size_bytes} bytes are here."
    remedy = "Send the rest, then finish again."
    field = "evidence_id"


class UploadEnded(Refusal):
    """The file is here, was refused, did not come in time or was destroyed: nothing can be added."""

    status = 410
    sentence = "Nothing can be sent under this id any more: {state}."
    remedy = "Ask for the evidence to see what became of it; declare another file under an id of its own."


class DigestDiffers(Refusal):
    """What arrived is not what was declared, although every part was whole."""

    sentence = "The bytes that arrived are not those of the manifest: their {algorithm} is {found}."
    remedy = "Declare the file anew with the digest of the very bytes that are sent."
    field = "sha256"


class EvidenceTypeDiffers(Refusal):
    """The bytes are of another type than the sender said."""

    sentence = "The file was declared as {claimed} and is {found}."
    remedy = "Declare it anew as what it is."
    field = "media_type"


class EvidenceDisguised(Refusal):
    """A file that is two things at once, or carries what runs: it would be another file for another reader."""

    sentence = "The file cannot be kept as {claimed}: {reason}."
    remedy = "Send the original as the camera or the scanner made it."
    field = "media_type"


class EvidenceUnreadable(Refusal):
    """It begins like its type and cannot be read as one."""

    sentence = "The file cannot be read as {claimed}: {reason}."
    remedy = "Check that the file opens on the device; send the undamaged original."
    field = "media_type"


class EvidenceNotKept(Refusal):
    """There are no bytes to do this with."""

    sentence = "There are no bytes of this evidence here: {state}."
    remedy = "Ask for the evidence to see what became of it."


class EvidenceHeldStill(Refusal):
    """A hold lasts."""

    sentence = "The evidence may not be destroyed while it is held: {holds}."
    remedy = "Have the hold lifted by whoever placed it, with a reason."


class HoldUnknown(NotFound):
    """No such hold lasts."""

    sentence = "The evidence is not held under this name."
    remedy = "Read the evidence again: somebody else may have lifted it."
    field = "hold"


class ThingsTooMany(Refusal):
    """It belongs to as many things as one piece of evidence may."""

    sentence = "One piece of evidence belongs to at most {things_max} records."
    remedy = "Refer to one of the records instead."


class EvidenceAltered(Refusal):
    """The stored bytes are not what was received: an alarm is in the log."""

    status = 500
    sentence = "What is stored of this evidence is not what was received; it is not shown, and an alarm is raised."
    remedy = "Tell the administrator: the bytes have to be put back from a backup."


class EvidenceInfected(Refusal):
    """The scanner found something."""

    sentence = "The malware scanner found {detail} in this evidence; it is not handed out."
    remedy = "Have the file examined on a machine that is made for it."


class EvidenceNotScanned(Refusal):
    """This installation hands out nothing that was not scanned."""

    status = 503
    sentence = "The evidence has not been scanned for malware yet: {detail}."
    remedy = "Ask again in a moment; tell the administrator when it stays so."


class NoDisplayCopy(Refusal):
    """Only images and documents that can be decoded here have one."""

    status = 415
    sentence = "There is no display copy of a file of the type {media_type}."
    remedy = "Ask for the original, with a purpose."


class WorkshopBusy(Refusal):
    """Too many files are looked at or drawn at once, or one took too long. It says nothing against the file."""

    status = 503
    sentence = "The file could not be looked at in time."
    remedy = "Ask again in a moment: nothing is lost."
