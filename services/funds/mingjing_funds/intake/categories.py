"""Of which category a file and its rows are (报送数据的类别): that of the accounts and contracts which they concern.

The one rule: it is said only where all that is concerned shares one. What concerns nobody known, or several, is of the
category for which its sender may write; of one who may write for all of them, it is for grants of every category.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, Uuid, any_, func, literal, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncConnection

from mingjing_funds.domain.contract import RecordContract
from mingjing_funds.domain.contract_refusals import ContractUnknown
from mingjing_funds.intake.numbered import ContractNumberAmbiguous
from mingjing_funds.intake.plan import Directory, Step
from mingjing_funds.projections.accounts import accounts_table
from mingjing_funds.projections.contracts import contracts_table
from mingjing_funds.projections.institutions import institutions_table
from mingjing_funds.sources.kept_aside import VendorCodeUnknown


async def categories_of(
    connection: AsyncConnection, directory: Directory, rows: Iterable[Any], steps: Sequence[Step]
) -> dict[int, str]:
    """By row, where there is one."""
    concerned: dict[int, set[UUID]] = {}
    said: dict[int, set[str]] = {}
    for row in rows:
        concerned.setdefault(row.row, set()).update(_named(row, directory))
    for step in steps:
        if isinstance(step.command, RecordContract):
            terms = step.command.terms
            said.setdefault(step.row, set()).add(terms.category)
            concerned.setdefault(step.row, set()).update([terms.account_id] if terms.account_id else [])
        elif step.noun != "vendor-code":
            concerned.setdefault(step.row, set()).add(step.id)
    known = await _known(connection, {id for ids in concerned.values() for id in ids})
    for row, ids in concerned.items():
        said.setdefault(row, set()).update(known[id] for id in ids if id in known)
    return {row: one for row, many in said.items() if (one := shared(many))}


def shared(categories: Iterable[str]) -> str:
    """The one of all that are said; nothing where they differ."""
    many = {one for one in categories if one}
    return many.pop() if len(many) == 1 else ""


def of_file(categories: Mapping[int, str], used: Iterable[int]) -> str:
    """That of the rows that were used, if there are any; else of all."""
    mine = [categories.get(row, "") for row in used]
    return shared(mine or categories.values())


def _named(row: Any, directory: Directory) -> list[UUID]:
    """What a row names by its number, whether or not it became a step."""
    contract, account = getattr(row, "contract_no", ""), getattr(row, "account_number", "")
    named = _contracts_named(contract, getattr(row, "vendor_code", ""), directory)
    return [*named, *([directory.account_of(account)] if account else [])]


def _contracts_named(contract_no: str, vendor_code: str, directory: Directory) -> list[UUID]:
    """The one that is meant, or all of which nobody can tell."""
    try:
        return [directory.contract_of(contract_no, vendor_code)] if contract_no else []
    except ContractNumberAmbiguous:
        return [one.id for one in directory.numbers.known[contract_no] if one.is_reached]
    except (ContractUnknown, VendorCodeUnknown):
        return []


async def _known(connection: AsyncConnection, ids: set[UUID]) -> dict[UUID, str]:
    if not ids:
        return {}
    wanted = sorted(ids)
    found: dict[UUID, str] = {}
    for statement in (_accounts(wanted), _contracts(wanted)):
        found |= {UUID(int=id.int): category for id, category in await connection.execute(statement) if category}
    return found


def _accounts(ids: list[UUID]) -> Select[Any]:
    """Its own, or else that which the registry says of whose it is."""
    rows, whose = accounts_table.c, institutions_table.c
    category = func.coalesce(func.nullif(rows.category, ""), whose.category, "")
    return (
        select(rows.account_id, category)
        .outerjoin(institutions_table, whose.institution_id == rows.institution_id)
        .where(rows.account_id == any_(literal(ids, ARRAY(Uuid))))
    )


def _contracts(ids: list[UUID]) -> Select[Any]:
    """Its own, or else that of its account or of whose that is."""
    rows, accounts, whose = contracts_table.c, accounts_table.c, institutions_table.c
    category = func.coalesce(func.nullif(rows.category, ""), func.nullif(accounts.category, ""), whose.category, "")
    return (
        select(rows.contract_id, category)
        .outerjoin(accounts_table, accounts.account_id == rows.account_id)
        .outerjoin(institutions_table, whose.institution_id == accounts.institution_id)
        .where(rows.contract_id == any_(literal(ids, ARRAY(Uuid))))
    )
