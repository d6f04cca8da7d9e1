"""What is known before a file is read, from the read models. The one rule: one query a question, whatever the file.

These look-ups serve the service itself, which must match every row; nothing of them is shown to the caller, and what
a row points to is asked against the caller's scope before anything is written (``reach.py``).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Text, any_, literal, or_, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncConnection

from mingjing_funds.acts import SEND_FILE
from mingjing_funds.domain.account import LinkInstitution
from mingjing_funds.intake.numbered import Giver, Numbered, Numbers
from mingjing_funds.intake.plan import Directory, KnownInstitution
from mingjing_funds.intake.reach import May, reaches
from mingjing_funds.projections.accounts import accounts_table
from mingjing_funds.projections.contracts import contracts_table
from mingjing_funds.projections.files import deliveries_table, vendor_codes_table
from mingjing_funds.projections.institutions import institutions_table
from mingjing_funds.projections.schema import writable
from mingjing_funds.sources.detect import Kind
from mingjing_funds.sources.statement import HUPAN
from mingjing_kernel.identity import UNDIVIDED, Dimensions, Scope

FEED_DAYS_MAX = 40
"""How far back the completeness of a bank's feed matters for dating a gap."""
_DAILY_BANKS = (HUPAN,)
"""Banks that send a file every calendar day, so that a day without one is missing."""


async def directory_of(
    connection: AsyncConnection,
    *,
    kind: Kind,
    delivered_on: date,
    covers_to: date,
    region: str,
    department: str,
    numbers: Numbers,
) -> Directory:
    """What planning a file of this kind needs, and no more: some hundred files come a week."""
    of_orders = kind is Kind.CONTRACTS
    of_accounts = kind in (Kind.CONTRACTS, Kind.STATEMENT, Kind.INSTRUCTIONS)
    return Directory(
        delivered_on=delivered_on,
        covers_to=covers_to,
        region=region,
        department=department,
        vendor_accounts=await _vendor_accounts(connection) if of_orders else {},
        account_institutions=await _account_institutions(connection) if of_orders else {},
        numbers=numbers,
        accounts=await _accounts(connection) if of_accounts else {},
        incomplete_days=await _incomplete_days(connection) if kind is Kind.STATEMENT else {},
    )


async def numbers_of(
    connection: AsyncConnection, scope: Scope, contract_nos: Iterable[str], mays: Sequence[May], region: str = ""
) -> Numbers:
    """Every contract with these numbers; a week's lessons name some thousand. Nothing of it is shown to the caller."""
    wanted = sorted(set(contract_nos))
    if not wanted:
        return Numbers(region=region)
    rows, accounts = contracts_table.c, accounts_table.c
    statement = (
        select(
            *(rows.contract_no, rows.contract_id, rows.account_id, rows.category),
            *(rows.region, rows.vendor_code),
            accounts.institution_id,
            or_(*(reaches(scope, may) for may in mays)).label("is_reached"),
        )
        .outerjoin(accounts_table, accounts.account_id == rows.account_id)
        .where(rows.contract_no == any_(literal(wanted, ARRAY(Text))))
        .order_by(rows.contract_id)
    )
    known: dict[str, list[Numbered]] = defaultdict(list)
    for row in await connection.execute(statement):
        one = Numbered(
            id=own(row.contract_id),
            account_id=row.account_id and own(row.account_id),
            institution_id=row.institution_id and own(row.institution_id),
            vendor_code=row.vendor_code,
            region=row.region,
            category=row.category,
            is_reached=row.is_reached,
        )
        known[row.contract_no].append(one)
    return Numbers(known, region)


async def givers_of(connection: AsyncConnection, vendor_codes: Iterable[str]) -> dict[str, Giver]:
    """For which account each of these codes stands, and whose that is."""
    wanted = sorted(set(vendor_codes) - {""})
    if not wanted:
        return {}
    codes, accounts = vendor_codes_table.c, accounts_table.c
    statement = (
        select(codes.code, accounts.account_id, accounts.institution_id)
        .outerjoin(accounts_table, (accounts.number == codes.account_number) & (accounts.number != ""))
        .where(codes.code == any_(literal(wanted, ARRAY(Text))))
    )
    return {
        code: Giver(account and own(account), institution and own(institution), code)
        for code, account, institution in await connection.execute(statement)
    }


