"""One row of a complaint file -> one command, or the refusal that keeps the row aside.

One rule: a row is read from its cells alone (no clock, no position in the file), so that a mended row and a
repeated export are read exactly as the first one was.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from types import MappingProxyType
from uuid import UUID

from mingjing_inspection.domain.complaint import Attribution, Channel, Handling, Intake, MatchedBy, TakeComplaint
from mingjing_inspection.domain.complaint_refusals import NumberMissing, TextMissing
from mingjing_inspection.sources.classification import is_within_remit, tracks_of
from mingjing_inspection.sources.matching import NameIndex, Typed
from mingjing_inspection.sources.said_town import town_said
from mingjing_kernel.clock import SHANGHAI
from mingjing_kernel.identifiers import derived_id
from mingjing_kernel.refusal import Invalid
from mingjing_kernel.sealed.redact import redacted

PERSONAL_FIELDS = frozenset({"name", "phone"})
"""Cells about the complainant: never stored in the clear."""
SPOKEN_FIELDS = ("title", "text", "respondent", "place")
"""Cells in somebody's own words: they may hold numbers of persons."""

ANONYMOUS = frozenset({"", "匿名", "不愿透露", "无名氏"})
DEPARTMENTS = MappingProxyType(
    {
        "教育局": "education",
        "文化和广电旅游体育局": "culture-tourism-sport",
        "科学技术局": "science",
        "科技局": "science",
        "市场监督管理局": "market-regulation",
        "市场监管局": "market-regulation",
        "城管局": "urban-management",
        "住建局": "housing",
        "水务公司": "utilities",
        "交警大队": "traffic-police",
    }
)
"""Departments as hotlines write them, without the county's name."""

TIME_FORMATS = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M")
DATE_FORMATS = ("%Y-%m-%d", "%Y/%m/%d", "%Y-%m-%d %H:%M:%S", "%Y年%m月%d日")
_NUMBER = re.compile(r"[0-9A-Za-z-]{6,40}")


class TimeUnreadable(Invalid):
    """Not a time."""

    sentence = "“{value}” is not a time."
    remedy = "Write it as 2026-06-28 18:00."
    field = "received_at"


class DateUnreadable(Invalid):
    """Not a date."""

    sentence = "“{value}” is not a date."
    remedy = "Write it as 2026-06-28."
    field = "due_on"


class AmountUnreadable(Invalid):
    """Not an amount of money."""

    sentence = "“{value}” is not an amount in yuan."
    remedy = "Write the number alone, with at most two decimals."
    field = "claimed"


class NumberUnreadable(Invalid):
    """Not a number that a hotline issues: a spreadsheet may have spoilt it."""

    sentence = "“{value}” is not the number of a complaint."
    remedy = "Copy the number from the hotline's own screen; spreadsheets shorten long numbers."
    field = "number"


@dataclass(frozen=True, slots=True, kw_only=True)
class Competence:
    """Which department answers for an institution, and its category."""

    department: str
    category: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Who complained, in the clear: sealed before it goes anywhere."""

    name: str = field(repr=False)
    phone: str = field(repr=False)
    words: str = field(default="", repr=False)
    """What was said, by field, as JSON: empty where nothing of it had to be masked."""

    @property
    def is_named(self) -> bool:
        """Whether somebody gave a name or a number; an anonymous caller may name others all the same."""
        return bool(self.name or self.phone)


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Who takes the complaints, where and when; the same for all rows of a file.

    ``competent`` says who answers for which institution; ``department`` answers where nobody is named.
    """

    channel: Channel
    index: NameIndex
    competent: Mapping[UUID, Competence]
    county: str
    region: str
    department: str
    taken_by: str
    taken_at: datetime
    towns: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    def region_of(self, attribution: Attribution, place: str) -> str:
        """Whose authorities answer: where no institution says where it is, the place does, so that work which nobody
        has can go to its town.
        """
        return self.region if attribution.institution_id else town_said(place, self.towns, self.region)


def read_person(cells: Mapping[str, str], keep: Iterable[str] = ()) -> Person | None:
    """Who complained and what must be sealed of the words, or ``None`` when the row has neither."""
    name, phone = cells.get("name", ""), cells.get("phone", "")
    if name in ANONYMOUS:
        name = ""
    words = {field: cells[field] for field in SPOKEN_FIELDS if cells.get(field)}
    person = Person(name=name, phone=phone, words=sealed_words(words, masked_words(words, name, keep)))
    return person if person.is_named or person.words else None


