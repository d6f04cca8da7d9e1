import contextlib
import io
from collections.abc import Sequence
from datetime import date

import pytest
import xlsxwriter  # type: ignore[import-untyped]
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import uscc

from mingjing_registry.domain.kept_aside import Cell
from mingjing_registry.domain.refusals import FileTooLarge, FileUnreadable, LayoutUnknown, TableMissing
from mingjing_registry.sources.divisions import division
from mingjing_registry.sources.guess import guess
from mingjing_registry.sources.layout import header_of
from mingjing_registry.sources.numbers import is_uscc
from mingjing_registry.sources.problems import RULES, explained
from mingjing_registry.sources.register_file import ParsedFile, parse
from mingjing_registry.sources.rows import InstitutionRow, NoticeRow, corrected, examine
from mingjing_registry.sources.workbook import read_workbook

XIHU = division()
HEADER = ["序号", "机构名称", "统一社会信用代码", "办学许可证号", "发证日期", "有效期至", "负责人", "电话", "地址"]
MUDUO = [
    *(1, "杭州木铎轩书画培训学校有限公司", "91330106MA00001B3D", "教民133010670000016", "2019-06-07", "2028-06-07"),
    *("范杰俊", "19900004241", "西湖区三墩镇莲花街123号商铺21号"),
]
JIYANG = [
    *(2, "杭州市西湖区击壤屿培训学校", "52330106MJ00001U19", "教民133010670000026", "2023-06-21", "2028-06-21"),
    *("范伟刚", "19900007256", "西湖区灵隐街道三墩街573号瑞禾广场A座505室"),
]


def sheet(*rows: Sequence[object], hidden: int | None = None, merged: tuple[int, int, str] | None = None) -> bytes:
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    page = book.add_worksheet("名单")
    for at, row in enumerate(rows):
        page.write_row(at, 0, row)
    if hidden is not None:
        page.set_row(hidden - 1, None, None, {"hidden": True})
    if merged is not None:
        page.merge_range(merged[0] - 1, 0, merged[1] - 1, 0, merged[2])
    book.close()
    return target.getvalue()


def read(*rows: Sequence[object], hidden: int | None = None) -> ParsedFile:
    return parse(sheet(*rows, hidden=hidden), XIHU)


def changed(row: Sequence[object], **cells: object) -> list[object]:
    at = {"name": 1, "uscc": 2, "licence": 3, "issued": 4, "expires": 5, "person": 6, "phone": 7, "sites": 8}
    return [cells.get(next((key for key, n in at.items() if n == index), ""), value) for index, value in enumerate(row)]


def codes(parsed: ParsedFile) -> list[str]:
    return [problem.code for line in parsed.lines for problem in line.problems]


def test_titles_dividers_totals_and_notes_are_no_rows() -> None:
    parsed = read(
        ["西湖区教育局培训机构名单"],
        ["统计截止：2026年6月30日"],
        HEADER,
        MUDUO,
        ["——以上1家为2025年底前登记——"],
        JIYANG,
        ["合计", "", "", "", 2],
        ["注：有效期届满未申请延续的，请及时上报。"],
    )
    assert [line.number for line in parsed.taken] == [4, 6]
    assert [(row.number, row.what) for row in parsed.skipped] == [
        *((1, "title"), (2, "title"), (3, "header"), (5, "divider"), (7, "total"), (8, "note"))
    ]
    assert (parsed.register, parsed.stated_on) == ("education", date(2026, 6, 30))
    assert codes(parsed) == []


def test_a_row_says_who_where_and_until_when() -> None:
    (line, _) = read(HEADER, MUDUO, JIYANG).taken
    assert isinstance(line.row, InstitutionRow)
    assert line.row.particulars.region == "330106109"
    assert line.row.places[0].grid_code.startswith("330106109")
    assert len(line.row.places[0].grid_code) == 15
    assert line.row.terms is not None
    assert line.row.terms.expires_on == date(2028, 6, 7)


