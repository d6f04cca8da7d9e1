"""Who may ask about an account or an institution, told by the read models: before anybody reads the log for it.

The one rule: what is asked here is never narrower than what the log tells in the end, and that is asked again.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, exists, or_, select, true

from mingjing_funds.projections.accounts import ACCOUNTS_READ
from mingjing_funds.projections.alerts import alerts_in
from mingjing_funds.projections.institutions import INSTITUTIONS_READ
from mingjing_funds.projections.schema import visible
from mingjing_kernel.identity import Scope


def sees_account(scope: Scope, account_id: UUID, position: int | None = None) -> Select[Any]:
    """Whether a caller may see this account or whose it is; what an institution without one is watched under is known
    from its alerts alone.
    """
    accounts, told = ACCOUNTS_READ.at(position), alerts_in(scope, position).subquery("told")
    whose = select(accounts.c.institution_id).where(accounts.c.account_id == account_id)
    return select(
        or_(
            exists().where(accounts.c.account_id == account_id, visible(scope, accounts)),
            _institutions(scope, position, lambda rows: rows.institution_id.in_(whose)),
            exists().where(told.c.account_id == account_id),
        )
    )


def sees_institution(scope: Scope, institution_id: UUID, position: int | None = None) -> Select[Any]:
    """Whether a caller may see this institution or one of its accounts."""
    return sees_any(scope, "", institution_id, position)


def sees_any(scope: Scope, region: str, institution_id: UUID | None, position: int | None = None) -> Select[Any]:
    """Whether a caller may see anybody there."""
    accounts = ACCOUNTS_READ.at(position)

    def there(rows: Any) -> ColumnElement[bool]:
        wanted = rows.institution_id == institution_id if institution_id is not None else true()
        here: ColumnElement[bool] = rows.region.startswith(region, autoescape=True) & wanted
        return here

    mine = exists().where(there(accounts.c), visible(scope, accounts))
    return select(or_(mine, _institutions(scope, position, there)))


def _institutions(
    scope: Scope, position: int | None, there: Callable[[Any], ColumnElement[bool]]
) -> ColumnElement[bool]:
    rows = INSTITUTIONS_READ.at(position)
    return exists().where(there(rows.c), visible(scope, rows))
