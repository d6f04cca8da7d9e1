"""Why access is not changed. One rule: a name a reason, so that whoever asked knows what to do instead."""

from __future__ import annotations

from mingjing_kernel.refusal import Invalid, NotFound, Refusal


class GivesHimself(Refusal):
    """Somebody gives himself a grant, or names himself as a substitute."""

    sentence = "Nobody gives himself a grant, nor stands in for another by his own decision."
    remedy = "Ask another administrator."
    rule = "nobody decides for himself"
    field = "person"


class FirstAdministratorIsThere(Refusal):
    """Two who may each make the first administrator did so at the same moment; this one came second."""

    sentence = "Somebody else has made an administrator in the meantime, so nobody is needed to make the first."
    remedy = "Ask that administrator."
    rule = "there is one first administrator"
    field = "role"


class ReasonMissing(Invalid):
    """Access changed without a word."""

    sentence = "A change of what somebody may do needs a reason."
    remedy = "Say in a sentence why."
    field = "reason"


class LegalBasisMissing(Invalid):
    """A grant without a basis."""

    sentence = "A grant needs its basis: the appointment, the order, the division of work."
    remedy = "Name the document and its number."
    field = "legal_basis"


class PeriodEmpty(Invalid):
    """It would end before it begins."""

    sentence = "The period ends before it begins."
    remedy = "Give an end after the beginning."
    field = "valid_until"


class PeriodOver(Invalid):
    """It would be over already."""

    sentence = "The period is over already."
    remedy = "Give an end in the future."
    field = "valid_until"


class GrantIdTaken(Refusal):
    """Another grant has this id."""

    sentence = "A different grant was given under this id."
    remedy = "Use a new id for a new grant."
    field = "grant_id"


class AlreadyTaken(Refusal):
    """What was taken back stays taken."""

    sentence = "What had this id was taken back; it is not given again under the same id."
    remedy = "Use a new id."
    field = "grant_id"


class GrantUnknown(NotFound):
    """There is no such grant."""

    sentence = "This person has no grant under this id."
    remedy = "Read the list of grants again."
    field = "grant_id"


class TooManyGrants(Refusal):
    """More than anybody can look through."""

    sentence = "One person cannot hold more than {maximum} grants."
    remedy = "Take back what is not needed, or give one grant over a wider region."
    field = "person"


class RolesKeptApart(Refusal):
    """One person would do and check the same thing."""

    sentence = "The roles {role} and {other} must not meet in one person over the same things."
    remedy = "Give the role to somebody else, or take the other one back first."
    rule = "separation of duties"
    field = "role"


class NotAPersonsRole(Invalid):
    """What services and the public are, nobody is made."""

    sentence = "The role {role} is no person's."
    remedy = "Choose the role of the person's post."
    field = "role"


class GrantNotTheirs(Refusal):
    """Only a holder delegates."""

    sentence = "Only the holder of a grant can delegate a part of it."
    remedy = "Name one of your own grants that is in force."
    field = "grant_id"


class RoleNotDelegable(Refusal):
    """Some grants are not passed on."""

    sentence = "This grant cannot be delegated: it was delegated itself, or its role is not passed on."
    remedy = "Ask an administrator to give a grant."
    field = "role"


class DelegationEndMissing(Invalid):
    """A delegation ends."""

    sentence = "A delegation needs an end."
    remedy = "Give the day on which it ends."
    field = "valid_until"


class WiderThanOwn(Refusal):
    """Nobody delegates more than he has."""

    sentence = "The delegation is wider than your own grant."
    remedy = "Stay within the role, department, region, category and organisation of your grant."
    field = "region"


class LongerThanOwn(Refusal):
    """Nobody delegates for longer than he has."""

    sentence = "The delegation is longer than your own grant."
    remedy = "Stay within the period of your grant."
    field = "valid_until"


class SubstitutesHimself(Invalid):
    """Nobody stands in for himself."""

    sentence = "Nobody is his own substitute."
    remedy = "Name another person."
    field = "substitute"


class SubstitutionTooLong(Invalid):
    """A substitution is for a time."""

    sentence = "A substitution lasts {maximum} days at most."
    remedy = "Give an earlier end; for longer, give a grant."
    field = "valid_until"


class SubstitutionIdTaken(Refusal):
    """Another substitution has this id."""

    sentence = "A different substitution was recorded under this id."
    remedy = "Use a new id."
    field = "substitution_id"


class SubstitutionUnknown(NotFound):
    """There is no such substitution."""

    sentence = "There is no substitution under this id."
    remedy = "Read the list of substitutions again."
    field = "substitution_id"


class RevocationIdTaken(Refusal):
    """Another revocation has this id."""

    sentence = "Something else was revoked under this id."
    remedy = "Use a new id."
    field = "revocation_id"


class LocksHimself(Refusal):
    """Whoever locks himself out cannot come back."""

    sentence = "Nobody locks himself."
    remedy = "End your sessions instead, or ask a colleague."
    field = "person"


class IsNotLocked(Refusal):
    """There is nothing to unlock."""

    sentence = "This person is not locked."
    remedy = "Read the list again."
    field = "person"


class NothingNamed(Invalid):
    """A revocation of nothing."""

    sentence = "Nothing is named that should end."
    remedy = "Give the session, the token or the client."
    field = "value"


class ClientIsNoPerson(Invalid):
    """Everything of a client, and yet of a person."""

    sentence = "What a client was issued is not one person's."
    remedy = "Give the id of the client alone, without a person."
    field = "person"


class PersonUnknown(NotFound):
    """There is nobody, or nobody whom the caller may know of."""

    sentence = "Nothing is known about this person, or it is outside your scope."
    remedy = "Look the person up in the list."
    field = "person_id"
