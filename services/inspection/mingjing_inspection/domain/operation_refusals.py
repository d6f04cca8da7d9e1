"""Why a step of a joint operation is refused."""

from __future__ import annotations

from mingjing_kernel.refusal import Invalid, NotFound, Refusal


class OperationUnknown(NotFound):
    """There is no such operation."""

    sentence = "No joint operation was planned under this id."
    remedy = "Open the list of joint operations and choose one in which your department takes part."
    field = "operation_id"


class OperationPlannedOtherwise(Refusal):
    """Another plan stands under this id."""

    sentence = "Another joint operation was planned under this id."
    remedy = "Plan the new one under an id of its own."
    rule = "same id, same plan"
    field = "operation_id"


class MembersTooFew(Invalid):
    """One department is no joint inspection."""

    sentence = "A joint operation takes at least {minimum} and at most {maximum} departments, each named once."
    remedy = "Name every department that takes part, the leading one among them."
    field = "members"


class LeadNoMember(Invalid):
    """Who leads takes part."""

    sentence = "The leading department is none of the members."
    remedy = "Name it among the members, or let one of them lead."
    field = "members"


class MemberWithoutPowers(Invalid):
    """Nobody inspects without a power to."""

    sentence = "{department} has no powers in joint inspections."
    remedy = "Name a department for which a policy says which items of the checklist are its own."
    field = "members"


class TargetsImpossible(Invalid):
    """None, too many, or one twice."""

    sentence = "A joint operation names from 1 to {maximum} sites, each once."
    remedy = "Name each site once; plan a larger one in several parts."
    field = "targets"


class OperationDayPassed(Invalid):
    """It would have been yesterday."""

    sentence = "The day of the joint operation has passed."
    remedy = "Plan it anew for a later day."
    field = "held_on"


class OperationWordsMissing(Invalid):
    """A step that must be explained was not."""

    sentence = "This step of a joint operation needs an explanation."
    remedy = "Say in a sentence why, or what came of it."
    field = "reason"


class NoMember(Refusal):
    """Not one of them."""

    sentence = "{department} is no member of this joint operation, or does not take part in it."
    remedy = "Act for a department that takes part."
    field = "department"


class AnswersAwaited(Refusal):
    """Somebody has not said yet."""

    sentence = "These departments have not said whether they take part: {departments}."
    remedy = "Wait for their answer, or call the operation off."
    field = "operation_id"


class NobodyElse(Refusal):
    """Only one is left."""

    sentence = "Fewer than two departments take part; that is no joint inspection."
    remedy = "Call it off and plan a special inspection, or win another department over."
    field = "operation_id"


class OperationUnderWay(Refusal):
    """Everybody is out already."""

    sentence = "This joint operation is under way."
    remedy = "Go on with it as it stands."
    field = "operation_id"


class OperationNotLaunched(Refusal):
    """Nobody is out yet."""

    sentence = "This joint operation was not launched yet."
    remedy = "The leading department launches it when all members have answered."
    field = "operation_id"


class OperationOver(Refusal):
    """Nothing more is done."""

    sentence = "This joint operation is over: concluded or called off."
    remedy = "Plan a new one if something is still to be looked at."
    field = "operation_id"


class OperationUnfinished(Refusal):
    """Somebody still has to go."""

    sentence = "{remaining} tasks of this joint operation still wait for a visit."
    remedy = "Carry them out, or cancel each with its reason; then conclude."
    field = "operation_id"


class PoolFull(Refusal):
    """Everything has a limit."""

    sentence = "No more than {maximum} of this kind are kept in the pool of a joint operation."
    remedy = "Share what is relevant; the rest stays with the visits."
    field = "item_id"


class ItemUnknown(NotFound):
    """Not in the pool."""

    sentence = "No evidence was shared under this id."
    remedy = "Open the pool of the operation and choose a piece of it."
    field = "item_id"


class ItemPooledOtherwise(Refusal):
    """Something else was shared under this id."""

    sentence = "Another piece of evidence was shared under this id."
    remedy = "Share the new one under an id of its own."
    field = "item_id"


class ItemOwn(Refusal):
    """It has it already."""

    sentence = "This piece of evidence is the department's own."
    remedy = "Use it as it stands; only another department's is taken over."
    field = "department"


class ReferenceNowhere(Invalid):
    """Into nothing, or into two things."""

    sentence = "Evidence is taken over into either a visit or a finding."
    remedy = "Name one of them, of the department that takes it over."
    field = "visit_id"


class NotOfOperation(Invalid):
    """From somewhere else."""

    sentence = "This visit or finding is none of the department's own in this joint operation."
    remedy = "Name one that the department made in this operation."
    field = "visit_id"


class PhotoNotOfVisit(Invalid):
    """The visit has no such file."""

    sentence = "The visit has no file with this SHA-256."
    remedy = "Name the SHA-256 of one of its photos, recordings or signatures."
    field = "sha256"
