"""Why a file cannot be opened (无法读取), by what the reader's error is; never in the reader's own words.

The one rule: every reason is a message id of this service's catalogue, so that a Chinese sentence stays Chinese.
"""

from __future__ import annotations

from enum import StrEnum

from lxml import etree
from python_calamine import PasswordError, XmlError, ZipError


class Why(StrEnum):
    """What is the matter with a file."""

    LOCKED = "it is protected by a password"
    NOT_UNPACKED = "it cannot be unpacked; it may have been cut off"
    DAMAGED = "its content is damaged"
    ENDS_EARLY = "it ends before it is complete"
    TAGS_CROSS = "a tag is closed that was not opened"
    CHARACTER = "there is a character that must not stand here"
    ENTITY = "it refers to something that is not defined"
    MALFORMED = "it is not well-formed"


_WORKBOOK: tuple[tuple[type[Exception], Why], ...] = (
    (PasswordError, Why.LOCKED),
    (ZipError, Why.NOT_UNPACKED),
    (XmlError, Why.DAMAGED),
    (OSError, Why.NOT_UNPACKED),
)
_XML: dict[int, Why] = {
    etree.ErrorTypes.ERR_DOCUMENT_EMPTY: Why.CHARACTER,
    etree.ErrorTypes.ERR_DOCUMENT_END: Why.ENDS_EARLY,
    etree.ErrorTypes.ERR_INVALID_CHAR: Why.CHARACTER,
    etree.ErrorTypes.ERR_INVALID_ENCODING: Why.CHARACTER,
    etree.ErrorTypes.ERR_UNDECLARED_ENTITY: Why.ENTITY,
    etree.ErrorTypes.ERR_GT_REQUIRED: Why.ENDS_EARLY,
    etree.ErrorTypes.ERR_TAG_NAME_MISMATCH: Why.TAGS_CROSS,
    etree.ErrorTypes.ERR_TAG_NOT_FINISHED: Why.ENDS_EARLY,
}


def why_of_workbook(broken: Exception) -> Why:
    """By the kind of the reader's error; what it does not tell apart is damaged."""
    return next((why for kind, why in _WORKBOOK if isinstance(broken, kind)), Why.DAMAGED)


def why_of_message(broken: etree.XMLSyntaxError) -> Why:
    """By libxml2's code of the error."""
    return _XML.get(getattr(broken, "code", 0), Why.MALFORMED)
