"""Refusals of judging likenesses. One rule: each names what the caller can do."""

from __future__ import annotations

from mingjing_kernel.refusal import Invalid, NotFound, Refusal


class LikenessUnknown(NotFound):
    """The comparison never found these two alike."""

    sentence = "There is no such likeness, or it is outside your scope."
    remedy = "Look at the list of open likenesses, or have the institution compared again."


class LikenessNotInThatState(Refusal):
    """An open one is judged, a judged one withdrawn."""

    sentence = "The likeness is {state}; this act needs it to be {needed}."
    remedy = "Withdraw the judgement first, then judge again; a lapsed one comes back when the facts do."
    rule = "a judgement stands until it is withdrawn"


class NothingToCompare(Invalid):
    """A search says at least one thing."""

    sentence = "Name, address, telephone, code, account and person are all empty: there is nothing to compare."
    remedy = "Give at least a name, a telephone or a credit code."
    rule = "one field at least"
    field = "name"
