"""Refusals about the numbers that an institution is known by: credit code and licence number.

One rule: whoever meets one is told whose the number is.
"""

from __future__ import annotations

from mingjing_kernel.refusal import Invalid, Refusal


class CodeTaken(Refusal):
    """One code is one institution, at every time (GB 32100: a code is never given again)."""

    sentence = "The unified social credit code {uscc} is that of {holder} ({institution_id})."
    remedy = "Compare both registration certificates; if that institution's code is the wrong one, correct it first."
    rule = "GB 32100-2015"
    field = "uscc"


class CodeContradictsNature(Invalid):
    """The first two characters say how the legal person is registered."""

    sentence = "The code {uscc} is that of a legal person registered as {says}; this institution's is to be {stands}."
    remedy = "Take the code from the registration certificate; a change of nature is a conversion, to be applied for."
    rule = "GB 32100-2015"
    field = "uscc"


class ConversionNotApproved(Refusal):
    """A code follows an approved conversion, once."""

    sentence = "No approved conversion to non-profit waits for its new code here."
    remedy = "Have the conversion approved first; a code that was wrong from the start is corrected instead."
    rule = "S0:132, S1:191"
    field = "ground"


class CodeStandsAlready(Refusal):
    """The first code is given once."""

    sentence = "The institution has a code already: {uscc}."
    remedy = "Correct it if it is wrong; a conversion brings a new one."
    rule = "GB 32100-2015"
    field = "ground"


class CodeNotYetGiven(Refusal):
    """Whoever is licensed registers before it teaches (R3); and what is not there cannot be corrected."""

    sentence = "The institution is not registered as a legal person yet: it has no unified social credit code."
    remedy = "Record its first code from the registration certificate."
    rule = "R3 (L08 art 19)"
    field = "ground"


class NameHasCode(Refusal):
    """Whoever is registered with a code does not register without one."""

    sentence = "An institution of this name is registered with the code {uscc}."
    remedy = "Look it up by its code; if it is another one, give the code or the full name of the new one."
    rule = "GB 32100-2015"
    field = "uscc"


class LicenceNumberTaken(Refusal):
    """A licence number is one institution's (domain §3.1)."""

    sentence = "The licence number {number} is that of {holder} ({institution_id}), whose licence is {state}."
    remedy = "Give the next free number; if the other institution's number is wrong, have it corrected first."
    rule = "one number, one institution (domain §3.1)"
    field = "number"


class LicenceNumberEnded(Refusal):
    """REFUSED, CANCELLED and REVOKED are terminal for their number (domain §3.3)."""

    sentence = "The licence number {number} ended on {on} ({how}); it is not given again."
    remedy = "Give the next free number."
    rule = "domain §3.3"
    field = "number"
