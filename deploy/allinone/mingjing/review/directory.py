"""Whose account it is (机构与专户): names as people write them, to the custody account that is watched.

The one rule: a name that could be two institutions is none; it is counted and shown, not guessed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from mingjing.county.county import Delivery
from mingjing.review.files import Files, Skipped
from mingjing_funds.domain.account import AccountActivated
from mingjing_funds.domain.alerting.heard import (
    Announced,
    Heard,
    LicenceStated,
    PupilsCounted,
    announcement_of,
)
from mingjing_inspection.domain.premises import Names
from mingjing_inspection.sources.matching import NameIndex, Typed
from mingjing_kernel.identifiers import derived_id
from mingjing_kernel.refusal import Refusal
from mingjing_registry.sources.divisions import division
from mingjing_registry.sources.register_file import parse
from mingjing_registry.sources.rows import InstitutionRow, NoticeRow

PLACES = ("浙江省", "杭州市", "杭州", "西湖区")
"""What names here begin with. Without the town names: an institution may be called after its town."""
_IN_FORCE = "licensed"


@dataclass
class People:
    """Who is meant by what somebody wrote."""

    index: NameIndex = field(default_factory=lambda: NameIndex(places=PLACES))
    names: dict[UUID, str] = field(default_factory=dict)
    by_code: dict[str, UUID] = field(default_factory=dict)
    opened: set[UUID] = field(default_factory=set)
    subject: set[UUID] = field(default_factory=set)
    """Who teaches school subjects: they stop when school does."""

    def open_account(self, account: UUID, fact: AccountActivated) -> None:
        """The holder of an account can be named from now on."""
        holder = fact.holder
        self.opened.add(account)
        self.names[account] = holder.institution_name
        self.by_code[holder.uscc] = account
        self.index.add(account, Names(full_name=holder.institution_name, uscc=holder.uscc))

    def registered(self, row: InstitutionRow) -> UUID | None:
        """The account of a registered institution; one that is licensed and has none is watched for that (F13)."""
        told = row.particulars
        account = self.by_code.get(told.uscc) or self.whose(told.name)
        if account is None:
            if row.terms is None or row.standing != _IN_FORCE or not told.uscc:
                return None
            account = without_account(told.uscc)
            self.names[account] = told.name
            self.by_code[told.uscc] = account
        if "subject" in told.categories:
            self.subject.add(account)
        self.index.add(
            account,
            Names(full_name=told.name, former_names=told.former_names, uscc=told.uscc, phone=told.phone),
        )
        return account

    def whose(self, name: str, title: str = "", text: str = "", uscc: str = "") -> UUID | None:
        """The account meant, if there is exactly one."""
        return self.index.match(Typed(respondent=name, uscc=uscc, title=title, text=text)).institution_id


def registered(
    files: Files, sent: Iterable[Delivery], people: People, first: date, skipped: Skipped
) -> list[tuple[UUID, Heard]]:
    """What the registers and the list of notices say, each on the day on which it became known."""
    found: list[tuple[UUID, Heard]] = []
    notices: list[NoticeRow] = []
    for one in sent:
        if one.folder != "registry":
            continue
        try:
            lines = parse(files.read(one.path), division(), first).taken
        except Refusal as reason:
            skipped.append((one.path, str(reason)))
            continue
        for line in lines:
            if isinstance(line.row, NoticeRow):
                notices.append(line.row)
            elif line.row is not None and (account := people.registered(line.row)) is not None:
                found += _licence(account, line.row, first)
                if account not in people.opened and line.row.particulars.student_count is not None:
                    pupils = PupilsCounted(pupils=line.row.particulars.student_count)
                    found.append((account, Heard(first, pupils)))
    return found + [heard for row in notices for heard in _notice(row, people, first)]


def _licence(account: UUID, row: InstitutionRow, first: date) -> list[tuple[UUID, Heard]]:
    terms = row.terms
    if terms is None:
        return []
    check = (row.annual_check or "").lower().replace("_", "-")
    stated = LicenceStated(granted_on=terms.issued_on, valid_to=terms.expires_on, annual_check=check)
    return [(account, Heard(max(first, terms.issued_on or first), stated))]


def _notice(row: NoticeRow, people: People, first: date) -> list[tuple[UUID, Heard]]:
    told, account = row.notice, people.whose(row.spoken_name)
    if account is None or not told.published or told.begins_on is None:
        return []
    fact = Announced(
        what=announcement_of(told.matter),
        since=told.begins_on,
        until=told.ends_on or told.begins_on,
        filed_on=told.filed_on,
    )
    return [(account, Heard(max(told.filed_on, first), fact))]


def without_account(uscc: str) -> UUID:
    """Under which id an institution is watched that has no custody account (F13)."""
    return derived_id("review-institution", uscc)


def person_id(phone: str, name: str, number: str) -> str:
    """The same word for the same person; somebody who left nothing is a person of their own."""
    return str(derived_id("review-person", phone or name or number))
