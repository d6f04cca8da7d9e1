"""Why a citizen's own complaint is refused: only for what she can put right at once."""

from __future__ import annotations

from mingjing_kernel.refusal import Invalid


class DisputeNeedsAPerson(Invalid):
    """Nobody mediates for somebody unknown."""

    sentence = "A dispute cannot be mediated for somebody who is not known."
    remedy = "Choose “confidential”: the institution does not learn who you are before you agree. Or report the breach."
    rule = "a dispute needs name and telephone (Order 20, art. 9; kept by Order 121)"
    field = "identity"


class ContactMissing(Invalid):
    """She wants an answer, and cannot be reached."""

    sentence = "There is no telephone at which you can be reached."
    remedy = "Give one, or choose “anonymous”."
    rule = "name and telephone (Order 20, art. 9; kept by Order 121)"
    field = "phone"
