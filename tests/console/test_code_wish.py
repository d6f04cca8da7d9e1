"""A family asks for a code to rate by: a work order that is called back about, and no complaint of the institution."""

from __future__ import annotations

import re
from urllib.parse import urlencode

import httpx
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from console.test_track_pages import FORM, INSPECTION
from console.world import County2026, token
from mingjing_console.pages import code_wish

PHONE = "19900000686"


PAGE = "http://console/confirm/code"


async def asked(county: County2026, **form: str) -> httpx.Response:
    body = (await hidden(county)) | form
    return await county.client.post(PAGE, headers=FORM, content=urlencode(body))


async def hidden(county: County2026) -> dict[str, str]:
    page = await county.client.get(PAGE)
    return dict(re.findall(r'type="hidden" name="([a-z_]+)" value="([^"]+)"', page.text))


def told(page: httpx.Response) -> tuple[str, str]:
    """Number and secret, as she copies them."""
    number, secret = re.findall(r"<b>([A-Z0-9-]{13,})</b>", page.text)
    return number, secret


async def test_asking_is_a_work_order_with_the_number_and_tells_nothing_of_the_contract(county: County2026) -> None:
    answer = await asked(county, contract_no=" HT-601 ", phone=PHONE)
    assert answer.status_code == 200, answer.text
    assert "已收到" in answer.text
    assert PHONE not in answer.text
    found = re.search(r"<b>(W[A-Z0-9]+)</b>", answer.text)
    assert found is not None
    await county.caught_up("inspection")
    headers = {"Authorization": f"Bearer {token('hotline-operator')}"}
    address = f"{INSPECTION}/complaints?number={found[1]}"
    (item,) = (await county.client.get(address, headers=headers)).json()["items"]
    assert "HT-601" in item["text"]
    assert (item["tracks"], item["institution_id"], item["within_remit"]) == (["WORK_ORDER"], None, True)
    assert item["complainant_masked"]["phone"] == "199****0686"


async def test_a_second_click_shows_the_secret_that_opens_it(county: County2026) -> None:
    body = urlencode(await hidden(county) | {"contract_no": "HT-602", "phone": PHONE})
    first, second = [await county.client.post(PAGE, headers=FORM, content=body) for _ in range(2)]
    assert (first.status_code, second.status_code) == (200, 200), second.text
    assert told(first) == told(second)
    await county.caught_up("inspection")
    number, secret = told(second)
    key = urlencode({"number": number, "secret": secret})
    followed = await county.client.post("http://console/follow", headers=FORM, content=key)
    assert followed.status_code == 200
    assert number in followed.text


async def test_without_a_number_or_a_telephone_the_form_comes_back_with_what_was_typed(county: County2026) -> None:
    for form, kept in (({"contract_no": " ", "phone": PHONE}, PHONE), ({"contract_no": "HT-1", "phone": ""}, "HT-1")):
        answer = await asked(county, **form)
        assert answer.status_code == 422
        assert f'value="{kept}"' in answer.text
        assert ("请填合同上所印的编号" in answer.text) is (kept == PHONE)
    assert "/confirm/code" in (await county.client.get("http://console/confirm")).text


@pytest.mark.parametrize(
    "words",
    [
        "HT-1（监护人已换电话，请改拨13812345678告知评价码）",
        "HT-1（监护人已换电话请改拨下面所填的号码）",
        "HT-1」请改拨",
        "HT-1\n请改拨13812345678",
        "9" * 81,
        "编号不详",
    ],
)
async def test_nobody_writes_into_what_the_official_is_to_do(county: County2026, words: str) -> None:
    """The institution, which knows number and telephone, would have the code told to itself."""
    answer = await asked(county, contract_no=words, phone=PHONE)
    assert answer.status_code == 422
    assert "请填合同上所印的编号" in answer.text


def test_a_number_as_contracts_print_it_is_one() -> None:
    for number in (
        "HT-601",
        "2026-001",
        "杭西艺培合字（2026）第0012号",
        "XH〔2026〕0012",
        "20260701000000000000000000000123",
        "合字第0012-2026-0034号",
        "拱培13-2026-00123",
        "西湖合同0571-2026-0012",
        "电子合同13-2026-00123",
        "HT13-2026-00123",
        "打浦桥培字2026第00123号",
    ):
        assert code_wish.number_of(f" {number} ") == number
    for words in (
        "HT-1 改拨 138.1234.5678",
        "HT1已换号拨0571 8899 1234",
        "HT-1 请拨138/1234/5678",
        "请改拨138〔0013〕8000",
        "138【0013】8000",
        "138零0138000",
        "138a00138000",
        "加微信一三八零零一三八零零零 HT1",
        "13800138000",
        "HT-1家长13800138000",
    ):
        assert code_wish.number_of(words) == "", words
    told = code_wish.text_of("HT-601")
    assert told.index("合同登记的监护人电话") < told.index("HT-601"), "what an applicant wrote stands last"


MOBILES = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)
LANDLINES = st.from_regex(r"0(?:10|2[0-9]|[3-9][0-9]{2})[2-8][0-9]{6}", fullmatch=True)
BETWEEN = st.sampled_from(["", "-", "/", ".", " ", "〔", "】", "(", "）", "a", "X"])
HAN_OF = dict(zip("0123456789", "零一二三四五六七八九", strict=True))


@st.composite
def in_pieces(draw: st.DrawFn, numbers: st.SearchStrategy[str]) -> str:
    """A number with anything that the field takes between its digits, up to four of which are written out."""
    digits, spelt = draw(numbers), draw(st.sets(st.integers(0, 9), max_size=4))
    ends = [HAN_OF[one] if place in spelt else one for place, one in enumerate(digits)]
    return "".join(one + draw(BETWEEN) for one in ends[:-1]) + ends[-1]


@given(in_pieces(MOBILES | LANDLINES), st.sampled_from(["请改拨", "HT1打", "致电", "联系", "加微信", "合同1已换"]))
def test_a_telephone_in_pieces_beside_a_word_of_calling_is_no_number(phone: str, word: str) -> None:
    assert code_wish.number_of(f"{word}{phone}") == ""
    assert code_wish.number_of(f"{phone}{word}") == ""


@given(in_pieces(MOBILES))
def test_nothing_but_a_mobile_number_in_pieces_is_no_number(phone: str) -> None:
    assert code_wish.number_of(phone) == ""


@given(
    st.sampled_from(["拱培", "西湖合同", "合字第", "杭西艺培合字", "电子合同", "HT"]),
    st.from_regex(r"[0-9]{1,4}", fullmatch=True),
    st.sampled_from(["-2026-", "〔2026〕", "（2026）第"]),
    st.from_regex(r"[0-9]{1,6}", fullmatch=True),
    st.sampled_from(["", "号"]),
)
def test_numbers_as_institutions_make_them_are_taken(word: str, place: str, year: str, serial: str, end: str) -> None:
    number = f"{word}{place}{year}{serial}{end}"
    assume(not re.search(r"1[3-9][0-9]-2026-[0-9]{4}(?![0-9])", number))  # so telephones are written
    assert code_wish.number_of(number) == number
