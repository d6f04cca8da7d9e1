"""Words of a complaint that is being taken: what it is about, what points to whom, what it repeats."""

from __future__ import annotations

from types import MappingProxyType

from mingjing_console.words import Words

CONCERN: Words = MappingProxyType(
    {
        "CLOSURE": ("停课停业、失联", "Closed or unreachable"),
        "REFUND": ("退费与合同", "Refund and contract"),
        "QUALITY": ("教学质量与服务", "Teaching and service"),
        "FALSE_CONFIRMATION": ("虚假消课", "False confirmation of lessons"),
        "PRIVATE_PAYMENT": ("账外收费", "Payment past the account"),
        "FEES": ("超额、超期收费", "Fees beyond the limits"),
        "LOAN": ("培训贷", "Training loan"),
        "ADVERTISING": ("广告宣传", "Advertising"),
        "WAGES": ("欠薪欠租", "Wages and rent owed"),
        "FIRE": ("场所与消防", "Premises and fire safety"),
        "TEACHING": ("超时、超前、学科培训", "Teaching time and content"),
        "UNLICENSED": ("无证办学", "No licence"),
        "NEW_SITE": ("未经批准的教学点", "Unapproved site"),
        "JACKET": ("换名经营", "Under another name"),
        "CHILDCARE": ("托管名义补课", "Teaching as childcare"),
        "STAFF": ("从业人员", "Staff"),
        "CONSULT": ("政策咨询", "Question"),
        "PRAISE": ("表扬、撤诉", "Praise or withdrawal"),
        "UNRELATED": ("与校外培训无关", "Something else"),
    }
)
CLUE: Words = MappingProxyType(
    {
        "CODE": ("统一社会信用代码", "Code"),
        "PHONE": ("电话", "Telephone"),
        "FULL_NAME": ("全称", "Full name"),
        "FORMER_NAME": ("曾用名", "Former name"),
        "SHORT_NAME": ("简称", "Short name"),
        "RESPONDENT": ("写在被反映对象栏", "Typed as the respondent"),
        "SOUNDS_ALIKE": ("同音", "Sounds alike"),
        "LOOKS_ALIKE": ("形近", "One character differs"),
        "NICKNAME": ("俗称", "Nickname"),
        "PART": ("字号的一部分", "Part of the brand"),
        "SAME_ROOM": ("同一房号", "Same room"),
        "SAME_HOUSE": ("同一门牌", "Same house"),
        "SAME_BUILDING": ("同一楼宇", "Same building"),
        "SAME_TOWN": ("同一镇街", "Same town"),
        "SAME_TRADE": ("所教项目一致", "Same trade"),
    }
)
REPEAT: Words = MappingProxyType(
    {
        "DUPLICATE": ("疑似重复：同一人同一事", "Same person, same matter"),
        "SAME_PERSON": ("同一人另有反映", "Same person, another matter"),
        "SAME_MATTER": ("他人已反映同一事项", "Same matter, by others"),
    }
)
TRACK_LABEL: Words = MappingProxyType(
    {
        "DISPUTE": ("投诉", "Dispute"),
        "REPORT": ("举报", "Report"),
        "WORK_ORDER": ("工单", "Work order"),
        "OUTSIDE": ("与校外培训无关", "Something else"),
    }
)
OTHER_DEPARTMENT: Words = MappingProxyType(
    {
        "fire-rescue": ("消防救援机构", "Fire rescue"),
        "human-resources": ("人力资源和社会保障局", "Human resources"),
        "public-security": ("公安局", "Public security"),
        "school-supervision": ("教育督导", "School supervision"),
        "civil-affairs": ("民政局", "Civil affairs"),
        "health": ("卫生健康局", "Health"),
        "town": ("镇街", "Town"),
        "": ("权责不明，先由网格核实", "The grid looks first"),
    }
)
DECLARED = ("投诉", "举报", "咨询", "求助", "表扬", "意见建议")
"""The caller's own word, as hotlines have it (诉求类型)."""
