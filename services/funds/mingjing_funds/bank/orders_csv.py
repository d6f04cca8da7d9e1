"""Payment instructions as a table (付款指令表): for a bank that takes no XML, CSV in UTF-8 with BOM.

The one rule: the same items in the same order as the message, one line each, and a last line with their sum.
"""

from __future__ import annotations

import csv
import io

from mingjing_funds.bank.pain001 import purpose
from mingjing_funds.bank.port import Outgoing
from mingjing_funds.sources.statement import yuan

COLUMNS = (
    "指令号",
    "付款账号",
    "付款户名",
    "收款账号",
    "收款户名",
    "金额",
    "用途",
    "执行日期",
)
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def written(outgoing: Outgoing) -> bytes:
    """The table. A text that a spreadsheet would take for a formula is written with a quotation mark before it."""
    page = io.StringIO()
    lines = csv.writer(page, lineterminator="\r\n")
    lines.writerow(COLUMNS)
    for item in outgoing.batch.items:
        texts = (item.number, item.account_number, item.account_name, item.payee_account, item.payee_name)
        day = outgoing.batch.execute_on.isoformat()
        lines.writerow((*map(plain, texts), yuan(item.amount_fen), purpose(item), day))
    total = sum(item.amount_fen for item in outgoing.batch.items)
    lines.writerow(("合计", f"{len(outgoing.batch.items)}笔", "", "", "", yuan(total), "", ""))
    return page.getvalue().encode("utf-8-sig")


def plain(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text
