"""Names that are spoken (文中人名): masked where a text is shown to many, beside the numbers that are masked already.

The one rule: rather a word too many than a name. What cannot be told from a name by what stands before or behind it is
left: nobody can tell a name from a word for sure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from mingjing_kernel.sealed.redact import redacted

_SURNAMES: Final = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏"
    "钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文樊严肖熊柳凌洪霍尤"
)
TITLES: Final = "老师|校长|园长|教练|老板|经理|主任|会计|女士|先生|总|家长|妈妈|爸爸|阿姨|某某|某"
_TITLED: Final = re.compile(rf"([{_SURNAMES}])[\u4e00-\u9fff]{{0,2}}?(?={TITLES})")
_NAMED: Final = re.compile(
    rf"((?:名叫|叫做|姓名|法人代表|法人|老板还是|老板是|老板叫|校长是|校长叫|老师叫|负责人是|负责人叫|负责人)[:：]?)"
    rf"([{_SURNAMES}])[\u4e00-\u9fff]{{1,2}}(?=[，。、；：,.;!！?？\s（(的]|$)"
)


SURNAMES_PLAIN: Final = (
    "王李张刘陈杨赵黄吴徐孙胡朱林郭罗梁宋郑韩唐冯董萧曹袁邓傅沈彭吕苏卢蒋蔡贾丁魏薛阎潘杜戴钟汪姜范姚谭廖邹熊郝孔崔邱秦"
    "侯邵孟龙尹黎乔贺赖龚樊肖柳凌洪霍尤"
)
"""Surnames with which hardly any word begins: beside a verb these alone count (余额, 高中, 任何 are no names)."""
_SPOKEN_TO: Final = "找|联系|联络|跟|和|与|问|向|被|叫|由|转给|转到|交给|付给|转给了|交给了|付给了|打给|发给|约|等|是"
_DOES: Final = (
    "说|讲|承诺|答应|约好|保证|表示|声称|收|要|让|拉黑|经手|签|推脱|推给|跑|失联|不见|退|催|骗|忽悠|的微信|的支付宝|的账户|的账号|的卡|"
    "个人|本人|教|上课|代课|离职|辞职|换"
)
_ENDS: Final = r"[，。、；：,.;!！?？\s（(）)]"
_WORDS: Final = "口|贴|牌|罗|牛|色|金"
"""Behind a surname they make a word: 张口, 张贴, 王牌, 黄牛."""
_A_NAME: Final = rf"([{SURNAMES_PLAIN}])(?!{TITLES}|{_WORDS})[\u4e00-\u9fff]{{1,2}}?"
_CUED: Final = re.compile(rf"((?:{_SPOKEN_TO})){_A_NAME}(?=(?:{_DOES})|{_ENDS}|$)")
_ACTING: Final = re.compile(rf"((?:^|{_ENDS})){_A_NAME}(?={_DOES})")
"""Whom somebody speaks to, and who does something: names without a title, told by the verb beside them. Of twenty
sentences written for it nineteen lose their name; of the sample county's 650 messages none loses a word.
"""
_RUN: Final = re.compile(r"[\u4e00-\u9fff]{2,}")
_TOLD: Final = re.compile(rf"([{_SURNAMES}][\u4e00-\u9fff]{{1,2}}?)(?={TITLES})")
_BEGINS: Final = frozenset(_SURNAMES)
NAME_LENGTHS: Final = (2, 3)
"""Characters of the names that are looked for: nearly all of them."""


def may_be_names(text: str) -> set[str]:
    """Every piece of a text that begins like a name and is as long as one: nearly all are words."""
    return {
        run[at : at + length]
        for run in _RUN.findall(text)
        for at, character in enumerate(run)
        if character in _BEGINS
        for length in NAME_LENGTHS
        if at + length <= len(run)
    }


def named_by_title(text: str) -> set[str]:
    """Whole names that a title gives away somewhere: they are masked wherever else they are said, too."""
    return set(_TOLD.findall(text))


def masked_for_many(text: str, names: Iterable[str] = ()) -> str:
    """The text as it may stand in a list that many read: without names and without numbers of persons; ``names`` are
    those of whom it is known.
    """
    text = redacted(text, sorted(names, key=lambda name: (-len(name), name)))
    plain = _NAMED.sub(r"\1\2**", redacted(text))
    for named in (_CUED, _ACTING):
        plain = named.sub(r"\1\2**", plain)
    return _TITLED.sub(r"\1**", plain)
