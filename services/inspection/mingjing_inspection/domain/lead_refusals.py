"""Why a lead is not taken, verified, triaged or concluded, in words that a person can act on."""

from __future__ import annotations

from mingjing_kernel.refusal import Invalid, NotFound, Refusal


class LeadUnknown(NotFound):
    """There is no such lead."""

    sentence = "No lead was opened under this id."
    remedy = "Open the list of leads and choose one."
    field = "lead_id"


class LeadTaken(Refusal):
    """Somebody verifies it."""

    sentence = "Somebody is verifying this lead already."
    remedy = "Go on with it, or choose another."
    field = "lead_id"


class LeadNotTaken(Refusal):
    """Nobody verified it."""

    sentence = "Nobody has begun to verify this lead."
    remedy = "Begin to verify it first."
    field = "lead_id"


class LeadOver(Refusal):
    """Concluded."""

    sentence = "This lead was concluded."
    remedy = "Open a new one if something new is known."
    field = "lead_id"


class LeadWordsMissing(Invalid):
    """A conclusion without a word."""

    sentence = "A lead is concluded with what was found."
    remedy = "Say in a sentence what was verified and how."
    field = "note"


class LeadReportedAlready(Refusal):
    """The id was used for something else."""

    sentence = "Another lead was opened under this id."
    remedy = "Send a changed report under a new id; the same report is sent again with the same bytes."
    field = "lead_id"


class LeadHasInstitution(Refusal):
    """It is about a registered institution."""

    sentence = "This lead is about a registered institution: O1 and O2 are about teaching without a licence."
    remedy = "Conclude it as it is; what an institution does wrong goes its own way."
    field = "lead_id"


class LeadPlaceMissing(Invalid):
    """Nobody could go there."""

    sentence = "A lead says where it is: an address, or a position."
    remedy = "Write the address, or send the position of the device."
    field = "address"


class LeadRegionMissing(Invalid):
    """Nobody would answer for it."""

    sentence = "No grid in force has this position, and no region is stated."
    remedy = "State the division (6 digits of a county, or 9 of a town) or a grid's 15 digits."
    field = "region"


class LeadDescriptionMissing(Invalid):
    """A lead without a word."""

    sentence = "A lead says what was seen or told."
    remedy = "Describe it in a sentence: who teaches whom what, and where."
    field = "description"


class LeadTimesWrong(Invalid):
    """A lesson that ends before it begins."""

    sentence = "Times of teaching are a weekday from 1 to 7 and minutes after midnight, the end after the beginning."
    remedy = "Write Saturday 09:00 to 11:30 as weekday 6, 540 to 690."
    field = "times"


class LeadPhotoUnreadable(Invalid):
    """Not the digest of a photo."""

    sentence = "Photos are named by their SHA-256, at most {maximum} of them."
    remedy = "Send 64 lower-case hexadecimal digits of each original file."
    field = "photos"


class LeadSightingEmpty(Invalid):
    """Nothing new."""

    sentence = "What was seen again has a time, a price, a photo or a word."
    remedy = "Add what is new."
    field = "note"


class LeadSightingsTooMany(Refusal):
    """A stream has an end."""

    sentence = "{maximum} sightings were added to this lead already."
    remedy = "Conclude it, or open another lead and link the two."
    field = "lead_id"


class TriageEvidenceMissing(Invalid):
    """An answer that nothing founds."""

    sentence = "An answer of yes or no names what it is founded on."
    remedy = "Name photos of this lead by their SHA-256, or say in words what you saw."
    field = "evidence"


class TriageEvidenceForeign(Invalid):
    """A photo of something else."""

    sentence = "The photo {sha256} does not belong to this lead."
    remedy = "Add it to the lead as something that was seen again, then name it."
    field = "evidence"


class TriageVerdictOther(Refusal):
    """What a person confirms is what the rule says."""

    sentence = "By the answers given the rule says {computed}, not {confirmed}."
    remedy = "Look at the answers again, put right what is wrong, and confirm what the rule says then."
    rule = "校外培训行政处罚暂行办法第十七条、第十八条"
    field = "verdict"


class TriageNotEstablished(Refusal):
    """Neither O1 nor O2."""

    sentence = "Neither an unlicensed institution (O1) nor disguised training (O2) is established."
    remedy = "Answer what is missing, or conclude the lead as not substantiated."
    rule = "校外培训行政处罚暂行办法第十七条、第十八条"
    field = "verdict"


class LeadVerdictMissing(Refusal):
    """A case needs to know which conduct it is about."""

    sentence = "A case on teaching without a licence is proposed on a confirmed verdict, O1 or O2."
    remedy = "Answer the questions of the triage and confirm what the rule says."
    rule = "校外培训行政处罚暂行办法第十七条、第十八条"
    field = "lead_id"


class PremisesFoundAlready(Refusal):
    """It was said."""

    sentence = "It was found already that somebody teaches there without a licence."
    remedy = "Go on with the triage."
    field = "lead_id"


class LeadNotLinked(Refusal):
    """There is no link to take away."""

    sentence = "These two leads were parted already."
    remedy = "Link them again, if they are the same after all."
    field = "other"


class LeadsLinkedAlready(Refusal):
    """They are."""

    sentence = "These two leads were linked already."
    remedy = "Part them, if they are not the same after all."
    field = "other"


class LeadLinkedToItself(Invalid):
    """One lead, twice."""

    sentence = "A lead is not linked to itself."
    remedy = "Name another lead."
    field = "other"


class LinkReasonMissing(Invalid):
    """Nobody could follow it."""

    sentence = "Whoever links or parts two leads says why."
    remedy = "Write in a sentence what is the same, or what is not."
    field = "reason"


class LeadSourceMissing(Invalid):
    """From which complaint."""

    sentence = "A lead that comes from a complaint names it."
    remedy = "Send the complaint's id as complaint_id, or choose another origin."
    field = "complaint_id"


class LeadPersonUnknown(NotFound):
    """There is no such person."""

    sentence = "The lead names no person with this number."
    remedy = "Open the lead and choose one of its persons."
    field = "number"


class LeadOthersTooMany(Refusal):
    """Somebody writes under an id that is not hers."""

    sentence = "{maximum} other reports are kept under this id already."
    remedy = "Send yours under a new id."
    field = "lead_id"


class LeadOtherUnknown(NotFound):
    """Nothing to decide."""

    sentence = "No other report {number} of this lead waits for a decision."
    remedy = "Look at the lead again."
    field = "number"


class LeadOtherOwn(Refusal):
    """The sender wants it to count."""

    status = 403
    sentence = "Who sent the other report does not decide on it."
    remedy = "Ask somebody else to look at both."
    field = "number"