def test_a_two_row_header_is_one_header() -> None:
    upper = ["序号", "机构名称", "证照信息", "", "", "", "负责人", "电话", "地址"]
    lower = ["", "", "统一社会\n信用代码", "办学许可证号", "发证日期", "有效期至", "", "", ""]
    parsed = read(upper, lower, MUDUO)
    assert [line.number for line in parsed.taken] == [3]
    assert codes(parsed) == []


def test_a_merged_town_counts_for_every_row_that_it_spans() -> None:
    header = ["镇街", *HEADER[1:]]
    content = sheet(header, ["", *MUDUO[1:]], ["", *JIYANG[1:]], merged=(2, 3, "三墩镇"))
    parsed = parse(content, XIHU)
    assert [(cell.field, cell.text) for line in parsed.lines for cell in line.cells if cell.field == "town"] == [
        ("town", "三墩镇"),
        ("town", "三墩镇"),
    ]
    assert codes(parsed) == ["town-contradicts-address"]


def test_a_hidden_row_is_read_and_reported() -> None:
    parsed = read(HEADER, MUDUO, JIYANG, hidden=3)
    assert [(line.number, [problem.code for problem in line.problems]) for line in parsed.taken] == [
        (2, []),
        (3, ["hidden-row"]),
    ]


def test_what_is_right_is_taken_and_what_is_wrong_is_kept_aside_with_its_remedy() -> None:
    parsed = read(HEADER, MUDUO, changed(JIYANG, uscc="52330106MJ00001U18"))
    assert [line.number for line in parsed.taken] == [2]
    (aside,) = parsed.kept_aside
    told = explained(aside.problems[0])
    assert (aside.sheet, aside.number, told["field"], told["code"]) == ("名单", 3, "uscc", "uscc-check-digit")
    assert "52330106MJ00001U18" in told["sentence"]
    assert "52330106MJ00001U18" in told["sentence_zh"]
    assert told["remedy_zh"] == "按登记证书填写统一社会信用代码。"


def test_a_kept_row_can_be_mended_from_its_cells() -> None:
    (aside,) = read(HEADER, changed(JIYANG, uscc="")).kept_aside
    mended = corrected(aside.cells, [Cell(field="uscc", text="52330106MJ00001U19")])
    examined = examine("register", mended, XIHU, None)
    assert isinstance(examined.row, InstitutionRow)
    assert examined.problems == ()


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"name": ""}, "name-missing"),
        ({"expires": "长期"}, "date-unreadable"),
        ({"expires": ""}, "date-missing"),
        ({"issued": "2029-01-01"}, "dates-reversed"),
    ],
)
def test_rules_that_keep_a_row_aside(cells: dict[str, object], code: str) -> None:
    (aside,) = read(HEADER, changed(MUDUO, **cells)).kept_aside
    assert [problem.code for problem in aside.problems] == [code]


def test_rows_that_agree_become_one_and_fill_each_others_gaps() -> None:
    parsed = read(HEADER, changed(MUDUO, licence=1.33011e17), MUDUO)
    (line,) = parsed.taken
    assert isinstance(line.row, InstitutionRow)
    assert line.row.terms is not None
    assert line.row.terms.number == "教民133010670000016"
    assert [entry.is_merged for entry in parsed.lines] == [False, True]
    assert codes(parsed) == ["licence-digits-lost", "duplicate-row", "duplicate-row"]


@pytest.mark.parametrize(
    ("cells", "field"),
    [
        ({"phone": "19900000001"}, "phone"),
        ({"person": "某某"}, "legal_representative"),
        ({"name": "杭州别的书画培训学校有限公司"}, "name"),
        ({"licence": "教民133010670000017"}, "licence_number"),
        ({"expires": "2029-06-07"}, "expires_on"),
    ],
)
def test_of_rows_that_disagree_the_second_waits(cells: dict[str, object], field: str) -> None:
    parsed = read(HEADER, MUDUO, changed(MUDUO, **cells))
    assert [line.number for line in parsed.taken] == [2]
    (aside,) = parsed.kept_aside
    assert [(problem.code, problem.field) for problem in aside.problems] == [("contradicts-row", field)]


