from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import uscc

from mingjing_registry.domain.kept_aside import Cell, Problem
from mingjing_registry.domain.particulars import Category, Nature
from mingjing_registry.sources.cells import cell, read_count, read_person_and_phone, read_phones
from mingjing_registry.sources.days import find_day, read_day, read_period
from mingjing_registry.sources.names import read_name
from mingjing_registry.sources.numbers import read_licence_number, read_uscc
from mingjing_registry.sources.trades import read_items, read_nature

GOOD = "91330106MA00001B3D"


class Reported(list[Problem]):
    @property
    def codes(self) -> list[str]:
        return [problem.code for problem in self]


@pytest.fixture
def reported() -> Reported:
    return Reported()


def text(value: str) -> Cell:
    return Cell(field="x", text=value)


@pytest.mark.parametrize(
    ("written", "read", "code"),
    [
        ("2020-08-26", date(2020, 8, 26), None),
        ("2019/12/2", date(2019, 12, 2), "date-notation"),
        ("2021.3.2", date(2021, 3, 2), "date-notation"),
        ("2019年2月9日", date(2019, 2, 9), "date-notation"),
        ("２０２１－１２－２７", date(2021, 12, 27), "date-notation"),
        ("23.10.30", date(2023, 10, 30), "two-digit-year"),
        ("45630", date(2024, 12, 4), "date-serial"),
        ("99999", None, "date-unreadable"),
        ("2021-02-30", None, "date-unreadable"),
        ("长期", None, "date-unreadable"),
        ("", None, None),
    ],
)
def test_a_day_is_read_in_every_notation_or_reported(
    reported: Reported, written: str, read: date | None, code: str | None
) -> None:
    assert read_day(text(written), reported.append) == read
    assert reported.codes == ([code] if code else [])


@given(st.dates(date(1990, 1, 1), date(2080, 12, 31)))
def test_every_notation_of_a_day_is_the_same_day(day: date) -> None:
    serial = (day - date(1899, 12, 30)).days
    for written in (f"{day.year}.{day.month}.{day.day}", f"{day.year}年{day.month}月{day.day}日", str(serial)):
        assert read_day(text(written), Reported().append) == day
    assert read_day(cell("x", datetime(day.year, day.month, day.day)), Reported().append) == day  # noqa: DTZ001
    assert read_day(cell("x", float(serial)), Reported().append) == day


@pytest.mark.parametrize("between", ["～", "-", "—", "至", "~"])
def test_a_period_is_two_days_whatever_stands_between(reported: Reported, between: str) -> None:
    for form in ("{}-{:02}-{:02}", "{}.{}.{}", "{}年{}月{}日"):
        written = form.format(2025, 5, 21) + between + form.format(2028, 5, 21)
        assert read_period(text(written), reported.append) == (date(2025, 5, 21), date(2028, 5, 21))
    assert reported == []


def test_half_a_period_is_reported(reported: Reported) -> None:
    assert read_period(text("2025.5.21-"), reported.append) == (None, None)
    assert reported.codes == ["date-unreadable"]


def test_the_day_of_a_list_is_found_in_its_title() -> None:
    assert find_day("填报单位（盖章）：教育局   统计截止：2026年6月30日   共81家") == date(2026, 6, 30)
    assert find_day("无日期") is None


@pytest.mark.parametrize(
    ("written", "read", "code"),
    [
        (GOOD, GOOD, None),
        ("913301 06MA 00001B3D  ", GOOD, "uscc-tidied"),
        ("９１３３０１０６ＭＡ００００１Ｂ３Ｄ", GOOD, "uscc-tidied"),
        ("91330106ma00001b3d", GOOD, "uscc-tidied"),
        ("91330106M\nA00001B3D", GOOD, "uscc-tidied"),
        ("9133O106MA00001B3D", GOOD, "uscc-letters"),
        ("9133010６MA0000IB3D", GOOD, "uscc-letters"),
        ("91330106MA00001B3E", "", "uscc-check-digit"),
        ("91330106MA0000ZB3D", "", "uscc-characters"),
        ("91330106MA00001B3", "", "uscc-length"),
        ("", "", "uscc-missing"),
    ],
)
def test_a_credit_code_is_tidied_or_kept_aside(reported: Reported, written: str, read: str, code: str | None) -> None:
    assert read_uscc(text(written), reported.append) == read
    assert reported.codes == ([code] if code else [])


def test_a_lost_zero_is_suggested_and_never_filled_in(reported: Reported) -> None:
    assert read_uscc(text("91330106MA000D0XN"), reported.append) == ""
    assert reported[0].suggestion == "91330106MA0000D0XN"


@given(st.integers(0, 17), st.sampled_from("0123456789ABCDEFGHJKLMNPQRTUWXY"))
def test_no_single_wrong_character_passes(at: int, wrong: str) -> None:
    spoilt = GOOD[:at] + wrong + GOOD[at + 1 :]
    read = read_uscc(text(spoilt), Reported().append)
    assert read in ("", GOOD)
    assert (read == GOOD) == (spoilt == GOOD)
    assert read == "" or uscc.is_valid(read)


