"""Why a step of a double-random draw is refused."""

from __future__ import annotations

from mingjing_kernel.refusal import Invalid, NotFound, Refusal


class DrawUnknown(NotFound):
    """There is no such draw."""

    sentence = "No draw was frozen under this id."
    remedy = "Open the list of draws and choose one."
    field = "draw_id"


class DrawStands(Refusal):
    """A draw is not repeated until it suits somebody."""

    sentence = "This plan has a draw that stands: draw {attempt}."
    remedy = "Annul it with a reason, which stays public, before another is made."
    field = "plan"


class DrawNotFrozen(Refusal):
    """The step belongs to a draw that is frozen and not yet committed to."""

    sentence = "The draw is not one that is frozen and not yet committed to."
    remedy = "Look at the state of the draw: it is frozen, committed to, drawn, published, in this order."
    field = "draw_id"


class DrawNotCommitted(Refusal):
    """The step belongs to a draw that is committed to and not yet drawn."""

    sentence = "The draw is not one that is committed to and not yet drawn."
    remedy = "Look at the state of the draw: it is frozen, committed to, drawn, published, in this order."
    field = "draw_id"


class DrawNotDrawn(Refusal):
    """There is no result yet."""

    sentence = "Nothing has been drawn yet."
    remedy = "Enter the public value first."
    field = "draw_id"


class DrawIsAnnulled(Refusal):
    """It does not count any more."""

    sentence = "This draw was annulled."
    remedy = "Freeze a new one under the same plan."
    field = "draw_id"


class AnnulmentWithoutReason(Invalid):
    """Annulled without a word."""

    sentence = "Annulling a draw needs a reason."
    remedy = "Say why it does not count; everybody can read it."
    field = "reason"


class PopulationEmpty(Invalid):
    """Nobody to draw from."""

    sentence = "No institution can be drawn: {left_out} were left out."
    remedy = "Look at the reasons why they were left out, or widen the plan."
    field = "region"


class PopulationTooLarge(Invalid):
    """More than one draw takes."""

    sentence = "{size} institutions may be drawn; a draw takes {maximum} at most."
    remedy = "Make a draw a county or a category."
    field = "region"


class WeightImpossible(Invalid):
    """A weight out of its bounds."""

    sentence = "A weight is a whole number from 1 to {maximum}."
    remedy = "Mend the policy of the draw."
    field = "weight"


class InspectorsTooFew(Invalid):
    """Somewhere not enough inspectors are free of conflicts."""

    sentence = "For an institution only {free} of {needed} inspectors are free of conflicts of interest."
    remedy = "Let more inspectors take part, from a neighbouring county if need be."
    field = "inspectors"


class SelectionImpossible(Invalid):
    """More are drawn than there are, or none."""

    sentence = "{select} of {size} institutions cannot be drawn."
    remedy = "Mend the share in the policy of the draw."
    field = "select"


class PublicSourceMissing(Invalid):
    """Whoever may choose among values afterwards may choose the result."""

    sentence = "Which public value will be used has to be said beforehand."
    remedy = "Name the lottery or market, its number or day, and where it is published."
    field = "public_source"


class PublicValueNotLater(Invalid):
    """A value that is known already decides nothing."""

    sentence = "The public value has to become known after the commitment."
    remedy = "Name one that is published later."
    field = "public_value_due_at"


class PublicValueTooEarly(Invalid):
    """It was known before it was to be."""

    sentence = "The value became public before the announced moment, {due}."
    remedy = "Enter the value that was announced, with the moment at which it was published."
    field = "public_value_at"


class PublicValueNotYet(Invalid):
    """It is not known yet."""

    sentence = "The moment at which the value became public has not come yet."
    remedy = "Wait for the announced value."
    field = "public_value_at"


class PublicValueMissing(Invalid):
    """Nothing to mix in."""

    sentence = "The public value is not digits alone, or it is not said on one line where it can be looked up."
    remedy = (
        "Enter the digits as they were published, in their order and with nothing between: only one spelling counts."
    )
    field = "public_value"


class SeedNotCommittedTo(Refusal):
    """The service's key is another one than when the seed was committed to."""

    sentence = "The seed is not the one that was committed to."
    remedy = "Bring back the key file of that time, or annul the draw and say why."
    field = "seed"
