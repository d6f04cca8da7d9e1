"""Refusals of the lists: each names the rule, its source and what the caller can do."""

from __future__ import annotations

from mingjing_kernel.refusal import Invalid, NotFound, Refusal


class ListingUnknown(NotFound):
    """No such file."""

    sentence = "There is no such listing."
    remedy = "Look at the list of files; another department's are not shown."


class ListingNotInThatState(Refusal):
    """The state machine of §3.5 has no such transition."""

    sentence = "The listing is {state}; this act needs it to be {needed}."
    remedy = "Look at the file's history; choose an act that its present state allows."
    rule = "国办发〔2020〕49号"


class ListingBasisMissing(Invalid):
    """A list of dishonesty needs a basis in law, regulation or central policy."""

    sentence = "The legal basis of the listing is missing."
    remedy = "Cite the law, regulation or policy document, with its article, that provides for this list."
    rule = "国办发〔2020〕49号"
    field = "legal_basis_reference"


class ListingFactsMissing(Invalid):
    """Facts and evidence come first."""

    sentence = "The facts, or the evidence for them, are missing."
    remedy = "State the facts and name at least one piece of evidence."
    rule = "行政处罚法第四十条"
    field = "facts"


class ListingPartyMissing(Invalid):
    """Somebody is listed, by name."""

    sentence = "The party is not named."
    remedy = "Give the institution, or the name of the organisation or person."
    field = "party"


class ReferenceMissing(Invalid):
    """A step cites its document."""

    sentence = "The number of the document is missing: {document}."
    remedy = "Give the number under which it is filed."
    field = "reference"


class NoticeDatesWrong(Invalid):
    """Served first, answered after."""

    sentence = "The notice was served on {served_on}; answers until {respond_by}: the days are not in order."
    remedy = "Correct the days."
    rule = "行政处罚法第四十四条"
    field = "served_on"


class WindowOver(Refusal):
    """The party answers within the window."""

    sentence = "The window for statements and hearing requests ended on {respond_by}."
    remedy = "Decide on what is on file; what came later can be raised on review."
    rule = "行政处罚法第四十五条、第六十四条"
    field = "received_on"


class WindowStillOpen(Refusal):
    """Nobody is listed before the party could answer."""

    sentence = "The party may answer until {respond_by}; there is no decision before."
    remedy = "Wait for the end of the window, or for the hearing."
    rule = "行政处罚法第四十四条、第六十二条"


class HearingOutstanding(Refusal):
    """Whoever asked for a hearing gets one."""

    sentence = "The party asked for a hearing; it has not been held."
    remedy = "Hold the hearing and file its record."
    rule = "行政处罚法第六十五条"


class HearingNotRequested(Refusal):
    """A hearing is the party's right: nobody holds one in its stead, to be done with it sooner."""

    sentence = "The party has asked for no hearing that is still to be held."
    remedy = "Record the party's request first; without one, wait for the end of its window."
    rule = "行政处罚法第六十三条"


class HearingTooEarly(Invalid):
    """First told, then heard."""

    sentence = "The hearing is said to be of {held_on}; the notice was served on {served_on}."
    remedy = "Correct the day: a hearing follows the notice."
    rule = "行政处罚法第六十四条"
    field = "held_on"


class StatementsUnanswered(Invalid):
    """What was stated in defence must be considered."""

    sentence = "The party stated its side; the decision does not answer it."
    remedy = "Say what was accepted, and why the rest was not."
    rule = "行政处罚法第四十五条"
    field = "answer"


class GradeRaised(Refusal):
    """A defence never makes it worse."""

    sentence = "The party was told of grade {told}; the decision says {decided}."
    remedy = "Decide within the grade of the notice, or propose anew."
    rule = "行政处罚法第四十五条"
    field = "grade"


class TermOutsideGrade(Invalid):
    """Each grade has its shortest and longest time."""

    sentence = "A listing of grade {grade} lasts {shortest} to {longest} months, not {months}."
    remedy = "Choose a term within the grade, or another grade."
    rule = "信用修复管理办法"
    field = "months"


class TermOver(Refusal):
    """What is over is not published any more."""

    sentence = "The term ended on {ends_on}: it is not published any more."
    remedy = "Note the expiry."
    rule = "信用修复管理办法"


class MinimumNotElapsed(Refusal):
    """The minimum publicity period comes before repair."""

    sentence = "Repair is possible from {minimum_until} on."
    remedy = "Refuse the application with this reason; it may come again from that day on."
    rule = "信用修复管理办法"


class RepairProofMissing(Invalid):
    """Corrected, duties done, a public commitment made."""

    sentence = "Repair needs the correction, the duties done and the public credit commitment on file."
    remedy = "Give the numbers of all three documents."
    rule = "信用修复管理办法"
    field = "correction_reference"


class KnownLater(Invalid):
    """Nobody knows of a paper before it is there."""

    sentence = "{day} has not come yet."
    remedy = "Correct the day."
    field = "known_on"


class ListingGroundAnnulled(Refusal):
    """What has lost its ground is ended, and nothing else."""

    sentence = "The decision that it rests on was annulled ({reference}): it is to be ended by {remove_by}."
    remedy = "Withdraw the listing; before a decision, reject it or drop the proposal."
    rule = "行政处罚法第四十八条"


class NothingAnnulled(Refusal):
    """Only what was recorded can be retracted."""

    sentence = "No annulment is on record."
    remedy = "Look at the file's history."


class AnnulmentDatesWrong(Invalid):
    """Annulled first, known after, and neither in days to come."""

    sentence = "Annulled on {annulled_on}, known on {known_on}: the days are not in order."
    remedy = "Correct the days."
    field = "known_on"


class ConsumerUnknown(NotFound):
    """Nobody of that id takes the lists."""

    sentence = "There is no such consumer of the lists."
    remedy = "Register it first."


class ConsumerRetired(Refusal):
    """Who takes the lists no longer acknowledges nothing."""

    sentence = "This consumer does not take the lists any more."
    remedy = "Register it again."
    field = "consumer_id"


class NothingToAcknowledge(Invalid):
    """A position that was not written is not known to anybody."""

    sentence = "Position {position} lies beyond what the consumer can have read ({head})."
    remedy = "Acknowledge the position of the last entry that was read."
    field = "position"


class EntryUnknown(NotFound):
    """No such entry of a mirrored list."""

    sentence = "The source never told of this entry."
    remedy = "Import the source's list."


class FeedOlder(Refusal):
    """A mirror never goes back."""

    sentence = "The source's list of {stated_on} is older than the one of {known} that is here."
    remedy = "Ask the source for its newest list."
    field = "stated_on"


class ListShrunken(Refusal):
    """An empty or broken file would let everybody off the list."""

    sentence = "Of {known} entries of this source, {ended} are not in the list any more: more than half."
    remedy = (
        "Ask the source whether the list is whole. If it is, send it again with is_confirmed; else as not complete."
    )
    field = "is_confirmed"


class ListTooLong(Invalid):
    """Everything has a limit."""

    sentence = "The list has {found} rows; the limit is {limit}."
    remedy = "Split it and send the parts, each marked as not complete."
    field = "file"


class ListRowWrong(Invalid):
    """A list is taken whole or not at all."""

    sentence = "Row {row} of the list cannot be taken: {column} is missing or malformed."
    remedy = "Correct the row, and send the whole file again."
    field = "file"
