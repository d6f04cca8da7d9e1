"""Refusals about policies."""

from __future__ import annotations

from mingjing_kernel.refusal import Invalid, NotFound, Refusal


class PolicyNumberUnknown(Invalid):
    """A policy sets what it is about, within bounds, and nothing else."""

    sentence = "“{name}” = {value} is not possible in this policy; it has: {known}."
    remedy = "Use one of the names, and a whole number within its bounds."
    field = "numbers"


class PolicyBasisMissing(Invalid):
    """What binds institutions and families follows from a law."""

    sentence = "A policy needs its legal basis and the reason for the change."
    remedy = "Name the law or rule with its article, and say why the numbers change."
    field = "legal_basis"


class PolicyEndsBeforeItBegins(Invalid):
    """The last day lies before the first."""

    sentence = "The policy would end before it begins."
    remedy = "Give a last day on or after the first, or leave it out."
    field = "effective_to"


class PolicyVersionUnknown(NotFound):
    """Nobody proposed this version."""

    sentence = "No such version was proposed."
    remedy = "Look at the list of versions."
    field = "version_id"


class PolicyRuleUnknown(NotFound):
    """The service has no such rule."""

    sentence = "There is no rule “{rule}” here; there are: {known}."
    remedy = "Use one of the names."
    field = "rule"


class PolicyVersionApproved(Refusal):
    """What was approved counts; it is ended by another version."""

    sentence = "This version has been approved already."
    remedy = "To change what counts, propose another version."
    field = "version_id"


class PolicyVersionWithdrawn(Refusal):
    """What was taken back never counts."""

    sentence = "This proposal was withdrawn."
    remedy = "Propose the numbers again under a new id."
    field = "version_id"
