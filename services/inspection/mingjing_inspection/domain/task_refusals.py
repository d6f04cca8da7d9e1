"""Why a step of an inspection task is refused: what the task's state, or the step itself, does not allow."""

from __future__ import annotations

from mingjing_kernel.refusal import Invalid, NotFound, Refusal


class TaskNotPlanned(NotFound):
    """There is no such task."""

    sentence = "No inspection task was planned under this id."
    remedy = "Open the list of tasks and choose one of your grid."
    field = "task_id"


class DuePassed(Invalid):
    """Due before it was planned."""

    sentence = "The task would be due before it is planned."
    remedy = "Give a due time in the future."
    field = "due_at"


class WhyNoSiteMissing(Invalid):
    """A task without a site and without a reason."""

    sentence = "A task without a site must say why the site is unknown."
    remedy = "Name the site, or say why there is none."
    field = "why_no_site"


class SiteUnknown(Refusal):
    """Nobody knows where to go."""

    sentence = "The site of this task is not known yet."
    remedy = "The competent department names the site first."
    field = "site_id"


class SiteKnown(Refusal):
    """Nobody has to look for the site any more."""

    sentence = "The site of this task is known."
    remedy = "Go there, or ask for a new task if it is the wrong site."
    field = "site_id"


class SiteOfAnother(Invalid):
    """The task is about another institution."""

    sentence = "This site belongs to another institution than the task."
    remedy = "Name a site of the institution that the task is about."
    field = "site_id"


class TaskOfAnotherSite(Invalid):
    """The visit was made elsewhere."""

    sentence = "The task is about another site than the visit."
    remedy = "Report the visit without this task, and visit the site of the task."
    field = "task_id"


class TaskAlreadyAccepted(Refusal):
    """An officer is on it."""

    sentence = "An officer accepted this task already."
    remedy = "Choose another task, or report the visit if it is yours."
    field = "task_id"


class TaskAcceptedByAnother(Refusal):
    """A colleague is on it."""

    sentence = "Another officer accepted this task."
    remedy = "Agree with the colleague, or choose another task."
    field = "officer"


class TaskAlreadySubmitted(Refusal):
    """Another visit was submitted for it."""

    sentence = "A visit was already submitted for this task."
    remedy = "Report this visit without the task, or correct the submitted one."
    field = "visit_id"


class TaskAlreadyClosed(Refusal):
    """The task is done."""

    sentence = "The task is closed."
    remedy = "Ask for a new task if somebody must look again."
    field = "task_id"


class NotYetSubmitted(Refusal):
    """Nothing to look at yet."""

    sentence = "No visit was submitted for this task yet."
    remedy = "Wait for the visit report."
    field = "task_id"


class ConclusionMissing(Invalid):
    """Closed without a word."""

    sentence = "Closing a task needs a conclusion."
    remedy = "Say in a sentence what follows from the visit."
    field = "conclusion"


class TaskNotAssigned(Refusal):
    """Nobody has it."""

    sentence = "No officer has this task yet."
    remedy = "Assign it, or take it on."
    field = "task_id"


class TaskOfAnother(Refusal):
    """A colleague has it."""

    sentence = "Another officer has this task."
    remedy = "Agree with the colleague, and have it handed over."
    field = "officer"


class TaskAlreadyStarted(Refusal):
    """The officer is on the way."""

    sentence = "The officer has set out already."
    remedy = "Report the visit, or hand the task over."
    field = "task_id"


class TaskAlreadyReviewed(Refusal):
    """The report was looked at."""

    sentence = "The report of this task was reviewed already."
    remedy = "Close the task."
    field = "task_id"


class TaskIsCancelled(Refusal):
    """Nobody has to go any more."""

    sentence = "The task was cancelled."
    remedy = "Ask for a new task if somebody must go after all."
    field = "task_id"


class ReasonForTaskMissing(Invalid):
    """Given away or cancelled without a word."""

    sentence = "Declining, handing over or cancelling a task needs a reason."
    remedy = "Say in a sentence why."
    field = "reason"


class HandedToSameOfficer(Invalid):
    """Handed to who has it."""

    sentence = "The officer has this task already."
    remedy = "Name another officer."
    field = "to"


class DeclinedByThisOfficer(Refusal):
    """She said that she cannot do it."""

    sentence = "This officer declined the task."
    remedy = "Name another officer, or let the officer take it on after all."
    field = "officer"


class ColleaguesImpossible(Invalid):
    """Named twice."""

    sentence = "An officer is named twice for this task."
    remedy = "Name each officer once."
    field = "colleagues"


class ReviewWithoutRemark(Invalid):
    """Sent back without a word."""

    sentence = "A report that is not sound is sent back with a remark."
    remedy = "Say what is wrong with it."
    field = "remark"


class JointTaskElsewhere(Invalid):
    """A department's part in a joint inspection is at the sites of that inspection, and nowhere else."""

    sentence = "This joint task is for another site than the one that was visited."
    remedy = "Name the task of this very site, or report the visit without a task."
    field = "task_id"


class JointTaskOver(Refusal):
    """Nobody goes for it any more."""

    sentence = "This joint task is cancelled, or its report was filed already."
    remedy = "Correct the report that stands, or ask for a task; a visit without one is the competent department's."
    field = "task_id"


class OfficerUnknown(Invalid):
    """Nobody who may carry it out."""

    sentence = "{officer} holds no grant to carry out tasks there."
    remedy = "Name an officer whose grant covers the department, the region and the category of the task."
    field = "officer"


class OfficerHasInterest(Refusal):
    """Who has an interest keeps away (行政处罚法第四十三条)."""

    sentence = "{officer} has stated a conflict of interest with this institution."
    remedy = "Name another officer; an interest that is over is withdrawn with a reason."
    field = "officer"
