"""Refusals of import mappings, previews and the platform's roster: what is wrong, and what to do."""

from __future__ import annotations

from mingjing_kernel.refusal import Invalid, NotFound, Refusal


class ColumnsDiffer(Invalid):
    """A mapping says of each column what it holds, also that it holds nothing for us."""

    sentence = "The table has {columns} columns, the mapping speaks of {fields}."
    remedy = "Give one field for each column, empty for a column that is not to be taken."
    rule = "import mapping"
    field = "fields"


class ColumnTwice(Invalid):
    """One field, one column."""

    sentence = "Two columns are to be the field {name}."
    remedy = "Choose the right one; leave the other empty."
    rule = "import mapping"
    field = "fields"


class FieldsMissing(Invalid):
    """Without these a row cannot be told from another."""

    sentence = "The table must say these, and no column is chosen for them: {missing}."
    remedy = "Choose their columns, or say as a constant what all rows have in common."
    rule = "import mapping"
    field = "fields"


class HeaderTooDeep(Invalid):
    """Everything has a limit."""

    sentence = "A header takes 1 to {limit} rows, not {found}."
    remedy = "Say how many rows the header has; titles above it do not count."
    rule = "import mapping"
    field = "header_rows"


class MappingsFull(Refusal):
    """Everything has a limit."""

    sentence = "{limit} tables are mapped for this sender already."
    remedy = "Withdraw a mapping that is no longer used."
    rule = "import mapping"
    field = "header"


class MappingUnknown(NotFound):
    """Nobody confirmed a mapping for this header."""

    sentence = "There is no mapping for this header."
    remedy = "Look at the sender's list of mappings."


class MappingUnconfirmed(Refusal):
    """A guess of the machine is not taken for what a person said."""

    sentence = "Nobody has confirmed yet how these tables are to be read: {sheets}."
    remedy = "Look at the guessed columns, correct them, and confirm them."
    rule = "import mapping"
    field = "mapping"


class PreviewUnknown(NotFound):
    """Previews live for some days only."""

    sentence = "There is no such preview, or its time is over."
    remedy = "Send the file again."


class PreviewMoved(Refusal):
    """The register changed after somebody looked."""

    sentence = (
        "The register has changed since this preview was shown: {rows} rows would now be new, changed or kept aside."
    )
    remedy = "Look at the preview again and confirm that one, or have each row decided as the register stands."
    rule = "preview before commit"
    field = "seen"


class PreviewsFull(Refusal):
    """Everything has a limit."""

    sentence = "{limit} files wait for a confirmation already."
    remedy = "Confirm or drop those that wait; each is dropped by itself after {days} days."
    rule = "preview before commit"
    status = 503


class RosterUnknown(NotFound):
    """The platform's roster says nothing of it, and the register neither."""

    sentence = "Neither the platform's roster nor our register has an entry of this kind."
    remedy = "Look at the list of differences."


class NothingDiffers(Refusal):
    """A note explains a difference."""

    sentence = "The platform and the register agree here: there is nothing to note."
    remedy = "Look at the list of differences again; it may have been settled meanwhile."
    rule = "roster reconciliation"
    field = "kind"


class RosterUndated(Invalid):
    """Which of two rosters is the later one must be known."""

    sentence = "The roster does not say which day it describes."
    remedy = "Give the day with the file: stated_on=2026-06-30."
    rule = "roster reconciliation"
    field = "stated_on"


class RosterOutdated(Refusal):
    """An older roster does not undo a later one."""

    sentence = "A later roster was taken already: it describes {known}, this one {stated}."
    remedy = "Send the latest roster; nothing of this one is needed."
    rule = "roster reconciliation"
    field = "stated_on"