@pytest.mark.parametrize(
    ("value", "read", "code"),
    [
        ("教民133010670000172", "教民133010670000172", None),
        ("3301067000421", "3301067000421", None),
        ("330106202400000035", "330106202400000035", None),
        ("浙文广许330106202300000137", "330106202300000137", None),
        (133010670000038.0, "教民133010670000038", "licence-prefix-restored"),
        ("1.33011E+14", "", "licence-digits-lost"),
        (330106202000000051.0, "", "licence-digits-lost"),
        ("教民1330", "教民1330", "licence-form"),
        ("", "", "licence-missing"),
    ],
)
def test_a_licence_number_only_warns(reported: Reported, value: str | float, read: str, code: str | None) -> None:
    assert read_licence_number(cell("licence_number", value), reported.append) == read
    assert reported.codes == ([code] if code else [])


@given(st.integers(10**15, 10**18 - 1))
def test_digits_that_a_spreadsheet_lost_never_come_back_as_real_ones(number: int) -> None:
    held = cell("licence_number", float(number))
    assert read_licence_number(held, Reported().append) == ""
    assert read_licence_number(Cell(field="licence_number", text=held.text), Reported().append) == ""


@pytest.mark.parametrize(
    ("value", "read", "code"),
    [
        ("19900004241", ("19900004241",), None),
        ("199 0000 7256", ("19900007256",), "phone-tidied"),
        ("0571-00002290/19900002609", ("19900002609", "0571-00002290"), "phone-tidied"),
        ("19900007581\n19900001135", ("19900007581", "19900001135"), "phone-tidied"),
        ("１９９００００５４１９", ("19900005419",), "phone-tidied"),
        ("19900007534(微信同号)", ("19900007534",), "phone-tidied"),
        (19900005087.0, ("19900005087",), "phone-number"),
        ("待定", (), "phone-shape"),
        ("", (), None),
    ],
)
def test_telephones(reported: Reported, value: str | float, read: tuple[str, ...], code: str | None) -> None:
    assert read_phones(cell("phone", value), reported.append) == read
    assert reported.codes == ([code] if code else [])


@pytest.mark.parametrize(
    "written", ["杜敏萱\n19900002742", "杜敏萱，19900002742", "杜敏萱19900002742", "杜敏萱 19900002742"]
)
def test_a_person_and_a_telephone_share_a_cell(reported: Reported, written: str) -> None:
    assert read_person_and_phone(text(written), reported.append) == ("杜敏萱", ("19900002742",))
    assert reported == []


def test_a_name_loses_spaces_and_gives_up_its_former_name(reported: Reported) -> None:
    assert read_name(text("杭州市西湖区\n禾穗塾培训学校  "), reported.append) == ("杭州市西湖区禾穗塾培训学校", ())
    assert read_name(text("杭州谷雨堂有限公司（原杭州澄蓝塾有限公司）"), reported.append) == (
        "杭州谷雨堂有限公司",
        ("杭州澄蓝塾有限公司",),
    )
    assert reported.codes == ["name-tidied", "former-name"]


@pytest.mark.parametrize(
    ("written", "items", "category"),
    [
        ("学科类(数学)", ("数学",), Category.SUBJECT),
        ("文化课", ("文化课",), Category.SUBJECT),
        ("其他非学科", ("其他非学科",), Category.OTHER),
        ("文化艺术类(舞蹈、音乐)", ("舞蹈", "音乐"), Category.ART),
        ("轮滑击剑类", ("轮滑击剑",), Category.SPORT),
        ("棋类类", ("棋",), Category.SPORT),
        ("科技类(科学实验)", ("科学实验",), Category.TECHNOLOGY),
        ("编程培训", ("编程",), Category.TECHNOLOGY),
        ("综合素养类(心智)", ("心智",), Category.OTHER),
    ],
)
def test_the_category_follows_from_the_words(
    reported: Reported, written: str, items: tuple[str, ...], category: Category
) -> None:
    assert read_items(text(written), reported.append) == (items, (category,))
    assert reported == []


def test_an_unknown_item_asks_for_a_look(reported: Reported) -> None:
    assert read_items(text("茶道"), reported.append) == (("茶道",), ())
    assert reported.codes == ["category-unknown"]


def test_the_cell_prevails_over_the_code_but_says_so(reported: Reported) -> None:
    assert read_nature(text("公司(营利性)"), Nature.FOR_PROFIT, reported.append) is Nature.FOR_PROFIT
    assert read_nature(text(""), Nature.NON_PROFIT, reported.append) is Nature.NON_PROFIT
    assert reported == []
    assert read_nature(text("营利"), Nature.NON_PROFIT, reported.append) is Nature.FOR_PROFIT
    assert reported.codes == ["nature-contradicts-code"]


def test_a_rough_head_count_is_a_count_with_a_note(reported: Reported) -> None:
    assert read_count(text("约12人"), reported.append) == 12
    assert read_count(text("17"), reported.append) == 17
    assert read_count(text("若干"), reported.append) is None
    assert reported.codes == ["count-approximate"]
