"""Hot topics: groups of a window, masked, the same each time, within the caller's scope."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from inspection.conftest import NOW, World
from inspection.samples import registered
from inspection.test_suggestions import taken
from mingjing_inspection.domain.concern import Concern
from mingjing_inspection.intake.hot_topics import masked_beside, masked_texts
from mingjing_inspection.matching.topics import Message, topics
from mingjing_inspection.sources.lexicon import Lexicon
from mingjing_inspection.sources.spoken_names import masked_for_many
from mingjing_inspection.sources.spoken_words import names_said
from mingjing_kernel.sealed.keys import Keys

SHUT = (
    "木铎轩书画关门了，老板联系不上，还有12节课",
    "木铎轩书画一夜之间关门，老板王建国失联，钱怎么退",
    "去木铎轩书画上课发现关门了，刘老师说老板跑了",
    "木铎轩书画关门跑路，打19912345678没人接",
)
FIRE = ("这家楼道堆满桌椅，消防通道锁着", "消防通道锁着，没有灭火器，孩子很多", "楼道消防通道堆满杂物，没有灭火器")


async def asked(world: World, role: str = "hotline-operator", region: str = "330106", **params: Any) -> Any:
    await world.caught_up()
    window = {"since": (NOW - timedelta(days=10)).isoformat(), "until": NOW.isoformat()}
    return await world.caller(role, region=region).get("/complaints/topics", **(window | params))


async def filled(world: World) -> None:
    await world.tell(registered())
    for number, text in enumerate((*SHUT, *FIRE)):
        await taken(world, f"33012606300000{number}", text)


async def test_messages_of_one_matter_are_one_group_masked_and_the_same_each_time(world: World) -> None:
    await filled(world)
    told = await asked(world)
    assert (told["messages"], told["is_cut"]) == (7, False)
    assert [(one["concern"], one["size"], one["institutions"]) for one in told["items"]] == [
        ("CLOSURE", 4, 1),
        ("FIRE", 3, 0),
    ]
    shown = str(told)
    assert "王建国" not in shown
    assert "19912345678" not in shown
    assert await asked(world) == told
    (only,) = (await asked(world, limit=1))["items"]
    assert only["concern"] == "CLOSURE"


async def test_another_region_sees_none_and_a_window_is_limited(world: World) -> None:
    await filled(world)
    assert (await asked(world, region="330108"))["items"] == []
    long = await asked(world, since=(NOW - timedelta(days=93)).isoformat())
    assert long["status"] == 422
    assert (await asked(world, since=NOW.isoformat()))["status"] == 422


def test_names_are_masked_by_what_stands_around_them() -> None:
    assert masked_for_many("举报老板是刘睿伟，换了牌子") == "举报老板是刘**，换了牌子"
    assert masked_for_many("吴老师推了孩子，冯某某也在") == "吴**老师推了孩子，冯**某某也在"
    assert masked_for_many("我的电话19912345678") == "我的电话199****5678"
    assert masked_for_many("老师方法不好，老板是个骗子") == "老师方法不好，老板是个骗子"


SPOKEN = (
    "我把钱转给王大锤，他就不回消息了", "找李青禾退钱，她让我等", "联系张伟国，电话一直不通", "跟陈小满说好了下周退",
    "刘长河承诺月底前退清", "被赵铁柱拉黑了", "打给孙一鸣，没人接", "合同是徐静签的", "周末上课的是朱明远，没有资格",
    "问郭子涵要发票，不给", "由何静怡收的钱", "学费交给了黄晓东", "收款的是林浩个人账户", "杨帆说他也被欠了工资",
    "和吴敏约好周六补课", "胡斌收了钱不开收据", "罗海波跑了", "宋玉兰教的孩子都说没学到东西", "董建国的微信收款",
    "叫沈小冬代课",
)  # fmt: skip
PLAIN = (
    "跟周末班冲突", "给任何说法都不信", "和金额对不上", "被万元定金套住", "余额退不了，跟门店说", "和老师约等一个小时",
    "向市场监管局投诉", "问何时退费，没人答", "等马上就退", "叫孩子别去上课", "和合同写的不一样", "由教育局处理",
    "张口就要五千", "跟林业局旁边那家一样", "是黄牛，骗人的", "王牌班退费难",
)  # fmt: skip


def test_a_name_without_a_title_is_told_by_the_verb_beside_it() -> None:
    left = [text for text in SPOKEN if "**" not in masked_for_many(text)]
    assert left == ["由何静怡收的钱"], "何 begins too many words"
    assert [text for text in PLAIN if masked_for_many(text) != text] == []


UNCUED = (
    ("这件事王建国很清楚", "王建国"), ("孩子同班的陈思涵也没上课", "陈思涵"), ("门口贴着刘海燕三个字", "刘海燕"),
    ("群主李秀英把我踢了", "李秀英"), ("当时在场的还有赵国强", "赵国强"), ("收据上写着孙红梅", "孙红梅"),
    ("一直是马志强管着", "马志强"), ("听郑雅文讲", "郑雅文"),
)  # fmt: skip


def test_a_name_that_nothing_gives_away_is_known_to_the_dictionary_and_no_word_is_taken_for_one() -> None:
    assert [names_said(text) for text, _ in UNCUED] == [{name} for _, name in UNCUED]
    assert [text for text in PLAIN if names_said(text)] == []
    assert names_said("蒋村街道黄姑山路，谢谢，木铎轩书画关门了，刘老师不在") == set()


def test_words_of_a_topic_are_whole_and_a_brand_is_one_of_them() -> None:
    shut = (
        "加了负责人微信转账，白露屿舞蹈关门跑路",
        "白露屿舞蹈一夜关门，微信转账的钱怎么退",
        "白露屿舞蹈关门，负责人微信转账不认",
    )
    many = [
        Message(
            complaint_id=UUID(int=at), received_at=NOW, institution_id=UUID(int=7) if text in shut else None, text=text
        )
        for at, text in enumerate((*shut, *FIRE))
    ]
    found = {one.concern: one.words for one in topics(many, 5, {"白露屿"})}
    assert set(found[Concern.CLOSURE]) >= {"白露屿舞蹈", "微信转账", "关门", "负责人"}
    assert set(found[Concern.FIRE]) >= {"消防通道", "没有灭火器", "楼道"}


async def test_a_name_of_the_register_is_left_whole_in_a_topic(world: World) -> None:
    """木铎轩 is known; 木 is no surname, so a brand that begins like a name is tried without the service as well."""
    await filled(world)
    shown = await asked(world)
    assert "木铎轩" in str(shown["items"][0]["messages"])
    people, brands = Lexicon(["白露"]), Lexicon(["白露屿"])
    assert masked_beside("联系白露屿，白露收的钱", people, brands) == "联系白露屿，白**收的钱"


async def test_a_studio_that_is_called_as_its_teacher_shows_no_teacher(world: World) -> None:
    keys = Keys(world.host)
    said = [
        "张三丰老师打孩子",
        "孩子在张三丰武馆上课，张三丰不退费",
        "张三丰书法老师推人",
        "退费找\U000f0000",
        "王\ue000建国老师",
    ]
    assert await masked_texts(keys, said, {"张三丰"}) == [
        "张**老师打孩子",
        "孩子在张三丰武馆上课，张**不退费",
        "张**书法老师推人",
        "退费找",
        "王**老师",
    ]


@given(st.lists(st.text("甲乙丙", min_size=1, max_size=4), max_size=8), st.text("甲乙丙丁", max_size=20))
def test_names_are_found_whole_from_left_to_right(names: list[str], text: str) -> None:
    lexicon = Lexicon(names)
    plain = re.compile("|".join(sorted(set(names), key=len, reverse=True)) or "(?!)")
    assert [(one.at, one.name) for one in lexicon.read_off(text)] == [
        (hit.start(), hit[0]) for hit in plain.finditer(text)
    ]
    assert lexicon.all_in(text) == {name for name in names if name in text}
    assert all(name in lexicon for name in names)


class Watched(str):
    """Text that counts how often a character of it is looked at."""

    looks = 0

    def __getitem__(self, at: Any) -> str:
        self.looks += 1
        return super().__getitem__(at)


def test_what_a_text_costs_does_not_grow_with_the_brands() -> None:
    brands = Lexicon(f"甲{chr(0x4E00 + at)}书画" for at in range(3_000))
    text = Watched("木铎轩书画关门跑路，甲一书画也关门")
    assert [said.name for said in brands.read_off(text)] == ["甲一书画"]
    assert text.looks <= 5 * len(text), "no further from each place than the longest name reaches"


@settings(max_examples=25)
@given(st.lists(st.sampled_from((*SHUT, *FIRE, "路灯不亮", "")), max_size=30), st.integers(1, 5))
def test_every_message_is_in_one_group_at_most_whatever_order_they_are_given_in(texts: list[str], limit: int) -> None:
    many = [
        Message(complaint_id=UUID(int=at), received_at=NOW + timedelta(minutes=at), institution_id=None, text=text)
        for at, text in enumerate(texts)
    ]
    found = topics(many, limit)
    assert found == topics(many[::-1], limit)
    assert len(found) <= limit
    assert sum(one.size for one in found) <= len(many)
    assert all(one.size >= 3 and 1 <= len(one.speaking) <= 3 for one in found)


async def test_names_of_known_people_are_masked_where_no_title_gives_them_away(world: World) -> None:
    """陈晓雯 complained herself; others say her name, and that of 王建国, whom only one of them calls 老师."""
    await world.tell(registered())
    operator = world.caller("hotline-operator", "operator")
    said = (
        "木铎轩书画关门了，老板联系不上，陈晓雯也在等，还有12节课",
        "木铎轩书画一夜之间关门，老板联系不上，王建国老师说钱怎么退",
        "去木铎轩书画上课发现关门了，老板联系不上，王建国和陈晓雯在等",
    )
    for number, text in enumerate(said):
        body = {
            "number": f"33012606300001{number}", "channel": "SUPERVISION_PHONE", "declared": "投诉", "text": text,
            "received_at": (NOW - timedelta(days=1)).isoformat(), "respondent": "木铎轩",
            "complainant": {"name": ("陈晓雯", "周一鸣", "孙二平")[number], "phone": f"1990000111{number}"},
        }  # fmt: skip
        sent = await operator.send("POST", "/complaints", json=body)
        assert sent.status_code == 201, sent.text
    told = await asked(world)
    (only,) = told["items"]
    assert len(only["messages"]) == 3
    shown = str(told)
    assert "陈晓雯" not in shown
    assert "王建国" not in shown
    assert "关门" in shown


async def test_whom_she_speaks_for_is_masked_in_her_words(world: World) -> None:
    operator = world.caller("hotline-operator", "operator")
    body = {
        "number": "330126063000099", "channel": "SUPERVISION_PHONE", "declared": "投诉",
        "text": "我替吴桂芳反映，吴桂芳的孩子没有课上", "received_at": (NOW - timedelta(days=1)).isoformat(),
        "complainant": {"name": "周一鸣", "phone": "19900001111"}, "relation": "邻居", "represented": "吴桂芳",
    }  # fmt: skip
    sent = await operator.send("POST", "/complaints", json=body)
    assert sent.status_code == 201, sent.text
    (item,) = (await operator.get("/complaints", number=body["number"]))["items"]
    assert "吴桂芳" not in item["text"]
