"""Refusals of the registry: each names the rule, its source and what the caller can do.

One rule: the Chinese sentence of every one stands in the catalogue (``locale/zh_CN``); a test fails without it.
"""

from __future__ import annotations

from mingjing_kernel.refusal import Invalid, NotFound, Refusal


class LicenceNotInThatState(Refusal):
    """The licence state machine of §3.3 has no such transition."""

    sentence = "The licence is {state}; this act needs it to be {needed}."
    remedy = "Look at the licence's history; choose an act that its present state allows."
    rule = "L08"


class DecisionNotServed(Refusal):
    """A penalty takes effect only when its written decision has been served (L07 art 61)."""

    sentence = "There is no served decision: a licence is never suspended or revoked by an alert alone."
    remedy = "Serve the penalty decision first, then give its number and the day it was served."
    rule = "L07 art 61"
    field = "decision_reference"


class ReasonMissing(Invalid):
    """Acts against an institution carry a reason and a legal basis."""

    sentence = "A reason and a legal basis are needed."
    remedy = "State the facts in one sentence and cite the instrument and article."
    rule = "L07 art 5"
    field = "reason"


class HearingNoticeMissing(Refusal):
    """Revocation is preceded by the notice of the right to a hearing (L07 art 63)."""

    sentence = "The institution has not been told of its right to a hearing."
    remedy = "Serve the hearing notice and give its number."
    rule = "L07 art 63"
    field = "hearing_notice_reference"


class SignaturesMissing(Refusal):
    """Two different officers sign."""

    sentence = "Two different officers must sign; {count} did."
    remedy = "Have a second officer sign."
    rule = "registry default: two signatures"
    field = "signed_by"


class SiteCheckMissing(Refusal):
    """SITE_CHECK comes before APPROVED."""

    sentence = "No site check is on file."
    remedy = "Check the premises (area, fire safety) and give the record's number."
    rule = "L16"
    field = "site_check_reference"


class SubjectLicencesClosed(Refusal):
    """R1: no new licences for subject training."""

    sentence = "New licences for subject training are not granted."
    remedy = "Refuse the application, or change its category if the training is not a curriculum subject."
    rule = "R1 (L01)"
    field = "categories"


class SubjectTrainingForProfit(Refusal):
    """R2: subject institutions of the compulsory stage are non-profit; by policy those of every stage."""

    sentence = "An institution for subject training must be registered as non-profit."
    remedy = (
        "Have it change its registration first; where it teaches no compulsory stage and the policy asks for no more, "
        "record which stages it serves."
    )
    rule = "R2 (S1:191, L01)"
    field = "nature"


class ValidityReversed(Invalid):
    """Dates in their order."""

    sentence = "The licence would end on {expires_on}, before it begins."
    remedy = "Correct the dates."
    rule = "dates in order"
    field = "expires_on"


class FamiliesStillOwed(Refusal):
    """Closing and cancelling need that nothing is owed to families (S0:132, L08 art 59)."""

    sentence = "Families are still owed {unconsumed_liability_fen} fen, as the funds service says."
    remedy = "Refund the families first; then ask again."
    rule = "L08 art 59"
    field = "unconsumed_liability_fen"


class PublicNoticeMissing(Refusal):
    """Apply, then notice on the government site (S0:132)."""

    sentence = "The application and the public notice must both be on file."
    remedy = "Publish the notice and give both numbers."
    rule = "S0:132"
    field = "public_notice_reference"


class InstitutionUnknown(NotFound):
    """The act needs a registered institution."""

    sentence = "This institution is not in the register."
    remedy = "Import or register it first; look it up by its unified social credit code."


class ContradictsRegister(Refusal):
    """Two registers say different things of one institution; a person decides."""

    sentence = "{field}: the row says {stated}, the register has {known}."
    remedy = "Ask both departments; then correct the row, or take it with the decision that it prevails."
    rule = "one institution, one truth"
    field = "row"


class UsccDiffers(Invalid):
    """No list changes the code of an institution: an act of law does (``credit_code.py``)."""

    sentence = "The unified social credit code {stated} is not that of this institution ({known})."
    remedy = "Look the institution up by its code."
    rule = "GB 32100"
    field = "uscc"


class NameMissing(Invalid):
    """An institution has a name."""

    sentence = "The name is missing."
    remedy = "Give the name as on the registration certificate."
    rule = "S0:89"
    field = "name"


class SiteUnknown(NotFound):
    """The act needs a proposed or approved site."""

    sentence = "This teaching site is not in the register."
    remedy = "Propose it first."


class SiteSignatureMissing(Refusal):
    """Two officers, two acts."""

    sentence = "No officer has signed the approval of the site yet."
    remedy = "Have the officer who checked the site sign first; then approve it as a second officer."
    rule = "registry default: two signatures"


class SiteNotInThatState(Refusal):
    """Proposed, approved, closed: in that order."""

    sentence = "The teaching site is {state}; this act needs it to be {needed}."
    remedy = "Look at the site's history."
    rule = "R5 (S1:189)"


class AddressMissing(Invalid):
    """Each physical address needs its own approval (R5)."""

    sentence = "The address of the teaching site is missing."
    remedy = "Give the address with street, number and room."
    rule = "R5 (S1:189)"
    field = "address"


class RowUnknown(NotFound):
    """No such kept-aside row."""

    sentence = "There is no such kept-aside row."
    remedy = "Look at the list again: the row may belong to another department."


class RowSettled(Refusal):
    """A row is taken or dismissed once."""

    sentence = "This row is {state} already."
    remedy = "Nothing is left to do for it."
    rule = "a row is settled once"


class ImportNotBegun(Refusal):
    """The result of a file that nobody sent."""

    sentence = "This import was never begun."
    remedy = "Send the file."
    rule = "an import begins with its file"


class FileUnreadable(Invalid):
    """The bytes are no spreadsheet and no text."""

    sentence = "The file cannot be read at {where}: {why}."
    remedy = "Open it in Excel or WPS, save it as .xlsx or as CSV (UTF-8), and send it again."
    rule = "file format"
    field = "file"


class FileTooLarge(Invalid):
    """Everything has a limit."""

    sentence = "The file is too large: {found}; the limit is {limit}."
    remedy = "Split it and send the parts."
    rule = "file size"
    field = "file"


class LayoutUnknown(Invalid):
    """There is a table, and nobody has said yet what its columns mean: ``preview`` is the way through."""

    sentence = "No sheet has a header row that can be recognised: {sheets}."
    remedy = (
        "Send the file to the preview instead (POST {preview}, or Import in the console): it guesses what the columns "
        "mean, you confirm that once, and it is remembered for the sender."
    )
    rule = "file layout"
    field = "file"


class TableMissing(Invalid):
    """No sheet has a row that could be a header with anything below it: no preview could read that either."""

    sentence = "No sheet holds a table: {sheets}."
    remedy = "The header must name the institution and its credit code, or the matter of a notice."
    rule = "file layout"
    field = "file"


class ColumnsMissing(Invalid):
    """A list that is read by its titles alone, and has them not."""

    sentence = "No sheet has a header row with the columns {columns}: {sheets}."
    remedy = "Name these columns so in one row, and send the file again."
    rule = "file layout"
    field = "file"


class RowStillWrong(Invalid):
    """The corrected row has still a problem."""

    sentence = "The row still cannot be taken: {problem}"
    remedy = "Correct the row: {advice}"
    rule = "import rules"
    field = "fields"
