import pytest

from mingjing_registry.domain.name import brand_of, is_same_name, matches


@pytest.mark.parametrize(
    ("name", "brand"),
    [
        ("杭州西湖区木铎轩书画培训学校有限公司", "木铎轩"),
        ("杭州市西湖区羲和园科技培训中心", "羲和园"),
        ("杭州一苇堂文化艺术有限公司", "一苇堂"),
        ("杭州芷岸跆拳道培训有限公司", "芷岸"),
        ("奇思社科技", "奇思社"),
    ],
)
def test_the_brand_is_what_is_left(name: str, brand: str) -> None:
    assert brand_of(name) == brand


def test_another_legal_form_is_the_same_name_and_another_brand_is_not() -> None:
    assert is_same_name("杭州弦月堂文化艺术", "杭州弦月堂文化艺术有限公司")
    assert is_same_name("杭州荻花园美术艺术培训学校有限公司", "杭州荻花园美术培训学校有限公司")
    assert not is_same_name("杭州鼓瑟糖教育科技有限公司", "杭州鼓瑟堂教育科技有限公司")
    assert not is_same_name("杭州芷岸跆拳道培训有限公司", "杭州芷岸坊音乐培训有限公司")


def test_a_spoken_name_fits_by_degrees() -> None:
    full = "杭州奇思社科技培训学校有限公司"
    assert matches(full, full) == 3
    assert matches("奇思社科技", full) == 2
    assert matches("奇思社教育", full) == 1
    assert matches("奇思舍科技", full) == 0
