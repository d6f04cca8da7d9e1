"""What a complaint says that bears on money (投诉用词). The one rule: a fear is not an observation.

"怕哪天就关了" is somebody who worries; "关门了" is somebody who stood at the door. Clauses of fear and questions are
taken out before it is asked whether an institution is gone. Everything else may be said in any mood.
"""

from __future__ import annotations

import re
from enum import StrEnum


class Word(StrEnum):
    """What a complaint says that bears on money; one complaint may say several."""

    GONE = "gone"
    """Stopped, unreachable, run away: 停课、失联、跑路、关门."""
    PRIVATE_PAYMENT = "private-payment"
    """The fee went, or was to go, to a person and not to the custody account: 付到个人账户."""
    ARREARS = "arrears"
    """Wages, rent or utilities are owed: 拖欠工资、房租、水电."""
    REFUND_STALLED = "refund-stalled"
    """A refund was agreed or asked for and does not come: 退费难."""
    LOAN = "loan"
    """Tuition on credit: 培训贷."""
    FAKE_LESSON = "fake-lesson"
    """Lessons were confirmed that were not given: 虚假消课."""
    THINNING = "thinning"
    """Fewer teachers, merged or cancelled classes: 频繁停课、并班."""


_FEAR = re.compile(r"(怕|担心|不要等|是不是要|是不是快|会不会|感觉是要|疑似要|怀疑)[^，。！？、；\s]{0,14}")
_CONTRACT = re.compile(r"因为机构停课才没上完|举办.{0,6}停课一天")
_SAYS = {
    Word.GONE: r"跑路|失联|联系不上|人去楼空|关门|停业|倒闭|卷钱|卷款|关停|停止营业|大门紧锁|门锁着|没开门|卷帘门拉|"
    r"人间蒸发|现在找不到人|正?在搬东西|开货车搬|无力经营|资金链断裂|店里空了|店都转租|暂停营业|招牌(都摘|已经拆)|"
    r"东西都搬空|机构已停课|停课已|上周就不见人",
    Word.PRIVATE_PAYMENT: r"个人(二维)?码|个人微信|个人账户|个人收款|私人(收款)?码|私下收款|转账给.{1,6}个人|"
    r"收款方?是.{0,4}个人|直接转给老师|让.{0,3}付现金|不进资金监管账户",
    Word.ARREARS: r"拖欠.{0,4}工资|没发工资|欠薪|工资发不出|(拖欠|欠).{0,6}(房租|租金|物业费|房东)|还欠老师工资|"
    r"(水|电)费.{0,4}(拖欠|没交)",
    Word.REFUND_STALLED: r"退费难|退费推来推去|申请退课退费超过|申请退费.{0,20}(一拖再拖|没见到|走流程|不打款)|仍不退|"
    r"月底又变卦|退剩余.{0,12}排队|还不打款",
    Word.LOAN: r"培训贷|教育分期|办了分期|消费贷|贷款还要还",
    Word.FAKE_LESSON: r"没上[的得]课也显示已确认|代确认|虚假消课|(课时确认|消课)(短信|通知)|一天被消了|一晚上扣掉|"
    r"没点过确认|套钱",
    Word.THINNING: r"老师.{0,6}(走了|换了三个|讲机构拖欠)|合班|并成一个班|(老是|临时)(通知停课|取消课)|连续停课|"
    r"排课越来越少|约不上课|三周只上了一节|现在只(剩|开)|说停就停|坏了?半个月|空调也不开",
}
_PATTERNS = {word: re.compile(pattern) for word, pattern in _SAYS.items()}
TEXT_MAX = 4_000
"""Of a longer text the beginning is looked at: what matters is said first."""


def words_of(text: str) -> frozenset[Word]:
    """What a complaint says, from its title and its text together."""
    plain = _CONTRACT.sub("", text[:TEXT_MAX])
    calm = _FEAR.sub("", plain)
    return frozenset(
        word for word, pattern in _PATTERNS.items() if pattern.search(calm if word is Word.GONE else plain)
    )
