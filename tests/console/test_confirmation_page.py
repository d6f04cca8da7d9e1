"""What a family sees when it confirms lessons; the page alone, without the services behind it."""

from __future__ import annotations

import re

from mingjing_console.gateway import Answer
from mingjing_console.pages import confirmation
from mingjing_console.pages.shell import page

WAITS = {
    "lesson_no": "KX1",
    "held_on": "2026-07-01",
    "units": 1,
    "is_gift": False,
    "standing": "pending",
    "waits": True,
}
TOLD = WAITS | {"lesson_no": "KX2", "is_gift": True, "standing": "confirmed", "waits": False}
LOOKED = Answer(
    200,
    {
        "contract_no": "HT-1",
        "course": "书法 <b>",
        "expires_at": "2026-07-31T02:00:00+00:00",
        "lessons": [WAITS, TOLD],
    },
)
SPENT = Answer(409, {"detail": "确认码已过期。", "detail_en": "This code has run out.", "remedy": "请机构重新发送。"})


def shown(content: object) -> str:
    """The whole page; nothing on it runs, and nobody else keeps it."""
    answer = page(confirmation.TITLE, content, is_private=True)  # type: ignore[arg-type]
    text = bytes(answer.body).decode()
    assert not re.search(r"<script|<style|style=|onclick|javascript:", text)
    assert answer.headers["Cache-Control"] == "no-store"
    return text


def test_opening_the_link_looks_nothing_up_and_fills_the_code_in() -> None:
    text = shown(confirmation.question("ABCD"))
    assert 'value="ABCD"' in text
    assert 'method="post"' in text


def test_each_waiting_lesson_has_its_own_answer_and_none_is_chosen_beforehand() -> None:
    text = shown(confirmation.lessons("ABCD", LOOKED))
    assert text.count('type="radio"') == 2
    assert "checked" not in text
    assert 'name="lesson KX1"' in text
    assert 'name="lesson KX2"' not in text
    assert "已确认" in text
    assert "书法 &lt;b&gt;" in text


def test_a_refusal_is_told_in_both_languages_with_its_remedy_and_the_code_is_asked_for_again() -> None:
    text = shown(confirmation.lessons("ABCD", SPENT))
    for said in ("确认码已过期。", "This code has run out.", "请机构重新发送。", 'name="code"'):
        assert said in text
    assert "已记录" in shown(confirmation.done(Answer(201, {})))
    assert "暂" in shown(confirmation.done(Answer(0)))


def test_a_code_that_cannot_be_one_is_said_field_by_field_and_stays_in_the_form() -> None:
    fault = {"field": "body.code", "detail": "至少 16 个字符。", "detail_en": "At least 16 character(s) are expected."}
    said = {"detail": "有 1 个字段不合法。", "detail_en": "1 field(s) are not valid.", "remedy": "请按 errors 更正。"}
    text = shown(confirmation.lessons("1390", Answer(422, said | {"errors": [fault]})))
    for word in ("code: 至少 16 个字符。", "code: At least 16 character(s) are expected.", 'value="1390"'):
        assert word in text
    assert "errors" not in text
