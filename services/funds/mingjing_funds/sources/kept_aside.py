"""Rows that could not be used, and files that could not be read: what was written, which rule, what to do.

The one rule: a row is either used or kept aside with its reason; none disappears.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from mingjing_kernel.refusal import Invalid, Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptAside:
    """One row of a file that waits for a person: where it stands, what it says, and why it was not used."""

    row: int
    """As a person counts in the file, from 1."""
    written: Mapping[str, str]
    reason: Refusal


class RowUnusable(Invalid):
    """A row of a file cannot be used."""

    rule: ClassVar[str] = "file layout"


class AmountUnreadable(RowUnusable):
    """A cell that should hold an amount of money does not."""

    sentence = "“{written}” in column “{column}” is not an amount in yuan."
    remedy = "Write the amount with a point and two decimals, such as 1800.00."
    field = "amount"


class MomentUnreadable(RowUnusable):
    """A cell that should hold a date or a time does not name a day that exists."""

    sentence = "“{written}” in column “{column}” is not a possible date or time."
    remedy = "Ask the sender for the right date; write it as 2026-01-31."
    field = "date"


class HoursUnreadable(RowUnusable):
    """Cells that should hold when a lesson began and ended do not."""

    sentence = "“{begins}” to “{ends}” in columns “开始” and “结束” are not the hours of a lesson."
    remedy = "Ask the sender for the right hours; write both as 19:30, the end later than the begin."
    field = "begins_at"


class DateNotYetCome(RowUnusable):
    """Something that has happened cannot lie in the future."""

    sentence = "“{written}” in column “{column}” lies after the day on which the file was delivered."
    remedy = "Ask the sender for the right date."
    field = "date"


class NothingToRefund(RowUnusable):
    """A refund request over nothing."""

    sentence = "The refund request is over 0.00: all lessons of the contract count as given."
    remedy = "Check whether the lessons were really given; the family disputes it by asking."
    field = "requested_fen"


class VendorCodeUnknown(RowUnusable):
    """The vendor has not said whom its code stands for."""

    sentence = "Nobody has said which institution the code “{code}” stands for."
    remedy = "Import the vendor's code table; the row is then used by itself."
    field = "vendor_code"


class CountUnreadable(RowUnusable):
    """A cell that should hold a whole number does not."""

    sentence = "“{written}” in column “{column}” is not a whole number."
    remedy = "Write a whole number such as 24."
    field = "count"


class CellMissing(RowUnusable):
    """A cell that must not be empty is empty."""

    sentence = "Column “{column}” is empty."
    remedy = "Fill in the cell, or ask the sender for the value."


class CellOverlong(RowUnusable):
    """A name or a number that is none: most likely the row slipped by a column."""

    sentence = "Column “{column}” holds {found} characters; a name or a number has {limit} at most."
    remedy = "Check whether the row slipped by a column, and ask the sender for the right cells."


class WordUnknown(RowUnusable):
    """A cell holds a word that this layout does not know."""

    sentence = "“{written}” in column “{column}” is not one of the words that this layout knows."
    remedy = "Use one of: {known}."


class RowBroken(RowUnusable):
    """A row breaks off or has too many cells."""

    sentence = "The row has {found} cells instead of {expected}: the file breaks off here."
    remedy = "Ask the bank to send the file again; rows that were booked already are not booked twice."


class FlowUnreadable(RowUnusable):
    """What stands where the bank's serial should."""

    sentence = "“{written}” is not a bank's serial."
    remedy = "A serial has 4 to 40 letters, digits, dots and dashes; ask the bank for the one of this booking."
    field = "flow"


class RowsMissing(RowUnusable):
    """The file announces more rows than it holds."""

    sentence = "The file announces {announced} rows and holds {found}."
    remedy = "Ask the sender for the whole file; rows that were booked already are not booked twice."


class NumberDamaged(RowUnusable):
    """A long number was kept as a number and has lost its last digits."""

    sentence = "Account number “{written}” has lost its last digits: it was stored as a number, not as text."
    remedy = "Format the column as text and enter the full number, or import the vendor's code table first."
    field = "account_number"


