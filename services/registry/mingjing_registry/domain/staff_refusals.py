"""Refusals about staff, schools, filings and after-school providers: each names the rule, its source and the remedy."""

from __future__ import annotations

from mingjing_kernel.refusal import Invalid, NotFound, Refusal


class StaffUnknown(NotFound):
    """No such record."""

    sentence = "There is no such staff record."
    remedy = "Enrol the person first; another department's records are not shown."


class StaffHasLeft(Refusal):
    """Nothing is recorded of somebody who does not work there."""

    sentence = "This person has left the institution."
    remedy = "Enrol the person again if she is back."
    rule = "S0:89"


class StaffIsSomebodyElse(Refusal):
    """One record, one person."""

    sentence = "Under this id another person is enrolled."
    remedy = "Choose a new id for the new person."
    rule = "one record, one person"
    field = "member_id"


class StaffEnrolledTwice(Refusal):
    """The same identity number works there already, under another id."""

    sentence = "This person is enrolled there already, as {member_id}."
    remedy = "Change that record instead."
    rule = "one record, one person"
    field = "id_number"


class OnStaffBlacklist(Refusal):
    """R7: whoever is on the staff blacklist is not hired."""

    sentence = "This person is on the staff blacklist ({decision_reference}) and may not be hired."
    remedy = "Do not employ this person; ask the list's source if you think that the entry is wrong."
    rule = "R7 (教监管厅函〔2021〕9号)"
    field = "id_number"


class QualificationMissing(Refusal):
    """R7: subject teachers have a teacher's certificate, others proof of ability."""

    sentence = "This teacher needs {needed}, and none is on file."
    remedy = "Give the certificate's number and what it is for, or enrol the person for other work."
    rule = "R7 (教监管厅函〔2021〕9号)"
    field = "qualification"


class SuspicionUnknown(Refusal):
    """Only a suspicion that stands can be cleared."""

    sentence = "Nobody suspects this person of being a school's teacher in service."
    remedy = "Nothing is left to do for it."
    rule = "R7 (教监管厅函〔2021〕9号)"


class SchoolLikenessUnknown(Refusal):
    """Only an open likeness can be judged."""

    sentence = "No school's roster has somebody like this person, or it was judged already."
    remedy = "Nothing is left to do for it."
    rule = "R7 (教监管厅函〔2021〕9号)"


class BarLikenessUnknown(Refusal):
    """Only an open likeness can be judged."""

    sentence = "No entry of the staff blacklist may name this person, or it was judged already."
    remedy = "Nothing is left to do for it."
    rule = "R7 (教监管厅函〔2021〕9号)"


class StaffLeftAlready(Refusal):
    """A list says otherwise of an employment that is over."""

    sentence = "The record says that this person left on {left_on}, and the list something else."
    remedy = "Ask the institution; if the person came back, give the day on which she began anew."
    rule = "dates in order"
    field = "left_on"


class LeavingBeforeEnrolment(Invalid):
    """Dates in their order."""

    sentence = "The person began on {from_on} and cannot have left on {left_on}."
    remedy = "Correct the day."
    rule = "dates in order"
    field = "left_on"


class SchoolUnknown(NotFound):
    """No such school."""

    sentence = "There is no such school."
    remedy = "Record the school first."


class RosterOlder(Refusal):
    """A newer roster is here already."""

    sentence = "The roster of {stated_on} is older than the one of {known}."
    remedy = "Send the newest roster."
    rule = "the newest word counts"
    field = "stated_on"


class BreachUnknown(NotFound):
    """Nothing was found under this id."""

    sentence = "There is no such finding."
    remedy = "Look at the list of findings; another department's are not shown."


class BreachSettled(Refusal):
    """A finding is ended once."""

    sentence = "This finding was ended already."
    remedy = "Record a new finding if it was seen again."
    rule = "one finding, one end"


class BreachIsAnother(Refusal):
    """One id, one finding."""

    sentence = "Under this id something else was found."
    remedy = "Choose a new id for the new finding."
    rule = "one id, one finding"
    field = "breach_id"


class BreachIncomplete(Invalid):
    """What, with which evidence, on which day; of an advert also where."""

    sentence = "A finding needs what was seen, its evidence and a day that has come; an advert a channel, else none."
    remedy = "State them."
    rule = "R11, R13 (S1:195, S1:203)"
    field = "evidence_reference"


class FilingUnknown(NotFound):
    """Nothing was filed under this id."""

    sentence = "There is no such filing."
    remedy = "Look at the list of filings; another department's are not shown."


class FilingSettled(Refusal):
    """A filing is decided once."""

    sentence = "This filing is {state} already."
    remedy = "File a new version."
    rule = "L08 art 42; L19"


class FilingIsAnother(Refusal):
    """One id, one document."""

    sentence = "Under this id something else was filed."
    remedy = "Choose a new id for the new document."
    rule = "one id, one document"
    field = "filing_id"


class FilingIncomplete(Invalid):
    """A title and the document itself."""

    sentence = "The title or the document's digest is missing."
    remedy = "Give the title and the SHA-256 of the file that was handed in."
    rule = "L19"
    field = "evidence_sha256"


class SubjectAdvertForbidden(Refusal):
    """R13: no advertising of subject training there."""

    sentence = "Subject training is not advertised in {channel}."
    remedy = "Withdraw the advert."
    rule = "R13 (中办发〔2021〕40号)"
    field = "channel"


class ProviderUnknown(NotFound):
    """Never proposed."""

    sentence = "This institution was never proposed for after-school services."
    remedy = "Propose it first."


class ProviderNotInThatState(Refusal):
    """Proposed, selected, left: in that order."""

    sentence = "The provider is {state}; this act needs it to be {needed}."
    remedy = "Look at the provider's history."
    rule = "after-school services: the county selects, schools choose (S1:979)"


class ProviderReturnNotDue(Refusal):
    """There is one to decide on only where a black-listing took it off the list and fell, or was repaired (X13)."""

    sentence = "Nobody is to decide whether this provider is put back on the list."
    remedy = "Look at the provider's history; one that shall be on the list is proposed."
    rule = "X13"


class ProviderTeachesSubjects(Refusal):
    """Only non-subject providers enter schools."""

    sentence = "An institution for subject training is not admitted to after-school services."
    remedy = "Choose a non-subject institution."
    rule = "S1:979"
    field = "institution_id"


class ProviderNotInGoodStanding(Refusal):
    """Whoever is not on the whitelist is not selected."""

    sentence = "The institution is not on the whitelist: {reason}."
    remedy = "Have it put that right first."
    rule = "X12"
    field = "institution_id"


class TermReversed(Invalid):
    """Dates in their order."""

    sentence = "It would end on {until_on}, before it begins."
    remedy = "Correct the days."
    rule = "dates in order"
    field = "until_on"


class AgreementUnknown(NotFound):
    """No such agreement."""

    sentence = "There is no such agreement with a school, or it has ended."
    remedy = "Look at the provider's agreements."


class DeductionUnknown(NotFound):
    """No such deduction in the evaluation that is open."""

    sentence = "There is no such deduction in the open evaluation."
    remedy = "Look at the evaluation's entries."


class PartsNotAHundred(Refusal):
    """An evaluation has a hundred points, however a policy shares them out."""

    sentence = "The parts of the evaluation have {whole} points together, not 100."
    remedy = "Have the policy 'after-school' put right for this region and category."
    rule = "中办发〔2021〕40号"
