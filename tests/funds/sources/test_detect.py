"""Files as they come: real ones from the sample county, and broken ones."""

from __future__ import annotations

import io
import zipfile
from datetime import date

import pytest

from mingjing.county import County
from mingjing_funds.sources.detect import Kind, Source, read, reread
from mingjing_funds.sources.kept_aside import (
    CellOverlong,
    CellTooLong,
    FileEmpty,
    LayoutUnknown,
    NumberDamaged,
    RowBroken,
    RowsMissing,
    SheetUnknown,
    SheetUnreadable,
    TextUndecodable,
    WorkbookTooLarge,
    WorkbookUnreadable,
    XmlUnreadable,
)
from mingjing_funds.sources.unreadable import Why
from mingjing_kernel.refusal import Refusal
from mingjing_kernel.text import render, translation


def sent(path: str) -> bytes:
    with County() as county:
        return county.read(path)


def statement(path: str) -> Source:
    return read(sent(f"bank/{path}"))


def test_a_reversal_is_a_negative_amount_in_the_same_column() -> None:
    found = statement("湖畔商业银行/HP20260509_专户流水.csv")
    reversal = next(line for line in found.rows if line.is_reversal)
    assert (reversal.amount_fen, reversal.flow) == (1_384_37, "HP202605090000003")


def test_a_file_that_breaks_off_says_where_and_how_much_is_missing() -> None:
    found = statement("湖畔商业银行/HP20260520_专户流水.csv")
    assert [(kept.row, type(kept.reason)) for kept in found.kept_aside] == [(15, RowBroken), (2, RowsMissing)]
    assert (len(found.rows), found.missing, found.booked_on) == (11, 6, date(2026, 5, 20))
    assert "对方户名" not in found.kept_aside[0].written


def test_a_file_sent_again_says_the_same() -> None:
    first = statement("武林城市商业银行/托管账户流水_2026-04-10.xlsx")
    again = statement("武林城市商业银行/托管账户流水_2026-04-10(补发).xlsx")
    assert [line.digest() for line in first.rows] == [line.digest() for line in again.rows]


def test_a_decimal_comma_is_read_and_remarked() -> None:
    found = statement("武林城市商业银行/托管账户流水_2026-06-09.xlsx")
    line = next(line for line in found.rows if line.flow == "WL202606090000005")
    assert (line.amount_fen, bool(line.remark)) == (1_800_00, True)


def test_a_message_leads_from_its_opening_to_its_closing_balance() -> None:
    found = statement("浙澜农村商业银行/camt053_ZZZLCN2H_20260113.xml")
    assert found.kept_aside == ()
    first = found.rows[0]
    assert (first.amount_fen, first.balance_fen, first.reference()) == (-3_539_39, 75_843_75, "ZL2026011201010")


def test_a_damaged_account_number_is_completed_only_when_one_number_fits() -> None:
    data = sent("bank/预收费托管账户清单_20260630.xlsx")
    assert [type(kept.reason) for kept in read(data).kept_aside] == [NumberDamaged] * 3
    known = ["880100000001452735", "6299000000001611908", "6299000000001619999", "6299000000001959017"]
    found = read(data, known)
    assert {line.matched_from for line in found.rows} == {"", "880100000001452000", "6299000000001950000"}
    assert len(found.kept_aside) == 1


def test_a_kept_aside_row_is_read_again_with_its_correction() -> None:
    found = read(sent("lessons/课消明细_第11周_20260311-20260317.csv"))
    kept = found.kept_aside[0]
    assert kept.written["上课日期"] == "2026-13-05"
    mended = reread(Kind.LESSONS, {**kept.written, "上课日期": "2026-03-13"})
    assert mended.held_on == date(2026, 3, 13)


def test_a_statement_line_survives_being_written_and_read() -> None:
    line = statement("武林城市商业银行/托管账户流水_2026-01-05.xlsx").rows[0]
    assert reread(Kind.STATEMENT, line.written()).digest() == line.digest()


