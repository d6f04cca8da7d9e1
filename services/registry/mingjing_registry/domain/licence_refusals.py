"""Refusals along the life of a licence: application, admission, change, operation, annual check.

One rule: as in ``refusals.py``, each names the rule, its source and what the caller can do.
"""

from __future__ import annotations

from mingjing_kernel.refusal import Invalid, NotFound, Refusal


class ApplicationIncomplete(Invalid):
    """An application says what is needed to judge it."""

    sentence = "The application does not state {missing}."
    remedy = "Complete the application and hand it in again."
    rule = "L08 arts 12–15"
    field = "content"


class AdmissionUnmet(Refusal):
    """R1–R16 pass, or are waived with a reason."""

    sentence = "The application does not meet {rules}."
    remedy = "Look at its admission checks; have what is missing supplied, or the rule waived by whoever may."
    rule = "R1–R16 (domain §3.2)"
    field = "admission"


class SiteAreaShort(Refusal):
    """R6, of a further site."""

    sentence = "The site has {area_m2} m² for {students} pupils of a session; {needed_m2} m² are needed."
    remedy = "Have fewer pupils a session stated and sign again, or the rule waived by whoever may."
    rule = "R6 (domain §3.2)；教监管厅函〔2022〕9号"
    field = "area_m2"


class SiteAreaUnmeasured(Refusal):
    """R6, of a further site: unknown never counts as enough."""

    sentence = "Nobody has measured the site, or said how many pupils a session there has."
    remedy = "Sign again with the measured area and the most pupils of a session, or have the rule waived."
    rule = "R6 (domain §3.2)；教监管厅函〔2022〕9号"
    field = "area_m2"


class SiteFiguresIncomplete(Invalid):
    """R6 takes both figures of a site: one says nothing."""

    sentence = "Of a site the measured area and the most pupils of a session are stated together."
    remedy = "State both, or neither where nobody measured it."
    rule = "R6 (domain §3.2)；教监管厅函〔2022〕9号"
    field = "students_max"


class SiteOfOnlineLicence(Refusal):
    """R4: a room to teach in is not what an online licence allows."""

    sentence = "The institution is licensed to teach online only: it has no teaching sites."
    remedy = "Have it apply for an offline licence of its own."
    rule = "R4 (domain §3.2)"
    field = "modes"


class RuleNotOfASite(Invalid):
    """Of a site by itself only its floor area is asked."""

    sentence = "{rule_named} is not a rule about a further site; R6 is."
    remedy = "Name R6."
    field = "rule"


class RuleUnknown(Invalid):
    """There are seventeen."""

    sentence = "There is no admission rule {rule_named}."
    remedy = "Give one of R1 to R17."
    rule = "R1–R17 (domain §3.2)"
    field = "rule"


class RuleNeverWaived(Refusal):
    """The law leaves no room (L01)."""

    sentence = "{rule_named} cannot be waived."
    remedy = "Refuse the application, or have it changed."
    rule = "R1, R2 (L01)"
    field = "rule"


class FirstSignatureMissing(Refusal):
    """Two officers, two acts."""

    sentence = "No officer has signed the grant yet."
    remedy = "Have the officer in charge sign first; then grant it as a second officer."
    rule = "registry default: two signatures"
    field = "signed_by"


class ReinstatementNotDecided(Refusal):
    """What a decision took away a decision gives back."""

    sentence = "A suspension ends by a written decision."
    remedy = "Give the number of the decision that ends it."
    rule = "L07 art 61"
    field = "decision_reference"


class RectificationOpen(Refusal):
    """A licence is renewed when what was found is put right."""

    sentence = "What the notice {reference} orders is not put right yet."
    remedy = "Look at it again and end the rectification first."
    rule = "L08 art 62"
    field = "state"


class DayNotYetCome(Invalid):
    """What was done was done by today."""

    sentence = "{day} has not come yet."
    remedy = "Correct the date."
    rule = "dates in order"
    field = "day"


class ChangeNeedsApproval(Refusal):
    """R15: organizer and mode of a licensed institution change by application only."""

    sentence = "The {changed} of a licensed institution changes by an approved application only."
    remedy = "Propose the change and have it approved."
    rule = "R15 (L08 arts 53–55)"
    field = "profile"


class ChangeNotPending(Refusal):
    """A decision needs something to decide."""

    sentence = "No change is pending."
    remedy = "Look at the institution's changes; propose one first."
    rule = "R15 (L08 arts 53–55)"
    field = "number"


class ChangePending(Refusal):
    """One at a time."""

    sentence = "The change {number} is pending."
    remedy = "Decide it first."
    rule = "R15 (L08 arts 53–55)"
    field = "number"


class ChangeUnknown(NotFound):
    """The pending one has another number."""

    sentence = "The change {number} is not the pending one."
    remedy = "Look at the institution again."


class ChangeIncomplete(Invalid):
    """Each kind of change says what is to be."""

    sentence = "A change of this kind ({kind}) needs {missing}."
    remedy = "Complete the application."
    rule = "R15 (L08 arts 53–55)"
    field = "wish"


