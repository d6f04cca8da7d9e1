"""People who do not exist, and the files and requests that they are sent in with: for the search for leaks."""

from __future__ import annotations

import io
import json
import random
from datetime import timedelta
from typing import Any

import xlsxwriter  # type: ignore[import-untyped]

from mingjing_inspection.sources.layout import HOTLINE_12345, MARKET_12315
from mingjing_kernel.clock import SHANGHAI, system_clock
from mingjing_kernel.sealed.redact import is_identity_number

STATEMENT_HEADER = "序号,交易日期,交易时间,账号,户名,借方发生额,贷方发生额,账户余额,对方户名,对方账号,摘要,流水号"
CONTRACTS_HEADER = (
    "合同编号,机构编码,学员,学员身份证号,监护人,监护人手机,监护人身份证号,课程,课时数,赠送课时,"
    "合同金额,开课日期,有效期至,签订时间,期初已消课时,合同文本"
)
CODES = "机构编码,机构名称,统一社会信用代码,监管专户\n{code},木铎轩,,\n"
PAYMENTS_HEADER = "缴费单号,合同编号,缴费时间,金额,支付方式,状态"
REFUNDS_HEADER = "退费单号,合同编号,申请时间,退费原因,申请金额,机构答复日期,状态,退款日期,退款金额"
LESSONS_HEADER = "课消编号,机构编码,合同编号,学员,上课日期,开始,结束,课时,类型,教师,状态,确认方式,确认时间"


class Marks:
    """People who do not exist, each with a name, a telephone and an identity number that nothing else can contain."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)
        self.all: dict[str, str] = {}
        """Every mark and where it was sent in."""

    def name(self, way: str) -> str:
        letters = [chr(self._chance.randrange(0x4E00, 0x9FA5)) for _ in range(4)]
        return self._mark("".join(letters), way)

    def phone(self, way: str) -> str:
        return self._mark(f"199{self._chance.randrange(10**7, 10**8)}", way)

    def identity(self, way: str) -> str:
        while True:
            born = f"330106{self._chance.randrange(1950, 2018)}0{self._chance.randrange(1, 10)}"
            number = f"{born}{self._chance.randrange(10, 28)}{self._chance.randrange(100, 1000)}"
            found = next((number + last for last in "0123456789X" if is_identity_number(number + last)), None)
            if found:
                return self._mark(found, way)

    def person(self, way: str) -> dict[str, str]:
        return {"name": self.name(f"{way}: name"), "phone": self.phone(f"{way}: phone")}

    def words(self, way: str) -> str:
        """A text that names telephone and identity number."""
        return f"木铎轩不退费，联系{self.phone(f'{way}: text')}，身份证{self.identity(f'{way}: text')}。"

    def found_in(self, where: str, content: bytes) -> list[str]:
        """What of the marks stands in some bytes."""
        return [f"{way} stands in {where}" for mark, way in self.all.items() if any(f in content for f in forms(mark))]

    def _mark(self, mark: str, way: str) -> str:
        self.all[mark] = way
        return mark


def forms(mark: str) -> set[bytes]:
    """How a mark may be written down: as text, in JSON, as the hexadecimal digits of a bytea."""
    text = mark.encode()
    escaped = json.dumps(mark).strip('"').encode()
    return {text, mark.encode("gb18030"), mark.encode("utf-16-le"), escaped, text.hex().encode()}


def today() -> str:
    return day(-1)


def day(later: int) -> str:
    return str((system_clock().astimezone(SHANGHAI) + timedelta(days=later)).date())


def complaint(marks: Marks, way: str) -> dict[str, Any]:
    return {
        "number": f"33012607{len(marks.all):07d}",
        "channel": "SUPERVISION_PHONE",
        "received_at": (system_clock() - timedelta(hours=1)).isoformat(),
        "declared": "投诉",
        "title": f"退费 {marks.phone(f'{way}: title')}",
        "text": marks.words(way),
        "respondent": f"木铎轩 {marks.phone(f'{way}: respondent')}",
    }


def hotline(marks: Marks, number: str, way: str, **cells: str) -> list[str]:
    row = {
        "number": number,
        "received_at": "2026-06-28 18:00:37",
        **marks.person(way),
        "declared": "投诉",
        "title": f"退费 {marks.phone(f'{way}: title')}",
        "text": marks.words(way),
        "place": "莲花街",
        "respondent": "",
        "department": "",
        "due_on": "2026-07-03",
        "status": "办理中",
        "result": "",
    } | cells
    return [row[field] for field in HOTLINE_12345.fields]


def workbook(rows: list[list[str]]) -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        sheet = book.add_worksheet("工单列表")
        for at, row in enumerate([list(HOTLINE_12345.fields.values()), *rows]):
            for column, cell in enumerate(row):
                sheet.write_string(at, column, cell)
    return buffer.getvalue()


def market(marks: Marks, way: str, money: str = "10.00") -> str:
    person = marks.person(way)
    row = {
        "number": f"13301060020260{len(marks.all):06d}",
        "received_at": "2026-06-28 18:00:37",
        "name": person["name"],
        "phone": person["phone"],
        "declared": "投诉",
        "respondent": "木铎轩",
        "text": marks.words(way),
        "request": f"回电{marks.phone(way)}",
        "claimed": money,
    }
    return ",".join(row.get(field, "") for field in MARKET_12315.fields)


def people(marks: Marks, way: str) -> str:
    """The five cells of a family."""
    child, guardian = f"{way}: child", f"{way}: guardian"
    pupil = f"{marks.name(child)},{marks.identity(child)}"
    return f"{pupil},{marks.name(guardian)},{marks.phone(guardian)},{marks.identity(guardian)}"


def contract(marks: Marks, way: str, price: str = "2999.00", number: str = "", family: str = "", code: str = "") -> str:
    number = number or f"HT00001-2606-{len(marks.all):03d}"
    course = f"编程 {marks.phone(f'{way}: course')}"
    return (
        f"{number},{code or 'JG00001'},{family or people(marks, way)},{course},24,0,{price},"
        f"{today()},{day(60)},{today()} 10:00:00,0,示范文本"
    )


def lesson(marks: Marks, way: str, state: str = "待确认", number: str = "HT00001-2606-001") -> str:
    return (
        f"KX26{len(marks.all):011d},JG00001,{number},{marks.name(way)},{today()},08:30,10:00,1,正课,罗凯,{state},"
        f"家长{marks.phone(f'{way}: how')},"
    )
