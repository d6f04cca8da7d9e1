"""The sample county week by week: what the funds service is told, exports cut at their dates.

The one rule: nothing is sent before its day. A vendor's export knows the end of every story; a slice holds the rows
whose dates lie in the week, as an export of that week would have.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from mingjing.county.county import FIRST_DAY, County, Delivery, weeks

ORDERS = {
    "contracts": ("合同台账", ("签订时间",)),
    "payments": ("缴费记录", ("缴费时间",)),
    "release-instructions": ("拨付指令", ("指令日期",)),
    "refunds": ("退费申请", ("申请时间", "机构答复日期", "退款日期")),
}
"""Kind of file: a word of its name, and the columns whose dates say in which week a row was news."""
SILENCE_DAYS = 7
"""A refund request that nobody answers counts as agreed after five working days: news again."""
BEGINNING = date(2000, 1, 1)


@dataclass(frozen=True, slots=True)
class Posting:
    """One file for ``POST /funds/v1/files/{kind}``."""

    kind: str
    name: str
    data: bytes
    covers_to: date
    delivered_on: date

    @property
    def sender(self) -> str:
        """Whose file it is: each bank has a folder of its own."""
        return self.name.rpartition("/")[0]


def masters() -> list[Posting]:
    """Codes before accounts: a damaged account number is completed from the codes."""
    with County() as county:
        paths = [each.path for each in county.deliveries()]
        codes = next(path for path in paths if "机构编码对照表" in path)
        accounts = next(path for path in paths if "托管账户清单" in path)
        return [
            Posting("vendor-codes", codes, county.read(codes), FIRST_DAY, FIRST_DAY),
            Posting("account-lists", accounts, county.read(accounts), FIRST_DAY, FIRST_DAY),
        ]


def postings() -> Iterator[tuple[date, list[Posting]]]:
    """Each week's end with its files, in the order in which they are sent."""
    with County() as county:
        sent = county.deliveries()
        paths = {kind: next(each.path for each in sent if word in each.path) for kind, (word, _) in ORDERS.items()}
        exports = {kind: county.read(path) for kind, path in paths.items()}
        since = BEGINNING
        for _, until in weeks():
            ready = [each for each in sent if each.kind in ("daily", "weekly") and since < each.covers_to <= until]
            after = until + timedelta(days=1)
            slices = [
                Posting(kind, paths[kind], sliced(exports[kind], columns, since, until), until, after)
                for kind, (_, columns) in ORDERS.items()
            ]
            yield until, [*slices, *(_posting(each, county.read, after) for each in ready)]
            since = until


def sliced(data: bytes, columns: tuple[str, ...], since: date, until: date) -> bytes:
    """The rows of a CSV with one of these dates after ``since`` and not after ``until``."""
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    at = [rows[0].index(column) for column in columns]
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(rows[0])
    for row in rows[1:]:
        days = [date.fromisoformat(row[index][:10]) for index in at if row[index]]
        if len(columns) > 1:
            days.append(days[0] + timedelta(days=SILENCE_DAYS))
        if any(since < day <= until for day in days):
            writer.writerow(row)
    return ("\ufeff" + out.getvalue()).encode()


def _posting(delivery: Delivery, read: Callable[[str], bytes], after: date) -> Posting:
    kind = "lessons" if delivery.folder == "lessons" else "statements"
    return Posting(kind, delivery.path, read(delivery.path), delivery.covers_to, after)
