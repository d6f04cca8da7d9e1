"""Which contract a number means (合同编号): for whoever handles a dispute and does not see families' contracts.

One rule: nobody is named here, and a number is compared whole, among those of one institution. It reaches as far as
the reader's region and no further. Of department and category it asks nothing of those who mediate, because a dispute
is mediated by another department than the file's; those who read contracts find by number what they may read.
"""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, Text, cast, or_, select

from mingjing_funds.projections.accounts import ACCOUNTS_READ, accounts_table
from mingjing_funds.projections.contracts import CONTRACTS_READ, contracts_table
from mingjing_funds.projections.files import vendor_codes_table
from mingjing_funds.projections.institutions import institutions_table
from mingjing_funds.projections.schema import visible
from mingjing_kernel.identity import UNDIVIDED, Role, Scope

MEDIATING: Final = frozenset({Role.MEDIATOR, Role.INSPECTOR, Role.HOTLINE_OPERATOR})
FOUND_MAX: Final = 5
"""One institution may have given one number twice, at two custody accounts."""


def numbered(scope: Scope) -> Select[Any]:
    """The contracts that a caller may find by number, without the family."""
    rows, accounts = CONTRACTS_READ.at(None).c, ACCOUNTS_READ.at(None)
    whose = accounts.c
    mediated = scope.where(roles=MEDIATING, department=UNDIVIDED, region=whose.region, category=UNDIVIDED)
    return (
        select(
            rows.contract_id,
            rows.contract_no,
            rows.course,
            rows.state,
            rows.price_fen,
            rows.starts_on,
            rows.ends_on,
            whose.institution_id,
            whose.institution_name,
        )
        .join_from(CONTRACTS_READ.at(None), accounts, whose.account_id == rows.account_id)
        .where(or_(mediated, visible(scope, accounts)))
        .order_by(rows.contract_id)
    )


def meant_by(scope: Scope, contract_no: str, institution_id: UUID) -> Select[Any]:
    """Those of this institution with this number."""
    found = numbered(scope)
    rows = found.selected_columns
    return found.where(rows.contract_no == contract_no, rows.institution_id == institution_id)


def known_as(scope: Scope, contract_id: UUID) -> Select[Any]:
    """The one with this id."""
    found = numbered(scope)
    return found.where(found.selected_columns.contract_id == contract_id)


def with_number(number: str, institution: str = "") -> Select[Any]:
    """The contracts with a number; where the institution is named, its own: by its id, credit code or name, or the code
    under which its vendor knows it. Only for those who prove by other means that a contract is theirs.
    """
    rows = contracts_table.c
    found = select(rows.contract_id).where(rows.contract_no == number).order_by(rows.contract_id)
    if not institution:
        return found
    accounts, whose, codes = accounts_table.c, institutions_table.c, vendor_codes_table.c
    is_named = or_(
        cast(accounts.institution_id, Text) == institution.lower(),
        accounts.institution_name == institution,
        accounts.uscc == institution.upper(),
        whose.name == institution,
        whose.names.contains([institution]),
        whose.uscc == institution.upper(),
        rows.vendor_code == institution,
        codes.institution_name == institution,
        codes.uscc == institution.upper(),
    )
    return (
        found.outerjoin(accounts_table, accounts.account_id == rows.account_id)
        .outerjoin(institutions_table, whose.institution_id == accounts.institution_id)
        .outerjoin(vendor_codes_table, (codes.code == rows.vendor_code) & (codes.code != ""))
        .where(is_named)
    )
