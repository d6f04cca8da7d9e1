"""Classification: which tracks a message belongs to, and whether it is about training at all.

One rule: the channel's own word (诉求类型) is the start; the text overrules it only by words that leave little
doubt, and a person can always overrule both.
"""

from __future__ import annotations

import re

from mingjing_inspection.domain.complaint import Track

OWN_CLAIM = re.compile(
    r"退费|退款|退掉|退还|退回|想退|申请退|退(剩|\d+节)|退一赔三|不退|赔偿|要回来|钱没到账|恢复上课|打水漂|剩余?\d*(节|课时)"
    r"|不知道(该)?找谁|要个说法|求帮助|协商解决|差额"
)
TIP = re.compile(
    r"私下收款|转账给|直接转给|无证|没有?证|举报.{0,12}(收|推|私|讲|打|无)|消防|灭火|通道|隔间|拖欠|没发工资|欠.{0,6}(工资|房租)"
    r"|分期|分两单|拼班|在校教师|在职教师|托管|传单|广告|地推|学科|超过?五千|换名|换(个|了)?(名字|牌子)|同一个老板|晚上.{0,6}点"
)
FALSE_CONFIRMATION = re.compile(
    r"代确认|没点过确认|课时确认短信|显示已确认|一晚上扣|被消了|批量操作|补录|虚假消课|条消课通知"
)
ALSO_REPORTS = re.compile(r"(同时|一并|另外|并)要?举报|两件事")
QUESTION = re.compile(r"^(.{0,8}[：:，])?(请问|咨询|我咨询|想了解|我想问|想问)|有没有办学资质|是否合规|是否超标")
PRAISE = re.compile(r"表扬|点赞|锦旗|问题已经解决|申请撤诉|不用再处理|今天把钱退了")
OTHERS = re.compile(
    r"驾校|成人(考研|培训|教育)|考研班|健身|游泳馆|菜鸟驿站|快递|路灯|停水|停电|违停|占道|装修|物业|学区|小升初|入学材料|校门口"
    r"|学校.{0,2}午餐|直播间|网上买|自行车|学习机|居住证"
)
TRAINING = re.compile(r"培训|课时|补课|补习|报名|老师|托管|学费|退费|机构|上课")
OTHER_TITLE = "其他诉求"
OTHER_GOODS = "其他"


def tracks_of(declared: str, text: str) -> tuple[Track, ...]:
    """The tracks of a message, from what the channel declared and what the text says."""
    if PRAISE.search(text):
        return (Track.WORK_ORDER,)
    if declared == "投诉":
        return _complaint(text)
    if declared == "举报":
        return (Track.DISPUTE,) if OWN_CLAIM.search(text) and not TIP.search(text) else (Track.REPORT,)
    if declared == "咨询" or QUESTION.search(text):
        return (Track.WORK_ORDER,)
    if TIP.search(text):
        return (Track.REPORT,)
    return (Track.DISPUTE,) if OWN_CLAIM.search(text) else (Track.WORK_ORDER,)


def is_within_remit(title: str, goods: str, text: str, institution_known: bool) -> bool:
    """Whether the message is about off-campus training at all."""
    if institution_known:
        return True
    if title == OTHER_TITLE or goods == OTHER_GOODS or OTHERS.search(text):
        return False
    return bool(TRAINING.search(title + text))


def _complaint(text: str) -> tuple[Track, ...]:
    if ALSO_REPORTS.search(text) or FALSE_CONFIRMATION.search(text):
        return (Track.DISPUTE, Track.REPORT)
    if QUESTION.search(text) and not OWN_CLAIM.search(text):
        return (Track.WORK_ORDER,)
    return (Track.DISPUTE,)
