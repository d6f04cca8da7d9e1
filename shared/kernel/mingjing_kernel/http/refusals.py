"""What the HTTP edge itself refuses, each with a stable name, before or instead of any domain rule."""

from __future__ import annotations

from mingjing_kernel.refusal import Invalid, Refusal


class BadRequest(Refusal):
    """The request cannot be understood; subclasses say what about it (status 400)."""

    status = 400
    sentence = "The request cannot be understood."
    remedy = "Compare the request with the API documentation."


class AddressUnreadable(BadRequest):
    """The address or its query holds the character U+0000, which PostgreSQL cannot store, so nothing has it."""

    sentence = "The address holds the character U+0000."
    remedy = "Remove it: it usually comes from a file in another encoding."
    rule = "RFC 3986 2"


class PathUnknown(Refusal):
    """No such address (status 404). A record that is missing is ``NotFound``."""

    status = 404
    sentence = "There is nothing at this address."
    remedy = "Check the address against the API documentation."


class MethodNotAllowed(Refusal):
    """The address exists, this method does not (status 405)."""

    status = 405
    sentence = "This address does not take {method} requests."
    remedy = "Use one of: {allowed}."


class BodyTooLarge(Refusal):
    """More bytes than this address takes (status 413)."""

    status = 413
    sentence = "The request is larger than this address accepts."
    remedy = "Split the content and send it in parts."


class MediaTypeNotSupported(Refusal):
    """The body is in a format that this address does not read (status 415)."""

    status = 415
    sentence = "The content type {content_type} is not accepted here."
    remedy = "Send JSON as application/json, or a file as multipart/form-data."
    field = "Content-Type"


class BodyNotJson(BadRequest):
    """The body says it is JSON and is not."""

    sentence = "The body is not valid JSON: character {character}."
    remedy = "Correct the body; it must be JSON in UTF-8."
    field = "body"
    rule = "RFC 8259"


class BodyUnreadable(BadRequest):
    """The body breaks off, does not follow its own format, or is nested deeper than anything here reads."""

    sentence = "The body cannot be read: it is damaged or nested too deeply."
    remedy = "Correct the body and send the request again."
    field = "body"


class NestedTooDeeply(BadRequest):
    """Objects within lists within objects, deeper than any request here goes."""

    sentence = "The body is nested deeper than {depth_max} levels."
    remedy = "Send what the API documentation describes; no request needs so many levels."
    field = "body"
    rule = "RFC 8259 9"


class TooManyEntries(BadRequest):
    """A list or an object with more entries than a request has."""

    sentence = "There are more than {entries_max} entries in one list or object."
    remedy = "Split the content over several requests, or send it as a file."
    field = "body"
    rule = "RFC 8259 9"


class TextTooLong(BadRequest):
    """A text, or the name of a member, longer than any that is read here."""

    sentence = "A text is longer than {characters_max} characters."
    remedy = "Shorten the text, or send the document as a file."
    field = "body"
    rule = "RFC 8259 9"


class NumberOutOfRange(BadRequest):
    """NaN, an infinity, or a number that other programs would round."""

    sentence = "A number is not finite, or is beyond ±{number_max}."
    remedy = "Send amounts as whole fen, and long numbers such as accounts as text."
    field = "body"
    rule = "RFC 7493 2.2"


class MemberRepeated(BadRequest):
    """One object names a member twice: programs would differ in which one counts."""

    sentence = "A member of an object stands there twice."
    remedy = "Send each member once."
    field = "body"
    rule = "RFC 7493 2.3"


class TextNotUnicode(BadRequest):
    """Bytes that are no UTF-8, half a surrogate pair, or U+0000, which PostgreSQL cannot store."""

    sentence = "The body holds text that is not valid Unicode in UTF-8, or the character U+0000."
    remedy = "Write the body in UTF-8 and leave out U+0000; both usually come from a file in another encoding."
    field = "body"
    rule = "RFC 7493 2.1"


