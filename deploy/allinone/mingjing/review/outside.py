"""What hotlines and staff rolls say of the watched accounts. The one rule: on the day on which it was said."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from mingjing.county.county import Delivery, Kind
from mingjing.review.directory import People, person_id
from mingjing.review.files import Files, Skipped
from mingjing_funds.domain.account import ClosingRequested
from mingjing_funds.domain.alerting.heard import Complained, Heard, StaffCounted, Word
from mingjing_inspection.domain.money_words import words_of
from mingjing_inspection.sources.complaint_file import open_file
from mingjing_inspection.sources.complaint_row import ANONYMOUS
from mingjing_kernel.refusal import Refusal
from mingjing_registry.sources.days import find_day
from mingjing_registry.sources.list_file import rows_of

TITLES = {
    "name": ("所在机构", "机构名称"),
    "person": ("姓名",),
    "from_on": ("入职时间", "入职日期"),
    "until_on": ("离职时间", "离职日期"),
}
ACCOUNT_TITLES = {"name": ("机构名称",), "state": ("账户状态",)}
CLOSING = "销户"


@dataclass(frozen=True, slots=True)
class Outside:
    """Facts by day, and how many complaints named nobody that could be told."""

    facts: dict[date, list[tuple[UUID, Heard]]]
    unmatched: int


def complained(files: Files, sent: Iterable[Delivery], people: People, skipped: Skipped) -> Outside:
    """Every complaint about a watched institution."""
    facts: dict[date, list[tuple[UUID, Heard]]] = defaultdict(list)
    unmatched = 0
    for one in sent:
        if one.folder != "complaints":
            continue
        try:
            opened = open_file(files.read(one.path))
        except Refusal as reason:
            skipped.append((one.path, str(reason)))
            continue
        for row in opened.rows:
            cells = row.cells
            title, text = cells.get("title", ""), cells.get("text", "")
            account = people.whose(cells.get("respondent", ""), title, text, cells.get("uscc", ""))
            on = find_day(cells.get("received_at", "")[:10])
            if account is None or on is None:
                unmatched += account is None
                continue
            name = cells.get("name", "")
            named, phone = "" if name in ANONYMOUS else name, cells.get("phone", "")
            fact = Complained(
                person=person_id(phone, named, cells.get("number", "")),
                words=frozenset(Word(one) for one in words_of(f"{title}。{text}")),
                is_person=bool(phone or named),
            )
            facts[on].append((account, Heard(on, fact)))
    return Outside(facts, unmatched)


def staffed(
    files: Files, sent: Iterable[Delivery], people: People, first: date
) -> dict[date, list[tuple[UUID, Heard]]]:
    """How many work at each institution, on the first day and on each day on which that changed."""
    changes: dict[UUID, dict[date, int]] = defaultdict(lambda: defaultdict(int))
    for one in sent:
        if one.folder == "staff":
            _count(files.read(one.path), people, changes, first)
    facts: dict[date, list[tuple[UUID, Heard]]] = defaultdict(list)
    for account, days in changes.items():
        staff = 0
        for day in sorted({first, *days}):
            staff += days.get(day, 0)
            facts[day].append((account, Heard(day, StaffCounted(staff=staff))))
    return facts


def closing_asked(
    files: Files, sent: Iterable[Delivery], people: People, last: date
) -> dict[date, list[tuple[UUID, Heard]]]:
    """Accounts that the bank's list shows on their way to being closed. The list is made on the last day."""
    facts: dict[date, list[tuple[UUID, Heard]]] = defaultdict(list)
    for one in sent:
        if one.folder != "bank" or one.kind is not Kind.MASTER:
            continue
        try:
            rows = rows_of(files.read(one.path), ACCOUNT_TITLES, ("name", "state"), ())
        except Refusal:
            continue
        for row in rows:
            account = people.whose(str(row["name"]))
            if account is not None and CLOSING in str(row["state"]):
                facts[last].append((account, Heard(last, ClosingRequested(requested_on=last))))
    return facts


def _count(content: bytes, people: People, changes: dict[UUID, dict[date, int]], first: date) -> None:
    try:
        rows = rows_of(content, TITLES, ("name", "person", "from_on"), ("from_on", "until_on"))
    except Refusal:
        return  # a list of other people: whom nobody may hire, who teaches at a school
    name = ""
    for row in rows:
        name = str(row.get("name") or name)
        account = people.whose(name)
        since, until = row.get("from_on"), row.get("until_on")
        if account is None or not row.get("person"):
            continue
        began = max(since, first) if isinstance(since, date) else first
        changes[account][began] += 1
        if isinstance(until, date):
            changes[account][max(until, first)] -= 1
