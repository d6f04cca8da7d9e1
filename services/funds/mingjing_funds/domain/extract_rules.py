"""How an order states its ledger (资金台账): read off its state, changing nothing of it.

The one rule: an order is stated to whoever handles a complaint about its institution. Of any other, as of one that is
not known here, it is said that it is not known.
"""

from __future__ import annotations

from mingjing_funds.domain import contract as c
from mingjing_funds.domain.ledger_extract import (
    LINES_MAX,
    ExtractFigures,
    ExtractLine,
    LedgerExtractStated,
    StateExtract,
)
from mingjing_funds.domain.order_rules import stage


def state(command: StateExtract, contract: c.Contract) -> list[LedgerExtractStated]:
    """The answer; the same request again is a command that was carried out, and no second fact."""
    told = contract if _is_of(command, contract) else c.Unsigned()
    return [
        LedgerExtractStated(
            request_id=command.request_id,
            track_id=command.track_id,
            purpose=command.purpose,
            asked_by=command.asked_by,
            is_known=not isinstance(told, c.Unsigned),
            figures=_figures(told),
            lines=_lines(told)[:LINES_MAX],
            stated_on=command.on,
        )
    ]


def _is_of(command: StateExtract, contract: c.Contract) -> bool:
    """Whether it was signed by the institution that the complaint is about."""
    if command.institution_id is None or not isinstance(contract, c.Signed | c.Paid):
        return False
    return command.institution_id == (contract.terms.institution_id or command.account_institution_id)


def _figures(contract: c.Contract) -> ExtractFigures:
    if isinstance(contract, c.Unsigned):
        return ExtractFigures()
    terms, where = contract.terms, stage(contract)
    used = contract.delivery.used if isinstance(contract, c.Signed | c.Paid) else 0
    figures = ExtractFigures(
        contract_no=terms.contract_no, stage=where.value if where else "", lessons=terms.lessons, used=used,
        price_fen=terms.price_fen,
    )  # fmt: skip
    if not isinstance(contract, c.Paid):
        return figures
    return ExtractFigures(
        contract_no=figures.contract_no,
        stage=figures.stage,
        lessons=figures.lessons,
        used=used,
        price_fen=figures.price_fen,
        paid_fen=contract.paid_fen,
        earned_fen=contract.earned_fen(),
        released_fen=contract.released_fen(),
        refunded_fen=contract.refunded_fen,
        transferred_fen=contract.life.transferred_fen,
        remaining_fen=contract.remaining_fen(),
        promised_fen=contract.promised_fen(),
        is_disputed=contract.is_disputed(),
    )


def _lines(contract: c.Contract) -> tuple[ExtractLine, ...]:
    if not isinstance(contract, c.Paid):
        return ()
    paid = ExtractLine(
        kind="payment", reference=contract.payment_no, amount_fen=contract.paid_fen, standing="paid",
        on=contract.paid_on,
    )  # fmt: skip
    refunds = (
        ExtractLine(
            kind="refund",
            reference=one.refund_no,
            amount_fen=one.amount_fen,
            standing=one.standing.value,
            on=one.pay_by,
        )
        for one in contract.refunds.values()
    )
    releases = (
        ExtractLine(
            kind="release", reference=number, amount_fen=share.amount_fen,
            standing="taken-back" if share.is_taken_back else "released", on=None,
        )
        for number, share in contract.life.shares.items()
    )  # fmt: skip
    moved = (
        ExtractLine(kind="transfer", reference=to, amount_fen=fen, standing="transferred", on=None)
        for to, fen in ((contract.life.transferred_to, contract.life.transferred_fen),)
        if fen
    )
    return (paid, *refunds, *releases, *moved)