class BodyTooSlow(Refusal):
    """The body does not come (status 408)."""

    status = 408
    sentence = "The body did not come within {seconds} seconds."
    remedy = "Send the request again over a better line, or split the content."
    field = "body"


class EncodingNotSupported(Refusal):
    """A compressed body: what it unpacks to cannot be known before it is unpacked (status 415)."""

    status = 415
    sentence = "Bodies with the content encoding {encoding} are not accepted here."
    remedy = "Send the body uncompressed."
    field = "Content-Encoding"


class AddressTooLong(Refusal):
    """The address is longer than any that leads somewhere (status 414)."""

    status = 414
    sentence = "The address is longer than {bytes_max} bytes or has more than {parameters_max} parameters."
    remedy = "Use fewer filters, and follow the pages as they are given."
    rule = "RFC 9110 4.1"


class HeadersTooLarge(Refusal):
    """More headers, or longer ones, than a request here has (status 431)."""

    status = 431
    sentence = "The request has more than {headers_max} headers, or more than {bytes_max} bytes of them."
    remedy = "Leave out cookies and headers that this service does not ask for."
    rule = "RFC 6585 5"


class RequestInvalid(Invalid):
    """One or more fields are wrong; ``errors`` lists each."""

    sentence = "{count} field(s) are not valid."
    remedy = "Correct each field as its entry under errors says, and send the request again."


class IdempotencyKeyMissing(BadRequest):
    """A write without the caller's own command id cannot be repeated safely."""

    sentence = "The Idempotency-Key header is missing."
    remedy = "Send a new UUID as Idempotency-Key with each new request, and the same one when you repeat it."
    field = "Idempotency-Key"
    rule = "Idempotency-Key"


class IdempotencyKeyMalformed(IdempotencyKeyMissing):
    """The command id is not a UUID."""

    sentence = "The Idempotency-Key header is not a UUID."


class HeaderMalformed(BadRequest):
    """A header has the wrong form."""

    sentence = "The header {header} cannot be read: {reason}."
    remedy = "Correct the header; text is percent-encoded UTF-8."

    def __init__(self, *, header: str, reason: str) -> None:
        super().__init__(header=header, reason=reason, field=header)


class AsOfMalformed(BadRequest):
    """``as_of`` is neither a date, nor a moment, nor a position."""

    sentence = "as_of cannot be read: {reason}."
    remedy = (
        "Write a date (2026-11-22), a moment (2026-11-22T09:30:00+08:00) or a log position (@12345), not in the future."
    )
    rule = "as_of"
    field = "as_of"


class CursorMalformed(BadRequest):
    """The page cursor does not come from this list."""

    sentence = "The page cursor cannot be read."
    remedy = "Start the list again without 'after', and follow 'next' as it is given."
    field = "after"


class ExportTooLarge(Invalid):
    """A table with more rows than the format or we can bear."""

    sentence = "The list has more than {rows_max} rows, too many for one {format} file."
    remedy = "Narrow the filter, or ask for csv, or read the list page by page."
    field = "format"


class TooManyRequests(Refusal):
    """The caller asks too often (status 429)."""

    status = 429
    sentence = "Too many requests; this address takes {limit}."
    remedy = "Wait {retry_after_seconds} seconds and try again."


class NotYetVisible(Refusal):
    """The read model has not reached the position that the caller wants to see (status 503)."""

    status = 503
    sentence = "The change at position {position} is stored, but not yet visible here."
    remedy = "Ask again in a moment."
    field = "Mingjing-Position"


class DatabaseAway(Refusal):
    """PostgreSQL is not to be had at the moment, and nothing was written (status 503)."""

    status = 503
    sentence = "The database cannot be reached at the moment."
    remedy = "Nothing is lost. Ask again in a few seconds."


class Unexpected(Refusal):
    """Our fault (status 500); the reference leads to the entry in our log."""

    status = 500
    sentence = "Something went wrong on our side."
    remedy = "Try again; if it goes on, tell the administrator the reference {reference}."
