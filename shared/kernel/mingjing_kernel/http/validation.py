"""Validation errors in words: pydantic's error types as bilingual sentences.

The one rule: an entry names the field and the rule and never repeats the value, which may be somebody's data.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Any

from mingjing_kernel.http.problem import Fault
from mingjing_kernel.text import KERNEL, render

ERRORS_MAX = 50

_SENTENCES: dict[str, str] = {
    "missing": "This field is required.",
    "extra_forbidden": "This field is not known here.",
    "string_type": "Text is expected.",
    "string_too_short": "At least {min_length} character(s) are expected.",
    "string_too_long": "At most {max_length} character(s) are allowed.",
    "string_pattern_mismatch": "The text does not have the expected form {pattern}.",
    "string_unicode": "The text is not valid Unicode.",
    "int_type": "A whole number is expected.",
    "int_parsing": "A whole number is expected.",
    "int_from_float": "A whole number is expected, without decimals.",
    "int_parsing_size": "The number is too large.",
    "bool_type": "true or false is expected.",
    "bool_parsing": "true or false is expected.",
    "greater_than": "A number greater than {gt} is expected.",
    "greater_than_equal": "A number of at least {ge} is expected.",
    "less_than": "A number less than {lt} is expected.",
    "less_than_equal": "A number of at most {le} is expected.",
    "multiple_of": "A multiple of {multiple_of} is expected.",
    "enum": "One of these is expected: {expected}.",
    "literal_error": "One of these is expected: {expected}.",
    "uuid_type": "A UUID is expected.",
    "uuid_parsing": "A UUID is expected.",
    "uuid_version": "A UUID of another version is expected.",
    "date_type": "A date such as 2026-11-22 is expected.",
    "date_parsing": "A date such as 2026-11-22 is expected.",
    "date_from_datetime_parsing": "A date such as 2026-11-22 is expected.",
    "date_from_datetime_inexact": "A date without a time is expected.",
    "date_past": "A date in the past is expected.",
    "date_future": "A date in the future is expected.",
    "datetime_type": "A moment such as 2026-11-22T09:30:00+08:00 is expected.",
    "datetime_parsing": "A moment such as 2026-11-22T09:30:00+08:00 is expected.",
    "datetime_from_date_parsing": "A moment such as 2026-11-22T09:30:00+08:00 is expected.",
    "timezone_aware": "The moment must say its time zone, such as +08:00.",
    "list_type": "A list is expected.",
    "tuple_type": "A list is expected.",
    "too_short": "At least {min_length} entries are expected.",
    "too_long": "At most {max_length} entries are allowed.",
    "dict_type": "An object is expected.",
    "model_type": "An object is expected.",
    "model_attributes_type": "An object is expected.",
    "url_parsing": "An address such as https://example.cn/ is expected.",
}
_OTHER = "The value is not valid ({rule})."
_REMEDY = "Correct the field and send the request again."
_REMEDY_MISSING = "Add the field."
_REMEDY_EXTRA = "Remove the field, or check its spelling."

MESSAGES = frozenset({*_SENTENCES.values(), _OTHER, _REMEDY, _REMEDY_MISSING, _REMEDY_EXTRA})
"""Every message id of this file, so that a test can find the untranslated ones."""


def faults(errors: Iterable[Mapping[str, Any]], package: str = KERNEL) -> list[Fault]:
    """One entry for each of pydantic's errors, the first ``ERRORS_MAX`` of them.

    ``package`` translates what its own validators say: ``ValueError("The period ends before it begins.")``.
    """
    return [_fault(error, package) for error in islice(errors, ERRORS_MAX)]


def _fault(error: Mapping[str, Any], package: str) -> Fault:
    rule = str(error.get("type", ""))
    context = error.get("ctx") or {}
    own = context.get("error") if rule in ("value_error", "assertion_error") else None
    msgid = str(own) if own is not None else _SENTENCES.get(rule, _OTHER)
    sentence = render(msgid, {**context, "rule": rule}, package)
    remedy = render({"missing": _REMEDY_MISSING, "extra_forbidden": _REMEDY_EXTRA}.get(rule, _REMEDY))
    return Fault(
        field=".".join(str(part) for part in error.get("loc", ())),
        rule=rule,
        detail=sentence.zh,
        detail_en=sentence.en,
        remedy=remedy.zh,
        remedy_en=remedy.en,
    )
