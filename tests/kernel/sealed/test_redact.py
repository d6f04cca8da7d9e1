"""Numbers of persons in free text are masked, and nothing else is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingjing_kernel.sealed.blind import BlindIndex
from mingjing_kernel.sealed.pseudonym import LENGTH, LETTERS, pseudonym
from mingjing_kernel.sealed.redact import is_identity_number, redacted

IDENTITY = "11010519491231002X"
"""The sample of GB 11643."""
phones = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("请回电19912341234，谢谢", "请回电199****1234，谢谢"),
        ("电话：+86 199-1234-1234。", "电话：199****1234。"),
        ("身份证11010519491231002X号", "身份证110***********002X号"),
        ("王小明和王小明", "王**和王**"),
        ("工单330126070100009，单号JF20260105000123", "工单330126070100009，单号JF20260105000123"),
        ("账号6299012345678901234", "账号6299012345678901234"),
        ("110105194912310021 的校验位不对", "110105194912310021 的校验位不对"),
        ("退费5000元，2026-06-28 18:00:37", "退费5000元，2026-06-28 18:00:37"),
    ],
)
def test_what_belongs_to_a_person_is_masked_and_the_rest_stays(text: str, shown: str) -> None:
    assert redacted(text, ("王小明",)) == shown


@given(st.text(alphabet="退费家长回电，。 ", max_size=20), phones, st.text(alphabet="退费家长，。 ", max_size=20))
def test_no_mobile_number_survives_in_any_text(before: str, phone: str, after: str) -> None:
    shown = redacted(f"{before}{phone}{after}")
    assert phone not in shown
    assert redacted(shown) == shown


def test_an_institutions_number_and_a_word_that_is_no_name_stay() -> None:
    assert redacted("家长致电19900004241", ("家长",), keep=("19900004241",)) == "家长致电19900004241"


def test_an_identity_number_has_a_birthday_and_the_right_check_digit() -> None:
    assert is_identity_number(IDENTITY)
    assert not is_identity_number(IDENTITY[:-1] + "1")
    assert not is_identity_number("110105194913310021")


def test_a_pseudonym_is_stable_within_a_case_and_links_nothing_beyond_it() -> None:
    index = BlindIndex(b"k" * 32)
    first = pseudonym(index, "complainant-1", "投诉人")
    assert first == pseudonym(index, "complainant-1", "投诉人")
    others = {pseudonym(index, f"complainant-{number}", "投诉人") for number in range(2, 300)}
    assert first not in others
    assert pseudonym(BlindIndex(b"n" * 32), "complainant-1", "投诉人") != first
    word, _, letters = first.partition("-")
    assert (word, len(letters), set(letters) <= set(LETTERS)) == ("投诉人", LENGTH, True)
