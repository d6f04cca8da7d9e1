"""The questions of the family's side of funds: lessons to decide about, refunds, refund lists."""

from __future__ import annotations

from typing import Any

from sqlalchemy import MetaData

from mingjing_funds.projections import lesson_decisions, ratings, refund_lists, refund_requests
from mingjing_funds.projections.accounts import ACCOUNTS_READ
from mingjing_funds.projections.contracts import CONTRACTS_READ
from mingjing_funds.projections.lessons_used import LESSONS_USED
from mingjing_funds.projections.schema import METADATA
from mingjing_kernel.identity import Role
from scopes.question import Question, listed

_ROLES = frozenset({
    Role.FUND_REGULATOR, Role.AUDITOR, Role.ADMINISTRATOR, Role.CASE_OFFICER, Role.APPROVER, Role.LICENSING_OFFICER,
})  # fmt: skip
"""Said here once more: a test does not take the answer from what it tests."""
_CONTRACT = (CONTRACTS_READ, LESSONS_USED, ACCOUNTS_READ)


def _whole(build: Any, key: str, *of: Any) -> tuple[MetaData, tuple[Question, ...]]:
    return METADATA, (Question(asks=listed(build, key), of=of, roles=_ROLES),)


FAMILY_QUESTIONS: dict[str, tuple[MetaData, tuple[Question, ...]]] = {
    "mingjing_funds/projections/lesson_decisions.py:lesson_decisions_in": _whole(
        lesson_decisions.lesson_decisions_in, "contract_id", lesson_decisions.LESSON_DECISIONS, *_CONTRACT
    ),
    "mingjing_funds/projections/ratings.py:ratings_in": (METADATA, (
        Question(
            asks=listed(lambda scope, at: ratings.ratings_in(scope, least=1, at=at), "rating_id"),
            of=(ratings.RATINGS_READ,), roles=_ROLES, holders={Role.INSTITUTION: lambda row: row.id},
        ),
    )),
    "mingjing_funds/projections/refund_lists.py:refund_lists_in": _whole(
        refund_lists.refund_lists_in, "list_id", refund_lists.REFUND_LISTS_READ, ACCOUNTS_READ
    ),
    "mingjing_funds/projections/refund_requests.py:refund_requests_in": _whole(
        refund_requests.refund_requests_in, "contract_id", refund_requests.REFUND_REQUESTS, *_CONTRACT
    ),
}  # fmt: skip
