"""Why a charge is refused: a reason for each rule. The one rule: the first broken rule speaks, with its remedy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from mingjing_funds.domain.charging import ChargeTooHigh, ChargeTooLong, TooManyLessons
from mingjing_funds.domain.charging_checks import Check, Finding
from mingjing_funds.domain.money import yuan
from mingjing_kernel.refusal import Refusal


class MoreThanThreeMonthsHold(Refusal):
    """P4: more lessons than the timetable has in three months."""

    sentence = "The timetable has {allowed} lessons in three months; {found} are charged for."
    remedy = "Charge for the lessons of three months; of the two limits the shorter one binds."
    rule = "P4 (Beijing, Jiangsu)"
    field = "lessons"


class ToppedUpLessons(Refusal):
    """P5: with what is not used yet there are too many lessons."""

    sentence = (
        "With the lessons not yet used the pupil would have {found} in this subject; at most {allowed} may be paid."
    )
    remedy = "Wait until few enough lessons are left, or charge for fewer; charges in a row and cards count as one."
    rule = "P5 (教监管函〔2021〕2号)"
    field = "lessons"


class ToppedUpAmount(Refusal):
    """P5: with what is not used yet it is too much money."""

    sentence = (
        "With what is not yet used the pupil would have ¥{found} paid in this subject; at most ¥{allowed} may be."
    )
    remedy = "Wait until more of it is used, or charge less; charges in a row and cards count as one."
    rule = "P5 (13 部门非学科类培训意见, 2022)"
    field = "price_fen"


class ToppedUpPeriod(Refusal):
    """P5: with what was paid before it is too long a time."""

    sentence = (
        "With what was paid before, {found} days would be paid for; at most {allowed} days (three months) may be."
    )
    remedy = "Let the new period end within three months, or charge when the earlier one is nearly used."
    rule = "P5 (教监管函〔2021〕2号)"
    field = "ends_on"


class ChargedTooEarly(Refusal):
    """P6: more than a month before it begins."""

    sentence = "The lessons begin in {found} days; at most {allowed} days (one month) before may they be charged for."
    remedy = "Charge later."
    rule = "P6 (Beijing, Hainan)"
    field = "starts_on"


class RenewedTooEarly(Refusal):
    """P6: too many lessons are left for a renewal."""

    sentence = "{found} lessons are left of what was paid before; a renewal waits until at most {allowed} are left."
    remedy = "Charge when fewer lessons are left."
    rule = "P6 (Beijing)"
    field = "lessons"


class BeyondLease(Refusal):
    """P7: the site may be gone by then."""

    sentence = "The charge lasts {found} days longer than the lease of the site."
    remedy = "Let the period end with the lease, or file the longer lease with the registry first."
    rule = "P7 (Beijing 2023)"
    field = "ends_on"


class PayeeNotCustody(Refusal):
    """P8: the money would not reach the custody account."""

    sentence = "The fee would not be paid into the institution's own custody account."
    remedy = "Take it by transfer or by the code of the custody account; cash is paid in within three working days."
    rule = "P8 (教监管函〔2021〕2号)"
    field = "payee"


class TrainingLoan(Refusal):
    """P9."""

    sentence = "Tuition may not be paid with a training loan."
    remedy = "Charge only what the family pays itself."
    rule = "P9 (教监管函〔2021〕2号; GF—2021—2604)"
    field = "funding"


class ModelTextMissing(Refusal):
    """P10: not the model contract."""

    sentence = "Neither the model contract nor an approved text was signed."
    remedy = "Sign GF-2021-2604, or a text that the department has approved."
    rule = "P10 (教监管函〔2021〕2号)"
    field = "model_text"


class AbovePublishedPrice(Refusal):
    """P10: dearer than the list."""

    sentence = "The charge is ¥{found}, above the published price of ¥{allowed}."
    remedy = "Charge the published price, or publish the new one first."
    rule = "P10 (教监管函〔2021〕2号)"
    field = "price_fen"


class NextTermNotYet(Refusal):
    """P11: days of a term that has not begun."""

    sentence = "{found} days of a term that has not begun are charged for."
    remedy = "Charge for weekends and holidays of the next term when it has begun."
    rule = "P11 (学科类培训收费规定)"
    field = "ends_on"


class AboveGuidePrice(Refusal):
    """P10: dearer than the government's guide price with its margin."""

    sentence = "The charge is ¥{found}; the guide price with its margin comes to ¥{allowed} for these lessons."
    remedy = "Charge at most the guide price with the margin that the price authority allows."
    rule = "P10 (发改价格〔2021〕1279号)"
    field = "price_fen"


class PaidBeforeTaught(Refusal):
    """P12 spared the charge from the limits of prepayment; then nothing may be prepaid."""

    sentence = "The contract is taught first and paid later: ¥{earned_fen} of lessons were had, ¥{amount_fen} are paid."
    remedy = "Take the money when the lessons have been confirmed; for prepayment sign a contract within its limits."
    rule = "P12 (教监管函〔2021〕2号)"
    field = "amount_fen"


class PaidByTransferOnly(Refusal):
    """It was signed to take the place of another contract, and so was not counted beside it."""

    sentence = "Contract {contract_no} takes the place of another one, whose money pays it."
    remedy = "Transfer what is left of the former contract; for a new charge sign a contract that counts with it."
    rule = "P5 (教监管函〔2021〕2号)"
    field = "contract_id"


REASONS: Mapping[Check, type[Refusal]] = MappingProxyType(
    {
        Check.PERIOD: ChargeTooLong,
        Check.LESSONS: TooManyLessons,
        Check.AMOUNT: ChargeTooHigh,
        Check.SHORTER: MoreThanThreeMonthsHold,
        Check.TOPPED_UP_LESSONS: ToppedUpLessons,
        Check.TOPPED_UP_AMOUNT: ToppedUpAmount,
        Check.TOPPED_UP_PERIOD: ToppedUpPeriod,
        Check.EARLY: ChargedTooEarly,
        Check.RENEWAL: RenewedTooEarly,
        Check.LEASE: BeyondLease,
        Check.PAYEE: PayeeNotCustody,
        Check.LOAN: TrainingLoan,
        Check.TEXT: ModelTextMissing,
        Check.PRICE: AbovePublishedPrice,
        Check.NEXT_TERM: NextTermNotYet,
        Check.GUIDE: AboveGuidePrice,
    }
)
_MONEY = frozenset({Check.AMOUNT, Check.TOPPED_UP_AMOUNT, Check.PRICE, Check.GUIDE})


def forbidden(blocking: Sequence[Finding]) -> Refusal:
    """The refusal of a charge: the first of its blocking findings."""
    first = blocking[0]
    written = yuan if first.check in _MONEY else str
    return REASONS[first.check](found=written(first.measure.found), allowed=written(first.measure.allowed))