def test_names_and_numbers_of_families_are_read_and_not_kept_beside_the_row() -> None:
    found = read(sent("orders/合同台账_全量_20260630.csv"))
    assert not {"学员", "监护人", "监护人手机"} & set(found.cells[2])
    family = found.rows[0].family
    assert (family.pupil.name, family.guardian.name, family.guardian.phone) == ("武玲帆", "段宇", "19900000686")
    assert not [mark for mark in ("武玲帆", "段宇", "19900000686") if mark in repr(found.rows[0])]


def test_a_name_that_is_none_keeps_the_row_aside() -> None:
    table = (
        "合同编号,机构编码,学员,监护人,课程,课时数,赠送课时,合同金额,开课日期,有效期至,签订时间,期初已消课时,合同文本\n"
        f"HT1,JG1,{'长' * 101},段宇,书法,24,0,1.00,2026-06-20,2026-09-10,2026-06-10 10:00:00,0,示范文本\n"
    )
    (kept,) = read(table.encode()).kept_aside
    assert (type(kept.reason), kept.reason.values["column"]) == (CellOverlong, "学员")
    assert not {"学员", "监护人"} & set(kept.written)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", FileEmpty),
        (b"\xff\xff\xff,\x00", TextUndecodable),
        (b"a,b,c\n1,2,3\n", LayoutUnknown),
        (b"PK\x03\x04 not a workbook", WorkbookUnreadable),
        (b"<Document><open>", XmlUnreadable),
        (b"<Document/>", LayoutUnknown),
        (b'a,b\n1,2\n3,"' + b"x" * 200_000, CellTooLong),
        (b"PK" + b"\x00" * 100, WorkbookUnreadable),
        (b"\xd0\xcf\x11\xe0" + b"\x00" * 600, WorkbookUnreadable),
    ],
)
def test_a_file_that_cannot_be_read_says_why(data: bytes, reason: type[Refusal]) -> None:
    with pytest.raises(reason) as caught:
        read(data)
    assert type(caught.value) is reason
    said = render(caught.value.sentence, caught.value.values, "mingjing_funds")
    assert said.zh != said.en
    for why in Why:
        assert why not in said.zh


def test_every_reason_is_translated() -> None:
    assert [why for why in Why if translation(why, "mingjing_funds") is None] == []


def test_a_cell_without_end_is_found_in_its_line() -> None:
    with pytest.raises(CellTooLong) as caught:
        read(b'a,b\n1,2\n3,"' + b"x" * 200_000)
    assert caught.value.values["line"] == 3


def test_a_damaged_sheet_is_named() -> None:
    data, broken = sent("bank/预收费托管账户清单_20260630.xlsx"), io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as whole, zipfile.ZipFile(broken, "w") as copy:
        for name in whole.namelist():
            content = whole.read(name)
            copy.writestr(name, content[: len(content) // 2] + b"<" if name.endswith("sheet1.xml") else content)
    with pytest.raises(SheetUnreadable) as caught:
        read(broken.getvalue())
    assert caught.value.values["sheet"]
    assert caught.value.values["why"] is Why.DAMAGED


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        (b" " * 201_000_000, WorkbookTooLarge),
        (b'<worksheet><row><c r="A1"><v>1</v></c><c r="XFD1048576"><v>1</v></c></row></worksheet>', WorkbookTooLarge),
    ],
    ids=["unpacks to a great deal", "one stray cell in the last corner"],
)
def test_what_would_take_all_memory_is_refused(page: bytes, reason: type[Refusal]) -> None:
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", page)
    for before in (b"", b"PK\x00\x00", b"\xd0\xcf\x11\xe0"):
        with pytest.raises(reason):
            read(before + bomb.getvalue())


def test_a_workbook_of_something_else_names_its_sheets() -> None:
    data = sent("registry/01-西湖区校外培训机构白名单（2026年6月）.xlsx")
    with pytest.raises(SheetUnknown) as caught:
        read(data)
    assert "白名单" in str(caught.value)
    assert zipfile.is_zipfile(io.BytesIO(data))
