"""浙澜农村商业银行: ISO 20022 camt.053.001.08, a ``Stmt`` an account that moved.

The one rule: only booked entries (``Sts/Cd`` = BOOK) count; the balance after each is the opening balance plus what
came before it, and must lead to the closing balance. A row is the line on which it stands; where a bank sends all of it
in one line, they are counted on from there, for no two rows may be taken for one.
"""

from __future__ import annotations

from datetime import date
from typing import TypeAlias, cast

from lxml import etree

from mingjing_funds.sources import cells
from mingjing_funds.sources.kept_aside import BalancesDisagree, BalanceUnknown, KeptAside, RowUnusable, XmlUnreadable
from mingjing_funds.sources.statement import ZHELAN, BankLine, Statement, yuan
from mingjing_funds.sources.unreadable import why_of_message
from mingjing_kernel.state import changed

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"
_NS = {"c": NAMESPACE}
_NOT_PROVIDED = "NOTPROVIDED"
Places: TypeAlias = dict[etree._Element, int]


def parsed(data: bytes) -> etree._Element:
    """The message as a tree. Entities and network access are off: a bank's file has no need of them."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    try:
        return etree.fromstring(data, parser)
    except etree.XMLSyntaxError as broken:
        line, column = broken.position
        raise XmlUnreadable(line=line, column=column, why=why_of_message(broken)) from broken


def read(message: etree._Element) -> Statement:
    """The statement in a parsed message."""
    lines: list[BankLine] = []
    kept: list[KeptAside] = []
    places = _places(message)
    for statement in message.iterfind(".//c:Stmt", _NS):
        found, aside = _account(statement, places)
        lines += found
        kept += aside
    created = _text(message, ".//c:GrpHdr/c:CreDtTm")
    booked_on = date.fromisoformat(created[:10]) if created else None
    return Statement(bank=ZHELAN, booked_on=booked_on, lines=tuple(lines), kept_aside=tuple(kept))


def _places(message: etree._Element) -> Places:
    """A row number for each account and entry, none twice. Beyond line 65,535 the parser counts no further."""
    places: Places = {}
    last = 0
    for element in message.iter(f"{{{NAMESPACE}}}Stmt", f"{{{NAMESPACE}}}Ntry"):
        last = max(cast("int | None", element.sourceline) or 0, last + 1)
        places[element] = last
    return places


def _account(statement: etree._Element, places: Places) -> tuple[list[BankLine], list[KeptAside]]:
    lines: list[BankLine] = []
    kept: list[KeptAside] = []
    line = places[statement]
    number = _text(statement, "c:Acct/c:Id/c:Othr/c:Id")
    try:
        account = cells.account_number(number)
        running = _balance(statement, "OPBD")
        closing = _balance(statement, "CLBD")
    except RowUnusable as reason:
        return [], [KeptAside(row=line, written={"Stmt/Acct/Id": number}, reason=reason)]
    booked = [entry for entry in statement.iterfind("c:Ntry", _NS) if _text(entry, "c:Sts/c:Cd") == "BOOK"]
    unread: list[int] = []
    for at, entry in enumerate(booked):
        try:
            lines.append(_entry(entry, places[entry], account, running))
            running = lines[-1].balance_fen
        except RowUnusable as reason:
            unread.append(at)
            kept.append(_kept(entry, places[entry], reason))
    if unread:
        return _around(booked, lines, unread, closing), [*kept, *_between(booked, unread, places)]
    if running != closing:
        disagree = BalancesDisagree(account=account, reached=yuan(running), stated=yuan(closing))
        kept.append(KeptAside(row=line, written={"CLBD": str(closing)}, reason=disagree))
    return lines, kept


def _around(booked: list[etree._Element], lines: list[BankLine], unread: list[int], closing: int) -> list[BankLine]:
    """The lines before the first unreadable entry, with the balances to which the opening leads, and those after the
    last one, with the balances that lead to the closing: as they will stand in the corrected statement.
    """
    first, after = unread[0], len(booked) - 1 - unread[-1]
    tail: list[BankLine] = []
    for line in reversed(lines[len(lines) - after :]):
        tail.append(changed(line, balance_fen=closing))
        closing -= line.amount_fen
    return [*lines[:first], *reversed(tail)]


def _between(booked: list[etree._Element], unread: list[int], places: Places) -> list[KeptAside]:
    """Of entries between two that cannot be read nobody knows the balance, which is part of what identifies them."""
    inner = range(unread[0] + 1, unread[-1])
    return [_kept(booked[at], places[booked[at]], BalanceUnknown()) for at in inner if at not in unread]


def _kept(entry: etree._Element, row: int, reason: RowUnusable) -> KeptAside:
    written = {"AcctSvcrRef": _text(entry, "c:AcctSvcrRef"), "Amt": _text(entry, "c:Amt")}
    return KeptAside(row=row, written=written, reason=reason)


def _entry(entry: etree._Element, row: int, account: str, before_fen: int) -> BankLine:
    amount = cells.fen(_text(entry, "c:Amt"), "Amt")
    signed = amount if _text(entry, "c:CdtDbtInd") == "CRDT" else -amount
    reference = _text(entry, ".//c:EndToEndId")
    summary = _text(entry, ".//c:Ustrd")
    if reference and reference != _NOT_PROVIDED and reference not in summary:
        summary = f"{summary} {reference}".strip()
    booked = _text(entry, "c:BookgDt/c:DtTm") or _text(entry, "c:BookgDt/c:Dt")
    return BankLine(
        row=row,
        bank=ZHELAN,
        flow=cells.required(_text(entry, "c:AcctSvcrRef"), "AcctSvcrRef"),
        account_number=account,
        booked_at=cells.moment(booked, "BookgDt"),
        amount_fen=signed,
        balance_fen=before_fen + signed,
        summary=summary,
        is_reversal=_text(entry, "c:RvslInd") == "true",
    )


def _balance(statement: etree._Element, code: str) -> int:
    for balance in statement.iterfind("c:Bal", _NS):
        if _text(balance, "c:Tp/c:CdOrPrtry/c:Cd") == code:
            amount = cells.fen(_text(balance, "c:Amt"), f"Bal {code}")
            return amount if _text(balance, "c:CdtDbtInd") == "CRDT" else -amount
    return cells.fen("", f"Bal {code}")


def _text(element: etree._Element, path: str) -> str:
    return (element.findtext(path, default="", namespaces=_NS) or "").strip()
