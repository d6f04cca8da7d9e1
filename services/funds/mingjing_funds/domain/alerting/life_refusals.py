"""Why an alert does not take a step. The one rule: each names what is to be done instead."""

from __future__ import annotations

from mingjing_kernel.refusal import Invalid, NotFound, Refusal


class AlertUnknown(NotFound):
    """No such alert is the latest one of its rule and account."""

    sentence = "There is no open alert {alert_id}."
    remedy = "Look at the list of alerts; this one may have been cleared or closed."
    field = "alert_id"


class AlertEnded(Refusal):
    """It has been closed or has cleared by itself."""

    sentence = "This alert has ended ({stage})."
    remedy = "When the condition returns, a new alert is raised; act on that one."
    field = "alert_id"


class NotAtThisStage(Refusal):
    """The step comes from another stage."""

    sentence = "This alert is at the stage {stage}; the step is taken from: {wanted}."
    remedy = "Take the steps in their order: acknowledge, verify, judge, plan, resolve, close."
    field = "stage"


class EvidenceMissing(Invalid):
    """What is said needs evidence."""

    sentence = "Judging and closing an alert need evidence."
    remedy = "Name the document, visit or transfer that shows it."
    field = "evidence"


class PlanMissing(Invalid):
    """Disposing needs a plan."""

    sentence = "A confirmed alert needs a plan of what will be done."
    remedy = "Say what will be done, by whom and until when."
    field = "plan"


class DisposalDoesNotFit(Invalid):
    """A false alarm is closed as one, and nothing else is."""

    sentence = "The disposal “{disposal}” does not fit an alert at the stage {stage}."
    remedy = "Close a false alarm as false-positive, and a resolved alert with what was done about it."
    field = "disposal"