def masked_words(
    words: Mapping[str, str], name: str, keep: Iterable[str] = (), *, represented: str = ""
) -> dict[str, str]:
    """The same words with persons' numbers masked, and the names of who complains and of whom she speaks for; ``keep``:
    numbers of institutions.
    """
    kept = tuple(keep)
    return {field: redacted(text, (name, represented), kept) for field, text in words.items()}


def sealed_words(said: Mapping[str, str], masked: Mapping[str, str]) -> str:
    """What has to be sealed: the fields in which something was masked, as they were said."""
    hidden = {field: text for field, text in said.items() if masked[field] != text}
    return json.dumps(hidden, ensure_ascii=False, sort_keys=True) if hidden else ""


def complaint_id(channel: Channel, number: str) -> UUID:
    """The id of a complaint: the same number on the same channel is the same complaint, in whatever file."""
    return derived_id("complaint", channel.value, number.strip())


def read_row(cells: Mapping[str, str], desk: Desk) -> TakeComplaint:
    """The command that a row asks for. Raises the refusal that keeps it aside."""
    number = _number(cells.get("number", ""))
    text, title = cells.get("text", ""), cells.get("title", "")
    if not text:
        raise TextMissing
    attribution = desk.index.match(
        Typed(respondent=cells.get("respondent", ""), uscc=cells.get("uscc", ""), title=title, text=text)
    )
    known = attribution.institution_id is not None
    competence = desk.competent.get(attribution.institution_id) if attribution.institution_id else None
    handler = DEPARTMENTS.get(cells.get("department", "").removeprefix(desk.county), desk.department)
    keep = institutions_number(attribution)
    person = read_person(cells, keep)
    said = masked_words({field: cells.get(field, "") for field in SPOKEN_FIELDS}, person.name if person else "", keep)
    return TakeComplaint(
        intake=Intake(
            number=number,
            channel=desk.channel,
            received_at=_time(cells.get("received_at", "")),
            declared=cells.get("declared", ""),
            title=said["title"],
            text=said["text"],
            respondent=said["respondent"],
            place=said["place"],
            is_anonymous=person is None or not person.is_named,
            claimed_fen=_fen(cells.get("claimed", "")),
        ),
        tracks=tracks_of(cells.get("declared", ""), text),
        within_remit=is_within_remit(title, cells.get("goods", ""), text, known),
        attribution=attribution,
        region=desk.region_of(attribution, said["place"]),
        department=competence.department if competence else handler,
        category=competence.category if competence else "",
        taken_by=desk.taken_by,
        taken_at=desk.taken_at,
        handling=_handling(cells, person.name if person else ""),
    )


def institutions_number(attribution: Attribution) -> tuple[str, ...]:
    """The telephone by which an institution was recognised is the institution's, and may be read by everybody."""
    return (attribution.evidence,) if attribution.by is MatchedBy.PHONE else ()


def _number(text: str) -> str:
    number = text.strip()
    if not number:
        raise NumberMissing
    if not _NUMBER.fullmatch(number):
        raise NumberUnreadable(value=number)
    return number


def _handling(cells: Mapping[str, str], name: str) -> Handling | None:
    status, due = cells.get("status", ""), cells.get("due_on", "")
    if not status and not due:
        return None
    return Handling(
        status=status, result=redacted(cells.get("result", ""), (name,)), due_on=_date(due) if due else None
    )


def _time(text: str) -> datetime:
    for pattern in TIME_FORMATS:
        try:
            return datetime.strptime(text, pattern).replace(tzinfo=SHANGHAI).astimezone(UTC)
        except ValueError:
            continue
    raise TimeUnreadable(value=text)


def _date(text: str) -> date:
    for pattern in DATE_FORMATS:
        try:
            return datetime.strptime(text, pattern).replace(tzinfo=SHANGHAI).date()
        except ValueError:
            continue
    raise DateUnreadable(value=text)


def _fen(text: str) -> int | None:
    plain = text.replace(",", "").replace("，", "").removesuffix("元").strip()
    if not plain:
        return None
    try:
        fen = Decimal(plain) * 100
    except InvalidOperation as unreadable:
        raise AmountUnreadable(value=text) from unreadable
    if not fen.is_finite() or fen != fen.to_integral_value() or fen < 0:
        raise AmountUnreadable(value=text)
    return int(fen)
