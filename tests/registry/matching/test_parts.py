"""Names and addresses are cut the same however a clerk wrote them."""

from __future__ import annotations

import pypinyin
import pytest

from mingjing_kernel.spelling.address_parts import address_parts, number
from mingjing_kernel.spelling.places import places
from mingjing_registry.matching.name_parts import name_parts
from mingjing_registry.matching.pinyin import syllables


@pytest.mark.parametrize(
    ("name", "core", "trade", "which"),
    [
        ("杭州西湖区木铎轩书画培训学校有限公司", "木铎轩", "书画", ""),
        ("木铎轩书画培训", "木铎轩", "书画", ""),
        ("南京市玄武区木铎轩第二书画培训学校", "木铎轩", "书画", "2"),
        ("杭州木铎轩书画培训学校（城西校区）", "木铎轩", "书画", "城西"),
        ("北京海淀区温斯顿英语培训中心", "温斯顿", "英语", ""),
    ],
)
def test_a_name_is_cut_into_brand_trade_and_which(name: str, core: str, trade: str, which: str) -> None:
    parts = name_parts(name)
    assert (parts.core, parts.trade, parts.which) == (core, trade, which)


def test_a_place_is_cut_off_only_where_it_is_one() -> None:
    assert places().heading("浙江省杭州市西湖区木铎轩").rest == "木铎轩"
    assert places().heading("浙江省杭州市西湖区木铎轩").county == "330106"
    # 西湖 alone may be a brand; behind its city it is the district.
    assert places().heading("西湖木铎轩").rest == "西湖木铎轩"
    assert places().heading("杭州西湖木铎轩").rest == "木铎轩"


@pytest.mark.parametrize(
    "address",
    [
        "西湖区三墩镇莲花街123号商铺21号",
        "浙江省杭州市西湖区三墩镇莲花街123号商铺21",
        "三墩镇莲花街一百二十三号 商铺21号",
    ],
)
def test_spellings_of_one_address_are_one_room(address: str) -> None:
    assert address_parts(address).at_house == "莲花街123"
    assert address_parts(address).at_room == "莲花街123//21"


def test_an_address_that_says_nothing_agrees_with_nothing() -> None:
    assert (address_parts("").at_house, address_parts("").at_room) == ("", "")
    assert address_parts("某处").at_room == ""


def test_numerals() -> None:
    assert [number(text) for text in ("二十三", "十", "一百二十三", "7", "")] == ["23", "10", "123", "7", ""]


def test_a_homophone_sounds_the_same_and_dialects_are_forgiven() -> None:
    table = syllables()
    assert table.spelt("木铎轩") == table.spelt("目夺宣") == "muduoxuan"
    assert table.sounds_of("张林")[0] == table.sounds_of("脏令")[0]
    assert table.sounds_of("张林")[1] == table.sounds_of("脏令")[1]


def test_our_readings_are_those_of_the_dictionary() -> None:
    text = "明德启航博雅文华木铎轩羲和园一苇堂荻花鼓瑟温斯顿"
    assert [syllables().spelt(one) for one in text] == [found[0] for found in pypinyin.pinyin(list(text), style=0)]