def test_several_sites_in_one_cell_are_several_sites() -> None:
    cell = "1.西湖区留下街道文三路1号\n2.古荡街道文三路2号；杭州市西湖区蒋村街道文三路3号"
    parsed = read(HEADER, changed(MUDUO, sites=cell))
    assert isinstance(parsed.taken[0].row, InstitutionRow)
    assert [place.address for place in parsed.taken[0].row.places] == [
        "西湖区留下街道文三路1号",
        "西湖区古荡街道文三路2号",
        "西湖区蒋村街道文三路3号",
    ]


def test_an_unknown_town_is_taken_without_a_code() -> None:
    parsed = read(HEADER, changed(MUDUO, sites="西湖区某某镇文三路1号"))
    assert isinstance(parsed.taken[0].row, InstitutionRow)
    assert parsed.taken[0].row.places[0].town_code == ""
    assert codes(parsed) == ["division-unknown"]


def test_a_withdrawn_list_says_how_a_licence_ended() -> None:
    header = [
        "机构名称",
        "统一社会信用代码",
        "原办学许可证号",
        "处理方式",
        "日期",
        "原法定代表人",
        "原联系电话",
        "原办学地址",
    ]
    row = [*MUDUO[1:4], "自愿注销", "2025.3.23", *MUDUO[6:]]
    parsed = read(header, row, [*JIYANG[1:4], "吊销", "2025-06-11", *JIYANG[6:]], [*row[:3], "不明", *row[4:]])
    ended = [line.row for line in parsed.taken if isinstance(line.row, InstitutionRow)]
    assert [(row.standing, row.standing_since) for row in ended] == [
        ("cancelled", date(2025, 3, 23)),
        ("revoked", date(2025, 6, 11)),
    ]
    assert [problem.code for problem in parsed.kept_aside[0].problems] == ["date-notation", "ending-unreadable"]


def test_notices_are_read_with_names_as_spoken() -> None:
    content = (
        "\ufeff受理日期,机构,事项,起,止,内容,是否公示\r\n"
        "2026-02-06,奇思社科技,搬迁公告,2026-03-13,2026-03-21,迁至新址,是\r\n"
        "2026-02-07,奇思社科技,停课报备,2026-03-13,2026-03-01,停课,是\r\n"
    ).encode()
    parsed = parse(content, XIHU)
    (line,) = parsed.taken
    assert isinstance(line.row, NoticeRow)
    assert (line.row.spoken_name, line.row.notice.matter) == ("奇思社科技", "搬迁公告")
    assert [problem.code for problem in parsed.kept_aside[0].problems] == ["dates-reversed"]


@pytest.mark.parametrize(
    ("content", "where"),
    [
        (b"", "byte 0"),
        (b"PK\x03\x04broken", "byte 0"),
        (b"\xd0\xcf\x11\xe0broken", "byte 0"),
        (b"a,b\x00c", "byte 3"),
        (b"abc\xff\xff", "byte 3"),
        (b'a,b\n"open', "row 2"),
    ],
)
def test_a_file_that_cannot_be_read_says_where_and_why(content: bytes, where: str) -> None:
    with pytest.raises(FileUnreadable) as caught:
        parse(content, XIHU)
    assert caught.value.values["where"] == where
    assert caught.value.values["why"]


def test_a_file_without_a_known_header_is_refused_and_told_of_the_preview() -> None:
    with pytest.raises(LayoutUnknown) as caught:
        parse("姓名,分数\n甲,1\n".encode(), XIHU)
    assert caught.value.values["preview"] == "/imports/previews"
    assert "POST {preview}" in LayoutUnknown.remedy


def test_a_file_without_any_table_is_not_sent_to_the_preview() -> None:
    with pytest.raises(TableMissing):
        parse("只有一句话\n".encode(), XIHU)


def test_a_file_has_a_limit() -> None:
    with pytest.raises(FileTooLarge):
        parse(b"x" * 20_000_001, XIHU)


