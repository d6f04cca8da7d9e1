"""What complaints say: a fear is not an observation."""

import pytest

from mingjing_inspection.domain.money_words import Word, words_of


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("培训机构停业退费问题。昨天送孩子去上课，到门口发现大门紧锁，打电话关机", Word.GONE),
        ("来电人要投诉某机构跑路，现在负责人失联", Word.GONE),
        ("收款是老板个人微信，说走对公要加税点", Word.PRIVATE_PAYMENT),
        ("举报某机构收费不进资金监管账户，要求家长转账给韩某个人", Word.PRIVATE_PAYMENT),
        ("我是某机构的员工，三个月没发工资", Word.ARREARS),
        ("租了我的房子欠三个月房租和物业费，打电话不接", Word.ARREARS),
        ("申请退课退费超过十五天，机构还不打款", Word.REFUND_STALLED),
        ("向家长推教育分期，身份证都被拿去拍照", Word.LOAN),
        ("半夜收到好几条消课通知，孩子那几天发烧在家", Word.FAKE_LESSON),
        ("最近老是临时取消课，三周只上了一节", Word.THINNING),
    ],
)
def test_what_is_said(text: str, word: Word) -> None:
    assert word in words_of(text)


@pytest.mark.parametrize(
    "text",
    [
        "前台说两个月没发工资，怕哪天就关门了，想提前问问预付费安不安全",
        "听说机构欠房东钱，希望不要等跑路了才管",
        "请问是不是要关门了？约不上课",
        "合同约定20课时，因为机构停课才没上完，不是我们的原因",
        "老师上课老是迟到，希望整改",
    ],
)
def test_a_fear_a_question_and_a_grievance_are_no_sight_of_a_shut_door(text: str) -> None:
    assert Word.GONE not in words_of(text)
