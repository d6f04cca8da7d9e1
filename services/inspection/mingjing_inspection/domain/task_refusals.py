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