class ChangeWithoutEffect(Invalid):
    """What is to be is so already."""

    sentence = "The record says that already: nothing would change."
    remedy = "Look at the record."
    rule = "R15 (L08 arts 53–55)"
    field = "wish"


class ConversionNotPossible(Refusal):
    """From subject to non-subject, from for-profit to non-profit, and never back (S1:189–191)."""

    sentence = "This institution cannot be converted that way: {why}."
    remedy = "Choose the change that fits, or refuse it."
    rule = "R1, R2 (S1:189–191)"
    field = "kind"


class OperationNotInThatState(Refusal):
    """The operation states of domain §3.3."""

    sentence = "The institution's operation is {state}; this act needs it to be {needed}."
    remedy = "Look at its history; choose an act that the present state allows."
    rule = "domain §3.3"
    field = "state"


class NotLicensed(Refusal):
    """Nobody teaches without a licence in force."""

    sentence = "The licence is {state}: teaching may not begin."
    remedy = "Grant or reinstate the licence first."
    rule = "R3 (L08 art 19)"
    field = "state"


class NoticeTooShort(Invalid):
    """Closure and relocation are told to the public 30 days ahead (L11)."""

    sentence = "The public notice runs {days} days; {needed} are needed."
    remedy = "Let it begin later, or give the day on which the notice was published."
    rule = "L11"
    field = "noticed_on"


class ClosingNoticeRuns(Refusal):
    """Who was told of a closing has until the day that the notice named (L11)."""

    sentence = "The public notice of the closing runs until {ends_on}."
    remedy = "Wait for that day; families may come forward until then."
    rule = "L11"
    field = "on"


class PauseWaits(Refusal):
    """One declared pause at a time."""

    sentence = "A pause from {begins_on} on is declared already."
    remedy = "Wait for it to begin."
    rule = "L11"
    field = "begins_on"


class StopNotFounded(Refusal):
    """STOPPED_ABNORMAL rests on an inspection or an alert (domain §3.3)."""

    sentence = "No inspection and no alert is on file that says so."
    remedy = "Have the premises inspected; the report is on file here as soon as it is filed."
    rule = "domain §3.3, X3"
    field = "reference"


class StopSignUnknown(NotFound):
    """The reference names none of those on file."""

    sentence = "No inspection or alert {reference} is on file."
    remedy = "Give the number of one that is on file."


class ClosingOutOfOrder(Refusal):
    """Student refunds, then wages, then other debts (L08 art 59)."""

    sentence = "The next step is {next_step}."
    remedy = "Pay in the order of the law: student refunds, wages and social insurance, other debts."
    rule = "L08 art 59"
    field = "step"


class ClosingUnfinished(Refusal):
    """Everybody is paid before the end."""

    sentence = "The liquidation is not finished."
    remedy = "Begin the closing, and record each step of the payment as it is done."
    rule = "L08 art 59"
    field = "step"


class LiabilityUnknown(Refusal):
    """Funds has not been asked."""

    sentence = "The funds service has not yet said what families are owed."
    remedy = "Ask it (ask-liability); its answer arrives by itself."
    rule = "L08 art 59"
    field = "unconsumed_liability_fen"


class LiabilityTooOld(Refusal):
    """Money moves every day."""

    sentence = "What the funds service said is of {stated_on}: too long ago."
    remedy = "Ask it again (ask-liability); its answer arrives by itself."
    rule = "L08 art 59"
    field = "unconsumed_liability_fen"


class AnnualCheckNotInThatState(Refusal):
    """DUE, SUBMITTED, REVIEWED, decided: in that order."""

    sentence = "The annual check is {state}; this act needs it to be {needed}."
    remedy = "Look at the checks of each year."
    rule = "L08 art 42"
    field = "state"


class AnnualCheckFailed(Refusal):
    """What failed is passed by being checked again."""

    sentence = "The annual check was failed and has not been passed since."
    remedy = "Have it put right, check it again (re-check) and let another officer decide."
    rule = "L08 art 42, S3:213"
    field = "annual_check"


class AnnualCheckUnknown(NotFound):
    """The present one is of another year."""

    sentence = "The annual check of {year} is not the present one."
    remedy = "Open the check of that year first."


class YearNotInOrder(Invalid):
    """Years in order."""

    sentence = "The annual check of {year} cannot follow that of {last}."
    remedy = "Give a later year that is not in the future."
    rule = "L08 art 42"
    field = "year"


class RectificationDayMissing(Invalid):
    """A fail says by when it must be put right."""

    sentence = "A failed check carries the day by which it must be put right, in the future."
    remedy = "Give the day."
    rule = "S3:213"
    field = "rectify_until"


class DeadlineNotAhead(Invalid):
    """A deadline is in the future."""

    sentence = "The deadline {deadline} is not ahead."
    remedy = "Give a later day."
    rule = "dates in order"
    field = "deadline"


class DivisionUnknown(NotFound):
    """The table does not have this code."""

    sentence = "There is no division {code} in the table."
    remedy = "Check the code (6 digits, GB/T 2260)."
