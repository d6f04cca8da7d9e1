"""Why a version of the checklist is refused. One rule: each refusal says which item, or which version to use."""

from __future__ import annotations

from mingjing_kernel.refusal import Invalid, NotFound, Refusal


class ChecklistVersionTaken(Refusal):
    """A version never changes."""

    sentence = "Version {version} stands already with other questions."
    remedy = "A version never changes: give the new questions a name of their own."
    rule = "a released version never changes"
    field = "version"


class VersionMalformed(Invalid):
    """Not a name that a report could cite."""

    sentence = "The version has no usable name."
    remedy = "Use 3 to 40 small letters, digits, dots and dashes, for example patrol-2026-autumn."
    field = "version"


class ChecklistReasonMissing(Invalid):
    """Nobody said why."""

    sentence = "A proposal, or its withdrawal, needs a reason."
    remedy = "Say in a sentence why."
    field = "reason"


class ChecklistBackdated(Invalid):
    """In force before it was proposed."""

    sentence = "A version cannot come into force before the day on which it is proposed."
    remedy = "Name today or a later day."
    field = "effective_from"


class VersionsTooMany(Refusal):
    """There is an end to everything."""

    sentence = "There are {maximum} versions already."
    remedy = "Ask the administrator."
    field = "version"


class ItemsMistaken(Invalid):
    """No items, too many, or one that cannot be asked."""

    sentence = "Item {item} cannot be asked; a version has 1 to {maximum} items."
    remedy = "Give each item a code of its own (C01 to C15, C09-2), a Chinese title and a legal basis."
    field = "items"


class ChecklistUnproposed(NotFound):
    """There is no such proposal."""

    sentence = "Nobody proposed version {version}."
    remedy = "Look it up in the list of versions."
    field = "version"


class ChecklistApprovedAlready(Refusal):
    """It is in force, or will be."""

    sentence = "Version {version} was approved already."
    remedy = "Propose another version, which replaces it from its day on."
    field = "version"


class ChecklistWithdrawnAlready(Refusal):
    """It was taken back."""

    sentence = "Version {version} was withdrawn."
    remedy = "Propose the questions under a new name."
    field = "version"
