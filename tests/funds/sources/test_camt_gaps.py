"""An entry of a camt.053 statement that cannot be read changes no other: corrected, the others are the same entries."""

from __future__ import annotations

from lxml import etree

from mingjing_funds.sources import zhelan
from mingjing_funds.sources.kept_aside import BalancesDisagree, BalanceUnknown

AMOUNTS = ("100.00", "200.00", "300.00", "400.00", "500.00")


def statement(*amounts: str, closing: str = "1500.00") -> etree._Element:
    """Credits on one account, from an opening balance of nothing."""
    entries = "".join(
        f'<Ntry><Amt Ccy="CNY">{amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>'
        f"<BookgDt><DtTm>2026-11-30T09:0{at}:00</DtTm></BookgDt><AcctSvcrRef>R{at}</AcctSvcrRef></Ntry>"
        for at, amount in enumerate(amounts, start=1)
    )
    balances = "".join(
        f"<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt>{amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd></Bal>"
        for code, amount in (("OPBD", "0.00"), ("CLBD", closing))
    )
    account = f"<Acct><Id><Othr><Id>{'1' * 16}</Id></Othr></Id></Acct>"
    body = f'<Document xmlns="{zhelan.NAMESPACE}"><S><Stmt>{account}{balances}{entries}</Stmt></S></Document>'
    return etree.fromstring(body.encode())


def test_entries_behind_an_unreadable_one_are_those_of_the_corrected_statement() -> None:
    whole = {line.flow: line.digest() for line in zhelan.read(statement(*AMOUNTS)).lines}
    for broken in range(len(AMOUNTS)):
        written = [("2OO.00" if at == broken else amount) for at, amount in enumerate(AMOUNTS)]
        found = zhelan.read(statement(*written))
        assert {line.flow: line.digest() for line in found.lines} == {
            flow: digest for flow, digest in whole.items() if flow != f"R{broken + 1}"
        }
        assert len(found.kept_aside) == 1


def test_between_two_unreadable_entries_nobody_knows_a_balance() -> None:
    whole = {line.flow: line.digest() for line in zhelan.read(statement(*AMOUNTS)).lines}
    found = zhelan.read(statement("100.00", "2OO.00", "300.00", "4OO.00", "500.00"))
    assert {line.flow: line.digest() for line in found.lines} == {flow: whole[flow] for flow in ("R1", "R5")}
    assert [type(kept.reason) for kept in found.kept_aside].count(BalanceUnknown) == 1


def test_a_statement_that_does_not_add_up_still_says_so() -> None:
    found = zhelan.read(statement(*AMOUNTS, closing="1500.01"))
    assert [type(kept.reason) for kept in found.kept_aside] == [BalancesDisagree]
    assert len(found.lines) == len(AMOUNTS)


def test_entries_of_a_message_in_one_line_are_rows_of_their_own() -> None:
    found = zhelan.read(statement("100.00", "2OO.00", "300.00", "4OO.00", "500.00"))
    rows = [line.row for line in found.lines] + [kept.row for kept in found.kept_aside]
    assert len(set(rows)) == len(rows) == len(AMOUNTS)