async def known_numbers(connection: AsyncConnection) -> frozenset[str]:
    """Whole account numbers that somebody has told before."""
    codes = await connection.scalars(select(vendor_codes_table.c.account_number))
    accounts = await connection.scalars(select(accounts_table.c.number))
    return frozenset(number for number in (*codes, *accounts) if number)


async def links_to_make(connection: AsyncConnection, scope: Scope) -> list[tuple[UUID, LinkInstitution]]:
    """Accounts that the caller may write for, whose institution is not known yet and can be told now.

    Code and name agree; or exactly one institution bears the name; or only the code is known. A code that belongs to
    somebody else than the name (a clerk's slip between near-namesakes) loses against the name. An account never moves
    into a region for which the caller may not write; its department and category are what is being found out.
    """
    accounts = accounts_table.c
    nameless = (
        await connection.execute(
            select(accounts.account_id, accounts.institution_name, accounts.uscc, accounts.department).where(
                accounts.institution_id.is_(None), writable(scope, accounts_table)
            )
        )
    ).all()
    if not nameless:
        return []
    known = (await connection.execute(select(institutions_table))).mappings().all()
    by_code: dict[str, Any] = {row["uscc"]: row for row in known if row["uscc"]}
    by_name: dict[str, list[Any]] = {}
    for row in known:
        for name in {row["name"], *row["names"]} - {""}:
            by_name.setdefault(name, []).append(row)
    links: list[tuple[UUID, LinkInstitution]] = []
    for account_id, name, uscc, department in nameless:
        link = _link(by_code.get(uscc), by_name.get(name, []))
        if link is not None and scope.may(SEND_FILE, Dimensions(department, link.region, UNDIVIDED)):
            links.append((account_id, link))
    return links


def _link(coded: Any, named: list[Any]) -> LinkInstitution | None:
    if coded is not None and coded in named:
        row, matched_by = coded, "code and name"
    elif len(named) == 1:
        row, matched_by = named[0], "name"
    elif coded is not None and not named:
        row, matched_by = coded, "code"
    else:
        return None
    return LinkInstitution(
        institution_id=own(row["institution_id"]),
        department=row["department"],
        region=row["region"],
        category=row["category"],
        matched_by=matched_by,
    )


def own(found: UUID) -> UUID:
    """The driver's own subclass of UUID must not reach an event."""
    return UUID(int=found.int)


async def _vendor_accounts(connection: AsyncConnection) -> dict[str, str]:
    codes = vendor_codes_table.c
    rows = await connection.execute(select(codes.code, codes.account_number))
    return dict(tuple(row) for row in rows)


async def _accounts(connection: AsyncConnection) -> dict[str, UUID]:
    accounts = accounts_table.c
    opened = select(accounts.number, accounts.account_id).where(accounts.number != "")
    return {number: own(account) for number, account in await connection.execute(opened)}


async def _account_institutions(connection: AsyncConnection) -> dict[UUID, KnownInstitution]:
    accounts, institutions = accounts_table.c, institutions_table.c
    rows = await connection.execute(
        select(
            accounts.account_id,
            accounts.institution_id,
            accounts.department,
            accounts.region,
            accounts.category,
            institutions.is_subject,
        ).join(institutions_table, institutions.institution_id == accounts.institution_id)
    )
    return {
        own(account): KnownInstitution(own(institution), department, region, category, is_subject)
        for account, institution, department, region, category, is_subject in rows
    }


async def _incomplete_days(connection: AsyncConnection) -> dict[str, tuple[date, ...]]:
    """Days whose statement broke off, and days without any from a bank that sends one every day."""
    files = deliveries_table.c
    rows = await connection.execute(
        select(files.bank, files.booked_on, files.missing).where(
            files.kind == Kind.STATEMENT.value, files.booked_on.is_not(None)
        )
    )
    whole: dict[str, set[date]] = {}
    broken: dict[str, set[date]] = {}
    for bank, day, missing in rows:
        (broken if missing else whole).setdefault(bank, set()).add(day)
    found: dict[str, tuple[date, ...]] = {}
    for bank in whole.keys() | broken.keys():
        seen = whole.get(bank, set())
        days = broken.get(bank, set()) - seen
        if bank in _DAILY_BANKS:
            days |= _silent_days(seen | days)
        latest = max(seen | days)
        found[bank] = tuple(sorted(day for day in days if (latest - day).days <= FEED_DAYS_MAX))
    return found


def _silent_days(seen: set[date]) -> set[date]:
    first, last = min(seen), max(seen)
    every = {first + timedelta(days=number) for number in range((last - first).days + 1)}
    return every - seen