class AccountNumberUnreadable(RowUnusable):
    """A cell that should hold an account number does not."""

    sentence = "“{written}” is not an account number of 15 to 20 digits."
    remedy = "Ask the sender for the full account number."
    field = "account_number"


class BalancesDisagree(RowUnusable):
    """Opening balance plus entries is not the closing balance of the statement."""

    sentence = "The entries of account {account} lead to ¥{reached}, the statement closes with ¥{stated}."
    remedy = "Ask the bank for the missing entries; what is there has been booked."
    field = "closing_balance"


class BalanceUnknown(RowUnusable):
    """An entry between two that cannot be read, in a statement that states no balance with each."""

    sentence = "Its balance cannot be told: entries before and after it are unreadable."
    remedy = "Correct the unreadable entries, or ask the bank for the statement again; it is booked with that."
    field = "balance"


class FileUnreadable(Invalid):
    """A file cannot be read at all."""

    rule: ClassVar[str] = "file layout"
    field: ClassVar[str] = "file"


class FileEmpty(FileUnreadable):
    """There are no bytes."""

    sentence = "The file is empty: it has 0 bytes."
    remedy = "Send the file again."


class TextUndecodable(FileUnreadable):
    """The bytes are neither UTF-8 nor GB18030."""

    sentence = "Byte {offset} (hex {byte}) is neither UTF-8 nor GB18030: this cannot be read as a CSV file."
    remedy = "Export the file again as CSV (UTF-8 or GB18030), XLSX or camt.053 XML."


class WorkbookUnreadable(FileUnreadable):
    """An Excel file is damaged."""

    sentence = "The workbook cannot be opened: {why}."
    remedy = "Open it in Excel or WPS, save it again as XLSX, and send that."


class SheetUnreadable(FileUnreadable):
    """One sheet of a workbook is damaged."""

    sentence = "Sheet “{sheet}” of the workbook cannot be read: {why}."
    remedy = "Open it in Excel or WPS, save it again as XLSX, and send that."


class CellTooLong(FileUnreadable):
    """A CSV cell is longer than anything that such a file holds: mostly a quotation mark that is never closed."""

    sentence = "A cell that ends in line {line} is longer than {limit} characters."
    remedy = "Look for a quotation mark that is opened and never closed, and export the file again."


class LineUnreadable(FileUnreadable):
    """A CSV line cannot be told apart into cells."""

    sentence = "Line {line} is not CSV: its quotation marks or line ends do not fit."
    remedy = "Export the file again as CSV (UTF-8 or GB18030), XLSX or camt.053 XML."


class WorkbookTooLarge(FileUnreadable):
    """A small archive may unpack to more than any file of ours holds."""

    sentence = "The workbook unpacks to {megabytes} MB and its widest sheet to {places} cells: more than is read."
    remedy = "Delete stray cells far from the table, or split the file and send the parts."
    rule: ClassVar[str] = "file size"


class SheetTooWide(FileUnreadable):
    """More columns than any layout has."""

    sentence = "Sheet “{sheet}” has {found} columns; the limit is {limit}."
    remedy = "Delete stray cells far from the table, or split the file and send the parts."
    rule: ClassVar[str] = "file size"


class SheetUnknown(FileUnreadable):
    """No sheet of the workbook has a header that is known."""

    sentence = "No sheet of this workbook has a known header row (sheets: {sheets})."
    remedy = "Send the bank's own export without changing its header row."


class XmlUnreadable(FileUnreadable):
    """An XML message is damaged."""

    sentence = "The XML breaks at line {line}, column {column}: {why}."
    remedy = "Ask the bank to send the message again."


class LayoutUnknown(FileUnreadable):
    """A readable file, but none of the layouts that are known."""

    sentence = "This is a readable {format} file, but its header (“{header}”) is none of the known layouts."
    remedy = "Send one of: bank statement, account list, vendor's order tables, lesson table."


class LayoutUnexpected(FileUnreadable):
    """A known layout was sent to the wrong door."""

    sentence = "This file is a “{found}”, but it was sent as “{expected}”."
    remedy = "Send it to the address of its own kind."
