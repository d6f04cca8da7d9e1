"""Why a step of a complaint's track is refused. One rule: each says what would be in order now."""

from __future__ import annotations

from mingjing_kernel.refusal import Invalid, NotFound, Refusal


class TrackUnknown(NotFound):
    """There is no such track."""

    sentence = "The complaint has no such track."
    remedy = "Open the complaint and choose one of its tracks."
    field = "track_id"


class NotOfThisKind(Refusal):
    """A step of another kind of track."""

    sentence = "This step is for another kind of track."
    remedy = "A dispute is mediated, a report is verified, a work order is answered."
    rule = "dispute and report are handled apart (Order 20, art. 7)"
    field = "track_id"


class TrackIsOver(Refusal):
    """Closed."""

    sentence = "This track is closed."
    remedy = "Open it again within the window, or take a new complaint."
    field = "track_id"


class TrackIsOpen(Refusal):
    """Not closed."""

    sentence = "This track is open."
    remedy = "Go on with it."
    field = "track_id"


class TrackIsMerged(Refusal):
    """Handled with another one."""

    sentence = "This track is handled together with another one."
    remedy = "Act on the one that it was merged into, or part them first."
    field = "track_id"


class TrackNotMerged(Refusal):
    """Not handled with another one."""

    sentence = "This track is not merged into another one."
    remedy = "Choose the one that was merged."
    field = "track_id"


class StepNotInOrder(Refusal):
    """Another step comes first, or it was taken before."""

    sentence = "This step is not in order now: the track is at {stage}."
    remedy = "Look at its available actions and take the one that is due."
    field = "track_id"


class ReturnedBefore(Refusal):
    """A second return."""

    sentence = "It was sent back once."
    remedy = "State that the departments differ; they agree within the time, or their superior decides."
    rule = "one return (Order 20, art. 30, of disputes on jurisdiction)"
    field = "track_id"


class ReturnTooLate(Refusal):
    """After the time for returning."""

    sentence = "The time for sending it back is over."
    remedy = "Handle it, or state that the departments differ."
    field = "track_id"


class JurisdictionOpen(Refusal):
    """The departments differ."""

    sentence = "The departments differ on whose it is."
    remedy = "Decide that first."
    rule = "Order 20, art. 30"
    field = "track_id"


class JurisdictionNotDisputed(Refusal):
    """Nobody differs."""

    sentence = "No departments differ on whose it is."
    remedy = "Route it by the table."
    field = "track_id"


class RoutedForGood(Refusal):
    """The superior decided."""

    sentence = "Whose it is was decided for good."
    remedy = "Handle it."
    field = "track_id"


class HandlerUnknown(Refusal):
    """Nobody knows whose it is."""

    sentence = "The table names no department for it."
    remedy = "Have the grid look first, or name a department and say why."
    field = "department"


class RoutingUnexplained(Invalid):
    """Another department than the table's, without a reason."""

    sentence = "The table suggests {suggested}; say why it goes elsewhere."
    remedy = "Give the reason, or leave the department empty."
    field = "reason"


class ReturnNamesNobody(Invalid):
    """A return without another owner."""

    sentence = "Say which other department it belongs to."
    remedy = "Name a department that is not your own."
    field = "suggested_department"


class DepartmentsMissing(Invalid):
    """A dispute of one."""

    sentence = "Name the departments that differ, two at least."
    remedy = "Give each by its name in the list of departments."
    field = "departments"


class TrackWordsMissing(Invalid):
    """A step without a word."""

    sentence = "This step needs a word of explanation."
    remedy = "Say in a sentence what was found, done or told."
    field = "text"


class PartiesNeeded(Refusal):
    """An anonymous dispute."""

    sentence = "A dispute needs a complainant with a name and a telephone."
    remedy = "Ask for them within the time of acceptance, or refuse for missing material; a report may be anonymous."
    rule = "Order 20, art. 9; kept by Order 121"
    field = "track_id"


class GroundNotOfLaw(Invalid):
    """A ground that the instrument in force on the day of receipt does not know."""

    sentence = "The ground {ground} is not known to the instrument that this complaint falls under ({law})."
    remedy = "Choose a ground of that instrument: it goes by the day of receipt."
    field = "ground"


class StatementsMissing(Refusal):
    """One side was not heard."""

    sentence = "Both sides have to be heard before they can agree."
    remedy = "Take the statement of the side that is missing."
    field = "track_id"


class StatementsTooMany(Refusal):
    """More than anybody reads."""

    sentence = "There are {maximum} statements already."
    remedy = "Put the rest into evidence."
    field = "track_id"


class TermsMissing(Invalid):
    """An agreement without terms."""

    sentence = "An agreement has between one and {maximum} terms."
    remedy = "Write what each side does until when, a sentence a term."
    field = "terms"


class SumWithoutDay(Invalid):
    """Money without a day, or a day without money."""

    sentence = "A sum that is paid back has a day, and a day has a sum."
    remedy = "Give both, or neither."
    field = "pay_by"


class TrackExtendedBefore(Refusal):
    """A second extension."""

    sentence = "It was given more time once."
    remedy = "Finish it; what cannot be finished is said so."
    rule = "one extension, with the reason told to the caller"
    field = "track_id"


class NoTimeToExtend(Refusal):
    """Over, or no clock."""

    sentence = "There is no time left to extend."
    remedy = "Extend before the time is over; now it is overdue and stays so."
    field = "track_id"


class NothingAsked(Refusal):
    """Not a refund dispute."""

    sentence = "The dispute asks for no refund."
    remedy = "An order's money is frozen only for a refund dispute."
    field = "contract_id"


class RespondentOpen(Refusal):
    """Numbers of contracts are every institution's own."""

    sentence = "It is not settled yet whom the dispute is about."
    remedy = "Settle it first, then name a contract of that institution."
    field = "contract_id"


class InformFirst(Refusal):
    """A real-name reporter was not told."""

    sentence = "Who reported under a real name has to be told first."
    remedy = "Tell the reporter, then close."
    rule = "Order 20, art. 31"
    field = "track_id"


class WindowOver(Refusal):
    """Too late to open it again."""

    sentence = "The time in which it can be opened again is over."
    remedy = "Take a new complaint and link it."
    field = "track_id"


class ReopenedTooOften(Refusal):
    """Again and again."""

    sentence = "It was opened again {maximum} times."
    remedy = "Take a new complaint and link it."
    field = "track_id"


class ListedBefore(Refusal):
    """On the list."""

    sentence = "It is on the superior's list."
    remedy = "Nothing is to be done."
    field = "track_id"


class MergedIntoItself(Invalid):
    """With itself, with another kind, or with one that is over."""

    sentence = "It can be merged only into another open track of the same kind."
    remedy = "Choose the earliest open one of this kind about the same matter."
    field = "into"


class LinkedBefore(Refusal):
    """Once is enough."""

    sentence = "These two are linked, or it has too many links."
    remedy = "Nothing is to be done; make a group of many."
    field = "other"


class NotAgreed(NotFound):
    """Nothing to print."""

    sentence = "No agreement was reached in this dispute."
    remedy = "Write the agreement down first."
    field = "track_id"
