"""Why a step of a grid version (网格版本) is refused."""

from __future__ import annotations

from mingjing_kernel.refusal import Invalid, NotFound, Refusal


class VersionNotDrafted(NotFound):
    """There is no such version."""

    sentence = "No version of the grids was drafted under this id."
    remedy = "Open the list of grid versions and choose one."
    field = "version_id"


class AnotherCounty(Refusal):
    """A draft is of one county."""

    sentence = "This draft is of the county {county}."
    remedy = "Draft another county's grids under an id of their own."
    field = "version_id"


class DraftTooLarge(Refusal):
    """More than a county has."""

    sentence = "A version has at most {maximum} grids and outlines, and as many features that wait."
    remedy = "Drop what does not belong to this county."


class FeatureNotInDraft(NotFound):
    """Neither a grid nor a feature that waits."""

    sentence = "The draft has no feature {key}."
    remedy = "Look at the draft's grids and at what was kept aside."
    field = "key"


class NoGridsDrawn(Refusal):
    """Nothing to propose."""

    sentence = "The draft has no grid yet."
    remedy = "Send a file with at least one grid."


class FeaturesAside(Refusal):
    """Some features were not taken."""

    sentence = "{count} feature(s) of the file were kept aside and wait."
    remedy = "Mend them by another file, or drop them with a reason."


class VersionHasProblems(Refusal):
    """The grids do not fit together."""

    sentence = "The draft as a whole has {count} problem(s)."
    remedy = "Look at them on the map, and send a file that mends them."


class ReturnUnreasoned(Invalid):
    """Whoever drew it wants to know why."""

    sentence = "Say why the grids are sent back or withdrawn."
    remedy = "Give the reason in a sentence."
    field = "reason"


class EffectiveInPast(Invalid):
    """The past is not redrawn."""

    sentence = "The day {effective_on} has passed: visits made since then name the grids of their time."
    remedy = "Name today or a later day."
    field = "effective_on"


class VersionProposed(Refusal):
    """Somebody looks at it."""

    sentence = "This version is proposed and is not changed meanwhile."
    remedy = "Have it sent back first."


class VersionNotProposed(Refusal):
    """Still a draft."""

    sentence = "This version is still a draft."
    remedy = "Propose it first."


class VersionAlreadyApproved(Refusal):
    """Decided."""

    sentence = "This version is approved."
    remedy = "Draft a new version to change the grids."


class VersionNotApproved(Refusal):
    """Nobody put it in force."""

    sentence = "This version is not approved."
    remedy = "Approve it first."


class VersionWithdrawn(Refusal):
    """Given up."""

    sentence = "This version was withdrawn."
    remedy = "Draft a new version."


class GridsInForce(Refusal):
    """Sites and tasks stand in it."""

    sentence = "This version has been in force since {effective_on}."
    remedy = "Put a later version in force."