def test_gb18030_is_read_like_utf8() -> None:
    text = "机构名称,统一社会信用代码\n杭州木铎轩书画培训学校有限公司,91330106MA00001B3D\n"
    assert parse(text.encode("gb18030"), XIHU).lines == parse(text.encode(), XIHU).lines


@given(st.binary(max_size=400))
def test_no_bytes_lead_to_anything_but_rows_or_a_refusal(content: bytes) -> None:
    with contextlib.suppress(FileUnreadable, LayoutUnknown, TableMissing, FileTooLarge):
        parse(content, XIHU)


@given(st.permutations([MUDUO, JIYANG, changed(JIYANG, uscc=""), changed(MUDUO, phone="19900000001")]))
def test_every_row_is_taken_or_merged_or_kept_aside_and_never_lost(rows: list[Sequence[object]]) -> None:
    parsed = read(HEADER, *rows)
    merged = [line for line in parsed.lines if line.is_merged]
    assert len(parsed.taken) + len(parsed.kept_aside) + len(merged) == len(rows)
    assert len({line.row.particulars.uscc for line in parsed.taken if isinstance(line.row, InstitutionRow)}) == 2


def test_every_rule_speaks_two_languages() -> None:
    for code, rule in RULES.items():
        assert rule.en, code
        assert rule.zh, code
        assert bool(rule.remedy_en) == bool(rule.remedy_zh), code


TWO_ROWS = "机构名称,统一社会信用代码,办学许可证,,负责人\n,,编号,有效期止,\n"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("delimiter", ["\t", ";", ","])
def test_a_text_table_is_read_in_whatever_form_an_office_saved_it(encoding: str, delimiter: str) -> None:
    text = f"{TWO_ROWS}杭州木铎轩书画培训学校有限公司,91330106MA00001B3D,教民133010670000016,2028-06-07,范杰俊\n"
    (line,) = parse(text.replace(",", delimiter).encode(encoding), XIHU).taken
    assert isinstance(line.row, InstitutionRow)
    assert line.row.terms is not None
    assert (line.row.terms.number, line.row.terms.expires_on, line.row.particulars.legal_representative) == (
        "教民133010670000016",
        date(2028, 6, 7),
        "范杰俊",
    )


def test_the_same_title_below_another_group_is_another_column() -> None:
    (sheet_read,) = read_workbook(f"{TWO_ROWS}甲,91330106MA00001B3D,1,2028-06-07,乙\n".encode())
    header = header_of(sheet_read)
    assert header is not None
    assert header.labels == ("机构名称", "统一社会信用代码", "办学许可证›编号", "办学许可证›有效期止", "负责人")
    assert (header.first_row, header.depth, header.data_row) == (1, 2, 3)


def test_a_row_of_data_is_no_second_header() -> None:
    (sheet_read,) = read_workbook("机构名称,统一社会信用代码,备注\n甲培训学校,,待办\n".encode())
    header = header_of(sheet_read)
    assert (header.depth if header else 0) == 1


def test_a_guess_says_why_and_a_column_is_guessed_once() -> None:
    text = "单位全称（章）,代码,代码二,手机号码,说明\n" + "".join(
        f"杭州木铎轩书画培训学校有限公司,91330106MA00001B3D,91330106MA00001B3D,1990000{n:04},无\n" for n in range(9)
    )
    (sheet_read,) = read_workbook(text.encode())
    header = header_of(sheet_read)
    assert header is not None
    found = guess(sheet_read, header, {"说明": "remark"})
    assert [(column.field, column.why) for column in found.columns] == [
        ("name", "content"),
        ("uscc", "content"),
        ("", ""),
        ("phone", "content"),
        ("remark", "remembered"),
    ]
    assert (found.kind, found.missing, found.columns[0].samples) == (
        "register",
        (),
        ("杭州木铎轩书画培训学校有限公司",),
    )


@given(st.text(alphabet="0123456789ABCDEFGHJKLMNPQRTUWXYIOZ", min_size=17, max_size=18))
def test_the_check_digit_is_that_of_the_library(code: str) -> None:
    assert is_uscc(code) == uscc.is_valid(code)
