"""Refusals of the base ledger and of export profiles: what is wrong, and what to do."""

from __future__ import annotations

from mingjing_kernel.refusal import Invalid, NotFound, Refusal


class BaseDayTooLate(Invalid):
    """What was reduced is counted from an earlier day."""

    sentence = "The base day {base_on} lies after the day that is asked about, {day}."
    remedy = "Name an earlier base day."
    rule = "reduction figures"
    field = "base_on"


class DimensionUnknown(Invalid):
    """The ledger is counted by what its lines say."""

    sentence = "The ledger is not counted by “{name}”; it is by: {known}."
    remedy = "Use one or several of the names, with commas between them."
    rule = "base ledger"
    field = "by"


class ProfileUnknown(NotFound):
    """Nobody proposed it, and none ships under this name."""

    sentence = "There is no export profile “{name}” with a version in force; there are: {known}."
    remedy = "Use one of the names, or propose a profile and have it approved."
    field = "name"


class ProfileVersionUnknown(NotFound):
    """Nobody proposed this version."""

    sentence = "No such version of the export profile was proposed."
    remedy = "Look at the list of its versions."
    field = "version_id"


class ProfileVersionNotInForce(Refusal):
    """What nobody approved is handed to no platform."""

    sentence = "This version of the export profile is not approved."
    remedy = "Have another person approve it, or export by a version that is."
    rule = "export profile"
    field = "version"


class ProfileVersionApproved(Refusal):
    """What was approved counts; it is replaced by another version."""

    sentence = "This version of the export profile has been approved already."
    remedy = "To change what counts, propose another version."
    rule = "export profile"
    field = "version_id"


class ProfileVersionWithdrawn(Refusal):
    """What was taken back never counts."""

    sentence = "This version of the export profile was withdrawn."
    remedy = "Propose it again under a new id."
    rule = "export profile"
    field = "version_id"


class ProfileBasisMissing(Invalid):
    """What is handed to others is handed to them for a reason."""

    sentence = "An export profile needs its title, its basis and the reason for the change."
    remedy = "Name whose template it follows, the rule that asks for it, and why it changes."
    rule = "export profile"
    field = "basis"


class ProfileColumnsWrong(Invalid):
    """Everything has a limit, and a heading is what a platform finds a column by."""

    sentence = "An export profile has 1 to {limit} columns, each with a heading of its own."
    remedy = "Give every column a heading that no other one has."
    rule = "export profile"
    field = "columns"


class ProfileFieldUnknown(Invalid):
    """A column shows a field of the ledger, or a constant."""

    sentence = "The column “{heading}” shows “{name}”, which the ledger does not have; it has: {known}."
    remedy = "Use one of the names, or leave the field empty and give a constant."
    rule = "export profile"
    field = "columns"


class ProfileFormWrong(Invalid):
    """A day is written in one of several ways, an amount in two."""

    sentence = "The column “{heading}” cannot be written as “{form}”; possible are: {known}."
    remedy = "Use one of these forms, or leave it out."
    rule = "export profile"
    field = "columns"


class ProfilesFull(Refusal):
    """Everything has a limit."""

    sentence = "{limit} versions of export profiles were proposed already."
    remedy = "Ask the administrator of the installation."
    rule = "export profile"
    field = "version_id"
