"""From the numbers in force to what the pure rules take: each cites the version that it comes from."""

from __future__ import annotations

from datetime import date

from mingjing_funds.domain.refund import RefundKind, Review
from mingjing_funds.domain.release_policy import ReleaseKind, ReleasePolicy
from mingjing_funds.intake.charging_numbers import charging_numbers as charging_numbers
from mingjing_funds.policy.family_rules import RELEASE_KINDS
from mingjing_kernel.policy import Numbers


def release_policy(found: Numbers, own_kind: str = "") -> ReleasePolicy:
    """The release policy in force; a contract's own kind stands before the region's."""
    return ReleasePolicy(
        version=f"release/{found.version}",
        kind=ReleaseKind(own_kind) if own_kind else RELEASE_KINDS[found["kind"]],
        settle_weekday=found["weekday"],
        end_working_days=found["end"],
    )


def review(found: Numbers, kind: RefundKind, asked_on: date, *, had_before: bool) -> Review:
    """How the institution is asked, by the numbers in force on that day."""
    return Review(
        kind=kind,
        had_before=had_before,
        answer_working_days=found["answer"],
        pay_days_before_start=found["pay-before-start"],
        pay_days=found["pay"],
        cooling_off_days=found["cooling-off"],
        policy_version=f"refunds/{found.version}",
        asked_on=asked_on,
    )
