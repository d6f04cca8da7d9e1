"""What a screen shows of a person, and how the person is found without it."""

from __future__ import annotations

import pytest

from mingjing_kernel.sealed import mask_account, mask_id_number, mask_name, mask_phone
from mingjing_kernel.sealed.blind import BlindIndex

INDEX = BlindIndex(b"k" * 32)


@pytest.mark.parametrize(
    ("mask", "value", "shown"),
    [
        (mask_name, "张三丰", "张**"),
        (mask_name, "张三", "张**"),
        (mask_name, " 欧阳锋", "欧**"),
        (mask_name, "", "**"),
        (mask_phone, "19912341234", "199****1234"),
        (mask_phone, "+86 199-1234-1234", "199****1234"),
        (mask_phone, "87654321", "****21"),
        (mask_phone, "12345", "****"),
        (mask_phone, "", "****"),
        (mask_id_number, "33010619900101123X", "330***********123X"),
        (mask_id_number, "1234", "****"),
        (mask_account, "6222 0000 1111 2222", "****2222"),
        (mask_account, "1234", "****"),
    ],
)
def test_a_mask_shows_enough_to_recognise_and_too_little_to_know(mask, value: str, shown: str) -> None:
    assert str(mask(value)) == shown


def test_the_same_person_is_found_however_the_number_is_written() -> None:
    assert INDEX.phone("+86 199-1234-1234") == INDEX.phone("１９９１２３４１２３４") == INDEX.phone("19912341234")
    assert INDEX.id_number("33010619900101123x") == INDEX.id_number(" 33010619900101123X")
    assert INDEX.name("阿 依·古丽") == INDEX.name("阿依古丽")


def test_an_index_says_nothing_across_fields_keys_or_algorithms() -> None:
    value = "19912341234"
    found = {
        INDEX.phone(value),
        INDEX.id_number(value),
        BlindIndex(b"l" * 32).phone(value),
        BlindIndex(b"k" * 32, "sm3").phone(value),
    }
    assert len(found) == 4
    assert all(len(one) == 32 for one in found)
